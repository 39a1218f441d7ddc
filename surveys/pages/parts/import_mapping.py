"""How the file is read: which column holds which question, and what its values stand for.

The mapping is the truth. A field is given what the mapping says when it is first drawn, and what
it then holds is written back to the mapping: no widget gets its own answer back as its input.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from surveys.importing import (
    WaveMapping,
    group_values,
    propose_long,
    propose_wide,
)
from surveys.importing.editing import (
    connect,
    connect_option,
    disconnect,
    set_not_asked,
    set_region,
    set_separator,
)
from surveys.importing.mapping import Layout
from surveys.items import MultipleItem, Question
from surveys.pages.parts.import_values import draw_values
from surveys.pages.parts.import_work import Work, tell_column
from surveys.pages.parts.tables import draw_table
from surveys.plain_text import escape_markdown
from surveys.questionnaire import Questionnaire, Section

_LAYOUTS: dict[Layout, str] = {
    "wide": "Per regio een rij, per vraag een kolom",
    "long": "Per antwoord een rij",
}
_SEPARATORS = {
    "": "één antwoord",
    ";": "antwoorden met ; ertussen",
    ",": "antwoorden met , ertussen",
    "|": "antwoorden met | ertussen",
    "/": "antwoorden met / ertussen",
    "\n": "antwoorden onder elkaar",
}
# What a question stands in: nothing yet, nothing for it was not asked, or a column.
_NOWHERE, _NOT_ASKED = ("", ""), ("niet gevraagd", "")
Place = tuple[str, str]


def draw_roles(work: Work, questionnaire: Questionnaire) -> None:
    """How the file is laid out, and the columns that every row has."""
    mapping = work.mapping
    layout = _choose("Indeling van het bestand", _LAYOUTS, mapping.layout, work.key("indeling"))
    region = _choose_column(work, "Kolom met het nummer van de regio", mapping.region, "regio")
    item, value = "", ""
    if layout == "long":
        item = _choose_column(work, "Kolom met de vraag", mapping.item, "vraag")
        value = _choose_column(work, "Kolom met het antwoord", mapping.value, "waarde")
    if (layout, item, value) == (mapping.layout, mapping.item, mapping.value):
        if region != mapping.region:
            work.mapping = set_region(mapping, region)
    elif layout == "wide":
        work.adopt(propose_wide(work.table, questionnaire, region))
    elif item and value:
        work.adopt(propose_long(work.table, questionnaire, region, item, value))
    else:
        work.change(WaveMapping("long", region, item, value))


def _choose(label: str, options: dict[Layout, str], now: Layout, key: str) -> Layout:
    st.session_state.setdefault(key, now)
    chosen = st.radio(label, [*options], format_func=lambda code: options[code], key=key)
    return chosen if chosen in options else now


def _choose_column(work: Work, label: str, now: str, name: str) -> str:
    columns = ["", *work.table.places]
    key = work.key(name)
    st.session_state.setdefault(key, now if now in columns else "")
    chosen = st.selectbox(
        label,
        columns,
        format_func=lambda column: tell_column(work, column) if column else "Kies een kolom",
        key=key,
        width=600,
    )
    return chosen if chosen in columns else ""


# The questions, a section at a time


def draw_sections(work: Work, questionnaire: Questionnaire) -> None:
    sections = {section.id: section for section in questionnaire.sections}
    rows = {section: _count(work, questionnaire, sections[section]) for section in sections}
    place = st.empty()  # the table tells what the fields below it have changed
    ids = [*sections]
    key = work.key("blok")
    first = next((section for section in ids if rows[section][2:] != ("0", "0", "0")), ids[0])
    st.session_state.setdefault(key, first)
    chosen = st.selectbox(
        "Blok", ids, format_func=lambda section: sections[section].title, key=key, width=450
    )
    section = sections[chosen if chosen in sections else ids[0]]
    for question in section.questions:
        _draw_question(work, questionnaire, question)
    draw_values(work, questionnaire, section)
    _ask_checked(work, section)
    with place.container():
        draw_table(
            "Blokken van de vragenlijst",
            [
                "Blok",
                "Gekoppeld",
                "Niet gevraagd",
                "Zonder kolom",
                "Controleren",
                "Onbekende waarden",
            ],
            [
                (sections[each].title, *_count(work, questionnaire, sections[each]))
                for each in sections
            ],
        )


def _count(work: Work, questionnaire: Questionnaire, section: Section) -> tuple[str, ...]:
    """Numbers of questions, and last of values of which nothing is known."""
    items = [question.id for question in section.questions]
    mapping = work.mapping
    groups = group_values(work.table, mapping, questionnaire, items)
    return (
        str(sum(item in mapping.items for item in items)),
        str(sum(item in mapping.not_asked for item in items)),
        str(sum(item not in mapping.items and item not in mapping.not_asked for item in items)),
        str(sum(work.is_doubtful(item) for item in items)),
        str(sum(value.is_unknown for group in groups for value in group.values)),
    )


def _draw_question(work: Work, questionnaire: Questionnaire, question: Question) -> None:
    mapping = work.mapping
    if isinstance(question, MultipleItem) and mapping.layout == "wide":
        source = mapping.items.get(question.id)
        key = work.edited_key(f"apart-{question.id}")
        st.session_state.setdefault(key, bool(source and source.options))
        label = escape_markdown(f"{question.text}: elk antwoord heeft een eigen kolom")
        if st.checkbox(label, key=key):
            _draw_options(work, question)
            _draw_doubts(work, question)
            return
        if source and source.options:
            work.mapping = disconnect(mapping, question.id)
    _draw_place(work, questionnaire, question)
    if isinstance(question, MultipleItem) and question.id in work.mapping.items:
        _draw_separator(work, question)
    _draw_doubts(work, question)


def _draw_place(work: Work, questionnaire: Questionnaire, question: Question) -> None:
    now = _place_of(work.mapping, question.id)
    options = [_NOWHERE, _NOT_ASKED, *(("kolom", name) for name in _names(work))]
    if now not in options:
        options.append(now)  # of a mapping that was made for another file
    chosen = _choose_place(work, question.text, options, now, question.id)
    if chosen == now:
        return
    if chosen == _NOT_ASKED:
        work.mapping = set_not_asked(work.mapping, [question.id])
    else:
        work.mapping = connect(work.mapping, work.table, questionnaire, question.id, chosen[1])


def _names(work: Work) -> list[str]:
    """Where a question can stand: the columns, in a long file the names of questions."""
    mapping = work.mapping
    if mapping.layout == "wide":
        return [name for name in work.table.places if name != mapping.region]
    return [*work.table.count_values(mapping.item)] if mapping.item in work.table.places else []


def _place_of(mapping: WaveMapping, item: str) -> Place:
    if item in mapping.not_asked:
        return _NOT_ASKED
    source = mapping.items.get(item)
    if source is None:
        return _NOWHERE
    name = source.name or item if mapping.layout == "long" else source.column
    return ("kolom", name) if name else _NOWHERE


def _choose_place(work: Work, label: str, options: Sequence[Place], now: Place, name: str) -> Place:
    key = work.place_key(name)
    st.session_state.setdefault(key, now)
    chosen = st.selectbox(
        escape_markdown(label),
        options,
        format_func=lambda place: _tell_place(work, place),
        key=key,
        width=600,
    )
    return chosen if chosen in options else now


def _tell_place(work: Work, place: Place) -> str:
    if place == _NOWHERE:
        return "Kies een kolom"
    if place == _NOT_ASKED:
        return "Niet gevraagd in deze meting"
    _, name = place
    if work.mapping.layout == "long":
        return f"'{name}'"
    return tell_column(work, name) if name in work.table.places else f"{name} (niet in dit bestand)"


def _draw_options(work: Work, question: MultipleItem) -> None:
    source = work.mapping.items.get(question.id)
    columns = dict(source.options) if source else {}
    for choice in question.choices:
        now = ("kolom", columns[choice.code]) if choice.code in columns else _NOWHERE
        options = [_NOWHERE, *(("kolom", name) for name in _names(work))]
        if now not in options:
            options.append(now)
        name = f"{question.id}-{choice.code}"
        chosen = _choose_place(work, f"… {choice.label}", options, now, name)
        if chosen != now:
            work.mapping = connect_option(
                work.mapping, work.table, question, choice.code, chosen[1]
            )


def _draw_separator(work: Work, question: Question) -> None:
    now = work.mapping.items[question.id].separator
    signs = [*_SEPARATORS, *([now] if now not in _SEPARATORS else [])]
    key = work.edited_key(f"teken-{question.id}-{work.mapping.items[question.id].column}")
    st.session_state.setdefault(key, now)
    chosen = st.selectbox(
        escape_markdown(f"{question.text}: in een cel staan"),
        signs,
        format_func=lambda sign: _SEPARATORS.get(sign, f"antwoorden met {sign} ertussen"),
        key=key,
        width=350,
    )
    if chosen != now and chosen in signs:
        work.mapping = set_separator(work.mapping, question.id, chosen)


def _draw_doubts(work: Work, question: Question) -> None:
    for doubt in work.open_doubts(question.id):
        st.text(f"Controleer: {doubt.dutch}")


def _ask_checked(work: Work, section: Section) -> None:
    """What is doubtful in a whole section, when all of it was looked at."""
    doubtful = {q.id for q in section.questions if work.open_doubts(q.id)}
    if not doubtful:
        return
    key = work.edited_key(f"klopt-{section.id}")
    st.session_state.setdefault(key, doubtful <= work.checked)
    if st.checkbox("Ik heb alles waar 'Controleer' bij staat in dit blok bekeken", key=key):
        work.checked |= doubtful
    else:
        work.checked -= doubtful
