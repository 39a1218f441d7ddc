"""The figures of a wave as one region may see them that answered in it itself.

Whoever knows one answer reads every count as a count of the others. So whether a figure is released
is decided by how many others answered: `base` is their number, while the counts are those of all
regions, as everybody else sees them. The limits of `analysis.disclosure` then hold for the others:
no figure over fewer than SMALLEST_GROUP of them, no percentage or mean over fewer than
SMALLEST_PERCENTAGE.

Where enough others answered, an answer that only the own region gave tells nothing of any other.
That all others gave the same answer may be read, as it may be by who sees a release over that many
regions in which all agree. Not covered: regions that lay their pages side by side, who know more
than one answer together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.counts import CHOSEN, MISSING, WaveCounts, missing_of
from analysis.levels import Distribution, Level, Share, measure_distributions, measure_levels
from surveys.answers import MissingReason
from surveys.items import GradeItem, MultipleItem, NumberItem, ScaleItem, YesNoItem
from surveys.previous import PreviousAnswer


@dataclass(frozen=True)
class OwnAnswers:
    """What one region answered: as `counts` of this region alone, in `words` per question, reasons
    for missing included, and in the wave before where that is comparable."""

    counts: WaveCounts
    words: Mapping[str, str]
    earlier: Mapping[str, PreviousAnswer]


@dataclass(frozen=True)
class OwnDistribution(Distribution):
    """`own` and `earlier`: the codes that the region gave now and in the wave before, empty where
    it gave none of these answers. `told`: its answer of now in words."""

    own: str = ""
    earlier: str = ""
    told: str = ""

    @property
    def base(self) -> int:
        return _count_others(self.n, self.own)


@dataclass(frozen=True)
class OwnLevel(Level):
    """The share of the regions that chose an option, with CHOSEN or NOT_CHOSEN as the `own` code
    and CHOSEN or nothing as the `earlier` one; or a mean, with the region's number as `own`."""

    own: str = ""
    earlier: str = ""

    @property
    def base(self) -> int:
        return _count_others(self.n, self.own)


def _count_others(n: int, own: str) -> int:
    """At least 1 where the region itself answered: alone it is suppressed, not unanswered."""
    return max(n - 1, 1) if own else n


def own_distributions(counts: WaveCounts, own: OwnAnswers, section: str) -> list[OwnDistribution]:
    """Of every scale, yes or no, grade and index of a section."""
    rows = []
    alone = _distributions(own.counts, section)
    for row, mine in zip(_distributions(counts, section), alone, strict=True):
        given = next((share for share in mine.shares if share.count), None)
        rows.append(
            OwnDistribution(
                **vars(row),
                own=given.code if given else "",
                earlier=_code_of(own.earlier.get(row.item)),
                told=own.words.get(row.item, given.label if given else ""),
            )
        )
    return rows


def own_levels(counts: WaveCounts, own: OwnAnswers, section: str) -> list[OwnLevel]:
    """Of every option of the multiple items of a section, and of every number."""
    kinds = {question.id: question for question in counts.questionnaire.questions}
    return [
        OwnLevel(
            **vars(level),
            own=_only_code(own.counts, section, level.concept, level.part),
            earlier=_chosen_before(own.earlier.get(level.item), level.part),
        )
        for level in measure_levels(counts, section)
        if isinstance(kinds.get(level.item), MultipleItem | NumberItem)
    ]


def mean_grade(shares: Sequence[Mapping[str, Any]]) -> float:
    """The mean of the grades in a released distribution."""
    regions = sum(share["count"] for share in shares)
    return float(sum(int(share["code"]) * share["count"] for share in shares) / regions)


def _distributions(counts: WaveCounts, section: str) -> list[Distribution]:
    asked = counts.questionnaire
    indexes = {index.id for index in asked.indexes}
    return [
        *(
            _distribute(counts, section, question)
            for question in asked.questions
            if isinstance(question, ScaleItem | YesNoItem | GradeItem)
            and asked.section_of(question.id).id == section
        ),
        *(row for row in measure_distributions(counts, section) if row.item in indexes),
    ]


def _distribute(
    counts: WaveCounts, section: str, question: ScaleItem | YesNoItem | GradeItem
) -> Distribution:
    tally = counts.tallies.get((section, question.concept, ""), {})
    choices = counts.questionnaire.choices(question)
    if isinstance(question, YesNoItem):  # in a bar the most stands at the right, as on a scale
        choices = choices[::-1]
    return Distribution(
        item=question.id,
        concept=question.concept,
        section=section,
        text=question.text,
        wave=counts.wave,
        shares=tuple(Share(each.code, each.label, tally.get(each.code, 0)) for each in choices),
        missing=missing_of(tally),
    )


def _only_code(own: WaveCounts, section: str, concept: str, option: str) -> str:
    code = next(iter(own.tallies.get((section, concept, option), {})), "")
    return "" if code in MISSING else code


def _code_of(previous: PreviousAnswer | None) -> str:
    value = previous.value if previous else None
    return value if isinstance(value, str) and not isinstance(value, MissingReason) else ""


def _chosen_before(previous: PreviousAnswer | None, option: str) -> str:
    value = previous.value if previous else None
    return CHOSEN if isinstance(value, tuple) and option in value else ""
