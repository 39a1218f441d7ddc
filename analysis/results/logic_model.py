"""The logic model with what the monitor shows of each of its boxes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from analysis.box_results import BoxResult, MeasureResult, Sign, is_of, read_boxes, tell_boxes
from analysis.charts import draw_logic_model
from analysis.comparison import Comparison, compare
from analysis.disclosure import ReleasedRow, ReleasedTable, release
from analysis.levels import Level, measure_levels
from analysis.logic_model import LogicModel
from analysis.measures import PROPORTION
from analysis.method_wording import TESTS, tell_test, tell_test_line
from analysis.results.changes import MISSING_NOTE, tell_pair_base
from analysis.results.exhibit import Exhibit, PrintedTable
from analysis.results.source import PairResult, tell_source
from analysis.settings import INDEPENDENT, Settings
from surveys.dutch import format_list

_NOTES = (
    "'Gestegen' en 'gedaald' zeggen alleen of het getal omhoog of omlaag ging, niet of dat goed "
    "is. Urgentie zegt hoe dringend de regio's een punt vinden: meer urgentie is geen "
    "verbetering.",
    "'Verandering niet aangetoond' betekent niet: geen verandering.",
    "'Wisselend' staat bij een onderdeel waarvan de vragen verschillende uitkomsten hebben. Een "
    "vraag die niet te vergelijken is, telt voor het teken alleen mee als geen andere dat is.",
    "Onderdelen met een streepjesrand meet de monitor niet: er is geen vraag die er over gaat.",
)


def logic_model_exhibit(
    pair: PairResult, model: LogicModel, settings: Settings, day: date
) -> Exhibit:
    """The drawing with its table. The figures are the same as those of the blocks."""
    figures = _measure(model, pair, settings)
    changes = [figure for figure in figures if isinstance(figure, Comparison)]
    table = release(
        figures,
        title=model.title,
        base=_tell_base(pair, figures, settings),
        method=_tell_method(changes),
        source=tell_source(pair.results, day),
    )
    boxes = read_boxes(model, table)
    draw = partial(draw_logic_model, model=model)
    return Exhibit(
        name=f"{model.id}-achtergrondschets-{pair.before.name}-{pair.after.name}",
        finding=tell_boxes(model, boxes),
        table=table,
        draw=draw,
        draw_panels=lambda table: (draw(table, titled=False),),
        tables=(_print_boxes(model, boxes),),
        notes=(*_NOTES, *_tell_star(table), MISSING_NOTE, *table.footnotes),
    )


# Which figures


def _measure(model: LogicModel, pair: PairResult, settings: Settings) -> list[Comparison | Level]:
    """Of every question that measures a box its change, or else its level in the last wave."""
    changes = compare(*pair.counted, settings, pair.between)
    levels = measure_levels(pair.after.counts)
    released = release(changes, title="", base="", method="", source="").rows
    found = [_show(*both, levels) for both in zip(changes, released, strict=True)]
    measures = [measure for box in model.boxes for measure in box.measured_by]
    # the first figure of a question is its headline, so that is the one without a part
    first = [
        next(
            (place for place, f in enumerate(found) if is_of(m, f.section, f.concept, f.part)), None
        )
        for m in measures
    ]
    return [figure for place, figure in enumerate(found) if place in first]


def _show(change: Comparison, row: ReleasedRow, levels: Sequence[Level]) -> Comparison | Level:
    """The level, with why, where a change cannot be released: incomparable, or too few pairs."""
    if row["value_after"] is not None or (row.is_suppressed and change.design == INDEPENDENT):
        return change  # beside pairs that are shown elsewhere a whole wave may tell of a few
    for level in levels:
        if (level.item, level.part) == (change.item, change.part) and level.base:
            return replace(level, reason=change.reason or _tell_few(change))
    return change


def _tell_few(change: Comparison) -> str:
    return (
        f"Niet vergeleken met {change.wave_before}: te weinig regio's antwoordden in beide jaren."
    )


# What is said


def _tell_base(pair: PairResult, figures: Iterable[Comparison | Level], settings: Settings) -> str:
    kinds = {type(figure) for figure in figures}
    told = []
    if Comparison in kinds or not kinds:
        told.append(tell_pair_base(pair.counted, settings.design))
    if Level in kinds:
        told.append(f"waar niet te vergelijken is: {pair.after.base}" if told else pair.after.base)
    return "; ".join(told)


def _tell_method(changes: Sequence[Comparison]) -> str:
    """The tests of percentages, and of means where there are both."""
    shares = [row for row in changes if row.measure == PROPORTION]
    others = [row for row in changes if row.measure != PROPORTION]
    if not changes:
        return "Niet getoetst: er zijn geen antwoorden die te vergelijken zijn."
    tests = list(dict.fromkeys(TESTS[row.test] for row in others if row.test))
    if not shares or not tests:
        return tell_test(shares or others)
    return f"{tell_test(shares)} Gemiddelden zijn getoetst met {format_list(tests)}."


def _tell_star(table: ReleasedTable) -> tuple[str, ...]:
    if not any(row["test"] for row in table.rows):
        return ()
    star = "Een ster (*) betekent: de verandering is groter dan door toeval te verwachten is"
    return (f"{star} (p < 0,05). {tell_test_line(table)}.",)


def _print_boxes(model: LogicModel, boxes: Sequence[BoxResult]) -> PrintedTable:
    """A row per measure of a box, and one for a box without any."""
    rows: list[tuple[str, ...]] = []
    for found in boxes:
        if not found.measures:
            rows.append((found.box.text, found.column.title, Sign.UNMEASURED.word))
        for measure in found.measures:
            rows.append((found.box.text, found.column.title, *_cells(measure)))
    return PrintedTable(
        f"{model.title}: wat de monitor per onderdeel laat zien",
        ("Onderdeel", "Kolom", "Gemeten met", "Uitkomst", "Cijfers"),
        tuple(rows),
    )


def _cells(found: MeasureResult) -> tuple[str, str, str]:
    asked = ", ".join(filter(None, (found.name, found.what)))
    return asked, found.sign.label, found.counted
