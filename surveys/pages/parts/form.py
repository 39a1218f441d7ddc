"""The questionnaire as it is filled in: one page per section, review, receipt. The programme
leader's page and the evaluator's, who enters answers for a region, both show it."""

from __future__ import annotations

import streamlit as st

from surveys.answers import MISSING_LABELS, MissingReason
from surveys.dutch import format_date, format_time
from surveys.fieldwork import REVIEW, Form, NotSubmittable, ResponseState, StaleForm, Visit
from surveys.items import Question
from surveys.pages.parts.answer_table import answer_table
from surveys.pages.parts.consent import begin_form, draw_consent
from surveys.pages.parts.form_session import FormSession
from surveys.pages.parts.turning import draw_turn, turn_page
from surveys.pages.storage import current_store
from surveys.plain_text import escape_markdown
from surveys.questionnaire import Section
from surveys.routing import asked_questions, asked_sections, open_questions


def find_session(visit: Visit) -> FormSession | None:
    """This window's work on the form of the visit, if it has any."""
    session = st.session_state.get("form")
    if not isinstance(session, FormSession):
        return None
    ours, theirs = (
        (each.invitation_id, each.region_id, each.wave.name, each.entry)
        for each in (session.visit, visit)
    )
    return session if ours == theirs else None


def open_session(visit: Visit, form: Form) -> FormSession:
    """From now on this window works on the form."""
    session = FormSession.open(current_store(), visit, form)
    st.session_state["form"] = session
    return session


def close_session() -> None:
    st.session_state.pop("form", None)


def show_form(session: FormSession) -> None:
    try:
        if session.form.state is not ResponseState.DRAFT:
            _show_receipt(session)
        elif session.place == REVIEW:
            _show_review(session)
        else:
            _show_section(session)
    except StaleForm:  # it is no longer there: thrown away in another window
        close_session()
        st.rerun()


def _turn_to(session: FormSession, place: str, focus: str = "") -> None:
    session.go_to(place)
    turn_page(focus)
    st.rerun()


def _show_section(session: FormSession) -> None:
    section = _current_section(session)
    session.synchronise(session.asked_in(section))
    answers = session.form.answers
    asked = asked_questions(session.questionnaire, answers)
    sections = asked_sections(session.questionnaire, answers)
    _draw_progress(session, asked, sections, section)
    st.title(escape_markdown(section.title), anchor=False)
    if section.introduction:
        st.text(section.introduction)
    _draw_stale(session)
    session.draw_items(section)
    _draw_clearing(session, session.asked_in(section))
    _draw_turning(session, sections, section)
    _draw_saved(session)
    draw_turn()


def _current_section(session: FormSession) -> Section:
    sections = asked_sections(session.questionnaire, session.form.answers)
    return next((s for s in sections if s.id == session.place), sections[0])


def _draw_progress(
    session: FormSession,
    asked: tuple[Question, ...],
    sections: tuple[Section, ...],
    section: Section,
) -> None:
    answered = sum(question.id in session.form.answers for question in asked)
    number = sections.index(section) + 1
    st.progress(
        answered / len(asked),
        f"{escape_markdown(session.visit.region_name)} · blok {number} van {len(sections)} · "
        f"{answered} van {len(asked)} vragen beantwoord",
    )


def _draw_stale(session: FormSession) -> None:
    with st.container():  # its place stays, so that nothing below it moves
        if session.told_renewed:
            st.warning(
                "De vragenlijst is intussen bijgewerkt. Uw laatste keuze hier is niet bewaard. "
                "Uw eerdere antwoorden zijn er nog: u kunt hier verdergaan."
            )
        elif session.told_stale:
            st.warning(
                "Deze vragenlijst is in een ander venster gewijzigd. Uw laatste keuze hier is "
                "niet bewaard. U ziet nu de nieuwste antwoorden en kunt hier verdergaan."
            )


def _draw_clearing(session: FormSession, questions: list[Question]) -> None:
    """Taking an answer away has its own control: a widget that is empty never does it."""
    with st.container(key="wissen", gap="xxsmall"):
        if not st.toggle("Een antwoord wissen"):
            return
        answered = [question for question in questions if question.id in session.form.answers]
        if not answered:
            st.text("Op deze pagina is geen antwoord om te wissen.")
        for question in answered:
            label = escape_markdown(f"Wis: {question.text}")
            if st.button(label, key=f"wis-{question.id}", type="tertiary", icon=":material/close:"):
                session.clear(question)
                st.rerun()


