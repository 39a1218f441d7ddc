"""What may be shown: figures become a released table, small groups are suppressed.

Charts, exports and reports take a ReleasedTable and nothing else, so there is no way out
past this module. A figure over fewer than SMALLEST_GROUP regions is suppressed; over fewer
than SMALLEST_PERCENTAGE regions no percentage, mean or outcome is given, only the number of
regions. No number of regions below SMALLEST_GROUP gets out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from analysis.comparison import CHANGED, NOT_COMPARABLE, Comparison
from analysis.levels import Distribution, Level

SMALLEST_GROUP = 5
SMALLEST_PERCENTAGE = 10
SUPPRESSED = "onderdrukt (te weinig waarnemingen)"

Figure = Comparison | Level | Distribution

# What stays when a figure is suppressed: which figure it is, not what it says.
_KEPT = frozenset(
    {
        "item",
        "part",
        "concept",
        "section",
        "text",
        "label",
        "measure",
        "wave",
        "wave_before",
        "wave_after",
        "design",
        "adjustment",
        "stars",
        "footnote",
    }
)
_BASES = frozenset({"n", "n_pairs", "n_before", "n_after"})
# Kept only where there is no figure: over few regions they would tell what all of them said.
_WHY_NOT = frozenset({"reason", "outcome"})


@dataclass(frozen=True)
class ReleasedRow:
    """The released values of one figure; a suppressed one has no values."""

    values: dict[str, Any]
    is_suppressed: bool

    def __getitem__(self, name: str) -> Any:
        """The value, None where it was suppressed or does not exist for this figure."""
        return self.values.get(name)

    @property
    def has_star(self) -> bool:
        return bool(self["outcome"] == CHANGED)


class ReleasedTable:
    """Figures that may be shown, with what a reader must know of them. Made by `release`.

    `title` says what the table is about, `base` over which regions ('42 regio's die in beide
    jaren antwoordden'), `method` the test or interval in one plain sentence, `source` where
    the answers come from (the label of example data included).
    """

    def __init__(
        self,
        rows: Sequence[ReleasedRow],
        *,
        title: str,
        base: str,
        method: str,
        source: str,
        key: object,
    ) -> None:
        if key is not _KEY:
            raise TypeError("a ReleasedTable is made by disclosure.release only")
        self.rows = tuple(rows)
        self.title = title
        self.base = base
        self.method = method
        self.source = source

    @property
    def footnotes(self) -> tuple[str, ...]:
        """What is said of single rows, each once."""
        notes = [f"{row['text']}: {row['footnote']}" for row in self.rows if row["footnote"]]
        return tuple(dict.fromkeys(notes))


_KEY = object()


def release(
    figures: Sequence[Figure],
    *,
    title: str,
    base: str,
    method: str,
    source: str,
    smallest_group: int = SMALLEST_GROUP,
    smallest_percentage: int = SMALLEST_PERCENTAGE,
) -> ReleasedTable:
    """Suppress what is over too few regions and release the rest."""
    rows = [_release_row(figure, smallest_group, smallest_percentage) for figure in figures]
    return ReleasedTable(rows, title=title, base=base, method=method, source=source, key=_KEY)


def require_released(table: object) -> ReleasedTable:
    """The way in of charts and exports: TypeError for anything but a released table."""
    if not isinstance(table, ReleasedTable):
        raise TypeError("charts and exports take a ReleasedTable, made by disclosure.release")
    return table


def _release_row(figure: Figure, smallest_group: int, smallest_percentage: int) -> ReleasedRow:
    values = _values(figure)
    base = 0 if values.get("outcome") == NOT_COMPARABLE else figure.base
    if base >= smallest_percentage:
        return ReleasedRow(values, is_suppressed=False)
    kept = _KEPT | _BASES if base else _KEPT | _BASES | _WHY_NOT
    shown = {name: value for name, value in values.items() if name in kept}
    for name in _BASES & shown.keys():
        if 0 < shown[name] < smallest_group:
            del shown[name]
    return ReleasedRow(shown, is_suppressed=base > 0)


def _values(figure: Figure) -> dict[str, Any]:
    """The fields of a figure. Missing answers are counts of few regions and stay inside."""
    values = {f.name: getattr(figure, f.name) for f in fields(figure)}
    values.pop("missing", None)
    if isinstance(figure, Distribution):
        values["n"] = figure.n
        for name in ("shares", "totals"):
            values[name] = [
                {**asdict(share), "value": share.count / figure.n if figure.n else None}
                for share in values[name]
            ]
    for name in ("missing_before", "missing_after"):
        values.pop(name, None)
    return values
