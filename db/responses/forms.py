"""Filling in: what a personal link opens, and every step from first answer to submission. The
evaluator who enters answers for a region takes the same steps, with a visit of `Entries`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.exc import IntegrityError

from db import steps
from db.access import Desk, needs
from db.fieldwork import links
from db.responses import consent, drafts, previous
from db.responses.records import audit_text, read_answers, write_answer
from db.trail import add_line
from surveys.answers import Value
from surveys.consent import Consent
from surveys.fieldwork import Form, Remark, Visit
from surveys.previous import PreviousAnswer
from surveys.roles import NotPermitted, Right

_NO_REMARKS: Mapping[str, Remark] = MappingProxyType({})


class Forms(Desk):
    """The respondent's verbs."""

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def visit(self, token: str) -> Visit:
        """What a personal link opens. Raises LinkRefused."""
        with self._read() as session:
            return links.visit_by_token(session, token)

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def find(self, visit: Visit) -> Form | None:
        """The answers in progress, else those submitted, else None. Raises LinkRefused where the
        visit is not to what its link leads to, as every verb here does."""
        self._require_own(visit)
        with self._read() as session:
            links.require_own(session, visit)
            response = drafts.current_response(session, visit)
            return None if response is None else steps.to_form(session, response)

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def consent(self, visit: Visit) -> Consent | None:
        """The text to agree to before going on; None where there is none, or it was agreed to."""
        self._require_own(visit)
        with self._read() as session:
            links.require_own(session, visit)
            response = drafts.current_response(session, visit)
            text = consent.text_to_agree_to(session, visit, response)
            return None if text is None else Consent(text.content_hash, text.body)

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def begin(self, visit: Visit, agreed: str | None = None) -> Form:
        """Begin a response, or edit the submitted one as a new version; what is in
        progress already is gone on with. `agreed`: the hash of the text that was agreed to.

        Raises LinkRefused, EntryRefused where the region submitted meanwhile, or ConsentNeeded
        where another text is to be agreed to.
        """
        self._require_own(visit)
        try:
            with self._write() as session:
                links.require_open(session, visit)
                if visit.entry is not None:
                    drafts.require_entry(session, visit, visit.entry)
                response = drafts.current_response(session, visit)
                if response is None or response.state != "draft":
                    response = drafts.next_draft(session, visit, response)
                elif visit.entry is not None:
                    drafts.take_over(session, response, visit.entry)
                consent.give(session, visit, response, agreed)
                return steps.to_form(session, response)
        except IntegrityError:  # another window began at the same moment
            form = self.find(visit)
            if form is None:
                raise
            return form

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def save(
        self,
        visit: Visit,
        form: Form,
        changes: Mapping[str, Value | None],
        remarks: Mapping[str, Remark] = _NO_REMARKS,
    ) -> tuple[int, datetime]:
        """Write the changes (None takes an answer away) and what was said of large moves; the
        new revision and the moment.

        Raises StaleForm where the stored answers are not those of `form`, and LinkRefused
        where the link or the wave was closed meanwhile.
        """
        self._require_own(visit)
        actor = steps.person(visit)
        with self._write() as session:
            links.require_open(session, visit)
            key_of_questionnaire, moment = drafts.take_revision(session, visit, form)
            questionnaire = steps.questionnaire_by_hash(session, form.questionnaire_hash)
            for item, value in changes.items():
                question = questionnaire.question(item)
                write_answer(session, form.response_id, key_of_questionnaire, question, value)
                old, new = audit_text(form.answers.get(item)), audit_text(value)
                subject = f"response {form.response_id}, {item}"
                add_line(session, actor, "answer.saved", subject, old, new)
            previous.keep_remarks(session, form, form.remarks_after(changes, remarks), actor)
        return form.revision + 1, moment

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def previous_answers(self, visit: Visit, form: Form) -> dict[str, PreviousAnswer]:
        """The region's own answers of the wave before, by question that may show them."""
        self._require_own(visit)
        with self._read() as session:
            questionnaire = steps.questionnaire_by_hash(session, form.questionnaire_hash)
            if not (previous.may_show(questionnaire) and previous.is_there_to_see(visit)):
                return {}
            links.require_own(session, visit)
            before = previous.response_before(session, visit)
            if before is None:
                return {}
            earlier = steps.questionnaire_of(session, before[1].questionnaire_id)
            return previous.find_answers(session, questionnaire, earlier, before)

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def keep_shown(self, visit: Visit, form: Form, shown: Collection[PreviousAnswer]) -> None:
        """Remember what is about to be shown, once per response and question. Raises StaleForm
        where the response is no longer filled in, LinkRefused as `save` does."""
        self._require_own(visit)
        with self._write() as session:
            links.require_open(session, visit)
            drafts.require_draft(session, visit, form)
            previous.keep_shown(session, form.response_id, shown)

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def move_to_section(self, visit: Visit, form: Form, section: str) -> None:
        """Remember where the respondent is (a section, or REVIEW), so that a later visit resumes
        there. Nothing is remembered where the response is no longer filled in, or its
        questionnaire has no such section any more."""
        self._require_own(visit)
        with self._write() as session:
            links.require_own(session, visit)
            drafts.remember_section(session, visit, form, section)

    @needs(Right.FILL_IN, Right.DO_FIELDWORK)
    def submit(self, visit: Visit, form: Form) -> Form:
        """Make the answers in progress the final ones; the version before is kept.

        Raises NotSubmittable, StaleForm or LinkRefused.
        """
        self._require_own(visit)
        with self._write() as session:
            links.require_open(session, visit)
            drafts.take_revision(session, visit, form)
            response = steps.response_row(session, form)
            questionnaire = steps.questionnaire_of(session, response.questionnaire_id)
            answers = read_answers(session, form.response_id, questionnaire)
            steps.require_complete(questionnaire, answers)
            steps.mark_entry(response, visit.entry)
            steps.finish_response(session, response, questionnaire, answers)
            subject = f"response {form.response_id}, version {response.version}"
            reason = visit.entry.reason if visit.entry else None
            add_line(session, steps.person(visit), "response.submitted", subject, None, reason)
            return steps.to_form(session, response)

    def _require_own(self, visit: Visit) -> None:
        """Who enters answers for a region does so in their own name, and has the right to."""
        if visit.entry is None:
            return
        if not self.person.may(Right.DO_FIELDWORK) or visit.entry.by != self.person.name:
            raise NotPermitted(self.person, Right.DO_FIELDWORK)
