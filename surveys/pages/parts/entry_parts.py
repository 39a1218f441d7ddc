"""The parts of the page on which the evaluator enters and corrects answers for one region."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from surveys.answers import MISSING_LABELS, MissingReason
from surveys.dutch import format_date, format_time
from surveys.entries import REASON_LENGTH, RESPONSE_STATES, EntryRefused, Version, check_entry
from surveys.fieldwork import Form, LinkRefused, Mode, ResponseState, Visit, Wave
from surveys.monitoring.response import MODES, RegionProgress
from surveys.pages.parts.answer_table import answer_table
from surveys.pages.parts.consent import begin_form, draw_consent
from surveys.pages.parts.tables import draw_table
from surveys.pages.storage import current_store
from surveys.pages.visitor import current_person
from surveys.plain_text import escape_markdown
from surveys.routing import asked_questions
from surveys.trail.words import tell_actor


def tell_mode(mode: Mode) -> str:
    return MODES[mode]


def _tell_moment(moment: datetime) -> str:
    return f"{format_date(moment)} om {format_time(moment)}"


def _of_state(versions: list[Version], state: ResponseState) -> list[Version]:
    return [version for version in versions if version.state is state]


# What there is


def draw_versions(wave: Wave, region: RegionProgress, versions: list[Version]) -> None:
    """All versions as a table, and the answers of the one that is chosen."""
    st.header("Versies", anchor=False)
    if not versions:
        st.text("Van deze regio zijn er in deze meting nog geen antwoorden.")
        return
    draw_table(
        f"Versies van {region.name}, meting {wave.name}",
        ["Versie", "Binnengekomen", "Door", "Wanneer", "Beantwoord", "Reden"],
        [_tell_version(version) for version in versions],
    )
    numbers = [version.number for version in versions]
    number = st.selectbox(
        "Antwoorden bekijken van",
        numbers,
        format_func=lambda number: f"versie {number}",
        index=None,
        placeholder="Kies een versie",
        key=f"bekijk-{wave.name}-{region.number}",
        width=250,
    )
    if number in numbers:
        form = current_store().entries.read(region.number, wave.name, number)
        questionnaire = current_store().waves.questionnaire(form.questionnaire_hash)
        st.html(answer_table(questionnaire, form, MISSING_LABELS[MissingReason.SKIPPED]))


def _tell_version(version: Version) -> list[str]:
    reasons = [f"Correctie: {version.reason}"] if version.reason else []
    reasons += [f"Ongeldig: {version.invalid_reason}"] if version.invalid_reason else []
    return [
        f"{version.number}: {RESPONSE_STATES[version.state]}",
        tell_mode(version.mode),
        _tell_who(version),
        _tell_last(version),
        f"{version.answered} vragen",
        "\n".join(reasons),
    ]


def _tell_last(version: Version) -> str:
    """What happened last, and when."""
    if version.submitted_at is not None:
        return f"verzonden op {_tell_moment(version.submitted_at)}"
    if version.saved_at is not None:
        return f"bewaard op {_tell_moment(version.saved_at)}"
    return f"begonnen op {_tell_moment(version.begun_at)}"


def _tell_who(version: Version) -> str:
    if version.entered_by is None:
        return "de regio zelf"
    return "u" if version.entered_by == current_person().name else tell_actor(version.entered_by)


# Entering and correcting


def draw_entering(
    wave: Wave, region: RegionProgress, versions: list[Version]
) -> tuple[Visit, Form] | None:
    """What is asked before entering; the form where the evaluator goes on to it."""
    finals = _of_state(versions, ResponseState.FINAL)
    st.header("Corrigeren" if finals else "Invoeren", anchor=False)
    try:
        check_entry(wave.state, has_final=bool(finals), reason="een reden")
    except EntryRefused as refused:
        st.text(refused.message)
        return None
    drafts = _of_state(versions, ResponseState.DRAFT)
    if drafts:
        _tell_draft(wave, region, drafts[0])
    elif finals:
        st.text(
            "Een correctie is een nieuwe versie. Wat er nu staat, blijft bewaard en telt totdat u "
            "de correctie verzendt."
        )
    mode = _ask_mode(wave, region, drafts, finals)
    reason = _ask_reason(wave, region, drafts) if finals else None
    agreed = None
    if mode is not None and not finals:
        agreed = draw_consent(current_store().entries.visit(region.number, wave.name, mode))
    label = "Verder" if drafts else "Corrigeren" if finals else "Invoeren"
    if not st.button(label, type="primary", key="invoer-beginnen"):
        return None
    if mode is None:
        st.error("Kies hoe de antwoorden binnenkwamen.")
        return None
    return _begin(wave, region, mode, reason, agreed)


def _begin(
    wave: Wave, region: RegionProgress, mode: Mode, reason: str | None, agreed: str | None
) -> tuple[Visit, Form] | None:
    try:
        visit = current_store().entries.visit(region.number, wave.name, mode, reason)
        form = begin_form(visit, agreed)
    except EntryRefused as refused:
        st.error(refused.message)
        return None
    except LinkRefused as refused:
        st.error(EntryRefused(refused.code).message)
        return None
    return None if form is None else (visit, form)


def _tell_draft(wave: Wave, region: RegionProgress, draft: Version) -> None:
    """Whose it is, how far, and when it was last saved: before the evaluator works in it."""
    form = current_store().entries.read(region.number, wave.name, draft.number)
    questionnaire = current_store().waves.questionnaire(form.questionnaire_hash)
    asked = len(asked_questions(questionnaire, form.answers))
    last = f"laatst {_tell_last(draft)}" if draft.saved_at else _tell_last(draft)
    far = f"{draft.answered} van {asked} vragen zijn beantwoord, {last}"
    if draft.entered_by is None:
        st.warning(
            f"De regio is zelf bezig in een concept: {far}. Gaat u verder, dan werkt u in dat "
            "concept, en wat u verzendt zijn ook de antwoorden die de regio daar invulde."
        )
    else:
        kind = "Een correctie" if draft.reason else "De invoer"
        st.info(f"{kind} is begonnen door {escape_markdown(_tell_who(draft))}: {far}.")


def _ask_mode(
    wave: Wave, region: RegionProgress, drafts: list[Version], finals: list[Version]
) -> Mode | None:
    modes = [Mode.ONLINE] if finals else []
    modes += [Mode.TELEPHONE, Mode.PAPER]
    before = next((each.mode for each in (*drafts, *finals) if each.mode in modes), None)
    chosen = st.radio(
        "Hoe kwamen de antwoorden binnen?",
        modes,
        format_func=tell_mode,
        index=None if before is None else modes.index(before),
        horizontal=True,
        key=f"invoer-wijze-{wave.name}-{region.number}",
    )
    return chosen if chosen in modes else None


def _ask_reason(wave: Wave, region: RegionProgress, drafts: list[Version]) -> str:
    return st.text_area(
        "Reden van de correctie",
        value=(drafts[0].reason or "") if drafts else "",
        placeholder=f"Hoogstens {REASON_LENGTH} tekens",
        height=90,
        key=f"invoer-reden-{wave.name}-{region.number}",
    )


# Throwing away, setting invalid


def draw_discarding(wave: Wave, region: RegionProgress, versions: list[Version]) -> str | None:
    """For what was entered and not submitted; what was done, in a sentence."""
    drafts = _of_state(versions, ResponseState.DRAFT)
    if not drafts or drafts[0].entered_by is None:
        return None
    with st.expander("Concept weggooien"):
        st.text(
            f"Versie {drafts[0].number} is nog niet verzonden. Weggooien kan niet ongedaan worden "
            "gemaakt. Wat de regio zelf invulde of wat al verzonden is, blijft."
        )
        if not st.button("Concept weggooien", key="weggooien"):
            return None
        try:
            current_store().entries.discard(region.number, wave.name)
        except EntryRefused as refused:
            st.error(refused.message)
            return None
    return f"Het concept van {region.name} is weggegooid."


def draw_validity(wave: Wave, region: RegionProgress, versions: list[Version]) -> str | None:
    """Set the version that counts invalid or, where none counts, an invalid one valid again."""
    finals = _of_state(versions, ResponseState.FINAL)
    invalid = _of_state(versions, ResponseState.INVALID)
    if not finals and not invalid:
        return None
    title = "Ongeldig verklaren" if finals else "Weer geldig maken"
    with st.expander(title):
        if finals:
            st.text(
                "De antwoorden tellen dan niet meer mee, maar blijven bewaard. Is de meting open, "
                "dan kan de regio opnieuw antwoorden."
            )
        version = (finals or invalid)[0].number
        if not finals and len(invalid) > 1:
            numbers = [each.number for each in invalid]
            version = st.selectbox("Versie", numbers, key="geldig-versie", width=150) or version
        reason = st.text_area(
            f"Waarom wordt versie {version} {'ongeldig' if finals else 'weer geldig'}?",
            placeholder=f"Hoogstens {REASON_LENGTH} tekens",
            height=90,
            key=f"geldig-reden-{wave.name}-{region.number}-{version}-{bool(finals)}",
        )
        if not st.button(title, key="geldig-knop"):
            return None
        try:
            if finals:
                current_store().entries.set_invalid(region.number, wave.name, reason)
                return f"Versie {version} van {region.name} telt niet meer mee."
            current_store().entries.make_valid(region.number, wave.name, version, reason)
        except EntryRefused as refused:
            st.error(refused.message)
            return None
    return f"Versie {version} van {region.name} telt weer mee."
