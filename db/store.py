"""What the monitor does with its database: the only module that opens a session.

Each verb is one transaction: when it returns, what it wrote is committed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from db import counting, links, registers, steps
from db.counting import Group
from db.engine import connect, upgrade
from db.records import audit_text, key, read_answers, write_answer
from db.tables import (
    InvitationRow,
    QuestionnaireRow,
    RegionRow,
    ResponseRow,
    WaveRow,
)
from surveys.answers import Answers, Value
from surveys.definition import Definition
from surveys.fieldwork import (
    AnsweredWave,
    Form,
    RegionProgress,
    ResponseState,
    Visit,
    Wave,
    WaveState,
    new_token,
)
from surveys.questionnaire import Questionnaire
from surveys.register import Register


def open_store(url: str) -> Store:
    """Connect, bring the tables up to date, and give the store."""
    engine = connect(url)
    upgrade(engine)
    return Store(engine)


class Store:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(writes=True)
        # SQLite has one writer: threads that take turns wait shorter than in its busy handler
        is_sqlite = engine.dialect.name == "sqlite"
        self._turn = threading.Lock() if is_sqlite else nullcontext()

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with self._turn, Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def _read(self) -> Iterator[Session]:
        with Session(self._engine) as session:
            yield session

    # Fieldwork

    def add_wave(
        self,
        name: str,
        definition: Definition,
        *,
        state: WaveState,
        actor: str,
        is_example: bool = False,
    ) -> None:
        """Plan a wave with this questionnaire; the definition is stored once per hash."""
        with self._write() as session:
            kept = steps.keep_questionnaire(session, definition)
            session.add(
                WaveRow(name=name, state=state, questionnaire_id=kept, is_example=is_example)
            )
            steps.add_audit(session, actor, "wave.added", f"wave {name}", new=state)

    def set_wave_state(self, name: str, state: WaveState, *, actor: str) -> None:
        with self._write() as session:
            wave = steps.wave_row(session, name)
            steps.add_audit(session, actor, "wave.state", f"wave {name}", wave.state, state)
            wave.state = state

    def add_regions(self, regions: Iterable[tuple[str, str]], *, actor: str) -> None:
        """Add regions as (registration number, name)."""
        with self._write() as session:
            for number, name in regions:
                session.add(RegionRow(number=number, name=name))
                steps.add_audit(session, actor, "region.added", f"region {number}", new=name)

    def keep_register(self, register: Register, *, actor: str) -> None:
        """Add the regions that are new, and take over names and attributes of all in the
        register; what it does not name stays. All of it or nothing."""
        with self._write() as session:
            registers.keep_register(session, register, actor)

    def attributes(self) -> dict[str, list[str]]:
        """Per attribute of the register, its values in alphabetical order."""
        with self._read() as session:
            return registers.read_attributes(session)

    def invite(
        self, number: str, wave: str, *, actor: str, expires_at: datetime | None = None
    ) -> str:
        """Make a personal link for a region; an earlier one is withdrawn. Returns the token."""
        token = new_token()
        with self._write() as session:
            region = steps.region_row(session, number)
            wave_row = steps.wave_row(session, wave)
            links.withdraw_invitation(session, key(region), key(wave_row))
            session.add(links.new_invitation(region, wave_row, token, expires_at))
            steps.add_audit(session, actor, "invitation.made", f"region {number}, wave {wave}")
        return token

    def withdraw(self, number: str, wave: str, *, actor: str) -> None:
        """Make the region's link useless. Its answers stay."""
        with self._write() as session:
            region, wave_row = steps.region_row(session, number), steps.wave_row(session, wave)
            links.withdraw_invitation(session, key(region), key(wave_row))
            steps.add_audit(session, actor, "invitation.withdrawn", f"region {number}, wave {wave}")

    def waves(self) -> list[Wave]:
        """All waves, earliest first by name."""
        with self._read() as session:
            rows = session.exec(
                select(WaveRow, QuestionnaireRow)
                .join(QuestionnaireRow, col(QuestionnaireRow.id) == WaveRow.questionnaire_id)
                .order_by(WaveRow.name)
            )
            return [steps.to_wave(wave, questionnaire) for wave, questionnaire in rows]

    def questionnaire(self, content_hash: str) -> Questionnaire:
        """The questionnaire as it was stored under this hash."""
        with self._read() as session:
            return steps.questionnaire_by_hash(session, content_hash)

    def progress(self, wave: str) -> list[RegionProgress]:
        """Every region with how far it is in the wave; a draft beside a final counts as final."""
        with self._read() as session:
            wave_id = key(steps.wave_row(session, wave))
            states: dict[int, str] = {}
            for region_id, state in session.exec(
                select(ResponseRow.region_id, ResponseRow.state).where(
                    ResponseRow.wave_id == wave_id, ResponseRow.state != "superseded"
                )
            ):
                if states.get(region_id) != "final":
                    states[region_id] = state
            invited = set(
                session.exec(
                    select(InvitationRow.region_id).where(
                        InvitationRow.wave_id == wave_id, col(InvitationRow.withdrawn_at).is_(None)
                    )
                )
            )
            return [
                RegionProgress(
                    region_id=key(region),
                    number=region.number,
                    name=region.name,
                    state=ResponseState(states[key(region)]) if key(region) in states else None,
                    invited=key(region) in invited,
                )
                for region in session.exec(select(RegionRow).order_by(RegionRow.number))
            ]

    def load_example(
        self, register: Register, waves: Iterable[AnsweredWave], *, actor: str
    ) -> bool:
        """Fill an empty database with example waves, all at once; False where it has waves."""
        with self._write() as session:
            if session.exec(select(WaveRow.id)).first() is not None:
                return False
            registers.keep_register(session, register, actor)
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
                session.add_all(links.new_invitation(row, wave, new_token()) for row in rows)
                steps.add_final_responses(session, wave, questionnaire, plan.responses)
                steps.add_audit(session, actor, "example.loaded", f"wave {wave.name}")
        return True

    def import_responses(self, wave: str, responses: Mapping[str, Answers], *, actor: str) -> None:
        """Store whole final responses, keyed by region number: all of them or none.

        Raises NotSubmittable where a required question has no answer.
        """
        with self._write() as session:
            wave_row = steps.wave_row(session, wave)
            questionnaire = steps.questionnaire_of(session, wave_row.questionnaire_id)
            steps.add_final_responses(session, wave_row, questionnaire, responses)
            steps.add_audit(
                session, actor, "responses.imported", f"wave {wave}", None, str(len(responses))
            )

    # Filling in

    def visit(self, token: str) -> Visit:
        """What a personal link opens. Raises LinkRefused."""
        with self._read() as session:
            return links.visit_by_token(session, token)

    def find_form(self, visit: Visit) -> Form | None:
        """The answers in progress, else those submitted, else None."""
        with self._read() as session:
            response = steps.current_response(session, visit)
            return None if response is None else steps.to_form(session, response)

    def begin_form(self, visit: Visit) -> Form:
        """Begin a response, or edit the submitted one as a new version; what is in
        progress already is returned as it is."""
        try:
            with self._write() as session:
                links.require_open_link(session, visit)
                response = steps.current_response(session, visit)
                if response is None or response.state != "draft":
                    response = steps.next_draft(session, visit, response)
                return steps.to_form(session, response)
        except IntegrityError:  # another window began at the same moment
            form = self.find_form(visit)
            if form is None:
                raise
            return form

    def save_answers(
        self, visit: Visit, form: Form, changes: Mapping[str, Value | None]
    ) -> tuple[int, datetime]:
        """Write the changes (None takes an answer away); the new revision and the moment.

        Raises StaleForm where the stored answers are not those of `form`, and LinkRefused
        where the link or the wave was closed meanwhile.
        """
        with self._write() as session:
            links.require_open_link(session, visit)
            key_of_questionnaire, moment = steps.take_revision(session, visit, form)
            questionnaire = steps.questionnaire_by_hash(session, form.questionnaire_hash)
            for item, value in changes.items():
                question = questionnaire.question(item)
                write_answer(session, form.response_id, key_of_questionnaire, question, value)
                old, new = audit_text(form.answers.get(item)), audit_text(value)
                subject = f"response {form.response_id}, {item}"
                steps.add_audit(session, steps.person(visit), "answer.saved", subject, old, new)
        return form.revision + 1, moment

    def move_to_section(self, form: Form, section: str) -> None:
        """Remember where the respondent is, so that a later visit resumes there."""
        with self._write() as session:
            steps.response_row(session, form).section = section

    def submit(self, visit: Visit, form: Form) -> Form:
        """Make the answers in progress the final ones; the version before is kept.

        Raises NotSubmittable, StaleForm or LinkRefused.
        """
        with self._write() as session:
            links.require_open_link(session, visit)
            steps.take_revision(session, visit, form)
            response = steps.response_row(session, form)
            questionnaire = steps.questionnaire_of(session, response.questionnaire_id)
            answers = read_answers(session, form.response_id, questionnaire)
            steps.require_complete(questionnaire, answers)
            steps.finish_response(session, response, questionnaire, answers)
            subject = f"response {form.response_id}, version {response.version}"
            steps.add_audit(session, steps.person(visit), "response.submitted", subject)
            return steps.to_form(session, response)

    # Counting

    def tallies(self, wave: str, group: Group | None = None) -> list[tuple[Any, ...]]:
        """Rows as `db.counting.tallies` describes them."""
        return self._rows(counting.tallies(wave, group))

    def transitions(
        self, before: str, after: str, group: Group | None = None
    ) -> list[tuple[Any, ...]]:
        """Rows as `db.counting.transitions` describes them."""
        return self._rows(counting.transitions(before, after, group))

    def respondents(self, wave: str, group: Group | None = None) -> int:
        """How many regions have a final response."""
        return int(self._rows(counting.respondents(wave, group))[0][0])

    def regions_in_both(self, before: str, after: str, group: Group | None = None) -> int:
        """How many regions have a final response in both waves."""
        return int(self._rows(counting.regions_in_both(before, after, group))[0][0])

    def _rows(self, query: Select[Any]) -> list[tuple[Any, ...]]:
        with self._read() as session:
            return [tuple(row) for row in session.connection().execute(query)]
