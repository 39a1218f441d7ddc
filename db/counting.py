"""The SQL that counts: per variable the answers of a wave, and the pairs of two waves.

A variable is what is counted: (section, concept, option). The option is empty for a
closed item, a number or a block's score; of a multiple item every option is a variable
with code '1' or '0', and OPTION_TOTAL is the number of options chosen (for an index).
Codes include the reasons for missing. Only final responses count, of all regions or of a group.

A wave may have taken a newer version of its questionnaire while it ran. Sections, concepts and
scores are those of the version in use, so that the answers to a question add up whichever
version they were given to; of a multiple item the options are those that the region was offered.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    Numeric,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from db.access import Desk, needs
from db.tables import (
    TEXT_KINDS,
    AnswerChoiceRow,
    AnswerRow,
    PermittedCodeRow,
    QuestionRow,
    RegionAttributeRow,
    ResponseRow,
    ScoredCodeRow,
    WaveRow,
)
from surveys.answers import MissingReason
from surveys.fieldwork import NotReleased, WaveState
from surveys.roles import Person, Right

OPTION_TOTAL = "#"

# The regions with this value of an attribute, as (attribute, value).
Group = tuple[str, str]


def _final_responses(wave: str, group: Group | None) -> Subquery:
    final: Select[*tuple[Any, ...]] = (
        select(
            col(ResponseRow.id),
            col(ResponseRow.region_id),
            col(WaveRow.questionnaire_id).label("in_use"),
        )
        .join(WaveRow, col(WaveRow.id) == col(ResponseRow.wave_id))
        .where(col(WaveRow.name) == wave, col(ResponseRow.state) == "final")
    )
    if group is not None:
        known = and_(
            col(RegionAttributeRow.region_id) == col(ResponseRow.region_id),
            col(RegionAttributeRow.name) == group[0],
            col(RegionAttributeRow.value) == group[1],
        )
        final = final.join(RegionAttributeRow, known)
    return final.subquery()


def _closed_answers(wave: str, group: Group | None) -> Subquery:
    """One row per answer to a closed item or number, with the code or the number as `code`."""
    final = _final_responses(wave, group)
    asked = and_(
        col(QuestionRow.questionnaire_id) == final.c.in_use,
        col(QuestionRow.item) == col(AnswerRow.item),
    )
    return (
        select(
            final.c.region_id,
            final.c.in_use,
            col(QuestionRow.section),
            col(QuestionRow.concept),
            col(QuestionRow.kind),
            col(AnswerRow.response_id),
            col(AnswerRow.questionnaire_id),
            col(AnswerRow.item),
            func.coalesce(col(AnswerRow.code), cast(col(AnswerRow.number), String)).label("code"),
        )
        .join(final, final.c.id == col(AnswerRow.response_id))
        .join(QuestionRow, asked)
        .where(col(QuestionRow.kind).not_in(TEXT_KINDS))
        .subquery()
    )


def _with_options(chosen: Select[Any], answers: Subquery) -> Select[Any]:
    """The multiple items among the answers, joined to each option and to whether it was chosen."""
    a = answers.c
    offered = and_(
        col(PermittedCodeRow.questionnaire_id) == a.questionnaire_id,
        col(PermittedCodeRow.item) == a.item,
        col(PermittedCodeRow.is_missing).is_(False),
    )
    picked = and_(
        col(AnswerChoiceRow.response_id) == a.response_id,
        col(AnswerChoiceRow.item) == a.item,
        col(AnswerChoiceRow.code) == col(PermittedCodeRow.code),
    )
    return (
        chosen.join(PermittedCodeRow, offered)
        .outerjoin(AnswerChoiceRow, picked)
        .where(a.kind == "multiple")
    )


def _scores(answers: Subquery) -> Select[Any]:
    """The mean per region and scored section; skipped where too few items are answered."""
    a = answers.c
    part = aliased(ScoredCodeRow)
    scored = (
        select(
            col(part.questionnaire_id),
            col(part.item),
            col(part.section),
            col(part.concept),
            col(part.minimum),
        )
        .distinct()
        .subquery()
    )
    belongs = and_(scored.c.questionnaire_id == a.in_use, scored.c.item == a.item)
    counts_for = and_(
        col(ScoredCodeRow.questionnaire_id) == a.in_use,
        col(ScoredCodeRow.item) == a.item,
        col(ScoredCodeRow.code) == a.code,
    )
    value = col(ScoredCodeRow.value)
    mean = cast(func.round(cast(func.avg(value), Numeric), 6), String)
    return (
        select(
            a.region_id,
            scored.c.section,
            scored.c.concept,
            literal("").label("option"),
            case(
                (func.count(value) >= scored.c.minimum, mean), else_=MissingReason.SKIPPED.value
            ).label("code"),
        )
        .join(scored, belongs)
        .outerjoin(ScoredCodeRow, counts_for)
        .group_by(a.region_id, scored.c.section, scored.c.concept, scored.c.minimum)
    )


def _measurements(wave: str, name: str, group: Group | None) -> CTE:
    """One row per region and variable, with its code."""
    answers = _closed_answers(wave, group)
    a = answers.c
    place = (a.region_id, a.section, a.concept)
    is_chosen = case((col(AnswerChoiceRow.code).is_(None), "0"), else_="1")
    counts = and_(
        col(AnswerChoiceRow.code).is_not(None), col(PermittedCodeRow.is_exclusive).is_(False)
    )
    number = cast(func.sum(case((counts, 1), else_=0)), String)
    one = select(*place, literal("").label("option"), a.code).where(a.kind != "multiple")
    each = select(
        *place,
        col(PermittedCodeRow.code).label("option"),
        func.coalesce(a.code, is_chosen).label("code"),
    )
    total = select(
        *place, literal(OPTION_TOTAL).label("option"), func.coalesce(a.code, number).label("code")
    )
    return union_all(
        one,
        _with_options(each, answers),
        _with_options(total, answers).group_by(*place, a.code),
        _scores(answers),
    ).cte(name)


def tallies(wave: str, group: Group | None = None) -> Select[tuple[str, str, str, str, int]]:
    """Rows (section, concept, option, code, number of regions)."""
    m = _measurements(wave, "measured", group).c
    variable = (m.section, m.concept, m.option, m.code)
    return select(*variable, func.count()).group_by(*variable)


def transitions(
    before: str, after: str, group: Group | None = None
) -> Select[tuple[str, str, str, str, str, int]]:
    """Rows (section, concept, option, code before, code after, number of regions),
    over the regions with a final response in both waves."""
    b = _measurements(before, "measured_before", group).c
    a = _measurements(after, "measured_after", group).c
    same = and_(
        b.region_id == a.region_id,
        b.section == a.section,
        b.concept == a.concept,
        b.option == a.option,
    )
    variable = (a.section, a.concept, a.option, b.code, a.code)
    return (
        select(a.section, a.concept, a.option, b.code, a.code, func.count())
        .select_from(b.region_id.table.join(a.region_id.table, same))
        .group_by(*variable)
    )


def joint(wave: str, first: str, second: str) -> Select[tuple[str, str, str, int]]:
    """Rows (concept, code in the first section, code in the second, number of regions) of the
    closed items, numbers and scores on the concepts that two sections share."""
    one = _measurements(wave, "measured_first", None).c
    other = _measurements(wave, "measured_second", None).c
    same = and_(
        one.region_id == other.region_id,
        one.concept == other.concept,
        one.section == first,
        other.section == second,
        one.option == "",
        other.option == "",
    )
    codes = (one.concept, one.code, other.code)
    return (
        select(*codes, func.count())
        .select_from(one.region_id.table.join(other.region_id.table, same))
        .group_by(*codes)
    )


def patterns(waves: Sequence[str], section: str) -> Select[tuple[Any, ...]]:
    """Rows (section, concept, option, a code per wave, number of regions) of one section, over the
    regions with a final response in any of the waves. The code of a wave without one is empty."""
    measured = [_measurements(wave, f"measured_{n}", None).c for n, wave in enumerate(waves)]
    said = union_all(
        *(
            select(
                literal(n).label("wave"), m.region_id, m.section, m.concept, m.option, m.code
            ).where(m.section == section)
            for n, m in enumerate(measured)
        )
    ).subquery()
    variable = (said.c.section, said.c.concept, said.c.option)
    codes = [
        func.max(case((said.c.wave == n, said.c.code), else_="")).label(f"code_{n}")
        for n in range(len(waves))
    ]
    regions = select(*variable, *codes).group_by(said.c.region_id, *variable).subquery()
    return select(*regions.c, func.count()).group_by(*regions.c)


def regions_in_both(before: str, after: str, group: Group | None = None) -> Select[int]:
    """The number of regions with a final response in both waves."""
    b, a = _final_responses(before, group), _final_responses(after, group)
    return select(func.count()).select_from(b.join(a, a.c.region_id == b.c.region_id))


def codes_of(wave: str, region_id: int) -> Select[tuple[str, str, str, str]]:
    """Rows (section, concept, option, code) of one region: for its own eyes only."""
    m = _measurements(wave, "measured", None).c
    return select(m.section, m.concept, m.option, m.code).where(m.region_id == region_id)


def respondents(wave: str, group: Group | None = None) -> Select[int]:
    """The number of regions with a final response."""
    return select(func.count()).select_from(_final_responses(wave, group))


class Counts(Desk):
    """What the results are made of: numbers of regions, never the answers of one. Every verb raises
    NotReleased where a wave is not closed, but for who does the fieldwork: who looks before and
    after one submission would see the answers of that region."""

    @needs(Right.SEE_RESULTS)
    def tallies(self, wave: str, group: Group | None = None) -> list[tuple[Any, ...]]:
        """Rows as `tallies` describes them."""
        return self._rows(tallies(wave, group), wave)

    @needs(Right.SEE_RESULTS)
    def transitions(
        self, before: str, after: str, group: Group | None = None
    ) -> list[tuple[Any, ...]]:
        """Rows as `transitions` describes them."""
        return self._rows(transitions(before, after, group), before, after)

    @needs(Right.SEE_RESULTS)
    def joint(self, wave: str, first_section: str, second_section: str) -> list[tuple[Any, ...]]:
        """Rows as `joint` describes them."""
        return self._rows(joint(wave, first_section, second_section), wave)

    @needs(Right.SEE_RESULTS)
    def patterns(self, waves: Sequence[str], section: str) -> list[tuple[Any, ...]]:
        """Rows as `patterns` describes them. ValueError where there is no wave."""
        if not waves:
            raise ValueError("patterns are of one wave or more")
        return self._rows(patterns(waves, section), *waves)

    @needs(Right.SEE_RESULTS)
    def respondents(self, wave: str, group: Group | None = None) -> int:
        """How many regions have a final response."""
        return int(self._rows(respondents(wave, group), wave)[0][0])

    @needs(Right.SEE_RESULTS)
    def regions_in_both(self, before: str, after: str, group: Group | None = None) -> int:
        """How many regions have a final response in both waves."""
        counted = self._rows(regions_in_both(before, after, group), before, after)
        return int(counted[0][0])

    def _rows(self, query: Select[Any], *waves: str) -> list[tuple[Any, ...]]:
        with self._read() as session:
            require_released(session, self.person, waves)
            return [tuple(row) for row in session.connection().execute(query)]


def require_released(session: Session, person: Person, waves: Collection[str]) -> None:
    """Raise NotReleased where a wave is not closed, but for who does the fieldwork."""
    if person.may(Right.DO_FIELDWORK):
        return
    running = select(col(WaveRow.name)).where(
        col(WaveRow.name).in_(waves), col(WaveRow.state) != WaveState.CLOSED.value
    )
    found = session.scalars(running).first()
    if found is not None:
        raise NotReleased(found)
