"""One browser window's work on a form: what it shows, and how that reaches the database.

Streamlit loses answers in three known ways: a fragment that is redrawn while the
connection drops, a callback that never fires on the first run after a restart, and text
that was typed but not committed. So there is no fragment and no callback here: on every
run the state of the widgets is held against the stored answers and the difference is
written, before the widgets are drawn (an interrupted run saves too) and once more after
(in the first run of a session Streamlit knows the browser's values only then).
`window.js` commits text while it is being typed.

Two windows never overwrite each other silently: the stored answers have a revision, each
window holds the revision that it shows, also in the browser (a hidden field, which
outlives a restart of the server), and a write from an older revision is refused. The field names
the response too: what the browser holds of one region is never taken for the answers of another.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from db.store import Store
from surveys.answers import AnswerError, Value, clean_text, validate
from surveys.entries import REASON_LENGTH
from surveys.fieldwork import Form, Remark, StaleForm, Visit
from surveys.items import MatrixItem, Question
from surveys.pages.parts.previous_answers import (
    confirm_key,
    draw_move,
    draw_previous,
    read_remark,
    reason_key,
    remark_values,
)
from surveys.pages.parts.widgets import draw_question, read_question, widget_values
from surveys.plain_text import escape_html, escape_markdown
from surveys.previous import PreviousAnswer, is_large_move
from surveys.questionnaire import Questionnaire, Section
from surveys.routing import asked_questions

_REVISION_KEY = "stand"


@dataclass
class FormSession:
    """The form as this window knows it. `place` is a section's id, or REVIEW. `previous`: the
    region's answers of the wave before, by question that may show them."""

    store: Store
    visit: Visit
    questionnaire: Questionnaire
    form: Form
    place: str
    previous: Mapping[str, PreviousAnswer]
    told_stale: bool = False
    told_renewed: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    _to_show: dict[str, Any] = field(default_factory=dict)
    # A click while the page is drawn starts a second run beside the first, which goes on until
    # its next Streamlit call: without the lock it would see what the first is just writing as
    # the work of another window.
    _turn: threading.RLock = field(default_factory=threading.RLock)

    @classmethod
    def open(cls, store: Store, visit: Visit, form: Form) -> FormSession:
        """A window's work on a form that was found or begun."""
        questionnaire = store.waves.questionnaire(form.questionnaire_hash)
        previous = store.forms.previous_answers(visit, form)
        return cls(store, visit, questionnaire, form, form.section or "", previous)

    def begin_afresh(self) -> None:
        """Show what is stored, whatever this browser window still holds of another form."""
        self._show_stored()

    def synchronise(self, questions: Iterable[Question]) -> None:
        """At the start of a run: put the widgets right if need be, else save what they show."""
        with self._turn:
            if not self._to_show:
                self._save_differences(questions)
            shown = self._to_show.items()
            st.session_state.update({k: v for k, v in shown if k in st.session_state})
            self._to_show.clear()

    def draw_items(self, section: Section) -> None:
        """Draw what is asked, and save what the browser held from before a restart."""
        revision = f"{self.form.response_id}.{self.form.revision}"
        browser_revision = self._draw_revision(revision)
        questions = self.asked_in(section)
        self._keep_shown(questions)
        for item in section.items:
            own = item.questions() if isinstance(item, MatrixItem) else (item,)
            asked = [question for question in questions if question in own]
            # One place per item, also of one that is not asked: a message that comes or goes
            # would otherwise shift the fields below, and the browser would make them anew,
            # without what is being typed in them.
            with st.container():
                if asked and isinstance(item, MatrixItem):
                    _draw_stem(item)
                for question in asked:
                    self._draw_question(question)
        with self._turn:
            if browser_revision != revision:
                self._reload()
                st.rerun()
            if self._save_differences(questions):
                st.rerun()

    def asked_in(self, section: Section) -> list[Question]:
        """The questions of the section that are asked, given the answers so far."""
        asked = {question.id for question in asked_questions(self.questionnaire, self.form.answers)}
        return [question for question in section.questions if question.id in asked]

    def _draw_question(self, question: Question) -> None:
        previous = self.previous.get(question.id)
        if previous is None:
            self._draw_answer(question)
            return
        remark = self.form.shown.get(question.id)
        given = self.form.answers.get(question.id)
        is_shown = remark is not None and previous.may_be_shown(given)
        with st.container(gap="xsmall"):  # what comes or goes here moves no question below it
            if is_shown and question.previous == "before":
                draw_previous(previous)
            self._draw_answer(question)
            if is_shown and question.previous == "after":
                draw_previous(previous)
            if remark is not None and is_large_move(self.questionnaire, previous, given):
                draw_move(previous, remark)
                self._draw_error(reason_key(question))

    def _draw_answer(self, question: Question) -> None:
        draw_question(self.questionnaire, question, self.form.answers.get(question.id))
        self._draw_error(question.id)
        if question.help:
            st.caption(escape_markdown(question.help))

    def _draw_error(self, place: str) -> None:
        if place in self.errors:
            told = escape_markdown(self.errors[place])
            st.error(f"Niet bewaard. {told}", icon=":material/error:")

    def _keep_shown(self, questions: Iterable[Question]) -> None:
        """Before earlier answers are drawn: remember that they are shown, once for the page."""
        with self._turn:
            new = {
                item: previous
                for item, previous in self._previous_of(questions)
                if item not in self.form.shown
                and previous.may_be_shown(self.form.answers.get(item))
            }
            if not new:
                return
            try:
                self.store.forms.keep_shown(self.visit, self.form, tuple(new.values()))
            except StaleForm:
                self._reload()
                st.rerun()
            shown = {**dict.fromkeys(new, Remark()), **self.form.shown}
            self.form = replace(self.form, shown=shown)

    def _previous_of(self, questions: Iterable[Question]) -> Iterator[tuple[str, PreviousAnswer]]:
        for question in questions:
            if question.id in self.previous:
                yield question.id, self.previous[question.id]

    def clear(self, question: Question) -> None:
        """Take an answer away, in the database and, in the next run, on the screen."""
        with self._turn:
            self._write({question.id: None}, {})
            self.errors.pop(question.id, None)
            self._to_show |= widget_values(self.questionnaire, question, None)

    def go_to(self, place: str) -> None:
        """Turn to another page of the form and remember it for a later visit."""
        self.place = place
        self.told_stale = self.told_renewed = False
        self.store.forms.move_to_section(self.visit, self.form, place)

    def _save_differences(self, questions: Iterable[Question]) -> bool:
        """Write what the widgets show and the database does not have. True if anything changed.

        An answer that cannot be kept stays out and is told beside its question. A widget
        that says nothing (None) never takes an answer away; an emptied field does.
        """
        changes: dict[str, Value | None] = {}
        errors: dict[str, str] = {}
        for question in questions:
            try:
                raw = read_question(self.questionnaire, question, st.session_state)
                value = validate(self.questionnaire, question, raw)
            except KeyError:  # not drawn yet in this session
                continue
            except AnswerError as error:
                errors[question.id] = error.message
                continue
            if raw is not None and value != self.form.answers.get(question.id):
                changes[question.id] = value
        remarks = self._read_remarks(questions, errors)
        told_anew = errors != self.errors
        self.errors = errors
        if changes or remarks:
            self._write(changes, remarks)
        return bool(changes or remarks) or told_anew

    def _read_remarks(
        self, questions: Iterable[Question], errors: dict[str, str]
    ) -> dict[str, Remark]:
        """What the widgets say of large moves and the database does not have."""
        remarks: dict[str, Remark] = {}
        for item, previous in self._previous_of(questions):
            try:
                stored = self.form.shown[item]
                raw = read_remark(previous.question, st.session_state)
                place = reason_key(previous.question)
                reason = clean_text(place, raw.reason.strip(), REASON_LENGTH)
            except KeyError:  # not drawn
                continue
            except AnswerError as error:
                errors[error.item] = error.message
                reason = stored.reason
            if (remark := replace(raw, reason=reason)) != stored:
                remarks[item] = remark
        return remarks

    def _write(self, changes: Mapping[str, Value | None], remarks: Mapping[str, Remark]) -> None:
        try:
            revision, moment = self.store.forms.save(self.visit, self.form, changes, remarks)
        except StaleForm:
            self._reload()
            st.rerun()
        answers = {**self.form.answers, **changes}
        remarked = self.form.remarks_after(changes, remarks)
        self.told_stale = self.told_renewed = False
        self.form = replace(
            self.form,
            revision=revision,
            saved_at=moment,
            answers={item: value for item, value in answers.items() if value is not None},
            shown={**self.form.shown, **remarked},
        )
        for item in changes.keys() & remarked.keys():  # the new answer is not confirmed yet
            self._to_show[confirm_key(self.questionnaire.question(item))] = False

    def _reload(self) -> None:
        """Another window changed the answers: show, in the next run, what the database has.
        Raises StaleForm where it has nothing any more."""
        form = self.store.forms.find(self.visit)
        if form is None:
            raise StaleForm
        self.told_renewed = form.questionnaire_hash != self.form.questionnaire_hash
        if self.told_renewed:
            self.questionnaire = self.store.waves.questionnaire(form.questionnaire_hash)
            self.previous = self.store.forms.previous_answers(self.visit, form)
        self.form = form
        self.told_stale = True
        self.errors.clear()
        self._show_stored()

    def _show_stored(self) -> None:
        for question in self.questionnaire.questions:
            answer = self.form.answers.get(question.id)
            self._to_show |= widget_values(self.questionnaire, question, answer)
            remark = self.form.shown.get(question.id, Remark())
            self._to_show |= remark_values(question, remark)

    def _draw_revision(self, revision: str) -> str:
        """The hidden field that carries the revision through a restart; what the browser has."""
        drawn_before = _REVISION_KEY in st.session_state
        if drawn_before:
            st.session_state[_REVISION_KEY] = revision
        with st.container(key="verborgen"):
            return st.text_input(
                "Stand van deze pagina",
                value="" if drawn_before else revision,
                key=_REVISION_KEY,
                label_visibility="collapsed",
            )


def _draw_stem(item: MatrixItem) -> None:
    help_text = f'<p class="toelichting">{escape_html(item.help)}</p>' if item.help else ""
    st.html(f'<p class="vraagstam">{escape_html(item.text)}</p>{help_text}')
