"""Filling in: what a personal link opens, and every step from first answer to submission."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from db import links, steps
from db.access import Desk, needs
from db.records import audit_text, read_answers, write_answer
from db.trail import add_line
from surveys.answers import Value
from surveys.fieldwork import Form, Visit
from surveys.roles import Right


class Forms(Desk):
    """The respondent's verbs."""

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def visit(self, token: str) -> Visit:
        """What a personal link opens. Raises LinkRefused."""
        with self._read() as session:
            return links.visit_by_token(session, token)

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def find(self, visit: Visit) -> Form | None:
        """The answers in progress, else those submitted, else None."""
        with self._read() as session:
            response = steps.current_response(session, visit)
            return None if response is None else steps.to_form(session, response)

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def begin(self, visit: Visit) -> Form:
        """Begin a response, or edit the submitted one as a new version; what is in
        progress already is returned as it is."""
        try:
            with self._write() as session:
                links.require_open(session, visit)
                response = steps.current_response(session, visit)
                if response is None or response.state != "draft":
                    response = steps.next_draft(session, visit, response)
                return steps.to_form(session, response)
        except IntegrityError:  # another window began at the same moment
            form = self.find(visit)
            if form is None:
                raise
            return form

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def save(
        self, visit: Visit, form: Form, changes: Mapping[str, Value | None]
    ) -> tuple[int, datetime]:
        """Write the changes (None takes an answer away); the new revision and the moment.

        Raises StaleForm where the stored answers are not those of `form`, and LinkRefused
        where the link or the wave was closed meanwhile.
        """
        with self._write() as session:
            links.require_open(session, visit)
            key_of_questionnaire, moment = steps.take_revision(session, visit, form)
            questionnaire = steps.questionnaire_by_hash(session, form.questionnaire_hash)
            for item, value in changes.items():
                question = questionnaire.question(item)
                write_answer(session, form.response_id, key_of_questionnaire, question, value)
                old, new = audit_text(form.answers.get(item)), audit_text(value)
                subject = f"response {form.response_id}, {item}"
                add_line(session, steps.person(visit), "answer.saved", subject, old, new)
        return form.revision + 1, moment

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def move_to_section(self, form: Form, section: str) -> None:
        """Remember where the respondent is, so that a later visit resumes there."""
        with self._write() as session:
            steps.response_row(session, form).section = section

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def submit(self, visit: Visit, form: Form) -> Form:
        """Make the answers in progress the final ones; the version before is kept.

        Raises NotSubmittable, StaleForm or LinkRefused.
        """
        with self._write() as session:
            links.require_open(session, visit)
            steps.take_revision(session, visit, form)
            response = steps.response_row(session, form)
            questionnaire = steps.questionnaire_of(session, response.questionnaire_id)
            answers = read_answers(session, form.response_id, questionnaire)
            steps.require_complete(questionnaire, answers)
            steps.finish_response(session, response, questionnaire, answers)
            subject = f"response {form.response_id}, version {response.version}"
            add_line(session, steps.person(visit), "response.submitted", subject)
            return steps.to_form(session, response)
