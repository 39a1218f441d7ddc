"""The response by day: how many regions had submitted, and when mails went out.

Numbers of regions in fieldwork, for the evaluator: no result, and not for export.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any

import altair as alt

from analysis.charts.canvas import (
    AFTER,
    CONFIG,
    DARK,
    LABEL_LETTERS,
    MUTED,
    WIDTH,
    across,
    chart_of,
)
from surveys.dutch import format_day, format_list, format_percentage, format_short_day
from surveys.monitoring.response import Day

# Pixels: of the whole, for the marks of mails at the top, for the number at the end.
_HEIGHT, _MAILS, _END = 300, 30, 34
_LABELS = 5  # dates under the axis: as many as fit a phone
_INVITATION, _REMINDER = "uitnodigingen verstuurd", "herinneringen verstuurd"


def draw_response(days: Sequence[Day], invited: int, until: date, wave: str) -> alt.LayerChart:
    """A step per day for the regions that had submitted by then; a line down where mails were
    sent. `until`: the last day to show, no earlier than the last of `days`.

    ValueError where there are no days.
    """
    if not days:
        raise ValueError("there is no day to draw")
    span = (until - days[0].on).days
    x = alt.X(
        "day:Q",
        scale=alt.Scale(domain=[0, max(span, 1)], range=across(2, _END, None), nice=False),
        axis=_name_days(days[0].on, span),
        title=None,
    )
    top = max(invited, days[-1].total, 1)
    y = alt.Y(
        "total:Q",
        scale=alt.Scale(domain=[0, top], range=[_HEIGHT, _MAILS], nice=False),
        axis=alt.Axis(values=_count_up(top)),
        title="regio's die verzonden, opgeteld",
    )
    layers = [
        *_draw_asked(invited, y),
        *_draw_mails(days, x),
        *_draw_steps(days, span, x, y),
        _tell_last(days, span),
    ]
    chart: alt.LayerChart = alt.LayerChart(layer=layers, width=WIDTH, height=_HEIGHT).properties(
        title=_make_title(invited, wave),
        description=f"{tell_response(days, invited, until)} {_tell_mails(days)}".strip(),
        config=CONFIG,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    )
    return chart


def tell_response(days: Sequence[Day], invited: int, until: date) -> str:
    """'Op 3 maart 2024 hadden 51 van de 78 uitgenodigde regio's de vragenlijst verzonden (65%).'"""
    total = days[-1].total
    if invited:
        share = format_percentage(total / invited)
        who = f"{total} van de {invited} uitgenodigde regio's ({share})"
    else:
        who = "1 regio" if total == 1 else f"{total} regio's"
    has = "had" if total == 1 else "hadden"
    return f"Op {format_day(until)} {has} {who} de vragenlijst verzonden."


def _tell_mails(days: Sequence[Day]) -> str:
    sentences = []
    for what, number in (
        ("Uitnodigingen", [(day.on, day.invitations) for day in days]),
        ("Herinneringen", [(day.on, day.reminders) for day in days]),
    ):
        told = [f"{format_day(on)} ({sent})" for on, sent in number if sent]
        if told:
            sentences.append(f"{what} verstuurd op {format_list(told)}.")
    return " ".join(sentences)


def _make_title(invited: int, wave: str) -> alt.TitleParams:
    asked = f"{invited} uitgenodigde regio's" if invited else "wie is uitgenodigd, is niet bekend"
    about = f"Aantal regio's per dag, opgeteld. Basis: {asked}, meting {wave}"
    return alt.TitleParams(
        text=["Verzonden vragenlijsten"],
        subtitle=textwrap.wrap(about, LABEL_LETTERS + 4),
        subtitleColor=MUTED,
    )


