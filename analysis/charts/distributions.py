"""How often each answer on a scale was given, in one wave or in several: bars of 100%.

A table may hold several waves, in time order. A question then gets a bar for each, the earliest
above; the last wave gives the text and decides the order.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import replace

from analysis.charts.canvas import Chart, Rows, draw_labels, finish, layer, place_rows
from analysis.charts.choice import draw_room
from analysis.charts.order import Order
from analysis.charts.segments import BAR, COLUMN, Look, draw_bars, draw_column
from analysis.disclosure import ReleasedRow, ReleasedTable, require_released
from analysis.finding_wording import extremes, last_wave, tell_attention, tell_index, tell_yields

_POINTS = ("aandachtspunt", "aandachtspunten")
_COLUMN_LETTERS = 9  # the width of a column of figures at the side

Group = tuple[str, list[ReleasedRow]]
_Question = list[ReleasedRow]  # its waves in time order


def draw_stacked(
    table: ReleasedTable,
    *,
    what: tuple[str, str] = _POINTS,
    titled: bool = True,
    order: Order = Order.HIGHEST,
    diverging: bool = False,
) -> Chart:
    """The answers per row, with the shares that the scale is reported by at the side.

    `what` names one row, and several. `diverging`: the bars lie around the middle of the scale.
    """
    return _draw(
        table,
        [("", sort_yields(table, order))],
        tell_yields(table, what),
        titled=titled,
        diverging=diverging,
        has_columns=True,
    )


def draw_attention(
    table: ReleasedTable,
    *,
    titled: bool = True,
    order: Order = Order.HIGHEST,
    diverging: bool = False,
) -> Chart:
    """The rows in two groups: where the highest answer is given more than the lowest, and less."""
    groups = group_attention(table, order)
    return _draw(table, groups, tell_attention(table), titled=titled, diverging=diverging)


def draw_index(table: ReleasedTable, *, titled: bool = True, diverging: bool = False) -> Chart:
    """An index as one bar."""
    groups = [("", sort_yields(table, Order.ASKED))]
    return _draw(
        table, groups, tell_index(table), titled=titled, diverging=diverging, has_choice=False
    )


# Order


def sort_yields(table: ReleasedTable, order: Order = Order.HIGHEST) -> list[ReleasedRow]:
    """The rows as they are drawn, by the share that the scale is reported by, or by how much that
    changed. The waves of a question stay together, the earliest first."""
    return _flatten(_sort(_group_questions(require_released(table)), order, last_wave(table)))


def group_attention(table: ReleasedTable, order: Order = Order.HIGHEST) -> list[Group]:
    """The rows by which end of the scale is given more, each group by that share."""
    questions, wave = _group_questions(require_released(table)), last_wave(table)
    shown = [q for q in questions if q[-1]["wave"] == wave and _is_shown(q[-1])]
    groups: list[Group] = []
    if shown:
        lowest, highest = extremes(shown[0][-1])
        for title, end, sign in (
            (highest["label"], -1, 1),
            (lowest["label"], 0, -1),
            (f"even vaak {highest['label']} als {lowest['label']}", -1, 0),
        ):
            members = _sort([q for q in shown if _lean(q[-1]) == sign], order, wave, end)
            if members:
                groups.append((title[0].upper() + title[1:], _flatten(members)))
    hidden = _flatten([question for question in questions if question not in shown])
    return [*groups, ("Zonder uitkomst", hidden)] if hidden else groups


def _group_questions(table: ReleasedTable) -> list[_Question]:
    """The rows per question, in the order in which the last wave asks them."""
    found: dict[tuple[str, str], _Question] = {}
    wave = last_wave(table)
    for row in sorted(table.rows, key=lambda row: row["wave"] != wave):
        found.setdefault(_name(row), [])
    for row in table.rows:
        found[_name(row)].append(row)
    return list(found.values())


def _flatten(questions: Sequence[_Question]) -> list[ReleasedRow]:
    return [row for question in questions for row in question]


def _sort(
    questions: Sequence[_Question], order: Order, wave: str, end: int | None = None
) -> list[_Question]:
    """Those without a figure in the last wave come last."""
    if order is Order.ASKED:
        return list(questions)
    by_change = order is Order.CHANGE and any(len(question) > 1 for question in questions)

    def place(question: _Question) -> float:
        before, after = (_read(row, end) for row in (question[0], question[-1]))
        if after is None or question[-1]["wave"] != wave:
            return 2
        if not by_change:
            return -after
        return 1 if len(question) == 1 or before is None else -abs(after - before)

    return sorted(questions, key=place)


def _read(row: ReleasedRow, end: int | None) -> float | None:
    """The share of the answer at an end of the scale; without one that which the scale is
    reported by, or else its highest answer."""
    if not _is_shown(row):
        return None
    shares = row["shares"]
    share = shares[end] if end is not None else (row["totals"] or shares[-1:])[0]
    return float(share["value"])


def _is_shown(row: ReleasedRow) -> bool:
    return bool(row["shares"] and row["n"])


def _lean(row: ReleasedRow) -> int:
    """1 where the highest answer is given more often than the lowest, -1 less, 0 equally."""
    lowest, highest = (int(share["count"]) for share in extremes(row))
    return (highest > lowest) - (highest < lowest)


# Drawing


def _draw(
    table: ReleasedTable,
    groups: Sequence[Group],
    finding: str,
    *,
    titled: bool,
    diverging: bool,
    has_columns: bool = False,
    has_choice: bool = True,
) -> Chart:
    model = next((row for row in table.rows if row["shares"]), None)
    totals = [total["label"] for total in model["totals"]] if model and has_columns else []
    heads = ["\n".join(textwrap.wrap(total, _COLUMN_LETTERS)) for total in totals]
    rows = _place(groups, start=max((14 * (head.count("\n") + 1) + 8 for head in heads), default=0))
    look = Look(table, rows, side=len(heads) * COLUMN, diverging=diverging)
    layers = [*draw_labels(rows, look.left), *draw_bars(look)]
    for position, (head, total) in enumerate(zip(heads, totals, strict=True)):
        layers += draw_column(rows, head, total, (len(heads) - 1 - position) * COLUMN)
    if has_choice and not titled:
        layers = [*draw_room(rows), *layers]
    title = finding if titled else None
    return finish(layer(layers, rows), table, finding=finding, title=title)


def _place(groups: Sequence[Group], start: int) -> Rows:
    """Only the first of the waves of a question has a label: the text in the last of them, whose
    item is what a click on any of them chooses."""
    last = {_name(row): row for _, shown in groups for row in shown}
    texts = {name: row["text"] for name, row in last.items()}
    labelled = [
        (heading, [(texts.pop(_name(row), ""), row) for row in shown]) for heading, shown in groups
    ]
    rows = place_rows(labelled, BAR, start=start)
    bands = (replace(band, item=last[_name(band.row)]["item"]) for band in rows.bands)
    return replace(rows, bands=tuple(bands))


def _name(row: ReleasedRow) -> tuple[str, str]:
    """Of a question, the same in every wave."""
    return row["section"], row["concept"]
