"""What a region answered laid beside all regions, block by block, for who opens its personal link
once the wave is closed. What may be shown is decided in `analysis.own_region` and
`analysis.disclosure`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby

from analysis.charts import Chart
from analysis.charts.own_region import draw_own_answers, draw_own_grades, draw_own_options
from analysis.counts import CHOSEN, NOT_CHOSEN, WaveCounts, group_tallies
from analysis.disclosure import SMALLEST_PERCENTAGE, ReleasedRow, ReleasedTable, release
from analysis.own_region import (
    OwnAnswers,
    OwnDistribution,
    OwnLevel,
    mean_grade,
    own_distributions,
    own_levels,
)
from analysis.results.exhibit import PrintedTable
from analysis.results.own_findings import (
    count_own,
    tell_above_mean,
    tell_chosen,
    tell_most_given,
)
from analysis.results.source import WaveResult, tell_source
from analysis.suppression import SMALLEST_GROUP, is_small
from analysis.wording import tell_absence, tell_base, tell_share
from surveys.answers import MISSING_LABELS, MissingReason, describe_value
from surveys.dutch import format_number, format_percentage
from surveys.items import GradeItem, LongTextItem, MultipleItem, ScaleItem, ShortTextItem
from surveys.own_results import OwnResults
from surveys.questionnaire import Questionnaire, Section

METHOD = (
    "Landelijk telt uw regio mee. Regio's die 'weet niet' of 'n.v.t.' kozen of de vraag "
    "oversloegen, tellen bij die vraag niet mee. Beantwoordden minder dan "
    f"{SMALLEST_PERCENTAGE} andere regio's een vraag, dan staan er geen landelijke cijfers bij: "
    "anders zou u kunnen aflezen wat een andere regio antwoordde."
)
_SHARE_OF_ALL = "Landelijk hetzelfde antwoord"
_ANSWERED = "Regio's met antwoord"
_NOTHING = "–"


@dataclass(frozen=True)
class OwnPart:
    """Questions that are shown together. `heading`: what they share, empty where each speaks for
    itself. `draw` makes the chart; numbers have none."""

    heading: str
    finding: str
    draw: Callable[[], Chart] | None
    table: PrintedTable
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnBlock:
    """`section` is its id. `texts`: the open questions with what the region wrote, which is to be
    shown as it is."""

    section: str
    title: str
    parts: tuple[OwnPart, ...]
    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OwnOverview:
    """`base`: which regions the counts are of; `source`: where the answers come from."""

    base: str
    source: str
    blocks: tuple[OwnBlock, ...]


def _tell_base(results: OwnResults) -> str:
    """'51 van 78 regio's (meting 2024), uw regio meegerekend'."""
    if is_small(results.respondents - 1):
        return f"uw regio en minder dan {SMALLEST_GROUP} andere regio's"
    told = tell_base(results.respondents, results.asked, results.wave.name)
    return f"{told}, uw regio meegerekend"


def lay_beside(results: OwnResults, day: date) -> OwnOverview:
    """Every block of the questionnaire; `day`: on which the answers were as they are told."""
    beside = _Beside(results, day)
    blocks = (
        OwnBlock(
            section.id,
            section.title,
            tuple(beside.parts(section)),
            tuple(beside.texts(section)),
        )
        for section in results.questionnaire.sections
    )
    return OwnOverview(beside.base, beside.source, tuple(blocks))


def _tell_answers(results: OwnResults) -> dict[str, str]:
    """What the region answered to each question of the version in use, in words."""
    asked = {question.id: question for question in results.answered.questions}
    never = MISSING_LABELS[MissingReason.NOT_ASKED]
    return {
        question.id: describe_value(results.answered, asked[question.id], value)
        if question.id in asked and (value := results.answers.get(question.id)) is not None
        else never
        for question in results.questionnaire.questions
    }


_Figure = OwnDistribution | OwnLevel


