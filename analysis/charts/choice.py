"""Choosing a question by a click in the panel of a chart, anywhere in the room of its row.

A page asks for it by `on_select="rerun", selection_mode=CHOICE` with the chart. Who uses no mouse
needs another way to the same: a list to choose from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from analysis.charts.canvas import Layers, Rows, chart_of, place_y

CHOICE = "keuze"
_CHOSEN = "#E8F1F8"
_ABOVE, _BELOW = 5, 7  # pixels of the gaps around a row that are its room too


def draw_room(rows: Rows) -> Layers:
    """The room of each row as one mark under all others, which can be chosen by its `item`."""
    data = [
        band.as_data(above=band.top - _ABOVE, bottom=band.bottom + _BELOW) for band in rows.bands
    ]
    chosen = alt.selection_point(name=CHOICE, fields=["item"], on="click", empty=False)
    return [
        chart_of(data)
        .mark_rect(cursor="pointer", opacity=1)
        .encode(
            x=alt.value(0),
            x2=alt.value("width"),
            y=place_y(rows, "above"),
            y2="bottom:Q",
            color=alt.condition(chosen, alt.value(_CHOSEN), alt.value("white")),
            tooltip=alt.value(None),
        )
        .add_params(chosen)
    ]


def read_choice(selection: Mapping[str, Any]) -> str | None:
    """The item that was clicked on, from what Streamlit reports as selected; None if none is."""
    points = selection.get(CHOICE) or []
    return next((str(point["item"]) for point in points if point.get("item")), None)
