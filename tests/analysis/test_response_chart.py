"""The chart of the response by day says what the days say, also to who cannot see it."""

from __future__ import annotations

from datetime import date
from typing import Any

import altair as alt
import pytest

from analysis.charts import require_drawn
from analysis.charts.response import draw_response, tell_response
from surveys.monitoring.response import Day

UNTIL = date(2024, 3, 31)
DAYS = [
    Day(date(2024, 3, 4), 2, 2, 70, 0),
    Day(date(2024, 3, 6), 10, 12, 8, 0),
    Day(date(2024, 3, 13), 20, 32, 0, 66),
    Day(date(2024, 3, 22), 0, 32, 0, 46),
    Day(date(2024, 3, 25), 19, 51, 0, 0),
]


def data_with(chart: alt.LayerChart, *fields: str) -> list[dict[str, Any]]:
    """All data in a chart that has these fields."""
    datasets = chart.to_dict()["datasets"].values()
    return [entry for data in datasets for entry in data if all(name in entry for name in fields)]


def layers(chart: alt.LayerChart, mark: str) -> list[dict[str, Any]]:
    return [layer for layer in chart.to_dict()["layer"] if layer["mark"]["type"] == mark]


def test_the_line_starts_at_nothing_and_rises_to_the_last_total() -> None:
    line = data_with(draw_response(DAYS, 78, UNTIL, "2024"), "order")
    assert [(point["day"], point["total"]) for point in line] == [
        (0, 0),
        (0, 2),
        (2, 12),
        (9, 32),
        (18, 32),
        (21, 51),
        (27, 51),
    ]
    assert [point["order"] for point in line] == sorted(point["order"] for point in line)


def test_every_day_with_mails_is_marked_by_shape_and_words() -> None:
    chart = draw_response(DAYS, 78, UNTIL, "2024")
    marks = data_with(chart, "mail")
    assert {(mark["day"], mark["mail"], mark["told"]) for mark in marks} == {
        (0, "uitnodigingen verstuurd", "4 maart 2024: 70 uitnodigingen verstuurd"),
        (2, "uitnodigingen verstuurd", "6 maart 2024: 8 uitnodigingen verstuurd"),
        (9, "herinneringen verstuurd", "13 maart 2024: 66 herinneringen verstuurd"),
        (18, "herinneringen verstuurd", "22 maart 2024: 46 herinneringen verstuurd"),
    }
    (shape,) = (
        layer["encoding"]["shape"]["scale"]
        for layer in layers(chart, "point")
        if "shape" in layer["encoding"]
    )
    assert len(set(shape["range"])) == len(shape["domain"]) == 2


def test_the_title_says_unit_base_and_wave_in_lines_that_fit_a_phone() -> None:
    title = draw_response(DAYS, 78, UNTIL, "2024").to_dict()["title"]
    assert " ".join(title["subtitle"]) == (
        "Aantal regio's per dag, opgeteld. Basis: 78 uitgenodigde regio's, meting 2024"
    )
    assert max(len(line) for line in [*title["text"], *title["subtitle"]]) <= 48


def test_the_description_tells_the_response_and_the_mails() -> None:
    assert draw_response(DAYS, 78, UNTIL, "2024").to_dict()["description"] == (
        "Op 31 maart 2024 hadden 51 van de 78 uitgenodigde regio's (65%) de vragenlijst "
        "verzonden. Uitnodigingen verstuurd op 4 maart 2024 (70) en 6 maart 2024 (8). "
        "Herinneringen verstuurd op 13 maart 2024 (66) en 22 maart 2024 (46)."
    )


def test_a_wave_without_invitations_has_no_percentage() -> None:
    days = [Day(date(2024, 3, 4), 1, 1, 0, 0)]
    assert tell_response(days, 0, days[0].on) == (
        "Op 4 maart 2024 had 1 regio de vragenlijst verzonden."
    )
    chart = draw_response(days, 0, days[0].on, "2024")
    assert "niet bekend" in " ".join(chart.to_dict()["title"]["subtitle"])
    assert data_with(chart, "asked") == []


def test_the_dates_are_dutch_and_few_enough_for_a_phone() -> None:
    chart = draw_response(DAYS, 78, date(2024, 7, 1), "2024").to_dict()
    (axis,) = {
        (tuple(found["values"]), found["labelExpr"])
        for layer in chart["layer"]
        if (found := layer["encoding"].get("x", {}).get("axis"))
    }
    values, names = axis
    assert values == (0, 30, 60, 90)
    assert '"0": "4 mrt"' in names
    assert '"60": "3 mei"' in names


@pytest.mark.parametrize(
    ("most", "expected"),
    [(1, [0, 1]), (4, [0, 1, 2, 3, 4]), (9, [0, 2, 4, 6, 8]), (78, [0, 20, 40, 60])],
)
def test_the_axis_counts_in_whole_regions(most: int, expected: list[int]) -> None:
    days = [Day(date(2024, 3, 4), most, most, 0, 0)]
    chart = draw_response(days, 0, days[0].on, "2024").to_dict()
    axes = [
        layer["encoding"]["y"]["axis"]["values"]
        for layer in chart["layer"]
        if layer["encoding"]["y"].get("axis")
    ]
    assert axes[0] == expected


def test_without_days_there_is_nothing_to_draw() -> None:
    with pytest.raises(ValueError, match="no day"):
        draw_response([], 78, UNTIL, "2024")


def test_it_is_no_result_and_is_not_exported() -> None:
    with pytest.raises(TypeError, match="a picture is made"):
        require_drawn(draw_response(DAYS, 78, UNTIL, "2024"))
