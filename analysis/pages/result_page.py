"""What the results pages share: which waves, the example label, and how an exhibit is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import streamlit as st

from analysis.charts import CHOICE, Chart, read_choice
from analysis.disclosure import SMALLEST_GROUP
from analysis.export import to_csv, to_png, to_svg, to_xlsx
from analysis.results.exhibit import Exhibit, PrintedTable
from analysis.results.source import (
    PairResult,
    WaveResult,
    answered_waves,
    is_released,
    read_pair,
    read_wave,
)
from surveys.dutch import local_day
from surveys.fieldwork import EXAMPLE_LABEL, Wave, WaveState, tell_running
from surveys.pages.storage import current_store
from surveys.pages.visitor import current_person
from surveys.plain_text import escape_html, escape_markdown
from surveys.roles import Right

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# '(24 van 42)' stays on one line; a longer heading may break
_BETWEEN_BRACKETS, _SHORT_BRACKETS = re.compile(r"\([^()]*\)"), re.compile(r"\([^()]{1,13}\)")


def today() -> date:
    """The day that figures are told to be of."""
    return local_day(datetime.now(UTC))


# Waves


@dataclass(frozen=True)
class ChosenWaves:
    """The wave that is looked at, beside an earlier one where there is one. `answered`: all waves
    that may be looked at."""

    last: WaveResult
    pair: PairResult | None
    answered: tuple[Wave, ...]

    @property
    def results(self) -> tuple[WaveResult, ...]:
        return self.pair.results if self.pair else (self.last,)


def choose_waves() -> ChosenWaves | None:
    """The last wave with enough answers to show and the one before it, or those that are chosen;
    None, with a message, if there is none to show."""
    answered = _released_waves()
    if not answered:
        return None
    store = current_store()
    wave, earlier = answered[0], None
    if len(answered) > 1:
        with st.container(horizontal=True):
            wave = _select("Meting", "meting", answered, _last_shown(answered))
            before = answered[: answered.index(wave)]
            if len(before) > 1:
                earlier = _select("Vergelijk met", "eerder", before, len(before) - 1)
            elif before:
                earlier = before[0]
    _show_state([earlier, wave] if earlier else [wave])
    if earlier is None:
        return ChosenWaves(read_wave(store, wave), None, tuple(answered))
    pair = read_pair(store, earlier, wave)
    return ChosenWaves(pair.after, pair, tuple(answered))


def choose_wave() -> WaveResult | None:
    """The wave alone."""
    chosen = choose_waves()
    return chosen.last if chosen else None


def choose_pair() -> PairResult | None:
    """Two waves; None, with a message, if there are not two to show."""
    chosen = choose_waves()
    if chosen is None:
        return None
    if chosen.pair is None:
        tell_single(chosen)
    return chosen.pair


def tell_single(chosen: ChosenWaves) -> None:
    """Why there is nothing to compare."""
    name = escape_markdown(chosen.last.name)
    if len(chosen.answered) > 1:
        st.markdown(
            f"Meting {name} is de eerste: er is geen eerdere meting om mee te vergelijken. "
            "Kies een latere meting."
        )
    else:
        st.markdown(
            "Voor een vergelijking zijn twee metingen met antwoorden nodig. Er is er nu één: "
            f"meting {name}."
        )


def _select(label: str, key: str, waves: list[Wave], index: int) -> Wave:
    """The choice stands in the address and goes with the visitor to other pages."""
    names = [wave.name for wave in waves]
    if st.session_state.get(key) not in names:
        st.session_state.pop(key, None)  # chosen on a page that has other waves
    chosen = st.selectbox(
        label,
        names,
        index=index,
        width=200,
        key=key,
        bind="query-params",
        persist_state="session",
    )
    return waves[names.index(chosen)]


def _last_shown(waves: list[Wave]) -> int:
    """The place of the last wave of which figures are shown; while a new one has only just been
    opened that is the one before it. The last of all where there is none."""
    counts = current_store().monitoring.response_counts
    enough = [
        place for place, wave in enumerate(waves) if counts(wave.name).submitted >= SMALLEST_GROUP
    ]
    return (enough or [len(waves) - 1])[-1]


def _released_waves() -> list[Wave]:
    """Those that regions answered in: for who does the fieldwork all of them, for others once they
    are closed. Says why where that leaves none, or one only because another still runs."""
    answered = answered_waves(current_store())
    if not answered:
        _explain_no_answers()
    if current_person().may(Right.DO_FIELDWORK):
        return answered
    released = [wave for wave in answered if is_released(wave)]
    if len(released) < 2:
        for wave in answered:
            if wave not in released:
                st.markdown(tell_running(escape_markdown(wave.name)))
    return released


def _explain_no_answers() -> None:
    does_fieldwork = current_person().may(Right.DO_FIELDWORK)
    if current_store().waves.all():
        where = " Bij Veldwerk ziet u hoe ver de regio's zijn." if does_fieldwork else ""
        st.text("Nog geen enkele regio heeft de vragenlijst verzonden." + where)
    else:
        how = " Laad op de startpagina de voorbeelddata." if does_fieldwork else ""
        st.text("Er zijn nog geen metingen, dus ook geen uitkomsten." + how)


def _show_state(waves: list[Wave]) -> None:
    if any(wave.is_example for wave in waves):
        st.html(f'<p class="voorbeeld">{EXAMPLE_LABEL}</p>')
    for wave in waves:
        if wave.state in (WaveState.OPEN, WaveState.CLOSING):
            name = escape_markdown(wave.name)
            st.markdown(f"Meting {name} is nog open: de uitkomsten kunnen nog veranderen.")


# Exhibits


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
