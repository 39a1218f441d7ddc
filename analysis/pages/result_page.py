"""What the results pages share: which wave, the example label, charts, tables, downloads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import streamlit as st

from analysis.charts import Chart
from analysis.counts import WaveCounts, group_tallies
from analysis.disclosure import SMALLEST_GROUP, Figure, ReleasedTable
from analysis.export import to_csv, to_png, to_svg, to_xlsx
from analysis.wording import tell_base
from surveys.fieldwork import EXAMPLE_LABEL, Wave, WaveState, tell_running
from surveys.pages.storage import current_store
from surveys.pages.visitor import current_person
from surveys.plain_text import escape_html, escape_markdown
from surveys.questionnaire import Questionnaire
from surveys.roles import Right

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# '(24 van 42)' stays on one line; a longer heading may break
_BETWEEN_BRACKETS, _SHORT_BRACKETS = re.compile(r"\([^()]*\)"), re.compile(r"\([^()]{1,13}\)")
MISSING_NOTE = (
    "Regio's die 'weet niet' of 'n.v.t.' kozen of de vraag oversloegen, tellen bij die vraag "
    "niet mee."
)


@dataclass(frozen=True)
class WaveResult:
    """A wave that regions answered in, and its counts."""

    wave: Wave
    counts: WaveCounts

    @property
    def base(self) -> str:
        return tell_base(self.counts.respondents, self.counts.asked, self.wave.name)


# Waves


def choose_wave() -> WaveResult | None:
    """The last wave with enough answers to show, or the one that is chosen; None, with a message,
    if there is none to show."""
    answered = _released_waves()
    if not answered:
        return None
    last = _last_shown(answered)
    wave = answered[last] if len(answered) == 1 else _select("Meting", answered, last)
    _show_state([wave])
    return count_wave(wave)


def choose_pair() -> tuple[WaveResult, WaveResult] | None:
    """The last wave with enough answers to show and the one before it, or two that are chosen;
    None, with a message, if there are fewer than two to show."""
    answered = _released_waves()
    if not answered:
        return None
    if len(answered) == 1:
        st.markdown(
            "Voor een vergelijking zijn twee metingen met antwoorden nodig. Er is er nu één: "
            f"meting {escape_markdown(answered[0].name)}. De uitkomsten daarvan staan bij "
            "Opbrengsten, Aandacht en Borging."
        )
        return None
    before, after = answered[-2:]
    if len(answered) > 2:
        with st.container(horizontal=True):
            last = max(_last_shown(answered), 1)
            after = _select("Vergelijk meting", answered[1:], last - 1)
            earlier = answered[: answered.index(after)]
            before = _select("met meting", earlier, len(earlier) - 1)
    _show_state([before, after])
    return count_wave(before), count_wave(after)


def _select(label: str, waves: list[Wave], index: int) -> Wave:
    names = [wave.name for wave in waves]
    chosen = st.selectbox(label, names, index=index, width=200)
    return waves[names.index(chosen)]


def _last_shown(waves: list[Wave]) -> int:
    """The place of the last wave of which figures are shown; while a new one has only just been
    opened that is the one before it. The last of all where there is none."""
    counts = current_store().monitoring.response_counts
    enough = [
        place for place, wave in enumerate(waves) if counts(wave.name).submitted >= SMALLEST_GROUP
    ]
    return (enough or [len(waves) - 1])[-1]


def _answered_waves() -> list[Wave]:
    store = current_store()
    return [
        wave for wave in store.waves.all() if store.monitoring.response_counts(wave.name).submitted
    ]


def _released_waves() -> list[Wave]:
    """Those that regions answered in: for who does the fieldwork all of them, for others once they
    are closed. Says why where that leaves none, or one only because another still runs."""
    answered = _answered_waves()
    if not answered:
        _explain_no_answers()
    if current_person().may(Right.DO_FIELDWORK):
        return answered
    released = [wave for wave in answered if wave.state is WaveState.CLOSED]
    if len(released) < 2:
        for wave in answered:
            if wave not in released:
                st.markdown(tell_running(escape_markdown(wave.name)))
    return released


def _explain_no_answers() -> None:
    waves = current_store().waves.all()
    if not waves:
        st.text(
            "Er zijn nog geen metingen, dus ook geen uitkomsten. "
            "Laad op de startpagina de voorbeelddata."
        )
    else:
        st.text(
            "Nog geen enkele regio heeft de vragenlijst verzonden. "
            "Bij Veldwerk ziet u hoe ver de regio's zijn."
        )


def _show_state(waves: list[Wave]) -> None:
    if any(wave.is_example for wave in waves):
        st.html(f'<p class="voorbeeld">{EXAMPLE_LABEL}</p>')
    for wave in waves:
        if wave.state is WaveState.OPEN:
            name = escape_markdown(wave.name)
            st.markdown(f"Meting {name} is nog open: de uitkomsten kunnen nog veranderen.")


def count_wave(wave: Wave) -> WaveResult:
    store = current_store()
    numbers = store.monitoring.response_counts(wave.name)
    counts = WaveCounts(
        wave=wave.name,
        questionnaire=store.waves.questionnaire(wave.questionnaire_hash),
        tallies=group_tallies(store.counts.tallies(wave.name)),
        respondents=numbers.submitted,
        asked=numbers.invited or None,
    )
    return WaveResult(wave, counts)


def questionnaires_between(before: WaveResult, after: WaveResult) -> list[Questionnaire]:
    """Those of the waves between two, through which their questions are comparable."""
    store = current_store()
    waves = store.waves.all()
    names = [wave.name for wave in waves]
    between = waves[names.index(before.wave.name) + 1 : names.index(after.wave.name)]
    return [store.waves.questionnaire(wave.questionnaire_hash) for wave in between]


def tell_source(results: Iterable[WaveResult]) -> str:
    """Where the answers come from: the label of example data, or the questionnaire."""
    found = list(results)
    if any(result.wave.is_example for result in found):
        return EXAMPLE_LABEL
    return f"Bron: {found[-1].counts.questionnaire.title}"


def has_block(title: str, wave: str, figures: Sequence[Figure]) -> bool:
    """Whether the questionnaire asks what the page shows; says so if not."""
    if not figures:
        name = escape_markdown(wave)
        st.markdown(f"De vragenlijst van meting {name} heeft geen blok '{title}'.")
    return bool(figures)


def has_answers(title: str, wave: str, figures: Sequence[Figure]) -> bool:
    """Whether anyone answered what the page shows; says so if not."""
    if not has_block(title, wave, figures):
        return False
    answered = any(figure.base for figure in figures)
    if not answered:
        name = escape_markdown(wave)
        st.markdown(f"In meting {name} heeft geen enkele regio het blok '{title}' beantwoord.")
    return answered


# Figures


def show_heading(finding: str, base: str) -> None:
    st.header(escape_markdown(finding), anchor=False)
    st.markdown(f"Basis: {escape_markdown(base)}.")


def show_chart(chart: Chart) -> None:
    """Its description is what a screen reader says of it."""
    st.altair_chart(chart, theme=None, width="stretch")


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


def show_downloads(table: ReleasedTable, draw: Callable[[ReleasedTable], Chart], name: str) -> None:
    """Buttons for the picture and the figures. A file is made only when it is asked for."""
    st.markdown("**Downloaden**")
    with st.container(horizontal=True):
        for label, suffix, mime, make in (
            ("Afbeelding (PNG)", "png", "image/png", lambda: to_png(draw(table))),
            ("Afbeelding (SVG)", "svg", "image/svg+xml", lambda: to_svg(draw(table))),
            ("Cijfers (CSV)", "csv", "text/csv", lambda: to_csv(table)),
            ("Cijfers (Excel)", "xlsx", _EXCEL, lambda: to_xlsx(table)),
        ):
            st.download_button(
                label,
                data=make,
                file_name=f"{name}.{suffix}",
                mime=mime,
                on_click="ignore",
                key=f"{name}-{suffix}",
            )
