"""How often each answer on a scale was given, as bars of 100%."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt

from analysis.charts.canvas import (
    DARK,
    Chart,
    Layers,
    Rows,
    across,
    chart_of,
    draw_labels,
    finish,
    layer,
    place_rows,
    place_y,
)
from analysis.disclosure import ReleasedRow, ReleasedTable, require_released
from analysis.wording import extremes, tell_attention, tell_index, tell_yields
from surveys.dutch import format_percentage

PALETTE = ("#CA5800", "#F0B57D", "#D9D9D9", "#9CC3E6", "#0B5394")
_BAR = 24
_NARROWEST = 0.105  # the smallest share whose percentage fits in its segment on a phone
_COLUMN, _COLUMN_LETTERS = 62, 9  # the width of a column of figures at the side

Group = tuple[str, Sequence[ReleasedRow]]


def draw_stacked(table: ReleasedTable, *, titled: bool = True) -> Chart:
    """The answers per row, sorted by the headline share, with the shares at the side."""
    return _draw(table, [("", sort_yields(table))], tell_yields(table), titled, has_columns=True)


def draw_attention(table: ReleasedTable, *, titled: bool = True) -> Chart:
    """The rows in two groups: where the highest answer is given more than the lowest, and less."""
    groups = group_attention(require_released(table))
    return _draw(table, groups, tell_attention(table), titled)


def draw_index(table: ReleasedTable, *, titled: bool = True) -> Chart:
    """An index as one bar."""
    rows = require_released(table).rows
    return _draw(table, [("", rows)], tell_index(table), titled)


def sort_yields(table: ReleasedTable) -> list[ReleasedRow]:
    """The share that the scale is reported by decides, highest first."""
    return sorted(require_released(table).rows, key=_headline, reverse=True)


def group_attention(table: ReleasedTable) -> list[Group]:
    """The rows by which end of the scale is given more, each group by that share."""
    shown = [row for row in table.rows if row["shares"] and row["n"]]
    groups: list[Group] = []
    if shown:
        lowest, highest = extremes(shown[0])
        for title, end, sign in (
            (highest["label"], 1, 1),
            (lowest["label"], 0, -1),
            (f"even vaak {highest['label']} als {lowest['label']}", 1, 0),
        ):
            members = [row for row in shown if _lean(row) == sign]
            members.sort(key=lambda row, end=end: -extremes(row)[end]["value"])  # type: ignore[misc]
            if members:
                groups.append((title[0].upper() + title[1:], members))
    hidden = [row for row in table.rows if row not in shown]
    return [*groups, ("Zonder uitkomst", hidden)] if hidden else groups


def _lean(row: ReleasedRow) -> int:
    """1 where the highest answer is given more often than the lowest, -1 less, 0 equally."""
    lowest, highest = (int(share["count"]) for share in extremes(row))
    return (highest > lowest) - (highest < lowest)


def _headline(row: ReleasedRow) -> float:
    """The share that the scale is reported by, or else its highest answer."""
    if not row["shares"] or not row["n"]:
        return -1
    return float((row["totals"] or row["shares"][-1:])[0]["value"])


def _draw(
    table: ReleasedTable,
    groups: Iterable[Group],
    finding: str,
    titled: bool,
    *,
    has_columns: bool = False,
) -> Chart:
    labelled = [(heading, [(row["text"], row) for row in rows]) for heading, rows in groups]
    model = next((row for row in table.rows if row["shares"]), None)
    totals = model["totals"] if model and has_columns else []
    heads = ["\n".join(textwrap.wrap(total["label"], _COLUMN_LETTERS)) for total in totals]
    start = max((14 * (head.count("\n") + 1) + 8 for head in heads), default=0)
    rows = place_rows(labelled, _BAR, start=start)
    layers = [*draw_labels(rows), *_draw_bars(model, rows, len(totals) * _COLUMN)]
    for position, head in enumerate(heads):
        layers += _draw_column(rows, head, position, len(heads))
    chart = layer(layers, rows)
    title = finding if titled else None
    return finish(chart, table, finding=finding, title=title)


def _draw_bars(model: ReleasedRow | None, rows: Rows, side: int) -> Layers:
    """`model` is a row with the answers of the scale; `side` pixels stay free at the right."""
    labels = [share["label"] for share in model["shares"]] if model else []
    colours = pick_colours(len(labels))
    segments = [
        entry for band in rows.bands for entry in _segments(band.row, band.as_data(), colours)
    ]
    x = alt.X(
        "low:Q",
        scale=alt.Scale(domain=[0, 1], range=across(0, side + 4, None)),
        axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
        title="aandeel van de regio's met een antwoord",
    )
    legend = alt.Legend(columns=alt.ExprRef("width < 500 ? 2 : 5"), symbolType="square")
    bars = (
        chart_of(segments)
        .mark_bar(size=_BAR, stroke="white", strokeWidth=1)
        .encode(
            x=x,
            x2="high:Q",
            y=place_y(rows),
            fill=alt.Fill(
                "answer:N",
                scale=alt.Scale(domain=labels, range=colours),
                legend=legend if labels else None,
            ),
            tooltip=[
                alt.Tooltip("answer:N", title="antwoord"),
                alt.Tooltip("told:N", title="aandeel"),
            ],
        )
    )
    figures = (
        chart_of([entry for entry in segments if entry["high"] - entry["low"] >= _NARROWEST])
        .mark_text(fontSize=11, baseline="middle")
        .encode(
            x="centre:Q",
            y=place_y(rows),
            text="percentage:N",
            color=alt.Color("ink:N", scale=None),
        )
    )
    return [bars, figures]


def _segments(
    row: ReleasedRow, place: dict[str, Any], colours: list[str]
) -> Iterable[dict[str, Any]]:
    low = 0.0
    if not row["n"]:
        return
    for share, colour in zip(row["shares"] or [], colours, strict=False):
        high = low + share["value"]
        percentage = format_percentage(share["value"])
        yield {
            **place,
            "answer": share["label"],
            "low": low,
            "high": high,
            "centre": (low + high) / 2,
            "percentage": percentage,
            "told": f"{percentage} ({share['count']} van {row['n']})",
            "ink": pick_ink(colour),
        }
        low = high


def _draw_column(rows: Rows, head: str, position: int, columns: int) -> Layers:
    """The figures of one share, right of the bars and each level with its bar."""
    x = alt.value(alt.ExprRef(f"width - {(columns - 1 - position) * _COLUMN}"))
    figures = [
        band.as_data(total=format_percentage(band.row["totals"][position]["value"]))
        for band in rows.bands
        if band.row["totals"] and band.row["n"]
    ]
    return [
        chart_of([{"top": 0, "head": head}])
        .mark_text(align="right", baseline="top", lineBreak="\n", lineHeight=14, fontSize=11)
        .encode(x=x, y=place_y(rows, "top"), text="head:N", color=alt.value(DARK)),
        chart_of(figures)
        .mark_text(align="right", baseline="middle", fontSize=13, fontWeight="bold")
        .encode(x=x, y=place_y(rows), text="total:N", color=alt.value(DARK)),
    ]


# Colours


def pick_colours(answers: int) -> list[str]:
    """A colour per answer, lowest first: the palette, or evenly spread over it."""
    last = len(PALETTE) - 1
    places = [last * i / (answers - 1) if answers > 1 else last for i in range(answers)]
    return [_mix(PALETTE[int(p)], PALETTE[min(int(p) + 1, last)], p % 1) for p in places]


def _mix(first: str, second: str, part: float) -> str:
    mixed = (round(a + (b - a) * part) for a, b in zip(_rgb(first), _rgb(second), strict=True))
    return "#" + "".join(f"{value:02X}" for value in mixed)


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def pick_ink(colour: str) -> str:
    """Black or white, whichever reads best on the colour."""
    return max(("#000000", "#FFFFFF"), key=lambda ink: contrast(ink, colour))


def contrast(first: str, second: str) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
        for v in (value / 255 for value in _rgb(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
