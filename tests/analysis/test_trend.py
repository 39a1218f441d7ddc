"""Three waves as they are shown: every number is that of the released table, in every form."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO, StringIO
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook

from analysis.charts import Order, draw_trend, draw_trend_panels, sort_series
from analysis.disclosure import ReleasedRow, ReleasedTable
from analysis.export import to_csv, to_svg, to_xlsx
from analysis.levels import measure_levels
from analysis.results.exhibit import Exhibit
from analysis.results.trend import trend_exhibit
from analysis.series_wording import tell_series, tell_trend
from analysis.settings import INDEPENDENT, Settings
from analysis.wave_series import WaveSeries, compare_series
from surveys.dutch import format_percentage
from surveys.fieldwork import EXAMPLE_LABEL
from tests.analysis.tables import release_figures
from tests.analysis.test_series_release import regions_of, series_of
from tests.analysis.three_waves import DAY, WAVES, example_panel, results_of, trend_of

SECTIONS = ("urgentie", "rapportcijfers")


@cache
def exhibit_of(section: str) -> Exhibit:
    found = trend_of(section)
    assert found is not None
    return found


@cache
def series_by_item() -> dict[str, WaveSeries]:
    panel = example_panel()
    rows = compare_series(
        [panel.count(wave) for wave in WAVES],
        panel.count_patterns(),
        {pair: panel.count_pairs(*pair) for pair in combinations(WAVES, 2)},
        Settings(),
        one_panel=True,
    )
    found: dict[str, WaveSeries] = {}
    for row in rows:
        found.setdefault(row.item, row)
    return found


@cache
def chart_of(section: str) -> dict[str, Any]:
    """The whole chart of an exhibit as it is sent."""
    return exhibit_of(section).chart.to_dict()


def data_with(chart: dict[str, Any], *fields: str) -> list[dict[str, Any]]:
    """All data in a chart that has these fields."""
    entries = (entry for data in chart["datasets"].values() for entry in data)
    return [entry for entry in entries if all(name in entry for name in fields)]


def points_of(*charts: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    points = [p for chart in charts for p in data_with(chart, "wave", "value", "told_n")]
    return {(point["item"], point["wave"]): point for point in points}


def drawn(*series: WaveSeries) -> dict[str, Any]:
    return draw_trend(release_figures(series)).to_dict()


def waves_of(table: ReleasedTable) -> Iterator[tuple[ReleasedRow, dict[str, Any]]]:
    return ((row, value) for row in table.rows for value in row["values"])


# The values


def test_the_interval_of_a_wave_is_over_the_same_regions_as_its_value() -> None:
    panel = example_panel()
    for row, value in waves_of(exhibit_of("urgentie").table):
        assert value["n"] == row["n"]
        assert value["value"] == value["count"] / value["n"]
        assert value["ci_low"] < value["value"] <= value["ci_high"]
        assert value["ci_method"] == "wilson"
    # of independent waves the intervals are those of the levels
    levels = {level.item: level for level in measure_levels(panel.count("2024"), "rapportcijfers")}
    apart = trend_of("rapportcijfers", Settings(design=INDEPENDENT))
    assert apart is not None
    for row, value in waves_of(apart.table):
        if value["wave"] == "2024":
            level = levels[row["item"]]
            assert (value["value"], value["n"]) == (pytest.approx(level.value), level.n)
            assert (value["ci_low"], value["ci_high"]) == pytest.approx(
                (level.ci_low, level.ci_high)
            )


# The chart


@pytest.mark.parametrize("section", SECTIONS)
def test_every_number_in_the_chart_is_that_of_the_table(section: str) -> None:
    table = exhibit_of(section).table
    panels = [panel.to_dict() for panel in exhibit_of(section).panels]
    for points in (points_of(chart_of(section)), points_of(*panels)):
        assert len(points) == len(table.rows) * len(WAVES)
        for row, value in waves_of(table):
            point = points[row["item"], value["wave"]]
            shown = {"low": "ci_low", "high": "ci_high", "value": "value", "n": "n"}
            assert {name: point[name] for name in shown} == {
                name: value[field] for name, field in shown.items()
            }
            assert point["told_n"] == f"n={value['n']}"
            assert point["time"] == int(value["wave"])
            assert row["outcome"] in point["outcome"]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_mark_stands_at_the_height_of_its_value(section: str) -> None:
    """Between the lines of its own plot, each as far as its number says."""
    chart = chart_of(section)
    lines = data_with(chart, "tick", "until")
    for point in points_of(chart).values():
        factor = 100 if "%" in point["told"] else 1
        ticks = [
            (float(line["tick"].rstrip("%")) / factor, line["y"])
            for line in lines
            if line["item"] == point["item"]
        ]
        for value, y in (("value", "y"), ("low", "y_low"), ("high", "y_high")):
            expected = np.polyval(np.polyfit(*zip(*ticks, strict=True), 1), point[value])
            assert point[y] == pytest.approx(expected)


def test_outcomes_are_told_in_words_and_by_fill() -> None:
    table = exhibit_of("urgentie").table
    told = data_with(chart_of("urgentie"), "outcome_y")
    assert {
        " ".join(entry["label"].split()): entry["outcome"].split(" (")[0] for entry in told
    } == {row["text"]: "veranderd*" if row.has_star else "niet aangetoond" for row in table.rows}
    fills = {entry["item"]: entry["fill"] for entry in points_of(chart_of("urgentie")).values()}
    assert {fills[row["item"]] == "#FFFFFF" for row in table.rows if row.has_star} == {False}
    assert {fills[row["item"]] == "#FFFFFF" for row in table.rows if not row.has_star} == {True}


def test_the_title_says_the_finding_and_the_subtitle_the_base_and_the_test() -> None:
    table = exhibit_of("urgentie").table
    stars = sum(row.has_star for row in table.rows)
    spec = chart_of("urgentie")
    finding = f"Urgentie: bij {stars} van de 8 aandachtspunten verschillen de metingen aantoonbaar"
    assert " ".join(spec["title"]["text"]) == finding == exhibit_of("urgentie").finding
    about = " ".join(spec["title"]["subtitle"])
    assert "Basis: 36 regio's die in elke meting antwoordden (2021, 2024 en 2027)" in about
    assert "Q van Cochran" in about
    assert "Wilson" in about
    assert EXAMPLE_LABEL in about


def test_panels_follow_the_page_and_leave_the_finding_to_it() -> None:
    panels = exhibit_of("rapportcijfers").panels
    assert len(panels) == 2
    for panel in panels:
        spec = panel.to_dict()
        assert spec["autosize"]["type"] == "fit-x"
        assert spec["description"].startswith(exhibit_of("rapportcijfers").finding)
        assert "bij " not in " ".join(spec["title"]["text"])


def test_near_years_do_not_stand_on_one_another() -> None:
    row = _renamed(series_of(regions_of(30)), "2010", "2023", "2024")
    points = points_of(drawn(row))
    names = {wave: (point["time"], point["name_y"]) for (_, wave), point in points.items()}
    assert [names[wave][0] for wave in ("2010", "2023", "2024")] == [2010, 2023, 2024]
    assert names["2010"][1] == names["2023"][1] < names["2024"][1]


def test_waves_without_years_stand_at_equal_distances() -> None:
    row = _renamed(series_of(regions_of(30)), "nulmeting", "tussen", "eind")
    points = points_of(drawn(row))
    assert [point["time"] for point in points.values()] == [0, 1, 2]


def _renamed(series: WaveSeries, *names: str) -> WaveSeries:
    values = [replace(value, wave=name) for value, name in zip(series.values, names, strict=True)]
    return replace(series, values=tuple(values))


def test_what_has_no_figure_says_why_and_stands_last() -> None:
    shown, few = series_of(regions_of(30)), series_of(regions_of(7))
    hidden = replace(few, item="anders", text="Ergens anders")
    table = release_figures([hidden, shown])
    for order in Order:
        assert [row["item"] for row in sort_series(table, order)] == ["bezig", "anders"]
    assert "onderdrukt (te weinig waarnemingen)" in to_svg(draw_trend(table))
    assert set(points_of(drawn(hidden, shown))) == {("bezig", wave) for wave in WAVES}


def test_orders() -> None:
    table = exhibit_of("urgentie").table
    last = [row["values"][-1]["value"] for row in sort_series(table)]
    assert last == sorted(last, reverse=True)
    moved = [
        abs(row["values"][-1]["value"] - row["values"][0]["value"])
        for row in sort_series(table, Order.CHANGE)
    ]
    assert moved == sorted(moved, reverse=True)
    assert sort_series(table, Order.ASKED) == list(table.rows)


def test_a_chart_takes_a_released_table_only() -> None:
    rows: Any = list(exhibit_of("urgentie").table.rows)
    for draw in (draw_trend, draw_trend_panels):
        with pytest.raises(TypeError, match="ReleasedTable"):
            draw(rows)


# The tables


def test_the_table_under_the_chart_holds_the_numbers_of_the_released_rows() -> None:
    exhibit = exhibit_of("urgentie")
    printed = {row[0]: row for row in exhibit.tables[0].rows}
    assert exhibit.tables[0].headings[1:4] == WAVES
    for row in exhibit.table.rows:
        cells = printed[row["text"]]
        assert list(cells[1:4]) == [
            f"{format_percentage(value['value'])} ({value['count']} van {value['n']})"
            for value in row["values"]
        ]
        assert cells[4] == row["outcome"] + ("*" if row.has_star else "")
        series = series_by_item()[row["item"]]
        assert (row["p"], row["p_adjusted"], row["trend"]) == (
            series.p,
            series.p_adjusted,
            series.trend,
        )


def test_every_two_waves_are_compared_with_the_values_of_the_chart() -> None:
    exhibit = exhibit_of("rapportcijfers")
    assert len(exhibit.tables[1].rows) == 3 * len(exhibit.table.rows)
    for row in exhibit.table.rows:
        shown = {value["wave"]: value["value"] for value in row["values"]}
        for pair in row["pairwise"]:
            assert pair["n_pairs"] == row["n"]
            assert pair["value_before"] == pytest.approx(shown[pair["wave_before"]])
            assert pair["value_after"] == pytest.approx(shown[pair["wave_after"]])
            assert pair["p_adjusted"] >= pair["p"]


def test_files_have_the_numbers_of_the_table() -> None:
    table = exhibit_of("urgentie").table
    lines = list(csv.DictReader(StringIO(to_csv(table).decode("utf-8-sig")), delimiter=";"))
    sheet = load_workbook(BytesIO(to_xlsx(table)))["Cijfers"]
    top = next(cell.row for cell in sheet["A"] if cell.value == "Vraag")
    headings = [cell.value for cell in sheet[top]]
    for number, (row, line) in enumerate(zip(table.rows, lines, strict=True), start=1):
        cells = dict(zip(headings, (cell.value for cell in sheet[top + number]), strict=True))
        for value in row["values"]:
            wave = value["wave"]
            assert cells[f"{wave} (%)"] == pytest.approx(value["value"])
            assert line[f"{wave} (aantal regio's)"] == str(value["count"])
            assert line[f"{wave} (regio's met antwoord)"] == str(value["n"])
            assert cells[f"Alle regio's: {wave} (aantal)"] in (
                value.get("n_all"),
                "niet getoond (er komen te weinig regio's bij)",
            )
        for pair in row["pairwise"]:
            name = f"{pair['wave_before']}-{pair['wave_after']}"
            assert cells[f"{name}: verschil (procentpunten)"] == pytest.approx(pair["change"] * 100)
        assert cells["p"] == pytest.approx(row["p"])
        assert line["Bron"].startswith(EXAMPLE_LABEL)


def test_a_suppressed_series_is_never_shown_as_zero() -> None:
    table = release_figures([series_of(regions_of(30)), series_of(regions_of(3))])
    lines = list(csv.DictReader(StringIO(to_csv(table).decode("utf-8-sig")), delimiter=";"))
    assert lines[1]["2021 (%)"] == "onderdrukt (te weinig waarnemingen)"
    assert lines[1]["p"] == "onderdrukt (te weinig waarnemingen)"
    assert not re.search(r";0(,0)?;", ";".join(lines[1].values()))


# In words


def test_a_finding_without_stars_does_not_say_that_nothing_changed() -> None:
    still, few = series_of(regions_of(12)), series_of(regions_of(3))
    what = ("vraag", "vragen")
    assert still.outcome == "niet aangetoond"
    assert [
        tell_series(release_figures(rows), what) for rows in ([still, still], [still], [few])
    ] == [
        "Proef: bij geen van de 2 vragen is een verschil tussen de metingen aangetoond",
        "Proef: de metingen laten geen aantoonbaar verschil zien",
        "Proef: geen vragen om over alle metingen te vergelijken",
    ]


def test_a_trend_is_told_in_its_unit() -> None:
    share = exhibit_of("urgentie").table.rows[0]
    grade = exhibit_of("rapportcijfers").table.rows[0]
    apart = release_figures([series_of(regions_of(0, w21=20, w24=25, w27=30))]).rows[0]
    assert re.fullmatch(r"×\d+,\d\d", tell_trend(share))
    assert re.fullmatch(r"\+?\N{MINUS SIGN}?\d,\d\d", tell_trend(grade))
    assert tell_trend(apart).endswith(" procentpunt")


# When it is offered


def test_two_waves_or_a_block_without_three_waves_of_answers_have_no_trend() -> None:
    panel = example_panel()
    two = results_of(panel, WAVES[1:])
    pair = {WAVES[1:]: panel.count_pairs(*WAVES[1:])}
    assert trend_exhibit(two, {}, pair, "urgentie", Settings(), DAY) is None  # type: ignore[arg-type]
    assert trend_exhibit([], {}, {}, "urgentie", Settings(), DAY) is None
    assert trend_of("aandacht") is None  # asked once only
    assert trend_of("bestaat_niet") is None
