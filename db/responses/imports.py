"""The answers of an earlier wave, taken over whole from a file."""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, select

from db import clock, steps
from db.access import Desk, needs
from db.responses.records import key
from db.tables import ImportedFileRow, QuestionnaireRow, RegionRow, ResponseRow, WaveRow
from surveys.definition import Definition, parse_definition
from surveys.fieldwork import ResponseState, WaveState
from surveys.importing import DryRun, InvalidWave
from surveys.importing.intake import IMPORT_STATES, Imported, ImportRefused
from surveys.roles import Right
from surveys.waves.states import check_name


class Imports(Desk):
    """The verbs on files of answers."""

    @needs(Right.DO_FIELDWORK)
    def definition(self, wave: str) -> Definition:
        """The definition in use in a wave. NoResultFound where there is no such wave."""
        with self._read() as session:
            in_use = steps.wave_row(session, wave).questionnaire_id
            return parse_definition(session.get_one(QuestionnaireRow, in_use).source)

    @needs(Right.DO_FIELDWORK)
    def take(self, name: str, definition: Definition, found: DryRun) -> Imported:
        """Take over every response that a dry run with this definition found, or none of them.

        A wave that is not there is added. Nobody fills in afterwards, so a planned wave closes.
        The same file with the same mapping again changes nothing. Raises InvalidWave,
        WaveRefused for the name of a new wave, or ImportRefused.
        """
        with self._write() as session:
            if _foresee(session, name, definition, found).is_new:
                wave = _find(session, name) or self._plan(session, name, definition)
                self._take(session, wave, definition, found)
                return Imported(len(found.responses), is_new=True)
        return Imported(len(found.responses), is_new=False)

    @needs(Right.DO_FIELDWORK)
    def foresee(self, name: str, definition: Definition, found: DryRun) -> Imported:
        """What `take` would do, without doing it. Raises what it would raise."""
        with self._read() as session:
            return _foresee(session, name, definition, found)

    def _plan(self, session: Session, name: str, definition: Definition) -> WaveRow:
        wave = WaveRow(
            name=" ".join(name.split()),
            state=WaveState.PLANNED,
            questionnaire_id=steps.keep_questionnaire(session, definition),
        )
        session.add(wave)
        session.flush()
        self._log(session, "wave.added", f"wave {wave.name}", new=WaveState.PLANNED)
        return wave

    def _take(self, session: Session, wave: WaveRow, definition: Definition, found: DryRun) -> None:
        regions, by = len(found.responses), self.person.name
        steps.add_final_responses(session, wave, definition.questionnaire, found.responses, by)
        session.add(
            ImportedFileRow(
                wave_id=key(wave),
                source_hash=found.source_hash,
                mapping_hash=found.mapping_hash,
                regions=regions,
                imported_at=clock.now(),
            )
        )
        told = f"{regions}, file {found.source_hash}, mapping {found.mapping_hash}"
        self._log(session, "responses.imported", f"wave {wave.name}", None, told)
        if wave.state != WaveState.CLOSED:
            self._log(session, "wave.state", f"wave {wave.name}", wave.state, WaveState.CLOSED)
            wave.state = WaveState.CLOSED
            wave.closed_at = clock.now()


def _find(session: Session, name: str) -> WaveRow | None:
    return session.exec(select(WaveRow).where(WaveRow.name == " ".join(name.split()))).first()


def _foresee(session: Session, name: str, definition: Definition, found: DryRun) -> Imported:
    if found.faults:
        raise InvalidWave(found.faults)
    wave = _find(session, name)
    if wave is None:
        check_name(name, session.exec(select(WaveRow.name)))
    elif _is_known(session, wave, found):
        return Imported(len(found.responses), is_new=False)
    elif wave.state not in IMPORT_STATES:
        raise ImportRefused("running")
    elif steps.hash_of(session, wave.questionnaire_id) != definition.content_hash:
        raise ImportRefused("questionnaire")
    _check_regions(session, wave, [*found.responses])
    return Imported(len(found.responses), is_new=True)


def _is_known(session: Session, wave: WaveRow, found: DryRun) -> bool:
    same = select(ImportedFileRow.id).where(
        ImportedFileRow.wave_id == wave.id,
        ImportedFileRow.source_hash == found.source_hash,
        ImportedFileRow.mapping_hash == found.mapping_hash,
    )
    return session.exec(same).first() is not None


def _check_regions(session: Session, wave: WaveRow | None, regions: Collection[str]) -> None:
    """Raise ImportRefused unless each is in the register and has no answers that count or that
    are being filled in."""
    if not regions:
        raise ImportRefused("nothing")
    known = {*session.exec(select(RegionRow.number))}
    if unknown := [number for number in regions if number not in known]:
        raise ImportRefused("unknown_regions", unknown)
    if wave is None:
        return
    in_use = (ResponseState.FINAL.value, ResponseState.DRAFT.value)
    answered = {
        *session.exec(
            select(RegionRow.number)
            .join(ResponseRow, col(ResponseRow.region_id) == RegionRow.id)
            .where(ResponseRow.wave_id == wave.id, col(ResponseRow.state).in_(in_use))
        )
    }
    if already := [number for number in regions if number in answered]:
        raise ImportRefused("has_answers", already)
