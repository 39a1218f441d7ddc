"""A released table as columns of plain Dutch headings and numbers, for CSV and Excel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from analysis.columns import COUNT, FRACTION, MEAN, POINTS, TEXT, Cell, Column, P
from analysis.disclosure import SUPPRESSED, ReleasedRow, ReleasedTable
from analysis.measures import PROPORTION
from analysis.method_wording import tell_adjusted
from analysis.series_sheet import series_columns
from analysis.settings import OVERLAP
from analysis.wording import FEW_MORE, is_withheld


class _Part(NamedTuple):
    """Those rows of a released table that have the same columns."""

    rows: tuple[ReleasedRow, ...]


_Table = ReleasedTable | _Part


def make_sheet(table: ReleasedTable) -> list[Column]:
    """The columns of a table of comparisons, of levels or of distributions. Where percentages,
    means, changes and levels stand together, each has its own, empty for the others."""
    kinds = [_kind(row) for row in table.rows]
    if len(set(kinds)) < 2:
        return _make_columns(table) if table.rows else []
    merged: dict[str, tuple[str, list[Cell]]] = {}
    for kind in dict.fromkeys(kinds):
        places = [place for place, other in enumerate(kinds) if other == kind]
        for column in _make_columns(_Part(tuple(table.rows[place] for place in places))):
            _, cells = merged.setdefault(column.heading, (column.kind, [None] * len(kinds)))
            for place, cell in zip(places, column.cells, strict=True):
                cells[place] = cell
    return [Column(heading, kind, tuple(cells)) for heading, (kind, cells) in merged.items()]


def _kind(row: ReleasedRow) -> tuple[bool, str | None]:
    return "wave_after" in row.values, row["measure"]


def _make_columns(table: _Table) -> list[Column]:
    first = table.rows[0].values
    if "pairwise" in first:
        columns = series_columns(table.rows)
    elif "wave_after" in first:
        columns = _comparison_columns(table)
    elif "label_urgent" in first:
        columns = _priority_columns(table)
    elif any(row["shares"] for row in table.rows):
        columns = _distribution_columns(table)
    else:
        columns = _level_columns(table)
    return list(columns)


def _column(table: _Table, heading: str, kind: str, read: Callable[[ReleasedRow], Cell]) -> Column:
    """A column of which a suppressed row says so."""
    cells = []
    for row in table.rows:
        value = read(row)
        cells.append(SUPPRESSED if value is None and row.is_suppressed else value)
    return Column(heading, kind, tuple(cells))


def _field(table: _Table, heading: str, kind: str, name: str) -> Column:
    return _column(table, heading, kind, lambda row: row[name])


def _texts(table: _Table, heading: str, read: Callable[[ReleasedRow], str]) -> Column:
    return Column(heading, TEXT, tuple(read(row) for row in table.rows))


def _is_proportion(table: _Table) -> bool:
    return any(row["measure"] == PROPORTION for row in table.rows)


def _comparison_columns(table: _Table) -> Iterator[Column]:
    before, after = table.rows[0]["wave_before"], table.rows[0]["wave_after"]
    is_proportion = _is_proportion(table)
    level, sign = (FRACTION, " (%)") if is_proportion else (MEAN, " (gemiddelde)")
    change, unit = (POINTS, "procentpunten") if is_proportion else (MEAN, "punten")
    yield _texts(table, "Vraag", lambda row: row["text"])
    yield _texts(table, "Wat is gemeten", lambda row: row["label"])
    yield _field(table, f"{before}{sign}", level, "value_before")
    yield _field(table, f"{after}{sign}", level, "value_after")
    if is_proportion:
        yield _field(table, f"{before} (aantal regio's)", COUNT, "count_before")
        yield _field(table, f"{after} (aantal regio's)", COUNT, "count_after")
    if any(row["design"] == "independent" for row in table.rows):
        yield _field(table, f"Regio's met antwoord in {before}", COUNT, "n_before")
        yield _field(table, f"Regio's met antwoord in {after}", COUNT, "n_after")
    else:
        yield _field(table, "Regio's met antwoord in beide jaren", COUNT, "n_pairs")
    yield _field(table, f"Verschil ({unit})", change, "change")
    yield _field(table, f"Ondergrens 95%-interval ({unit})", change, "ci_low")
    yield _field(table, f"Bovengrens 95%-interval ({unit})", change, "ci_high")
    yield _column(table, "Uitkomst", TEXT, lambda row: row["outcome"])
    yield _field(table, "p", P, "p")
    yield _field(table, tell_adjusted(table.rows[0]), P, "p_adjusted")
    yield _field(table, f"Aantoonbaar verschil ({unit})", change, "detectable_change")
    if any(row["design"] == OVERLAP for row in table.rows):
        yield from _overall_columns(table, level, sign, change, unit)
    yield _texts(table, "Opmerking", _remark)


def _overall_columns(
    table: _Table, level: str, sign: str, change: str, unit: str
) -> Iterator[Column]:
    """The secondary outcome, over all regions that answered in either wave."""
    before, after = table.rows[0]["wave_before"], table.rows[0]["wave_after"]
    for heading, kind, name in (
        (f"{before}{sign}", level, "value_before_all"),
        (f"{after}{sign}", level, "value_after_all"),
        (f"regio's met antwoord in {before}", COUNT, "n_before"),
        (f"regio's met antwoord in {after}", COUNT, "n_after"),
        (f"verschil ({unit})", change, "change_all"),
        (f"ondergrens 95%-interval ({unit})", change, "ci_low_all"),
        (f"bovengrens 95%-interval ({unit})", change, "ci_high_all"),
        ("p", P, "p_all"),
    ):
        yield _column(table, f"Alle regio's: {heading}", kind, _overall_reader(name))


def _overall_reader(name: str) -> Callable[[ReleasedRow], Cell]:
    return lambda row: FEW_MORE if is_withheld(row) else row[name]


def _remark(row: ReleasedRow) -> str:
    return " ".join(text for text in (row["reason"], row["footnote"], row["reason_all"]) if text)


def _level_columns(table: _Table) -> Iterator[Column]:
    is_proportion = _is_proportion(table)
    kind, sign = (FRACTION, "%") if is_proportion else (MEAN, "gemiddelde")
    yield _texts(table, "Vraag", lambda row: row["text"])
    yield _texts(table, "Antwoord", lambda row: row["label"])
    yield _texts(table, "Meting", lambda row: row["wave"])
    yield _field(table, sign, kind, "value")
    if is_proportion:
        yield _field(table, "Aantal regio's", COUNT, "count")
    yield _field(table, "Van (regio's met antwoord)", COUNT, "n")
    yield _field(table, f"Ondergrens 95%-interval ({sign})", kind, "ci_low")
    yield _field(table, f"Bovengrens 95%-interval ({sign})", kind, "ci_high")


def _priority_columns(table: _Table) -> Iterator[Column]:
    """Assumes one scale for the urgency and one for the yields."""
    first = table.rows[0]
    urgent, yielding = first["label_urgent"], first["label_yielding"]
    yield _texts(table, "Aandachtspunt", lambda row: row["text"])
    yield _texts(table, "Meting", lambda row: row["wave"])
    for label, share, count in (
        (urgent, "urgent", "count_urgent"),
        (yielding, "yielding", "count_yielding"),
    ):
        yield _field(table, f"{label} (%)", FRACTION, share)
        yield _field(table, f"{label} (aantal regio's)", COUNT, count)
    yield _field(table, "Regio's die beide vragen beantwoordden", COUNT, "n")
    yield _field(table, "Verschil (procentpunten)", POINTS, "gap")
    yield _field(table, "Ondergrens 95%-interval (procentpunten)", POINTS, "ci_low")
    yield _field(table, "Bovengrens 95%-interval (procentpunten)", POINTS, "ci_high")
    yield _field(table, "Uitkomst", TEXT, "standing")
    yield _field(table, "p", P, "p")
    yield _field(table, tell_adjusted(first), P, "p_adjusted")
    yield _texts(table, "Opmerking", _remark)


def _distribution_columns(table: _Table) -> Iterator[Column]:
    """Assumes one answer scale; its labels are those of the first row that has any."""
    yield _texts(table, "Vraag", lambda row: row["text"])
    yield _texts(table, "Meting", lambda row: row["wave"])
    model = next(row for row in table.rows if row["shares"])
    for part in ("shares", "totals"):
        for position, share in enumerate(model[part]):
            yield _column(
                table, f"{share['label']} (%)", FRACTION, _reader(part, position, "value")
            )
            yield _column(
                table, f"{share['label']} (aantal regio's)", COUNT, _reader(part, position, "count")
            )
    yield _field(table, "Regio's met antwoord", COUNT, "n")


def _reader(part: str, position: int, name: str) -> Callable[[ReleasedRow], Any]:
    return lambda row: row[part][position][name] if row[part] else None