class _Beside:
    """The answers of one region and the counts of all, and how they are told."""

    def __init__(self, results: OwnResults, day: date) -> None:
        self._asked = results.questionnaire
        counts = WaveCounts(
            wave=results.wave.name,
            questionnaire=self._asked,
            tallies=group_tallies(results.tallies),
            respondents=results.respondents,
            asked=results.asked,
        )
        alone = group_tallies((*row, 1) for row in results.own)
        self._counts = counts
        self._own = OwnAnswers(
            WaveCounts(counts.wave, self._asked, alone, respondents=1),
            _tell_answers(results),
            results.earlier,
        )
        self._before = results.earlier_wave
        self.base = _tell_base(results)
        self.source = tell_source([WaveResult(results.wave, counts)], day)

    def texts(self, section: Section) -> Iterator[tuple[str, str]]:
        for question in section.questions:
            if isinstance(question, ShortTextItem | LongTextItem):
                yield question.text, self._own.words[question.id]

    def parts(self, section: Section) -> Iterator[OwnPart]:
        """Questions on one scale go together where they follow each other."""
        figures = _in_order(
            self._asked,
            section,
            [
                *own_distributions(self._counts, self._own, section.id),
                *own_levels(self._counts, self._own, section.id),
            ],
        )
        for _, group in groupby(figures, lambda figure: _kind(self._asked, figure)):
            yield self._part(section, [*group])

    def _part(self, section: Section, figures: list[_Figure]) -> OwnPart:
        table = release(
            figures, title=section.title, base=self.base, method=METHOD, source=self.source
        )
        question = next((q for q in section.questions if q.id == figures[0].item), None)
        levels = [figure for figure in figures if isinstance(figure, OwnLevel)]
        if isinstance(question, MultipleItem):
            return self._options(question, levels, table)
        if levels:
            return self._numbers(section, levels, table)
        rows = [figure for figure in figures if isinstance(figure, OwnDistribution)]
        if isinstance(question, GradeItem):
            return self._grades(section, rows, table)
        heading = question.stem if isinstance(question, ScaleItem) else ""
        return self._answers(section, heading, rows, table)

    # Parts

    def _answers(
        self,
        section: Section,
        heading: str,
        figures: Sequence[OwnDistribution],
        table: ReleasedTable,
    ) -> OwnPart:
        finding = tell_most_given(table)
        cells = [
            (_share_of(row), str(row["n"])) if row["shares"] else (tell_absence(row),)
            for row in table.rows
        ]
        return OwnPart(
            heading,
            finding,
            partial(draw_own_answers, table, finding, self._before),
            self._print(section.title, "Vraag", figures, (_SHARE_OF_ALL, _ANSWERED), cells),
            self._footnotes(figures),
        )

    def _grades(
        self, section: Section, figures: Sequence[OwnDistribution], table: ReleasedTable
    ) -> OwnPart:
        finding = tell_above_mean(table)
        cells = [
            (format_number(mean_grade(row["shares"])), _share_of(row), str(row["n"]))
            if row["shares"]
            else (tell_absence(row),)
            for row in table.rows
        ]
        headings = ("Landelijk gemiddeld", "Landelijk hetzelfde cijfer", _ANSWERED)
        return OwnPart(
            "",
            finding,
            partial(draw_own_grades, table, finding, self._before),
            self._print(section.title, "Vraag", figures, headings, cells),
            self._footnotes(figures),
        )

    def _numbers(
        self, section: Section, figures: Sequence[OwnLevel], table: ReleasedTable
    ) -> OwnPart:
        cells = [
            (format_number(row["value"]), str(row["n"]))
            if row["value"] is not None
            else (tell_absence(row),)
            for row in table.rows
        ]
        headings = ("Landelijk gemiddeld", _ANSWERED)
        printed = self._print(section.title, "Vraag", figures, headings, cells)
        return OwnPart("", "", None, printed, self._footnotes(figures))

    def _options(
        self, question: MultipleItem, figures: Sequence[OwnLevel], table: ReleasedTable
    ) -> OwnPart:
        own, earlier = self._own.words[question.id], self._own.earlier.get(question.id)
        chosen = {CHOSEN: "gekozen", NOT_CHOSEN: "niet gekozen"}
        finding = tell_chosen(question, figures, own)
        rows = []
        for figure, row in zip(figures, table.rows, strict=True):
            cells = [figure.label, chosen.get(figure.own, own)]
            if earlier:
                is_missing = isinstance(earlier.value, MissingReason)
                before = "gekozen" if figure.earlier else _NOTHING
                cells.append(earlier.words if is_missing else before)
            rows.append((*cells, _tell_level(row)))
        headings = ["Antwoord", "Uw regio", "Aandeel van alle regio's"]
        if earlier:
            headings.insert(2, self._head_before())
        return OwnPart(
            question.text,
            finding,
            partial(draw_own_options, table, finding, self._before),
            PrintedTable(_caption(question.text), tuple(headings), tuple(rows)),
            self._footnotes(figures[:1]),
        )

    # Words

    def _print(
        self,
        caption: str,
        what: str,
        figures: Sequence[_Figure],
        headings: tuple[str, ...],
        cells: Sequence[tuple[str, ...]],
    ) -> PrintedTable:
        """What the region answered, and then `cells`, under `headings`, of all regions."""
        has_before = any(figure.item in self._own.earlier for figure in figures)
        rows = []
        for figure, rest in zip(figures, cells, strict=True):
            told = [figure.text, self._tell_own(figure)]
            if has_before:
                earlier = self._own.earlier.get(figure.item)
                told.append(earlier.words if earlier else _NOTHING)
            rows.append((*told, *rest))
        own = ("Uw regio", self._head_before()) if has_before else ("Uw regio",)
        return PrintedTable(_caption(caption), (what, *own, *headings), tuple(rows))

    def _tell_own(self, figure: _Figure) -> str:
        told = figure.told if isinstance(figure, OwnDistribution) else self._own.words[figure.item]
        return told or _NOTHING

    def _head_before(self) -> str:
        return f"Uw regio in {self._before}"

    def _footnotes(self, figures: Sequence[_Figure]) -> tuple[str, ...]:
        """What is told of the answers of the wave before, such as another wording."""
        found = [self._own.earlier.get(figure.item) for figure in figures]
        return tuple(
            f"{each.question.text}: {each.footnote}" for each in found if each and each.footnote
        )


