"""A figure as it is shown: one finding, its chart, its tables, and what must be known of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.charts import Chart
from analysis.disclosure import ReleasedTable


@dataclass(frozen=True)
class PrintedTable:
    """A table in Dutch words. The first cell names the row; the last cell of a short row stands
    for all that follow. `note` stands under it."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Exhibit:
    """The same on a page, in a file and in a report.

    `name` is for files and addresses, `finding` the title. `draw` makes the chart with its title,
    base, test and source, for a file or a report; `draw_panels` one or two charts without them,
    for a page that says those itself. `why` explains the choice of test to who wants to know.
    """

    name: str
    finding: str
    table: ReleasedTable
    draw: Callable[[ReleasedTable], Chart]
    draw_panels: Callable[[ReleasedTable], tuple[Chart, ...]]
    tables: tuple[PrintedTable, ...]
    notes: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    why_tables: tuple[PrintedTable, ...] = ()

    @property
    def chart(self) -> Chart:
        return self.draw(self.table)

    @property
    def panels(self) -> tuple[Chart, ...]:
        return self.draw_panels(self.table)
