"""The level of figures in one wave, as bars with their interval."""

from __future__ import annotations

from typing import Any

import altair as alt

from analysis.charts.canvas import (
    AFTER,
    DARK,
    Chart,
    across,
    chart_of,
    draw_labels,
    finish,
    layer,
    place_rows,
    place_y,
)
from analysis.disclosure import ReleasedRow, ReleasedTable, require_released
from analysis.finding_wording import tell_anchoring
from analysis.wording import tell_amount

_BAR = 18
_PALE = "#C4DDED"
_TOOLTIP = [
    alt.Tooltip(f"{field}:N", title=title)
    for field, title in (
        ("question", "vraag"),
        ("answer", "antwoord"),
        ("wave", "meting"),
        ("share", "aandeel"),
        ("interval", "95%-interval"),
    )
]


def draw_anchoring(table: ReleasedTable, *, titled: bool = True) -> Chart:
    """A bar per answer under the question it answers, highest first, with its 95% interval."""
    rows = place_rows(group_by_question(require_released(table)), _BAR)
    data = [
        band.as_data(
            **_describe(band.row),
            zero=0,
            low=band.row["ci_low"],
            high=band.row["ci_high"],
            end=band.row["value"] if band.row["ci_high"] is None else band.row["ci_high"],
            told=_tell(band.row, "/"),
        )
        for band in rows.bands
        if band.row["value"] is not None
    ]
    title = ["aandeel van de regio's", "(lijn: 95%-betrouwbaarheidsinterval)"]
    x = alt.X(
        "zero:Q",
        scale=alt.Scale(domain=[0, 1], range=across(0, 84, None)),
        axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
        title=title,
    )
    base = chart_of(data).encode(y=place_y(rows), tooltip=_TOOLTIP)
    layers = [
        *draw_labels(rows),
        base.mark_bar(size=_BAR, color=_PALE).encode(x=x, x2="value:Q"),
        base.mark_rule(strokeWidth=2, color=AFTER).encode(
            x=alt.X("low:Q", title=title), x2="high:Q"
        ),
        base.mark_point(size=60, filled=True, color=AFTER, opacity=1).encode(
            x=alt.X("value:Q", title=title)
        ),
        base.mark_text(align="left", dx=8, fontSize=13, color=DARK).encode(
            x=alt.X("end:Q", title=title), text="told:N"
        ),
    ]
    finding = tell_anchoring(table)
    shown = finding if titled else None
    return finish(layer(layers, rows), table, finding=finding, title=shown)


def _tell(row: ReleasedRow, of: str) -> str:
    return f"{tell_amount(row, row['value'])} ({row['count']}{of}{row['n']})"


def _describe(row: ReleasedRow) -> dict[str, Any]:
    """A value with the fields of its tooltip."""
    low, high = (tell_amount(row, row[name]) for name in ("ci_low", "ci_high"))
    return {
        "value": row["value"],
        "question": row["text"],
        "answer": row["label"],
        "wave": row["wave"],
        "share": _tell(row, " van "),
        "interval": "–" if row["ci_low"] is None else f"{low} tot {high}",
    }


def group_by_question(table: ReleasedTable) -> list[tuple[str, list[tuple[str, ReleasedRow]]]]:
    """Per question its answers as (label, row), highest first."""
    groups: dict[str, list[ReleasedRow]] = {}
    for row in table.rows:
        groups.setdefault(row["text"], []).append(row)
    return [
        (question, [(_capitalise(row["label"]), row) for row in sorted(rows, key=_lowest_last)])
        for question, rows in groups.items()
    ]


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowest_last(row: ReleasedRow) -> float:
    return 1.0 if row["value"] is None else -float(row["value"])
