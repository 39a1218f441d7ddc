"""How each question type is drawn, and what its widgets say of the answer.

The rule of the same type stands in `surveys/answers.py` under the same key. A widget
shows the stored answer as its default; what the browser holds goes before it. WIDGETS
holds two functions per type: one draws, the other turns the state of the widgets into
the raw answer that `surveys.answers.validate` takes.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Protocol

import streamlit as st

from surveys.answers import MISSING_LABELS, MissingReason, Value, missing_reasons
from surveys.items import (
    GradeItem,
    LongTextItem,
    MultipleItem,
    NumberItem,
    Question,
    ScaleItem,
    ShortTextItem,
    YesNoItem,
)
from surveys.plain_text import escape_markdown
from surveys.questionnaire import Questionnaire


class State(Protocol):
    """What Streamlit keeps of the widgets, by key."""

    def __getitem__(self, key: str) -> Any: ...


def widget_key(question: Question, part: str = "") -> str:
    return f"vraag-{question.id}" + (f"-{part}" if part else "")


def _labels(questionnaire: Questionnaire, question: Question) -> dict[str, str]:
    labels = {choice.code: choice.label for choice in questionnaire.choices(question)}
    return labels | {reason.value: MISSING_LABELS[reason] for reason in missing_reasons(question)}


def _label(question: Question) -> str:
    return escape_markdown(question.text) + (" (verplicht)" if question.required else "")


def _draw_choice(questionnaire: Questionnaire, question: Question, value: Value | None) -> None:
    labels = _labels(questionnaire, question)
    codes = list(labels)
    st.radio(
        _label(question),
        codes,
        index=codes.index(str(value)) if value is not None else None,
        format_func=lambda code: escape_markdown(labels[code]),
        key=widget_key(question),
        horizontal=True,
    )


def _read_choice(questionnaire: Questionnaire, question: Question, state: State) -> Any:
    return state[widget_key(question)]


def _draw_options(questionnaire: Questionnaire, question: Question, value: Value | None) -> None:
    chosen = value if isinstance(value, tuple) else (value,)
    with st.container(key=f"groep-{question.id}", gap="xxsmall"):
        st.markdown(_label(question))
        for code, label in _labels(questionnaire, question).items():
            st.checkbox(
                escape_markdown(label), value=code in chosen, key=widget_key(question, code)
            )


def _read_options(questionnaire: Questionnaire, question: Question, state: State) -> Any:
    codes = _labels(questionnaire, question)
    return [code for code in codes if state[widget_key(question, code)]]


def _draw_typed(questionnaire: Questionnaire, question: Question, value: Value | None) -> None:
    """A field to type in, with the reasons for missing beside it: a reason closes the field."""
    is_number = isinstance(question, GradeItem | NumberItem)
    with st.container(key=f"{'getal' if is_number else 'tekst'}-{question.id}", gap="xxsmall"):
        st.text_input(
            _label(question),
            value=_typed(value),
            key=widget_key(question),
            disabled=_has_reason(question, value),
            placeholder=_placeholder(question),
        )
        _draw_reasons(question, value)


def _typed(value: Value | None) -> str:
    if value is None or isinstance(value, MissingReason):
        return ""
    return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else str(value)


def _has_reason(question: Question, value: Value | None) -> bool:
    stored = value.value if isinstance(value, MissingReason) else None
    return st.session_state.get(widget_key(question, "reden"), stored) is not None


def _placeholder(question: Question) -> str | None:
    match question:
        case GradeItem():
            return f"{question.minimum} t/m {question.maximum}"
        case NumberItem() if question.unit:
            return question.unit
        case _:
            return None


def _draw_area(questionnaire: Questionnaire, question: Question, value: Value | None) -> None:
    with st.container(key=f"tekst-{question.id}", gap="xxsmall"):
        st.text_area(
            _label(question),
            value=_typed(value),
            key=widget_key(question),
            disabled=_has_reason(question, value),
            height=140,
        )
        _draw_reasons(question, value)


def _draw_reasons(question: Question, value: Value | None) -> None:
    reasons = [possible.value for possible in missing_reasons(question)]
    if reasons:
        st.pills(
            f"Of kies bij: {escape_markdown(question.text)}",
            reasons,
            default=value.value if isinstance(value, MissingReason) else None,
            format_func=lambda code: MISSING_LABELS[MissingReason(code)],
            key=widget_key(question, "reden"),
            label_visibility="collapsed",
        )


def _read_typed(questionnaire: Questionnaire, question: Question, state: State) -> Any:
    if missing_reasons(question) and state[widget_key(question, "reden")] is not None:
        return state[widget_key(question, "reden")]
    return state[widget_key(question)]


Draw = Callable[[Questionnaire, Question, Value | None], None]
Read = Callable[[Questionnaire, Question, State], Any]

WIDGETS: dict[type, tuple[Draw, Read]] = {
    ScaleItem: (_draw_choice, _read_choice),
    YesNoItem: (_draw_choice, _read_choice),
    MultipleItem: (_draw_options, _read_options),
    GradeItem: (_draw_typed, _read_typed),
    NumberItem: (_draw_typed, _read_typed),
    ShortTextItem: (_draw_typed, _read_typed),
    LongTextItem: (_draw_area, _read_typed),
}


def draw_question(questionnaire: Questionnaire, question: Question, value: Value | None) -> None:
    """Draw the widgets of a question, showing the stored answer."""
    WIDGETS[type(question)][0](questionnaire, question, value)


def read_question(questionnaire: Questionnaire, question: Question, state: State) -> Any:
    """The raw answer that the widgets show. KeyError where they were not drawn yet."""
    return WIDGETS[type(question)][1](questionnaire, question, state)


def widget_values(
    questionnaire: Questionnaire, question: Question, value: Value | None
) -> dict[str, Any]:
    """The state of the question's widgets that shows this answer: to put an older one right."""
    reason = value.value if isinstance(value, MissingReason) else None
    if isinstance(question, MultipleItem):
        chosen = value if isinstance(value, tuple) else (reason,)
        labels = _labels(questionnaire, question)
        return {widget_key(question, code): code in chosen for code in labels}
    if isinstance(question, ScaleItem | YesNoItem):
        return {widget_key(question): None if value is None else str(value)}
    state: dict[str, Any] = {widget_key(question): _typed(value)}
    if missing_reasons(question):
        state[widget_key(question, "reden")] = reason
    return state
