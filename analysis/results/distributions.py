"""How often each answer of a block was given: in one wave, or in two over the same regions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

from analysis.charts import (
    Order,
    draw_attention,
    draw_index,
    draw_stacked,
    group_attention,
    sort_yields,
)
from analysis.charts.canvas import Chart
from analysis.disclosure import ReleasedRow, ReleasedTable, release
from analysis.finding_wording import tell_attention, tell_index, tell_yields
from analysis.levels import Distribution, measure_distributions
from analysis.results.block import Block
from analysis.results.changes import MISSING_NOTE
from analysis.results.exhibit import Exhibit, PrintedTable
from analysis.results.panel_counts import count_panel
from analysis.results.source import PairResult, WaveResult, tell_source
from analysis.wording import tell_absence, tell_regions
from surveys.dutch import format_percentage


def release_distributions(result: WaveResult, block: Block, day: date) -> ReleasedTable:
    """Of every scale in the block, over all regions that answered in the wave."""
    return release(
        _scales(measure_distributions(result.counts, block.section), result),
        title=block.title,
        base=result.base,
        method=MISSING_NOTE,
        source=tell_source([result], day),
    )


def release_panel_distributions(pair: PairResult, block: Block, day: date) -> ReleasedTable:
    """Of every scale in the block in both waves, over the regions that answered it in both: those
    that the comparison is about."""
    before, after = count_panel(pair)
    rows = [
        row
        for counts in (before, after)
        for row in _scales(measure_distributions(counts, block.section), pair.after)
        if row.n
    ]
    return release(
        rows,
        title=block.title,
        base=f"{tell_regions(pair.pairs.regions)} die in beide jaren antwoordden",
        method=(
            "Alleen regio's die de vraag in beide jaren beantwoordden, dezelfde als bij de "
            f"veranderingen. {MISSING_NOTE}"
        ),
        source=tell_source(pair.results, day),
    )


def _scales(rows: Iterable[Distribution], result: WaveResult) -> list[Distribution]:
    indexes = {index.id for index in result.counts.questionnaire.indexes}
    return [row for row in rows if row.item not in indexes]


def release_indexes(result: WaveResult, block: Block, day: date) -> list[ReleasedTable]:
    """Every index of the block as a table of one row."""
    asked = {index.id: index for index in result.counts.questionnaire.indexes}
    return [
        release(
            [row],
            title=row.text,
            base=result.base,
            method=_explain_index([(lv.minimum, lv.label) for lv in asked[row.item].levels]),
            source=tell_source([result], day),
        )
        for row in measure_distributions(result.counts, block.section)
        if row.item in asked
    ]


def _explain_index(levels: Iterable[tuple[int, str]]) -> str:
    told = ", ".join(f"vanaf {minimum}: {label}" for minimum, label in levels)
    return f"De index telt hoeveel vormen een regio koos; {told}. {MISSING_NOTE}"


# Exhibits


def stacked_exhibit(
    table: ReleasedTable, block: Block, order: Order = Order.HIGHEST, *, diverging: bool = False
) -> Exhibit:
    rows = sort_yields(table, order)
    return _exhibit(
        table,
        f"{block.section}-verdeling",
        tell_yields(table, block.what),
        partial(draw_stacked, what=block.what, order=order, diverging=diverging),
        [_print(f"{block.title}, {_tell_waves(table)}", block.what[0].capitalize(), rows)],
    )


def attention_exhibit(
    table: ReleasedTable, block: Block, order: Order = Order.HIGHEST, *, diverging: bool = False
) -> Exhibit:
    """In two groups: what gets the highest answer more often than the lowest, and the rest."""
    what = block.what[0].capitalize()
    tables = [
        _print(f"{group}, {_tell_waves(table)}", what, rows, has_totals=False)
        for group, rows in group_attention(table, order)
    ]
    draw = partial(draw_attention, order=order, diverging=diverging)
    explained = (
        "Een activiteit staat bij 'Veel aandacht' als meer regio's veel aandacht kozen dan "
        "minder aandacht, en andersom."
    )
    found = _exhibit(table, block.section, tell_attention(table), draw, tables)
    return Exhibit(**{**vars(found), "notes": (explained, *found.notes)})


def index_exhibit(table: ReleasedTable) -> Exhibit:
    finding, name = tell_index(table), table.rows[0]["item"]
    return _exhibit(table, name, finding, draw_index, [_print(table.title, "Index", table.rows)])


def _exhibit(
    table: ReleasedTable,
    name: str,
    finding: str,
    draw: Callable[..., Chart],
    tables: Sequence[PrintedTable],
) -> Exhibit:
    waves = sorted({str(row["wave"]) for row in table.rows})
    return Exhibit(
        name="-".join([name, *waves]),
        finding=finding,
        table=table,
        draw=draw,
        draw_panels=lambda table: (draw(table, titled=False),),
        tables=tuple(tables),
        notes=(table.method,),
    )


def _tell_waves(table: ReleasedTable) -> str:
    waves = sorted({str(row["wave"]) for row in table.rows})
    return f"meting {waves[0]}" if len(waves) == 1 else f"metingen {' en '.join(waves)}"


def _print(
    caption: str, what: str, rows: Iterable[ReleasedRow], *, has_totals: bool = True
) -> PrintedTable:
    """Every answer with its share and its count. `has_totals`: also the shares that the scale is
    reported by."""
    found = list(rows)
    model = next((row for row in found if row["shares"]), None)
    several = len({row["wave"] for row in found}) > 1
    if model is None:
        cells = tuple((row["text"], tell_absence(row)) for row in found)
        return PrintedTable(caption, (what, "Uitkomst"), cells)
    headings = [share["label"] for share in _parts(model, has_totals)]
    return PrintedTable(
        caption,
        (what, *headings, "Regio's met antwoord"),
        tuple(_cells(row, has_totals, several) for row in found),
    )


def _parts(row: ReleasedRow, has_totals: bool) -> Sequence[dict[str, Any]]:
    return [*(row["totals"] if has_totals else []), *row["shares"]]


def _cells(row: ReleasedRow, has_totals: bool, several: bool) -> tuple[str, ...]:
    name = f"{row['text']}, {row['wave']}" if several else row["text"]
    if absence := tell_absence(row):
        return name, absence
    if not row["n"]:
        return name, "geen antwoorden"
    parts = _parts(row, has_totals)
    cells = [f"{format_percentage(part['value'])} ({part['count']})" for part in parts]
    return name, *cells, str(row["n"])
