"""The questionnaire of a wave: the version in use, and another one laid beside it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from surveys.definition import DEFINITIONS, Definition, InvalidDefinition, decode_definition
from surveys.fieldwork import Wave, WaveState
from surveys.pages.parts.tables import draw_table
from surveys.pages.parts.wave_parts import draw_outcome, finish, tell_version, warn_of_wave
from surveys.pages.storage import current_store
from surveys.plain_text import escape_markdown
from surveys.versions.difference import Change
from surveys.versions.proposal import Proposal, WaveIsClosed
from surveys.waves.states import WaveRefused

# Changes that no respondent sees: what the version says of the one before it.
_COMPARING = {"comparability", "status", "recode", "note"}


def ask_definition(key: str) -> bytes | None:
    """Let the evaluator choose a definition file: one of the monitor's, or an own one."""
    files = {file.stem: file for file in sorted(DEFINITIONS.glob("*.toml"))}
    names = {stem: _name_file(file) for stem, file in files.items()}
    name = st.selectbox(
        "Vragenlijst van de monitor",
        list(files),
        format_func=lambda stem: names.get(stem, stem),
        index=None,
        placeholder="Kies een vragenlijst",
        key=f"{key}-bestand",
    )
    own = st.file_uploader(
        "Of een eigen definitiebestand (.toml); dat gaat voor", type="toml", key=f"{key}-eigen"
    )
    if own is not None:
        return own.getvalue()
    return files[name].read_bytes() if name in files else None


def _name_file(file: Path) -> str:
    """The title and version; the name of the file where it has faults, which choosing it tells."""
    try:
        questionnaire = decode_definition(file.read_bytes()).questionnaire
    except InvalidDefinition:
        return file.stem
    return f"{questionnaire.title}, versie {questionnaire.version}"


def read_choice(content: bytes) -> Definition | None:
    """The definition in the file; None, with every fault told, where it has faults."""
    try:
        return decode_definition(content)
    except InvalidDefinition as invalid:
        count = len(invalid.errors)
        faults = "staat 1 fout" if count == 1 else f"staan {count} fouten"
        st.error(
            f"Dit bestand kan niet worden gebruikt: er {faults} in. Per fout staat hieronder, in "
            "het Engels, de plaats, wat er mis is en wat u kunt doen. Verbeter het bestand en kies "
            "het opnieuw."
        )
        st.code("\n".join(map(str, invalid.errors)), language=None, wrap_lines=True)
        return None


def draw_questionnaire(wave: Wave) -> None:
    st.subheader("Vragenlijst", anchor=False)
    draw_outcome("vragenlijst")
    questionnaire = current_store().waves.questionnaire(wave.questionnaire_hash)
    st.text(
        f"In gebruik: {questionnaire.title}, "
        f"{tell_version(questionnaire, wave.questionnaire_hash)}, "
        f"{len(questionnaire.questions)} vragen."
    )
    warn_of_wave(wave.name, questionnaire)
    if wave.state is WaveState.CLOSED:
        st.text(WaveIsClosed().message)
        return
    st.text(
        "Kies een andere versie om te zien wat er zou veranderen. Er verandert pas iets als u haar "
        "in gebruik neemt."
    )
    turns = f"vragenlijst-beurt-{wave.name}"
    turn = st.session_state.get(turns, 0)  # nothing is chosen any more after each taking into use
    content = ask_definition(f"vragenlijst-{wave.name}-{turn}")
    definition = None if content is None else read_choice(content)
    if definition is not None and _offer(wave, definition):
        st.session_state[turns] = turn + 1
        version = tell_version(definition.questionnaire, definition.content_hash)
        finish("vragenlijst", f"In gebruik genomen: {version}.")


def _offer(wave: Wave, definition: Definition) -> bool:
    """Show what the version changes; True where it was taken into use."""
    if definition.content_hash == wave.questionnaire_hash:
        st.text("Dit is de versie die in gebruik is.")
        return False
    store = current_store()
    proposal = store.waves.propose_questionnaire(wave.name, definition)
    # what the evaluator saw when clicking is what was drawn the run before
    place = f"gezien-{wave.name}-{definition.content_hash}"
    seen = st.session_state.get(place, proposal.in_use)
    st.session_state[place] = proposal.in_use
    _draw_changes(wave, definition, proposal)
    if proposal.orphans:
        _draw_orphans(proposal)
        return False
    _tell_responses(proposal)
    warn_of_wave(wave.name, definition.questionnaire)
    if not st.button("In gebruik nemen", type="primary", key=f"neem-{wave.name}"):
        return False
    try:
        store.waves.take_questionnaire(wave.name, definition, seen)
    except WaveRefused as refused:
        st.error(refused.message)
        return False
    return True


def _draw_changes(wave: Wave, definition: Definition, proposal: Proposal) -> None:
    before = current_store().waves.questionnaire(wave.questionnaire_hash)
    if before.version == definition.questionnaire.version:
        st.warning(
            f"Het bestand noemt zich ook versie {escape_markdown(before.version)}. Geef een "
            "gewijzigde vragenlijst een eigen versie, dan zijn ze uit elkaar te houden."
        )
    if not proposal.changes:
        st.text("Er verandert niets aan vragen, antwoorden of teksten.")
        return
    asked = [change for change in proposal.changes if change.kind not in _COMPARING]
    compared = [change for change in proposal.changes if change.kind in _COMPARING]
    if asked:
        _draw_table("Wat er verandert", asked)
    if compared:
        with st.expander(f"Hoe de uitkomsten worden vergeleken ({_count(compared)})"):
            _draw_table("Vergelijken met de meting ervoor", compared)


def _draw_table(caption: str, changes: list[Change]) -> None:
    draw_table(
        f"{caption}: {_count(changes)}",
        ["Wijziging", "Nu", "Straks"],
        [(change.heading, change.old, change.new) for change in changes],
    )


def _count(changes: list[Change]) -> str:
    return "1 wijziging" if len(changes) == 1 else f"{len(changes)} wijzigingen"


def _draw_orphans(proposal: Proposal) -> None:
    st.error(
        "Deze versie kan niet in gebruik: antwoorden die al gegeven zijn, zouden hun plaats "
        "verliezen. Houd deze vragen en antwoorden in de vragenlijst."
    )
    draw_table(
        "Antwoorden zonder plaats",
        ["Vraag", "Aantal", "Wat er mis is"],
        [(orphan.item, str(orphan.count), orphan.sentence) for orphan in proposal.orphans],
    )


def _tell_responses(proposal: Proposal) -> None:
    if proposal.drafts:
        st.text(
            f"Bezig met invullen: {proposal.drafts}. Zij gaan verder in de nieuwe versie, met de "
            "antwoorden die er al zijn."
        )
    if proposal.finals:
        st.text(
            f"Al verzonden: {proposal.finals}. Die antwoorden blijven zoals ze zijn, bij de versie "
            "waarop ze gegeven zijn, en tellen mee."
        )
