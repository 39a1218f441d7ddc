"""The waves: planned with a questionnaire, opened, closed, or brought in whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlmodel import col, select

from db import links, regions, steps
from db.access import Desk, needs
from db.tables import QuestionnaireRow, RegionRow, WaveRow
from surveys.answers import Answers
from surveys.definition import Definition
from surveys.fieldwork import AnsweredWave, Wave, WaveState
from surveys.questionnaire import Questionnaire
from surveys.register import Register
from surveys.roles import Right


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
        """Plan a wave with this questionnaire; the definition is stored once per hash."""
        with self._write() as session:
            kept = steps.keep_questionnaire(session, definition)
            session.add(
                WaveRow(name=name, state=state, questionnaire_id=kept, is_example=is_example)
            )
            self._log(session, "wave.added", f"wave {name}", new=state)

    @needs(Right.DO_FIELDWORK)
    def set_state(self, name: str, state: WaveState) -> None:
        with self._write() as session:
            wave = steps.wave_row(session, name)
            self._log(session, "wave.state", f"wave {name}", wave.state, state)
            wave.state = state

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
                steps.add_final_responses(session, wave, questionnaire, plan.responses)
                self._log(session, "example.loaded", f"wave {wave.name}")
        return True

    @needs(Right.DO_FIELDWORK)
    def import_responses(self, wave: str, responses: Mapping[str, Answers]) -> None:
        """Store whole final responses, keyed by region number: all of them or none.

        Raises NotSubmittable where a required question has no answer.
        """
        with self._write() as session:
            wave_row = steps.wave_row(session, wave)
            questionnaire = steps.questionnaire_of(session, wave_row.questionnaire_id)
            steps.add_final_responses(session, wave_row, questionnaire, responses)
            self._log(session, "responses.imported", f"wave {wave}", None, str(len(responses)))