def _draw_turning(session: FormSession, sections: tuple[Section, ...], section: Section) -> None:
    position = sections.index(section)
    places = [*(s.id for s in sections), REVIEW]
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        back = st.button("Vorige", key="vorige", disabled=position == 0)
        last = position == len(sections) - 1
        on = st.button("Naar controle" if last else "Volgende", key="volgende", type="primary")
    if not (back or on):
        return
    if session.errors:
        st.error("Verbeter eerst het antwoord dat niet bewaard is, of maak het leeg.")
        return
    _turn_to(session, places[position + (1 if on else -1)])


def _draw_saved(session: FormSession) -> None:
    with st.container(key="bewaard"):
        if session.errors:
            st.html(
                '<p class="niet-opgeslagen" role="status">Een antwoord is niet bewaard: zie de '
                "melding bij de vraag.</p>"
            )
        elif session.form.saved_at is None:
            st.html('<p role="status">Elk antwoord wordt meteen opgeslagen.</p>')
        else:
            moment = format_time(session.form.saved_at)
            st.html(f'<p class="opgeslagen" role="status">Opgeslagen om {moment}</p>')


def _show_review(session: FormSession) -> None:
    questionnaire, answers = session.questionnaire, session.form.answers
    open_ones = open_questions(questionnaire, answers)
    required = [question for question in open_ones if question.required]
    st.title("Controleren en verzenden", anchor=False)
    _draw_stale(session)
    if not open_ones:
        st.success("Alle vragen zijn beantwoord.")
    for title, questions in (
        ("Deze vragen moeten nog worden beantwoord", required),
        ("Deze vragen mag u open laten", [q for q in open_ones if not q.required]),
    ):
        if questions:
            st.subheader(title, anchor=False)
        with st.container(gap=None):
            for question in questions:
                _draw_link(session, question)
    st.subheader("Uw antwoorden", anchor=False)
    st.html(answer_table(questionnaire, session.form, blank="Nog niet ingevuld"))
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        if st.button("Vorige", key="vorige"):
            _turn_to(session, asked_sections(questionnaire, answers)[-1].id)
        if st.button("Verzenden", key="verzenden", type="primary", disabled=bool(required)):
            _submit(session)
    if required:
        st.text("Verzenden kan als de verplichte vragen zijn beantwoord.")
    draw_turn()


def _draw_link(session: FormSession, question: Question) -> None:
    section = session.questionnaire.section_of(question.id)
    if st.button(
        escape_markdown(f"{section.title}: {question.text}"),
        key=f"naar-{question.id}",
        type="tertiary",
        icon=":material/arrow_forward:",
    ):
        _turn_to(session, section.id, f"vraag-{question.id}")


def _submit(session: FormSession) -> None:
    try:
        session.form = session.store.forms.submit(session.visit, session.form)
    except (NotSubmittable, StaleForm):
        close_session()
    turn_page()
    st.rerun()


def _show_receipt(session: FormSession) -> None:
    form, is_own = session.form, session.visit.entry is None
    thanks = "Bedankt, uw antwoorden zijn verzonden"
    st.title(thanks if is_own else "De antwoorden zijn verzonden", anchor=False)
    if form.submitted_at is not None:
        st.text(
            f"{session.visit.region_name}, meting {session.visit.wave.name}. Verzonden op "
            f"{format_date(form.submitted_at)} om {format_time(form.submitted_at)}"
            f"{f' (versie {form.version})' if form.version > 1 else ''}."
        )
    if is_own:
        _draw_change(session)
    with st.container(key="niet-afdrukken"):
        st.html('<button type="button" data-afdrukken>Afdrukken of bewaren als pdf</button>')
    blank = MISSING_LABELS[MissingReason.SKIPPED]
    st.html(answer_table(session.questionnaire, form, blank))
    draw_turn()


def _draw_change(session: FormSession) -> None:
    with st.container(key="niet-afdrukken-wijzigen"):
        st.text(
            "U kunt uw antwoorden wijzigen zolang de meting open is. Wat u eerder verzond, telt "
            "totdat u opnieuw verzendt."
        )
        agreed = draw_consent(session.visit)
        if st.button("Antwoorden wijzigen", key="wijzigen"):
            form = begin_form(session.visit, agreed)
            if form is not None:
                session.form = form
                _turn_to(session, REVIEW)
