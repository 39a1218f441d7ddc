"""A block over three waves or more: whether the waves differ, between which, and the trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from analysis.charts import Order, draw_trend, draw_trend_panels, sort_series
from analysis.counts import NO_ANSWER, PairCounts, Patterns, Variable
from analysis.disclosure import ReleasedTable, release
from analysis.measures import PROPORTION
from analysis.results.block import Block, find_block
from analysis.results.changes import MISSING_NOTE
from analysis.results.exhibit import Exhibit
from analysis.results.headlines import pick_headlines
from analysis.results.source import WaveResult, tell_source
from analysis.results.trend_table import print_over_all, print_pairs, print_series
from analysis.series_wording import (
    TREND_TESTS,
    has_value,
    name_waves,
    tell_series,
    tell_series_test,
    tell_time_unit,
)
from analysis.settings import Settings
from analysis.wave_series import WaveSeries, compare_series
from analysis.wording import tell_regions
from surveys.dutch import format_list

Pairs = Mapping[tuple[str, str], PairCounts]


def trend_exhibit(
    results: Sequence[WaveResult],
    patterns: Mapping[Variable, Patterns],
    pairs: Pairs,
    section: str,
    settings: Settings,
    day: date,
    order: Order = Order.HIGHEST,
) -> Exhibit | None:
    """The headlines of a block of the last wave over all `results`, earliest first: consecutive
    waves, as comparability runs from one to the next. `patterns` and `pairs` are theirs.

    None with fewer than three waves, and where the block asks nothing that was answered in all.
    """
    block = find_block(results[-1].counts.questionnaire, section) if results else None
    if block is None or len(results) < 3:
        return None
    table = _release(results, patterns, pairs, block, settings, day)
    if table is None or not any(row.is_suppressed or has_value(row) for row in table.rows):
        return None
    rows = sort_series(table, order)
    waves = name_waves(table)
    over_all = print_over_all(block, rows)
    return Exhibit(
        name=f"{block.section}-verloop-{waves[0]}-{waves[-1]}",
        finding=tell_series(table, block.what),
        table=table,
        draw=partial(draw_trend, what=block.what, order=order),
        draw_panels=partial(draw_trend_panels, what=block.what, order=order),
        tables=(print_series(block, rows), print_pairs(block, rows)),
        notes=tuple(filter(None, (table.method, *_explain(table), *table.footnotes))),
        why=_explain_design(table),
        why_tables=(over_all,) if over_all else (),
    )


def _release(
    results: Sequence[WaveResult],
    patterns: Mapping[Variable, Patterns],
    pairs: Pairs,
    block: Block,
    settings: Settings,
    day: date,
) -> ReleasedTable | None:
    counts = [result.counts for result in results]
    rows = compare_series(counts, patterns, pairs, settings, one_panel=True)
    shown = pick_headlines(rows, block.section, counts[-1].questionnaire)
    if not shown:
        return None
    return release(
        shown,
        title=block.title,
        base=_tell_base(results, patterns, shown),
        method=tell_series_test(shown),
        source=tell_source(results, day),
    )


def _tell_base(
    results: Sequence[WaveResult],
    patterns: Mapping[Variable, Patterns],
    series: Sequence[WaveSeries],
) -> str:
    """Over which regions the series are; of each question those with a valid answer count."""
    if any(row.is_panel and row.base for row in series):
        everyone = max(
            sum(n for codes, n in said.items() if NO_ANSWER not in codes)
            for said in patterns.values()
        )
        names = format_list([result.name for result in results])
        return f"{tell_regions(everyone)} die in elke meting antwoordden ({names})"
    return format_list(
        [f"{tell_regions(result.counts.respondents)} in {result.name}" for result in results]
    )


def _explain(table: ReleasedTable) -> list[str]:
    shown = [row for row in table.rows if has_value(row)]
    if not shown:
        return [MISSING_NOTE]
    unit = tell_time_unit(table)
    notes = [
        "Geen ster betekent niet: geen verandering. Een kleine verandering blijft met dit aantal "
        "regio's vaak onopgemerkt.",
        "Het vlak om de lijn is het 95%-interval van elke meting apart. Of vlakken elkaar "
        "overlappen, zegt niet of de metingen verschillen: dat zegt de toets.",
        "Twee aan twee zijn de metingen vergeleken over dezelfde regio's als de reeks; de ster "
        "volgt daar altijd de p met correctie voor het aantal vergelijkingen binnen de vraag. Het "
        "interval is zonder die correctie: het kan 0 uitsluiten waar geen ster staat.",
    ]
    trends = [TREND_TESTS[name] for name in dict.fromkeys(r["trend_test"] for r in shown) if name]
    if trends:
        notes.append(f"De trend per {unit} is berekend met {format_list(trends)}.")
    if any(row["trend_test"] == "gee_trend" and row["measure"] == PROPORTION for row in shown):
        notes.append(
            "De trend van een percentage is een kansverhouding: ×1,25 betekent dat de verhouding "
            f"tussen wel en niet per {unit} 1,25 keer zo groot wordt; ×1 is geen trend."
        )
    return [*notes, MISSING_NOTE]


def _explain_design(table: ReleasedTable) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row["design_reason"] for row in table.rows if row["design_reason"]))
