"""The SQL that counts: per variable the answers of a wave, and the pairs of two waves.

A variable is what is counted: (section, concept, option). The option is empty for a
closed item or a number; of a multiple item every option is a variable with code '1'
or '0', and OPTION_TOTAL is the number of options chosen (for an index). Codes include
the reasons for missing. Only final responses count.
"""

from __future__ import annotations

from sqlalchemy import (
    CTE,
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
from sqlmodel import col

from db.tables import (
    AnswerChoiceRow,
    AnswerRow,
    PermittedCodeRow,
    QuestionRow,
    ResponseRow,
    WaveRow,
)

OPTION_TOTAL = "#"


def _final_responses(wave: str) -> Subquery:
    return (
        select(col(ResponseRow.id), col(ResponseRow.region_id))
        .join(WaveRow, col(WaveRow.id) == col(ResponseRow.wave_id))
        .where(col(WaveRow.name) == wave, col(ResponseRow.state) == "final")
        .subquery()
    )


def _measurements(wave: str, name: str) -> CTE:
    final = _final_responses(wave)
    answered = (
        select(
            final.c.region_id,
            col(QuestionRow.section),
            col(QuestionRow.concept),
            col(QuestionRow.kind),
            col(AnswerRow.response_id),
            col(AnswerRow.questionnaire_id),
            col(AnswerRow.item),
            func.coalesce(col(AnswerRow.code), cast(col(AnswerRow.number), String)).label("code"),
        )
        .join(final, final.c.id == col(AnswerRow.response_id))
        .join(
            QuestionRow,
            and_(
                col(QuestionRow.questionnaire_id) == col(AnswerRow.questionnaire_id),
                col(QuestionRow.item) == col(AnswerRow.item),
            ),
        )
        .where(col(QuestionRow.kind).not_in(("short_text", "long_text")))
        .subquery()
    )
    a = answered.c
    chosen = and_(
        col(AnswerChoiceRow.response_id) == a.response_id,
        col(AnswerChoiceRow.item) == a.item,
        col(AnswerChoiceRow.code) == col(PermittedCodeRow.code),
    )
    options = and_(
        col(PermittedCodeRow.questionnaire_id) == a.questionnaire_id,
        col(PermittedCodeRow.item) == a.item,
        col(PermittedCodeRow.is_missing).is_(False),
    )
    is_chosen = case((col(AnswerChoiceRow.code).is_(None), "0"), else_="1")
    counts_in_total = and_(
        col(AnswerChoiceRow.code).is_not(None), col(PermittedCodeRow.is_exclusive).is_(False)
    )
    one = select(a.region_id, a.section, a.concept, literal("").label("option"), a.code).where(
        a.kind != "multiple"
    )
    each = (
        select(
            a.region_id,
            a.section,
            a.concept,
            col(PermittedCodeRow.code).label("option"),
            func.coalesce(a.code, is_chosen).label("code"),
        )
        .join(PermittedCodeRow, options)
        .outerjoin(AnswerChoiceRow, chosen)
        .where(a.kind == "multiple")
    )
    total = (
        select(
            a.region_id,
            a.section,
            a.concept,
            literal(OPTION_TOTAL).label("option"),
            func.coalesce(
                a.code, cast(func.sum(case((counts_in_total, 1), else_=0)), String)
            ).label("code"),
        )
        .join(PermittedCodeRow, options)
        .outerjoin(AnswerChoiceRow, chosen)
        .where(a.kind == "multiple")
        .group_by(a.region_id, a.section, a.concept, a.code)
    )
    return union_all(one, each, total).cte(name)


def tallies(wave: str) -> Select[tuple[str, str, str, str, int]]:
    """Rows (section, concept, option, code, number of regions)."""
    m = _measurements(wave, "measured").c
    variable = (m.section, m.concept, m.option, m.code)
    return select(*variable, func.count()).group_by(*variable)


def transitions(before: str, after: str) -> Select[tuple[str, str, str, str, str, int]]:
    """Rows (section, concept, option, code before, code after, number of regions),
    over the regions with a final response in both waves."""
    b, a = _measurements(before, "measured_before").c, _measurements(after, "measured_after").c
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


def regions_in_both(before: str, after: str) -> Select[int]:
    """The number of regions with a final response in both waves."""
    b, a = _final_responses(before), _final_responses(after)
    return select(func.count()).select_from(b.join(a, a.c.region_id == b.c.region_id))
