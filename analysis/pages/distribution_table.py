"""The table under a chart of distributions: every answer with its share and its count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from analysis.disclosure import ReleasedRow
from analysis.pages.result_page import show_table
from analysis.wording import tell_absence
from surveys.dutch import format_percentage


def show_distributions(
    caption: str, what: str, rows: Iterable[ReleasedRow], *, has_totals: bool = True
) -> None:
    """`what` names the rows. `has_totals`: also the shares that the scale is reported by."""
    found = list(rows)
    model = next((row for row in found if row["shares"]), None)
    if model is None:
        show_table(caption, [what, "Uitkomst"], [[row["text"], tell_absence(row)] for row in found])
        return
    headings = [share["label"] for share in _parts(model, has_totals)]
    show_table(
        caption,
        [what, *headings, "Regio's met antwoord"],
        [_cells(row, has_totals) for row in found],
    )


def _parts(row: ReleasedRow, has_totals: bool) -> Sequence[dict[str, Any]]:
    return [*(row["totals"] if has_totals else []), *row["shares"]]


def _cells(row: ReleasedRow, has_totals: bool) -> list[str]:
    if absence := tell_absence(row):
        return [row["text"], absence]
    if not row["n"]:
        return [row["text"], "geen antwoorden"]
    parts = _parts(row, has_totals)
    cells = [f"{format_percentage(part['value'])} ({part['count']})" for part in parts]
    return [row["text"], *cells, str(row["n"])]