def _caption(text: str) -> str:
    return f"{text} (uw regio naast alle regio's)"


# Which questions go together


def _in_order(
    asked: Questionnaire, section: Section, figures: Sequence[_Figure]
) -> Iterator[_Figure]:
    """As they stand in the questionnaire, an index after the question that it counts."""
    for question in section.questions:
        counted = [index.id for index in asked.indexes if index.item == question.id]
        for item in (question.id, *counted):
            yield from (figure for figure in figures if figure.item == item)


def _kind(asked: Questionnaire, figure: _Figure) -> tuple[object, ...]:
    question = next((q for q in asked.questions if q.id == figure.item), None)
    if isinstance(figure, OwnLevel):
        return type(question), figure.item if isinstance(question, MultipleItem) else ""
    stem = question.stem if isinstance(question, ScaleItem) else ""
    return type(question), stem, tuple(share.label for share in figure.shares)


# Numbers


def _share_of(row: ReleasedRow) -> str:
    """'73% (37 van 51)', of the region's own answer."""
    if not row["own"]:
        return _NOTHING
    return tell_share(format_percentage(count_own(row) / row["n"]), count_own(row), row["n"])


def _tell_level(row: ReleasedRow) -> str:
    if row["value"] is None:
        return tell_absence(row)
    return tell_share(format_percentage(row["value"]), row["count"], row["n"])