def _name_days(first: date, span: int) -> alt.Axis:
    """The days are numbers to the chart, so that no zone of the reader's moves them."""
    step = max(1, -(-span // (_LABELS - 1)))
    numbers = list(range(0, span + 1, step))
    names = {number: format_short_day(first + timedelta(number)) for number in numbers}
    told = json.dumps(names, ensure_ascii=False)
    return alt.Axis(values=numbers, labelExpr=f"({told})[datum.value]", labelFlush=True)


def _count_up(top: int) -> list[int]:
    """Whole numbers for an axis up to `top`: about five."""
    steps = (first * 10**size for size in count() for first in (1, 2, 5))
    return list(range(0, top + 1, next(step for step in steps if top <= 5 * step)))


def _draw_asked(invited: int, y: alt.Y) -> list[alt.Chart]:
    """A line at the number that was invited: the most there can be."""
    if not invited:
        return []
    base = chart_of([{"total": invited, "asked": f"{invited} uitgenodigd"}])
    text: dict[str, Any] = {"align": "right", "baseline": "bottom", "fontSize": 12}
    return [
        base.mark_rule(color=MUTED, strokeDash=[1, 3]).encode(
            x=alt.value(0), x2=alt.value("width"), y=y
        ),
        base.mark_text(**text, dx=-_END, dy=-2, color=DARK).encode(
            x=alt.value("width"), y=y, text="asked:N"
        ),
    ]


def _draw_mails(days: Sequence[Day], x: alt.X) -> list[alt.Chart]:
    first = days[0].on
    marks = [
        {
            "day": (day.on - first).days,
            "mail": kind,
            "told": f"{format_day(day.on)}: {sent} {kind}",
        }
        for day in days
        for kind, sent in ((_INVITATION, day.invitations), (_REMINDER, day.reminders))
        if sent
    ]
    if not marks:
        return []
    kinds = [kind for kind in (_INVITATION, _REMINDER) if any(m["mail"] == kind for m in marks)]
    shapes = {_INVITATION: "triangle-down", _REMINDER: "diamond"}
    shape = alt.Shape(
        "mail:N",
        scale=alt.Scale(domain=kinds, range=[shapes[kind] for kind in kinds]),
        legend=alt.Legend(columns=1, symbolFillColor=DARK, symbolStrokeColor=DARK),
    )
    tooltip = [alt.Tooltip("told:N", title="mails")]
    base = chart_of(marks)
    return [
        base.mark_rule(color=MUTED, strokeDash=[3, 3]).encode(
            x=x, y=alt.value(_MAILS - 14), y2=alt.value(_HEIGHT), tooltip=tooltip
        ),
        base.mark_point(size=90, opacity=1, filled=True, color=DARK).encode(
            x=x, y=alt.value(_MAILS - 20), shape=shape, tooltip=tooltip
        ),
    ]


def _draw_steps(days: Sequence[Day], span: int, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    reached: list[dict[str, Any]] = [
        {
            "day": (day.on - days[0].on).days,
            "total": day.total,
            "told": f"{format_day(day.on)}: {day.submitted} erbij, {day.total} in totaal",
        }
        for day in days
    ]
    corners = [{"day": 0, "total": 0}, *reached, {"day": span, "total": days[-1].total}]
    numbered = [{**corner, "order": order} for order, corner in enumerate(corners)]
    return [
        chart_of(numbered)
        .mark_line(interpolate="step-after", color=AFTER, strokeWidth=2.5)
        .encode(x=x, y=y, order="order:Q"),
        chart_of([point for point, day in zip(reached, days, strict=True) if day.submitted])
        .mark_point(size=36, opacity=1, filled=True, color=AFTER)
        .encode(x=x, y=y, tooltip=[alt.Tooltip("told:N", title="verzonden")]),
    ]


def _tell_last(days: Sequence[Day], span: int) -> alt.Chart:
    """The number reached, at the end of the line."""
    last = {"day": span, "total": days[-1].total, "reached": str(days[-1].total)}
    text: dict[str, Any] = {
        "align": "left",
        "baseline": "middle",
        "fontSize": 13,
        "fontWeight": "bold",
    }
    chart: alt.Chart = (
        chart_of([last])
        .mark_text(**text, dx=6, color=DARK)
        .encode(x="day:Q", y="total:Q", text="reached:N")
    )
    return chart
