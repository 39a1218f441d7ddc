"""What the results pages share: how an exhibit is shown, with its tables, notes and downloads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from analysis.charts import CHOICE, Chart, read_choice
from analysis.export import to_csv, to_png, to_svg, to_xlsx
from analysis.results.exhibit import Exhibit, PrintedTable
from analysis.results.source import (
    WaveResult,
)
from surveys.pages.storage import current_store
from surveys.plain_text import escape_html, escape_markdown

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# '(24 van 42)' stays on one line, and '38% (16)'; a longer heading may break
_BETWEEN_BRACKETS, _SHORT_BRACKETS = (
    re.compile(r"(?:\S+ (?=\(\d+\)))?\([^()]*\)"),
    re.compile(r"\([^()]{1,13}\)"),
)


def show_exhibit(exhibit: Exhibit, on_choice: Callable[[str], None] | None = None) -> None:
    """Finding, charts, tables, notes, why this test, and downloads. `on_choice` gets the item of a
    question that is clicked on in a chart."""
    show_heading(exhibit.finding, exhibit.table.base)
    _show_panels(exhibit, on_choice)
    for table in exhibit.tables:
        show_printed(table)
    show_notes(*exhibit.notes, f"{exhibit.table.source}.")
    if exhibit.why:
        with st.expander("Waarom deze toets?"):
            show_notes(*exhibit.why)
            for table in exhibit.why_tables:
                show_printed(table)
    show_downloads(exhibit)


def _show_panels(exhibit: Exhibit, on_choice: Callable[[str], None] | None) -> None:
    panels = exhibit.panels
    places = st.columns(len(panels)) if len(panels) > 1 else [st.container()]
    for number, (place, chart) in enumerate(zip(places, panels, strict=True)):
        with place:
            if on_choice and CHOICE in _selections(chart):
                key = f"{exhibit.name}-{number}"
                _draw(
                    chart,
                    on_select=partial(_pass_on, key, on_choice),
                    selection_mode=CHOICE,
                    key=key,
                )
            else:
                show_chart(chart)


def _selections(chart: Chart) -> list[str]:
    return [parameter["name"] for parameter in chart.to_dict().get("params", [])]


def _pass_on(key: str, on_choice: Callable[[str], None]) -> None:
    if item := read_choice(st.session_state[key]["selection"]):
        on_choice(item)


def show_quotes(result: WaveResult, section: str) -> None:
    """The open answers to the block that were cleared for showing."""
    quotes = [found for found in current_store().quotes.shown(result.name) if found.texts]
    for found in quotes:
        if found.section == section:
            question = result.counts.questionnaire.question(found.item).text
            st.header(f"Uit de antwoorden op '{escape_markdown(question)}'", anchor=False)
            said = "".join(f"<li>{escape_html(text)}</li>" for text in found.texts)
            st.html(f'<ul class="citaten">{said}</ul>')


def show_heading(finding: str, base: str) -> None:
    st.header(escape_markdown(finding), anchor=False)
    st.markdown(f"Basis: {escape_markdown(base)}.")


def show_chart(chart: Chart) -> None:
    """Its description is what a screen reader says of it."""
    _draw(chart)


def _draw(chart: Chart, **options: Any) -> None:
    """With its data inside: Streamlit would load pandas to send them apart."""
    spec = chart.to_dict()
    datasets = spec.pop("datasets", {})
    parts = [spec]
    while parts:
        part = parts.pop()
        name = part.get("data", {}).get("name")
        if name in datasets:
            part["data"] = {"values": datasets[name]}
        parts += [*part.get("layer", []), *part.get("hconcat", []), *part.get("vconcat", [])]
    st.vega_lite_chart(spec, theme=None, width="stretch", **options)


def show_printed(table: PrintedTable) -> None:
    show_table(table.caption, table.headings, table.rows)
    show_notes(table.note)


def show_table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table whose first column names the row. The last cell of a short row fills the rest."""
    head = "".join(
        f'<th scope="col">{_keep(_SHORT_BRACKETS, heading)}</th>' for heading in headings
    )
    body = "".join(f"<tr>{_cells(row, len(headings))}</tr>" for row in rows)
    label = escape_html(caption)
    st.html(
        f'<div class="cijfers" role="region" tabindex="0" aria-label="Tabel: {label}">'
        f"<table><caption><span>{label}</span></caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _cells(row: Sequence[str], columns: int) -> str:
    name, *cells = escape_html(row[0]), *(_keep(_BETWEEN_BRACKETS, cell) for cell in row[1:])
    span = columns - len(cells)
    html = [f"<td>{cell}</td>" for cell in cells]
    if span > 1:
        html[-1] = f'<td colspan="{span}">{cells[-1]}</td>'
    return f'<th scope="row">{name}</th>' + "".join(html)


def _keep(brackets: re.Pattern[str], text: str) -> str:
    return brackets.sub(r"<span>\g<0></span>", escape_html(text))


def show_notes(*notes: str) -> None:
    """What a reader must know, under a table. Empty notes are left out."""
    html = "".join(f'<p class="toelichting">{escape_html(note)}</p>' for note in notes if note)
    if html:
        st.html(html)


def show_downloads(exhibit: Exhibit) -> None:
    """Buttons for the picture and the figures. A file is made only when it is asked for."""
    with st.container(key=f"niet-afdrukken-{exhibit.name}"):
        st.markdown("**Downloaden**")
        with st.container(horizontal=True):
            for label, suffix, mime, make in (
                ("Afbeelding (PNG)", "png", "image/png", lambda: to_png(exhibit.chart)),
                ("Afbeelding (SVG)", "svg", "image/svg+xml", lambda: to_svg(exhibit.chart)),
                ("Cijfers (CSV)", "csv", "text/csv", lambda: to_csv(exhibit.table)),
                ("Cijfers (Excel)", "xlsx", _EXCEL, lambda: to_xlsx(exhibit.table)),
            ):
                st.download_button(
                    label,
                    data=make,
                    file_name=f"{exhibit.name}.{suffix}",
                    mime=mime,
                    on_click="ignore",
                    key=f"{exhibit.name}-{suffix}",
                )
