"""What the values in the file stand for, and the columns and questions that are left."""

from __future__ import annotations

import streamlit as st

from surveys.importing import FoundValue, ValueGroup, find_unused, group_values
from surveys.importing.editing import leave_out, set_meaning, set_not_asked
from surveys.pages.parts.import_work import Work, tell_column, tell_question
from surveys.pages.parts.messages import draw_list
from surveys.plain_text import escape_markdown
from surveys.questionnaire import Questionnaire, Section

_MOST_VALUES = 40  # of one group: more is no answer scale
_LONGEST = 60  # signs of a value that are shown


def draw_values(work: Work, questionnaire: Questionnaire, section: Section) -> None:
    items = [question.id for question in section.questions]
    groups = group_values(work.table, work.mapping, questionnaire, items)
    if groups:
        st.subheader("Waar staan de waarden voor?", anchor=False)
    for group in groups:
        if group.scale:
            title = f"Schaal {group.scale}: geldt voor alle vragen met deze antwoorden"
        else:
            title = questionnaire.question(group.item).text
        st.markdown(f"**{escape_markdown(title)}**")
        if len(group.values) > _MOST_VALUES:
            st.text(
                f"Er zijn {len(group.values)} verschillende waarden. Is dit de goede kolom? "
                f"Hieronder staan de eerste {_MOST_VALUES}."
            )
        for first in range(0, min(len(group.values), _MOST_VALUES), 2):
            for column, value in zip(st.columns(2), group.values[first : first + 2], strict=False):
                with column:
                    _draw_value(work, group, value)


def _draw_value(work: Work, group: ValueGroup, value: FoundValue) -> None:
    words = dict(group.meanings)
    options = ["", *words]
    now = value.meaning if value.meaning in options else ""
    nothing = "Geen antwoord" if not value.text else "Kies waar dit voor staat"
    # another column has other values, though they may look the same
    place = "" if group.scale else work.mapping.items[group.item].column
    key = work.edited_key(f"waarde-{group.scale}-{group.item}-{place}-{value.text}")
    st.session_state.setdefault(key, now)
    chosen = st.selectbox(
        escape_markdown(_tell_value(value)),
        options,
        format_func=lambda code: words[code] if code else nothing,
        key=key,
    )
    if chosen != now and chosen in options:
        work.mapping = set_meaning(work.mapping, group.scale, group.item, value.text, chosen)


def _tell_value(value: FoundValue) -> str:
    text = f"'{_shorten(value.text)}'" if value.text else "Lege cel"
    label = f" ({value.label})" if value.label else ""
    return f"{text}{label}, {value.count} keer"


# What is left


def draw_rest(work: Work, questionnaire: Questionnaire) -> None:
    mapping = work.mapping
    unused = find_unused(work.table, mapping)
    if unused:
        st.text("Deze kolommen hebben gegevens en horen bij geen vraag:")
        draw_list([_tell_unused(work, name) for name in unused])
        label = "Laat deze kolom weg" if len(unused) == 1 else f"Laat deze {len(unused)} weg"
        st.button(label, key="inlezen-weglaten", on_click=_leave_out, args=(work, unused))
    known = {*mapping.items, *mapping.not_asked}
    missing = [question.id for question in questionnaire.questions if question.id not in known]
    if missing:
        st.text("Voor deze vragen is nog geen kolom gekozen:")
        draw_list([tell_question(questionnaire, item) for item in missing])
        count = len(missing)
        label = "Deze vraag was" if count == 1 else f"Deze {count} vragen waren"
        st.button(
            f"{label} niet gevraagd",
            key="inlezen-niet-gevraagd",
            on_click=_set_not_asked,
            args=(work, missing),
        )
    if mapping.left_out:
        st.text("Weggelaten: " + ", ".join(mapping.left_out))
    if not unused and not missing:
        st.text("Elke kolom en elke vraag heeft een plaats.")


def _leave_out(work: Work, names: list[str]) -> None:
    work.mapping = leave_out(work.mapping, names)


def _set_not_asked(work: Work, items: list[str]) -> None:
    work.mapping = set_not_asked(work.mapping, items)
    for item in items:
        st.session_state.pop(work.place_key(item), None)  # it begins with what the mapping says


def _tell_unused(work: Work, name: str) -> str:
    if name not in work.table.places:
        return f"'{name}'"
    values = [value for value, _ in work.table.count_values(name).most_common(3)]
    examples = ", ".join(f"'{_shorten(value)}'" for value in values)
    return f"{tell_column(work, name)}, bijvoorbeeld {examples}"


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
