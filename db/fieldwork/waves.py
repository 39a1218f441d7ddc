"""The waves: planned with a questionnaire, opened, closed, or brought in whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlmodel import col, select

from db import clock, steps
from db.access import Desk, needs
from db.fieldwork import links, regions, versions
from db.responses import consent
from db.tables import (
    ImportedFileRow,
    InvitationRow,
    MailTextRow,
    QuestionnaireRow,
    RegionRow,
    ResponseRow,
    WaveRow,
)
from surveys.definition import Definition
from surveys.dutch import local_day
from surveys.fieldwork import AnsweredWave, Wave, WaveState
from surveys.questionnaire import Questionnaire
from surveys.regions.register import Register
from surveys.roles import Right
from surveys.versions.proposal import AnswersOrphaned, Proposal, QuestionnaireChanged, WaveIsClosed
from surveys.waves.states import (
    WaveRefused,
    check_closing_day,
    check_name,
    check_step,
    is_reopening,
)


class Waves(Desk):
    """The verbs on waves."""

    @needs(Right.DO_FIELDWORK)
    def add(
        self,
        name: str,
        definition: Definition,
        *,
        state: WaveState,
        is_example: bool = False,
    ) -> None:
        """Bring in a wave as it is, in any state and under any name; the definition is stored
        once per hash."""
        with self._write() as session:
            row = WaveRow(
                name=name,
                state=state,
                questionnaire_id=steps.keep_questionnaire(session, definition),
                is_example=is_example,
                opened_at=clock.now() if state is WaveState.OPEN else None,
            )
            session.add(row)
            self._log(session, "wave.added", f"wave {name}", new=state)

    @needs(Right.DO_FIELDWORK)
    def plan(self, name: str, definition: Definition, closes_on: date | None = None) -> None:
        """Plan a wave with this questionnaire. The same again, as by a double click, changes
        nothing. Raises WaveRefused."""
        with self._write() as session:
            others = {row.name: row for row in session.exec(select(WaveRow))}
            kept = steps.keep_questionnaire(session, definition)
            same = others.get(" ".join(name.split()))
            if same and (same.state, same.questionnaire_id, same.closes_on) == (
                WaveState.PLANNED,
                kept,
                closes_on,
            ):
                return
            name = check_name(name, others)
            check_closing_day(closes_on, local_day(clock.now()))
            session.add(
                WaveRow(
                    name=name,
                    state=WaveState.PLANNED,
                    questionnaire_id=kept,
                    closes_on=closes_on,
                )
            )
            self._log(session, "wave.added", f"wave {name}", new=WaveState.PLANNED)

    @needs(Right.DO_FIELDWORK)
    def change(self, name: str, new_name: str, closes_on: date | None) -> str:
        """Give a planned wave another name, and any wave another day on which it closes. The name
        as it is kept. Raises WaveRefused."""
        with self._write() as session:
            wave = steps.wave_row(session, name)
            if new_name.strip() != name:
                if wave.state != WaveState.PLANNED:
                    raise WaveRefused("name_fixed")
                others = session.exec(select(WaveRow.name).where(WaveRow.id != wave.id))
                wave.name = check_name(new_name, others)
                self._log(session, "wave.renamed", f"wave {wave.name}", name, wave.name)
            if closes_on != wave.closes_on:
                check_closing_day(closes_on, local_day(clock.now()))
                old, new = (str(day) if day else None for day in (wave.closes_on, closes_on))
                wave.closes_on = closes_on
                self._log(session, "wave.closes_on", f"wave {wave.name}", old, new)
            return wave.name

    @needs(Right.DO_FIELDWORK)
    def set_state(self, name: str, state: WaveState, reason: str | None = None) -> None:
        """Take the next step in the life of a wave; reopening asks a reason. A state that it has
        already changes nothing. Raises WaveRefused."""
        with self._write() as session:
            wave = steps.wave_row(session, name)
            old = WaveState(wave.state)
            if state is old:
                return
            kept = check_step(old, state, reason)
            wave.state = state
            if state is WaveState.OPEN:
                wave.opened_at = wave.opened_at or clock.now()
            wave.closed_at = clock.now() if state is WaveState.CLOSED else None
            if is_reopening(old, state):
                self._log(session, "wave.reopened", f"wave {name}", None, kept)
            else:
                self._log(session, "wave.state", f"wave {name}", old, state)

    @needs(Right.DO_FIELDWORK)
    def remove(self, name: str) -> None:
        """Take away a planned wave to which nothing belongs yet. Raises WaveRefused."""
        with self._write() as session:
            wave = steps.wave_row(session, name)
            if wave.state != WaveState.PLANNED:
                raise WaveRefused("not_planned")
            for belongs in (InvitationRow, ResponseRow, ImportedFileRow):
                if session.exec(select(belongs.id).where(belongs.wave_id == wave.id)).first():
                    raise WaveRefused("in_use")
            for text in session.exec(select(MailTextRow).where(MailTextRow.wave_id == wave.id)):
                session.delete(text)
            session.delete(wave)
            self._log(session, "wave.removed", f"wave {name}")

    @needs(Right.DO_FIELDWORK)
    def propose_questionnaire(self, name: str, definition: Definition) -> Proposal:
        """What taking this version into use would change, and whether it may be."""
        with self._read() as session:
            return versions.propose(session, steps.wave_row(session, name), definition)

    @needs(Right.DO_FIELDWORK)
    def take_questionnaire(self, name: str, definition: Definition, expected_hash: str) -> None:
        """Take another version into use. `expected_hash`: that of the version in use when the
        evaluator looked. Responses in progress go on in the new version; those that were
        submitted stay with the version they answered, and the results count them by the
        sections, concepts and scores of the new one. The version in use again, as by a double
        click, changes nothing.

        Raises WaveIsClosed, QuestionnaireChanged or AnswersOrphaned.
        """
        with self._write() as session:
            wave = steps.wave_row(session, name)
            in_use = steps.hash_of(session, wave.questionnaire_id)
            if in_use == definition.content_hash:
                return
            if wave.state == WaveState.CLOSED:
                raise WaveIsClosed
            if in_use != expected_hash:
                raise QuestionnaireChanged
            drafts = versions.hold_drafts(session, wave)
            if orphans := versions.orphans_of(session, wave, definition.questionnaire):
                raise AnswersOrphaned(orphans)
            wave.questionnaire_id = steps.keep_questionnaire(session, definition)
            for draft in drafts:
                versions.move_draft(session, draft, wave.questionnaire_id)
            old, new = in_use, definition.content_hash
            self._log(session, "wave.questionnaire", f"wave {name}", old, new)

    @needs(Right.DO_FIELDWORK)
    def set_consent(self, name: str, text: str | None) -> None:
        """Ask who fills in to agree to this text; None asks nothing. Raises InvalidConsent."""
        with self._write() as session:
            consent.set_text(session, steps.wave_row(session, name), text, self.person.name)

    @needs(Right.DO_FIELDWORK)
    def consent(self, name: str) -> str | None:
        """The text that is asked in the wave."""
        with self._read() as session:
            text = consent.wave_text(session, steps.wave_row(session, name))
            return None if text is None else text.body

    @needs(*Right)
    def all(self) -> list[Wave]:
        """All waves, earliest first by name."""
        with self._read() as session:
            rows = session.exec(
                select(WaveRow, QuestionnaireRow)
                .join(QuestionnaireRow, col(QuestionnaireRow.id) == WaveRow.questionnaire_id)
                .order_by(WaveRow.name)
            )
            return [steps.to_wave(wave, questionnaire) for wave, questionnaire in rows]

    @needs(*Right)
    def questionnaire(self, content_hash: str) -> Questionnaire:
        """The questionnaire as it was stored under this hash."""
        with self._read() as session:
            return steps.questionnaire_by_hash(session, content_hash)

    @needs(Right.DO_FIELDWORK)
    def load_example(self, register: Register, waves: Iterable[AnsweredWave]) -> bool:
        """Fill an empty database with example waves, all at once; False where it has waves."""
        with self._write() as session:
            if session.exec(select(WaveRow.id)).first() is not None:
                return False
            regions.keep_register(session, register, self.person.name)
            rows = session.exec(select(RegionRow)).all()
            for plan in waves:
                questionnaire = plan.definition.questionnaire
                wave = WaveRow(
                    name=questionnaire.wave,
                    state=plan.state,
                    questionnaire_id=steps.keep_questionnaire(session, plan.definition),
                    is_example=True,
                )
                session.add(wave)
                session.flush()
                for row in rows:
                    links.invite(session, row, wave)
                steps.add_final_responses(
                    session, wave, questionnaire, plan.responses, self.person.name
                )
                self._log(session, "example.loaded", f"wave {wave.name}")
        return True
