"""What may be shown: figures become a released table, small groups are suppressed.

Charts, exports and reports take a ReleasedTable and nothing else, so there is no way out
past this module. A figure over fewer than SMALLEST_GROUP regions is suppressed; over fewer
than SMALLEST_PERCENTAGE regions no percentage, mean or outcome is given, only the number of
regions. No base below SMALLEST_GROUP gets out, and none can be found by adding and subtracting
the bases of a release (the rules are in `analysis.suppression`). How many of them gave an answer
may be few: 1 of 51 is 2%, as in the published tables.

- Rows of one item and part may be of all regions and of groups of them. A group that is small in
  one wave, or in one base of a comparison, is suppressed in all of them; where the total is
  released too, so is the next smallest group, until the suppressed are together not small.
- In a comparison of pairs the sizes of the waves, and what is over all answers (`*_all`), are
  withheld where only a few regions answered in one wave and not in the other: for the total where
  that holds of the total, for all groups of an attribute where it holds of one of them, and then
  for the total too if there is more than one comparison of it. A comparison of the same waves as
  independent groups is then suppressed: the pairs may be released beside it.
- A series of three waves or more has rules of its own: see `analysis.series_disclosure`.

Below SMALLEST_PERCENTAGE it is about precision: the base of such a group is shown, and whoever
finds its percentage by subtraction learns nothing of a small group. So no other group is
suppressed for its sake.

Not covered: what other releases show, such as the levels on another page; figures of two kinds on
one question in one release; groups of different attributes that lie within each other. With
three waves compared two by two, wave - pairs - pairs + pairs is the number of a set of regions of
mixed waves that may be small; no answers of such a set can be found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import compress
from typing import Any, NamedTuple

from analysis.comparison import Comparison
from analysis.decision import NOT_COMPARABLE
from analysis.levels import Distribution, Level
from analysis.movement import CELLS, Movement
from analysis.priorities import Priority
from analysis.released_row import KEPT, WHY_NOT, only
from analysis.released_row import ReleasedRow as ReleasedRow
from analysis.series_disclosure import release_series
from analysis.settings import INDEPENDENT
from analysis.suppression import SMALLEST_GROUP as SMALLEST_GROUP
from analysis.suppression import has_small_part, is_small, suppress_cells, suppress_groups
from analysis.wave_series import WaveSeries

SMALLEST_PERCENTAGE = 10
SUPPRESSED = "onderdrukt (te weinig waarnemingen)"

Figure = Comparison | Level | Distribution | Movement | Priority | WaveSeries

_WAVES = frozenset({"n_before", "n_after"})
_BASES = frozenset({"n", "n_pairs"}) | _WAVES


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

    def of_group(self, group: str) -> ReleasedTable:
        """The rows of one group, as they were released together with the others."""
        return self._only("group", group)

    def of_question(self, item: str) -> ReleasedTable:
        """The rows of one question, as they were released together with the others."""
        return self._only("item", item)

    def _only(self, field: str, wanted: str) -> ReleasedTable:
        rows = [row for row in self.rows if row[field] == wanted]
        about = {"title": self.title, "method": self.method, "source": self.source}
        return ReleasedTable(rows, base=self.base, key=_KEY, **about)

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
    """Suppress what is over too few regions and release the rest.

    ValueError where the groups of an attribute hold more regions than the total, and where two
    rows of a group tell different sizes of the same base.
    """
    found = [_values(figure, smallest_group) for figure in figures]
    withheld = _withhold(found, smallest_group)
    rows = [
        release_series(figure, smallest_group, smallest_percentage)
        if isinstance(figure, WaveSeries)
        else _release_row(values, figure.base, withheld, smallest_group, smallest_percentage)
        for values, figure in zip(found, figures, strict=True)
    ]
    return ReleasedTable(rows, title=title, base=base, method=method, source=source, key=_KEY)


def shown_groups(table: ReleasedTable) -> dict[tuple[str, str], frozenset[str]]:
    """Per item and part of a comparison, the groups whose values are released.

    No groups where the values of all regions are withheld or absent. A group without answers has
    no values either. What is told of groups together, such as a test, may be over these only.
    """
    shown: dict[tuple[str, str], set[str]] = {}
    for row in table.rows:
        names = shown.setdefault((row["item"], row["part"]), set())
        if not row.is_suppressed and row["value_after"] is not None:
            names.add(row["group"])
    return {
        figure: frozenset(names - {""}) if "" in names else frozenset()
        for figure, names in shown.items()
    }


def require_released(table: object) -> ReleasedTable:
    """The way in of charts and exports: TypeError for anything but a released table."""
    if not isinstance(table, ReleasedTable):
        raise TypeError("charts and exports take a ReleasedTable, made by disclosure.release")
    return table


def _values(figure: Figure, smallest_group: int) -> dict[str, Any]:
    """The fields of a figure that may be shown if it is not over too few regions.

    Missing answers are counts of few regions and stay inside. Of a movement the cells that are
    small, or tell which is, are None.
    """
    values = {f.name: getattr(figure, f.name) for f in fields(figure)}
    if isinstance(figure, Distribution):
        values["n"] = figure.n
        for name in ("shares", "totals"):
            values[name] = [
                {**asdict(share), "value": share.count / figure.n if figure.n else None}
                for share in values[name]
            ]
    if isinstance(figure, Movement):
        hidden = suppress_cells([values[cell] for cell in CELLS], smallest_group)
        values.update(dict.fromkeys(compress(CELLS, hidden)))
    return only(values, values.keys() - {"missing", "missing_before", "missing_after"})


def _release_row(
    values: dict[str, Any],
    base: int,
    withheld: _Withheld,
    smallest_group: int,
    smallest_percentage: int,
) -> ReleasedRow:
    is_refused = values.get("outcome") == NOT_COMPARABLE
    base = 0 if is_refused else base
    name = _name(values)
    if name in withheld.groups:
        kept = KEPT | WHY_NOT if is_refused else KEPT
        return ReleasedRow(only(values, kept), is_suppressed=not is_refused)
    if values.get("design") == INDEPENDENT:
        # where pairs were released elsewhere, the waves minus those would be a few regions
        if name in withheld.waves and not is_refused:
            return ReleasedRow(only(values, KEPT), is_suppressed=True)
        values = only(values, values.keys() - {"n_pairs"})
    if name in withheld.waves:
        values = only(values, {field for field in values if not _is_over_waves(field)})
    if base >= smallest_percentage:
        return ReleasedRow(values, is_suppressed=False)
    shown = only(values, KEPT | _BASES if base else KEPT | _BASES | WHY_NOT)
    for field in _BASES & shown.keys():
        if is_small(shown[field], smallest_group):
            del shown[field]
    return ReleasedRow(shown, is_suppressed=base > 0)


def _is_over_waves(field: str) -> bool:
    return field in _WAVES or field.endswith("_all")


# Groups and what is left of their total


class _Name(NamedTuple):
    """Of whom a row tells what; all regions have no attribute and no group."""

    item: str
    part: str | None
    attribute: str
    group: str


@dataclass(frozen=True)
class _Withheld:
    """Of whom nothing is told, and of whom only what is over pairs."""

    groups: set[_Name]
    waves: set[_Name]


# The number of regions per wave or pair of waves, and per base.
_Sizes = dict[Hashable, int]


def _withhold(rows: Sequence[Mapping[str, Any]], smallest: int) -> _Withheld:
    withheld = _Withheld(set(), set())
    for values in rows:
        # without pairs the whole wave is what is left, and its size is withheld for itself
        if values.get("n_pairs") and has_small_part([_leftovers(values)], {}, smallest):
            withheld.waves.add(_name(values))
    divided = {_name(values)[:2] for values in rows if values.get("group")}
    rows = [values for values in rows if _name(values)[:2] in divided]
    sizes, leftovers = _collect(rows, _sizes), _collect(rows, _leftovers)
    groups: dict[tuple[Any, ...], list[_Name]] = defaultdict(list)
    for name in sizes:
        if name.group:
            groups[name[:3]].append(name)
    for names in groups.values():
        total = names[0]._replace(attribute="", group="")
        found = suppress_groups([sizes[name] for name in names], sizes[total], smallest)
        withheld.groups.update(compress(names, found))
        shown = [leftovers[name] for name in names if name not in withheld.groups]
        if has_small_part(shown, leftovers[total], smallest):
            withheld.waves.update(names)
            if len(leftovers[total]) > len(_WAVES):
                # a wave of several comparisons, minus the pairs of one group in the first and
                # those of another in the second, can be a few regions
                withheld.waves.add(total)
    return withheld


def _name(values: Mapping[str, Any]) -> _Name:
    group = values.get("group", "")
    attribute = values["attribute"] if group else ""
    return _Name(values["item"], values.get("part"), attribute, group)


def _sizes(values: Mapping[str, Any]) -> _Sizes:
    return {(_when(values), base): values[base] for base in sorted(_BASES & values.keys())}


def _leftovers(values: Mapping[str, Any]) -> _Sizes:
    """How many regions answered in a wave and are in no pair."""
    if "n_pairs" not in values:
        return {}
    return {
        (_when(values), wave): values[wave] - values["n_pairs"]
        for wave in sorted(_WAVES & values.keys())
    }


def _when(values: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(values.get(name) for name in ("wave", "wave_before", "wave_after"))


def _collect(
    rows: Sequence[Mapping[str, Any]], read: Callable[[Mapping[str, Any]], _Sizes]
) -> dict[_Name, _Sizes]:
    found: dict[_Name, _Sizes] = defaultdict(dict)
    for values in rows:
        known = found[_name(values)]
        for column, size in read(values).items():
            if known.setdefault(column, size) != size:
                raise ValueError(f"{_name(values)}: {known[column]} and {size} regions in one base")
    return found
