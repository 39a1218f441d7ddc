"""What a personal link leads to once its wave is closed: the region's own answers beside the counts
of all regions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlmodel import Session

from db import counting, steps
from db.access import Desk, needs
from db.fieldwork import links
from db.fieldwork.monitoring import count_wave
from db.fieldwork.successions import concerned_pairs
from db.responses import previous
from db.responses.drafts import response_rows
from db.responses.records import key, read_answers
from db.tables import RegionRow, ResponseRow
from surveys.fieldwork import LinkRefused, Visit, refuse_link
from surveys.own_results import OwnResults
from surveys.previous import PreviousAnswer, find_previous
from surveys.questionnaire import Questionnaire
from surveys.roles import Right
from surveys.waves.days import UndatedWave


class OwnRegion(Desk):
    """The verbs of who has a link to a wave that is closed. The link decides which region and
    which wave; nothing else can be asked for."""

    @needs(Right.FILL_IN)
    def is_open(self, token: str) -> bool:
        """Whether the link leads to results now."""
        with self._read() as session:
            try:
                _find(session, token)
            except LinkRefused:
                return False
            return True

    @needs(Right.FILL_IN)
    def read(self, token: str) -> OwnResults:
        """The results of the link's region. Raises LinkRefused where the link does not count any
        more, its wave is not closed, or the region has no response in it that counts."""
        with self._read() as session:
            visit, response = _find(session, token)
            return _read(session, visit, response)


def _find(session: Session, token: str) -> tuple[Visit, ResponseRow]:
    visit = links.closed_visit_by_token(session, token)
    final = response_rows(session, visit.region_id, visit.wave.name, "final")
    if not final:
        raise refuse_link("closed")
    return visit, final[0]


def _read(session: Session, visit: Visit, response: ResponseRow) -> OwnResults:
    wave, run = visit.wave, session.connection().execute
    questionnaire = steps.questionnaire_by_hash(session, wave.questionnaire_hash)
    answered = steps.questionnaire_of(session, response.questionnaire_id)
    drafts = response_rows(session, visit.region_id, wave.name, "draft")
    counted = count_wave(session, key(steps.wave_row(session, wave.name)))
    if response.submitted_at is None:
        raise ValueError("a response that counts was submitted")
    found = OwnResults(
        region_name=visit.region_name,
        wave=wave,
        questionnaire=questionnaire,
        answered=answered,
        version=response.version,
        submitted_at=response.submitted_at,
        answers=read_answers(session, key(response), answered),
        tallies=[tuple(row) for row in run(counting.tallies(wave.name))],
        own=[tuple(row) for row in run(counting.codes_of(wave.name, visit.region_id))],
        respondents=counted.submitted,
        asked=counted.invited or None,
        has_unsent=any(draft.reason is None for draft in drafts),
    )
    return replace(found, **_read_earlier(session, visit, questionnaire))


def _read_earlier(session: Session, visit: Visit, questionnaire: Questionnaire) -> dict[str, Any]:
    """What the region answered before, whatever the questionnaire says of showing it: that is
    about who still has to answer. A region that came out of a merger has none."""
    before = previous.response_before(session, visit)
    if before is None:
        return {}
    wave, response = before
    asked = steps.questionnaire_of(session, response.questionnaire_id)
    answers = read_answers(session, key(response), asked)
    earlier: dict[str, PreviousAnswer] = {
        item: replace(each, wave=wave)
        for item, each in find_previous(questionnaire, asked, answers).items()
    }
    return {
        "earlier": earlier,
        "earlier_wave": wave,
        "is_regrouped": _is_regrouped(session, visit, wave),
    }


def _is_regrouped(session: Session, visit: Visit, before: str) -> bool:
    number = session.get_one(RegionRow, visit.region_id).number
    try:
        pairs = concerned_pairs(session, before, visit.wave.name).pairs
    except UndatedWave:
        return False
    return any(pair.region == number for pair in pairs)
