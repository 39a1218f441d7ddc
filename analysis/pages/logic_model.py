"""Results: from cause to result, what the monitor shows of each step of the logic model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import streamlit as st

from analysis.box_results import BoxResult, MeasureResult, Sign, read_boxes
from analysis.logic_model import LogicModel, read_logic_model
from analysis.pages.result_page import show_downloads, show_heading, show_notes, show_printed
from analysis.pages.wave_choice import choose_pair, today
from analysis.results.block import link_to
from analysis.results.logic_model import logic_model_exhibit
from analysis.settings import Settings
from surveys.pages.visitor import require
from surveys.plain_text import escape_html
from surveys.roles import Right

_STYLE = Path(__file__).parent / "assets" / "logic_model.css"
# The choices of this page that the pages it leads to have too.
_SHARED = ("meting", "eerder")


def show_page() -> None:
    require(Right.SEE_RESULTS)
    st.title("Van aanleiding tot resultaat", anchor=False)
    st.text(
        "De achtergrondschets van STO: wat de aanleiding was, wat er in de regio's en op scholen "
        "verandert, en waar dat toe moet leiden. Per onderdeel ziet u wat de monitor laat zien. "
        "Volg een link naar de uitkomsten van die vraag."
    )
    pair = choose_pair()
    if pair is None:
        return
    model = read_logic_model()
    exhibit = logic_model_exhibit(pair, model, Settings(), today())
    show_heading(exhibit.finding, exhibit.table.base)
    filters = {name: st.session_state[name] for name in _SHARED if name in st.session_state}
    st.html(write_model(model, read_boxes(model, exhibit.table), filters))
    show_notes(*exhibit.notes, f"{exhibit.table.source}.")
    with st.expander("Alle onderdelen als tabel"):
        for table in exhibit.tables:
            show_printed(table)
    show_downloads(exhibit)


# The drawing: lists, so that it is read and walked through in its order


def write_model(model: LogicModel, boxes: Sequence[BoxResult], filters: dict[str, str]) -> str:
    columns = "".join(
        f'<li class="kolom"><h3>{number}. {escape_html(column.title)}</h3>'
        f"{_write_boxes((b for b in boxes if b.column is column), filters)}</li>"
        for number, column in enumerate(model.columns, start=1)
    )
    context = ""
    if model.context:
        context = (
            f'<div class="context"><h3>{escape_html(model.context.title)}</h3>'
            f"{_write_boxes((b for b in boxes if b.column is model.context), filters)}</div>"
        )
    style = _STYLE.read_text(encoding="utf-8")
    return (
        f'<div class="achtergrondschets" lang="nl"><style>{style}</style>{_write_legend(boxes)}'
        f'<ol role="list" class="kolommen">{columns}</ol>{context}</div>'
    )


def _write_legend(boxes: Sequence[BoxResult]) -> str:
    """Each sign that occurs, with how many boxes have it."""
    times = {sign: sum(found.sign is sign for found in boxes) for sign in Sign}
    entries = "".join(
        f'<li class="{_name(sign)}">{_write_sign(sign)} ({count})</li>'
        for sign, count in times.items()
        if count
    )
    return f'<ul role="list" class="legenda" aria-label="Legenda">{entries}</ul>'


def _write_boxes(boxes: Iterable[BoxResult], filters: dict[str, str]) -> str:
    return f'<ul role="list">{"".join(_write_box(found, filters) for found in boxes)}</ul>'


def _write_box(found: BoxResult, filters: dict[str, str]) -> str:
    measures = "".join(f"<li>{_write_measure(found, m, filters)}</li>" for m in found.measures)
    return (
        f'<li class="vak {_name(found.sign)}"><p>{escape_html(found.box.text)}</p>'
        f'<p class="uitkomst">{_write_sign(found.sign)}</p>'
        + (f'<ul role="list">{measures}</ul>' if measures else "")
        + "</li>"
    )


def _write_measure(found: BoxResult, measure: MeasureResult, filters: dict[str, str]) -> str:
    """A link to the results of the question, which is named for who only hears the link."""
    sentence = found.sentence(measure)
    told = escape_html(sentence)
    if measure.row is None:
        return told
    if measure.name not in sentence:
        told += f'<span class="onzichtbaar">, {escape_html(measure.name)}</span>'
    address = link_to(measure.measure.section, measure.row["text"], **filters)
    return f'<a href="{escape_html(address)}" target="_self">{told}</a>'


def _write_sign(sign: Sign) -> str:
    mark = f'<span class="teken" aria-hidden="true">{sign.sign}</span>' if sign.sign else ""
    return f"{mark}{sign.word}"


def _name(sign: Sign) -> str:
    return sign.name.lower()


show_page()
