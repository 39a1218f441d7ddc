"""How the region's own answer of the wave before is shown, and how a large move is asked about."""

from __future__ import annotations

from typing import Any

import streamlit as st

from surveys.fieldwork import Remark
from surveys.items import Question
from surveys.pages.parts.widgets import State, widget_key
from surveys.plain_text import escape_html, escape_markdown
from surveys.previous import PreviousAnswer


def confirm_key(question: Question) -> str:
    return widget_key(question, "klopt")


def reason_key(question: Question) -> str:
    """Where the field of the reason is, and what is told of it."""
    return widget_key(question, "waarom")


def draw_previous(previous: PreviousAnswer) -> None:
    told = f"{previous.sentence}. {previous.footnote}".strip()
    st.html(f'<p class="vorige">{escape_html(told)}</p>')


def draw_move(previous: PreviousAnswer, remark: Remark) -> None:
    """'Klopt dit?', with room for the reason; both may stay open."""
    question = previous.question
    asked, wave = escape_markdown(question.text), escape_markdown(previous.wave)
    with st.container(key=f"groep-klopt-{question.id}", gap="xxsmall"):
        st.markdown(f"Uw antwoord op '{asked}' verschilt veel van dat in {wave}. Klopt dit?")
        st.checkbox("Ja, dit klopt", value=remark.confirmed, key=confirm_key(question))
        st.text_area(
            "Waardoor is het veranderd? (mag u open laten)",
            value=remark.reason,
            key=reason_key(question),
            height=90,
        )


def read_remark(question: Question, state: State) -> Remark:
    """What the widgets say. KeyError where they were not drawn."""
    confirmed, reason = state[confirm_key(question)], state[reason_key(question)]
    return Remark(bool(confirmed), str(reason or ""))


def remark_values(question: Question, remark: Remark) -> dict[str, Any]:
    """The state of the widgets that shows this."""
    return {confirm_key(question): remark.confirmed, reason_key(question): remark.reason}
