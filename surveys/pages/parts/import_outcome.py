"""What would come in from the file, every fault in its way, and taking it over."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from surveys.answers import MissingReason
from surveys.definition import Definition
from surveys.importing import (
    DryRun,
    Fault,
    ImportRefused,
    InvalidWave,
    try_out,
    write_mapping,
)
from surveys.pages.parts.import_work import Work, forget_work, tell_question
from surveys.pages.parts.messages import draw_list, tell_done
from surveys.pages.parts.tables import draw_table
from surveys.pages.storage import current_store
from surveys.plain_text import escape_markdown
from surveys.waves.states import WaveRefused

_MOST_FAULTS = 500  # shown; a file with more is another file than was meant
_REASONS = {
    MissingReason.DONT_KNOW: "Weet niet",
    MissingReason.NOT_APPLICABLE: "N.v.t.",
    MissingReason.SKIPPED: "Overgeslagen",
    MissingReason.NOT_ASKED: "Niet gevraagd",
}


def draw_outcome(
    work: Work, wave: str, definition: Definition, regions: Collection[str], part: str
) -> None:
    """`part`: where the page tells what was done."""
    found = try_out(work.table, work.mapping, definition.questionnaire, regions)
    _tell_counts(found, definition)
    _draw_download(work, wave)
    if found.faults:
        _draw_faults(found.faults, definition)
        return
    refused = _find_refusal(wave, definition, found)
    if refused:
        st.error(escape_markdown(refused))
        return
    doubtful = sum(work.is_doubtful(item) for item in work.mapping.items)
    if doubtful:
        told = "1 vraag moet" if doubtful == 1 else f"{doubtful} vragen moeten"
        st.warning(f"{told} nog worden gecontroleerd: zie de kolom Controleren in stap 3.")
    st.text(
        "Er zijn geen fouten. Bij het inlezen komt alles erin, of niets. Daarna is de meting "
        "gesloten: niemand kan haar dan nog invullen."
    )
    if st.button("Inlezen", type="primary", key="inlezen-knop"):
        _take(work, wave, definition, found, part)


def _tell_counts(found: DryRun, definition: Definition) -> None:
    answered = sum(item.answered for item in found.items)
    count = len(found.responses)
    told = "1 regio" if count == 1 else f"{count} regio's"
    st.text(f"Gevonden: {told} met samen {answered} antwoorden.")
    if found.silent:
        st.text(f"Zonder enig antwoord, en daarom niet ingelezen: {', '.join(found.silent)}")
    with st.expander("Aantallen per vraag"):
        draw_table(
            "Aantal regio's per vraag",
            ["Vraag", "Geldig antwoord", *_REASONS.values()],
            [
                (
                    tell_question(definition.questionnaire, item.item),
                    str(item.answered),
                    *(str(item.values.get(reason, 0)) for reason in _REASONS),
                )
                for item in found.items
            ],
        )


def _draw_download(work: Work, wave: str) -> None:
    st.text(
        "Bij opnieuw laden van de pagina gaat wat u koos verloren. Bewaar daarom de koppeling: u "
        "kunt haar in stap 2 weer kiezen, ook voor een volgend bestand met dezelfde kolommen."
    )
    st.download_button(
        "Koppeling bewaren (.toml)",
        write_mapping(work.mapping),
        file_name=f"koppeling-{wave}.toml",
        mime="text/plain",
        on_click="ignore",
        key="inlezen-bewaren",
    )


def _draw_faults(faults: tuple[Fault, ...], definition: Definition) -> None:
    count = "is 1 fout" if len(faults) == 1 else f"zijn {len(faults)} fouten"
    st.error(
        f"Er {count}. Er wordt pas ingelezen als er geen meer zijn. Verander de koppeling, of "
        "verbeter het bestand en kies het opnieuw."
    )
    asked = definition.questionnaire
    texts = {question.id: tell_question(asked, question.id) for question in asked.questions}
    draw_table(
        "Fouten",
        ["Wat er mis is", "Rij", "Kolom", "Regio", "Vraag"],
        [_tell_fault(fault, texts) for fault in faults[:_MOST_FAULTS]],
    )
    if len(faults) > _MOST_FAULTS:
        st.text(f"En nog {len(faults) - _MOST_FAULTS} andere fouten.")


def _tell_fault(fault: Fault, texts: dict[str, str]) -> list[str]:
    place = fault.place
    return [
        fault.dutch,
        str(place.row) if place.row else "–",
        place.column or "–",
        place.region or "–",
        texts.get(place.item, place.item) or "–",
    ]


def _find_refusal(wave: str, definition: Definition, found: DryRun) -> str:
    try:
        done = current_store().imports.foresee(wave, definition, found)
    except (ImportRefused, WaveRefused) as refused:
        return refused.message
    if done.is_new:
        return ""
    return "Dit bestand is al eerder ingelezen, met dezelfde koppeling. Er verandert niets."


def _take(work: Work, wave: str, definition: Definition, found: DryRun, part: str) -> None:
    try:
        done = current_store().imports.take(wave, definition, found)
    except (ImportRefused, WaveRefused) as refused:
        st.error(escape_markdown(refused.message))
        return
    except InvalidWave as invalid:
        draw_list([fault.sentence for fault in invalid.faults])
        return
    if done.is_new:
        count = "1 regio is" if done.regions == 1 else f"{done.regions} regio's zijn"
        tell_done(part, f"De antwoorden van {count} ingelezen in meting {wave}. Zij is gesloten.")
    else:
        tell_done(part, "Dit bestand was al ingelezen. Er is niets veranderd.")
    forget_work()
    st.rerun()
