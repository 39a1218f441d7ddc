"""Urgency against yields: where the need is, what it brought, and where that stood before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from analysis.charts import draw_priorities, number_priorities
from analysis.charts.priorities import NumberedRow, tell_gap, tell_sides, tell_standing
from analysis.counts import Transitions, group_joint, recode_transitions
from analysis.disclosure import SUPPRESSED, ReleasedRow, ReleasedTable, release
from analysis.finding_wording import tell_priorities
from analysis.method_wording import tell_adjusted
from analysis.priorities import URGENCY, URGENT, YIELDS, Priority, rank_priorities
from analysis.results.changes import MISSING_NOTE
from analysis.results.exhibit import Exhibit, PrintedTable
from analysis.results.source import ResultSource, WaveResult, tell_source
from analysis.wording import tell_p
from surveys.comparability import Match, match_concepts
from surveys.dutch import format_list
from surveys.questionnaire import Questionnaire

TITLE = "Prioriteiten"
# Per concept how many regions gave which code on its urgency and which on its yields.
Joint = Mapping[str, Transitions]
_QUADRANTS = (
    "De twee lijnen liggen bij de helft van de regio's (50%). Links boven staat wat meer dan de "
    "helft (heel) urgent vindt en waarbij minder dan de helft opbrengst ziet. In welk vlak een "
    "punt staat, is niet getoetst."
)
_STANDINGS = (
    "'Urgent, weinig opbrengst' betekent: aantoonbaar meer regio's vinden het urgent dan er "
    "opbrengst zien. 'Meer opbrengst dan urgentie' is het omgekeerde. 'Verschil niet aangetoond' "
    "betekent niet dat het even vaak is."
)
_P_NOTE = (
    "De p is de kans dat een verschil minstens zo groot uitvalt terwijl in werkelijkheid evenveel "
    "regio's het urgent vinden als er opbrengst zien."
)


@dataclass(frozen=True)
class EarlierWave:
    """The wave before, and the questionnaires of the waves in between, through which questions are
    comparable."""

    result: WaveResult
    joint: Joint
    between: tuple[Questionnaire, ...] = ()


def read_joint(source: ResultSource, result: WaveResult) -> Joint:
    return group_joint(source.counts.joint(result.name, URGENCY, YIELDS))


def priorities_exhibit(
    result: WaveResult, joint: Joint, before: EarlierWave | None, day: date
) -> Exhibit | None:
    """None where the questionnaire does not ask for both, or nobody answered both."""
    table = release_priorities(result, joint, before, day)
    if table is None:
        return None
    rows = number_priorities(table)
    return Exhibit(
        name=f"prioriteiten-{result.name}",
        finding=tell_priorities(table),
        table=table,
        draw=draw_priorities,
        draw_panels=lambda table: (draw_priorities(table, titled=False),),
        tables=tuple(_print(rows, result.name, before.result.name if before else "")),
        notes=_tell_notes(table, rows, before),
    )


def release_priorities(
    result: WaveResult, joint: Joint, before: EarlierWave | None, day: date
) -> ReleasedTable | None:
    """The rows of the wave, in the order of the questionnaire, and after them those of the wave
    before that are comparable and that regions answered."""
    figures = _rank(result, joint)
    if not any(row.n for row in figures):
        return None
    earlier = _rank_before(result, before) if before else []
    shown = [result] if not earlier or before is None else [before.result, result]
    return release(
        [*figures, *earlier],
        title=TITLE,
        base=f"{result.base}, per aandachtspunt wie beide vragen beantwoordde",
        method=(
            "Per aandachtspunt zijn de antwoorden van dezelfde regio's vergeleken: het aandeel "
            f"{figures[0].label_urgent} met het aandeel {figures[0].label_yielding}. Getoetst met "
            "de McNemar-toets (mid-p); de uitkomst volgt de p met correctie voor het aantal "
            "aandachtspunten (Holm, p < 0,05). Het 95%-betrouwbaarheidsinterval is berekend "
            "volgens Tango."
        ),
        source=tell_source(shown, day),
    )


def _rank(result: WaveResult, joint: Joint) -> list[Priority]:
    """In the order of the questionnaire, which tells nothing of a row that is suppressed."""
    try:
        rows = rank_priorities(result.counts, joint, URGENCY, YIELDS)
    except ValueError:  # it has no such sections, or they share no concept
        return []
    section = next(s for s in result.counts.questionnaire.sections if s.id == URGENCY)
    order = [question.concept for question in section.questions]
    return sorted(rows, key=lambda row: order.index(row.concept))


def _rank_before(result: WaveResult, before: EarlierWave) -> list[Priority]:
    """The answers of the wave before to the questions of this one: of concepts that were asked in
    both sections and are comparable, in the codes of this wave."""
    asked = result.counts.questionnaire
    versions = before.result.counts.questionnaire, *before.between, asked
    matches = {
        (match.section, match.concept): match
        for match in match_concepts(*versions)
        if not match.refusal
    }
    sides = {
        concept: (matches[URGENCY, concept], matches[YIELDS, concept])
        for concept in before.joint
        if (URGENCY, concept) in matches and (YIELDS, concept) in matches
    }
    joint = {
        concept: recode_transitions(before.joint[concept], *(side.recode or {} for side in both))
        for concept, both in sides.items()
    }
    counts = replace(before.result.counts, questionnaire=asked)
    return [
        replace(row, footnote=_join_notes(sides[row.concept]))
        for row in _rank(replace(before.result, counts=counts), joint)
        if row.n
    ]


def _join_notes(sides: Iterable[Match]) -> str:
    return " ".join(dict.fromkeys(side.footnote for side in sides if side.footnote))


# Tables


def _print(rows: Sequence[NumberedRow], wave: str, before: str) -> Iterable[PrintedTable]:
    """What is urgent without yields, the rest, and where the arrows begin."""
    first = rows[0].row
    heads = (
        "Aandachtspunt",
        _capitalise(first["label_urgent"]),
        _capitalise(first["label_yielding"]),
    )
    tested = (
        "Verschil in procentpunten (95%-interval)",
        "Uitkomst",
        "p",
        tell_adjusted(first),
    )
    urgent = [row for row in rows if row.row["standing"] == URGENT]
    rest = [row for row in rows if row.row["standing"] != URGENT]
    none = ("Geen enkel aandachtspunt", "bij geen is aangetoond dat het vaker urgent is")
    yield PrintedTable(
        f"{_capitalise(URGENT)}, meting {wave}",
        (*heads, *tested),
        tuple(map(_cells, urgent)) or (none,),
    )
    if rest:
        caption = f"{'Andere' if urgent else 'Alle'} aandachtspunten, meting {wave}"
        yield PrintedTable(caption, (*heads, *tested), tuple(map(_cells, rest)))
    begun = [row for row in rows if row.before]
    if begun:
        caption = f"Waar de pijlen beginnen, meting {before}"
        yield PrintedTable(caption, heads, tuple(map(_cells_before, begun)))


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _cells(numbered: NumberedRow) -> tuple[str, ...]:
    row = numbered.row
    if absence := _tell_absence(row):
        return numbered.name, absence
    return (
        numbered.name,
        *tell_sides(row),
        tell_gap(row),
        tell_standing(row),
        tell_p(row["p"]),
        tell_p(row["p_adjusted"]),
    )


def _cells_before(numbered: NumberedRow) -> tuple[str, ...]:
    row = numbered.before
    if row is None or row["gap"] is None:
        return numbered.name, SUPPRESSED
    return numbered.name, *tell_sides(row)


def _tell_absence(row: ReleasedRow) -> str:
    if row.is_suppressed:
        return SUPPRESSED
    return str(row["reason"]) if row["gap"] is None else ""


# Notes


def _tell_notes(
    table: ReleasedTable, rows: Sequence[NumberedRow], before: EarlierWave | None
) -> tuple[str, ...]:
    arrows = _tell_arrows(rows, before.result.name) if before else ""
    return (table.method, _STANDINGS, _P_NOTE, _QUADRANTS, arrows, *table.footnotes, MISSING_NOTE)


def _tell_arrows(rows: Sequence[NumberedRow], wave: str) -> str:
    missing = [str(row.number) for row in rows if row.before is None]
    if len(missing) == len(rows):
        return (
            f"Er zijn geen pijlen: in meting {wave} is geen enkel aandachtspunt op beide vragen "
            "beantwoord, of het is niet vergelijkbaar."
        )
    told = (
        f"De pijlen beginnen waar het aandachtspunt in meting {wave} stond, bij alle regio's die "
        "toen beide vragen beantwoordden. Een pijl is niet getoetst: wat aantoonbaar veranderde, "
        "staat bij Urgentie en bij Opbrengsten."
    )
    if missing:
        told += (
            f" Zonder pijl: nummer {format_list(missing)}, in meting {wave} niet op beide vragen "
            "beantwoord of niet vergelijkbaar."
        )
    return told
