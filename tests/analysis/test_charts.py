"""Every number in a chart is that of the released table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from analysis.charts import (
    Chart,
    draw_anchoring,
    draw_attention,
    draw_dumbbell,
    draw_dumbbell_panels,
    draw_grade_panels,
    draw_grades,
    draw_index,
    draw_stacked,
    group_attention,
    sort_changes,
    sort_yields,
)
from analysis.charts.distributions import PALETTE, contrast, pick_colours, pick_ink
from analysis.disclosure import ReleasedTable
from surveys.dutch import format_percentage
from surveys.fieldwork import EXAMPLE_LABEL
from tests.analysis.tables import (
    changes,
    comparisons,
    distribution,
    distributions,
    forms,
    index,
    level,
    release_figures,
)

DRAWN: list[tuple[Callable[[ReleasedTable], Chart], Callable[[], ReleasedTable]]] = [
    (draw_dumbbell, lambda: changes("urgentie")),
    (draw_grades, lambda: changes("rapportcijfers")),
    (draw_stacked, lambda: distributions("opbrengsten")),
    (draw_attention, lambda: distributions("aandacht")),
    (draw_anchoring, forms),
    (draw_index, index),
]


def data_with(chart: Chart, *fields: str) -> list[dict[str, Any]]:
    """All data in a chart that has these fields."""
    datasets = chart.to_dict()["datasets"].values()
    return [entry for data in datasets for entry in data if all(name in entry for name in fields)]


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("draw", "make"), DRAWN)
def test_a_chart_takes_a_released_table_only(
    draw: Callable[[Any], Chart], make: Callable[[], ReleasedTable]
) -> None:
    for raw in (comparisons("urgentie"), list(make().rows), None):
        with pytest.raises(TypeError, match="ReleasedTable"):
            draw(raw)


@pytest.mark.parametrize("draw", [draw_dumbbell_panels, draw_grade_panels])
def test_panels_take_a_released_table_only(draw: Callable[[Any], tuple[Chart, Chart]]) -> None:
    with pytest.raises(TypeError, match="ReleasedTable"):
        draw(comparisons("urgentie"))


@pytest.mark.parametrize(("draw", "make"), DRAWN)
def test_a_chart_carries_base_source_and_description(
    draw: Callable[[ReleasedTable], Chart], make: Callable[[], ReleasedTable]
) -> None:
    spec = draw(make()).to_dict()
    assert " ".join(spec["title"]["subtitle"]) == f"Basis: 42 regio's {EXAMPLE_LABEL}"
    assert EXAMPLE_LABEL in spec["description"]
    assert spec["description"].startswith(" ".join(spec["title"]["text"]))
    assert spec["config"]["locale"]["number"]["decimal"] == ","


@pytest.mark.parametrize(("draw", "make"), DRAWN)
def test_no_label_is_cut_or_wide(
    draw: Callable[[ReleasedTable], Chart], make: Callable[[], ReleasedTable]
) -> None:
    table = make()
    lines = [entry["label"] for entry in data_with(draw(table), "label", "absence")]
    told = {words(line) for line in lines if line}
    assert {words(row["text"]) for row in table.rows} <= told or draw is draw_anchoring
    assert max(len(part) for line in lines for part in line.split("\n")) <= 44


def test_titles_say_the_finding() -> None:
    titles = [" ".join(draw(make()).to_dict()["title"]["text"]) for draw, make in DRAWN]
    assert titles == [
        "Urgentie: 2 van de 8 aandachtspunten veranderden aantoonbaar",
        "Rapportcijfers: 3 van de 6 uitspraken veranderden aantoonbaar",
        "Opbrengsten: bij 6 van de 8 aandachtspunten ziet meer dan de helft van de regio's "
        "(heel) veel opbrengst",
        "Aandacht: 4 van de 7 activiteiten krijgen vaker veel dan minder aandacht",
        "Borging: 67% van de regio's is ermee bezig (34 van 51)",
        "Index: 39% veel geregeld, 25% niet of nauwelijks geregeld",
    ]


# Changes


def test_dumbbell_shows_the_values_of_the_table() -> None:
    table = changes("urgentie")
    points = data_with(draw_dumbbell(table), "wave", "value")
    for row in table.rows:
        shown = {p["wave"]: p for p in points if words(p["label"]) == row["text"]}
        assert shown["2021"]["value"] == row["value_before"]
        assert shown["2024"]["value"] == row["value_after"]
        star = "*" if row.has_star else ""
        assert shown["2024"]["told"] == format_percentage(row["value_after"]) + star
        assert "*" not in shown["2021"]["told"]


@pytest.mark.parametrize(
    ("section", "draw", "factor"),
    [("urgentie", draw_dumbbell_panels, 100), ("rapportcijfers", draw_grade_panels, 1)],
)
def test_changes_come_with_their_interval(
    section: str, draw: Callable[[ReleasedTable], tuple[Chart, Chart]], factor: int
) -> None:
    table = changes(section)
    shown = {words(c["label"]): c for c in data_with(draw(table)[1], "change", "outcome")}
    for row in table.rows:
        entry = shown[row["text"]]
        assert entry["change"] == row["change"] * factor
        assert (entry["low"], entry["high"]) == (row["ci_low"] * factor, row["ci_high"] * factor)
        assert entry["outcome"] == row["outcome"]


def test_a_change_is_told_by_shape_as_well_as_colour() -> None:
    encodings = [layer["encoding"] for layer in draw_dumbbell(changes("urgentie")).to_dict()[
        "hconcat"][1]["layer"]]  # fmt: skip
    shape = next(e["shape"] for e in encodings if "shape" in e)
    assert shape["scale"] == {
        "domain": ["veranderd", "niet aangetoond"],
        "range": ["circle", "square"],
    }


def test_grades_show_the_means_of_the_table() -> None:
    table = changes("rapportcijfers")
    points = data_with(draw_grades(table), "wave", "value")
    told = sorted(p["told"] for p in points if p["wave"] == "2024")
    assert told == ["6,4", "7,3*", "7,4*", "7,5*", "8,1", "8,2"]
    values = {p["value"] for p in points}
    assert values == {row[name] for row in table.rows for name in ("value_before", "value_after")}


def test_the_later_wave_decides_the_order() -> None:
    shown = sort_changes(changes("urgentie"))
    values = [row["value_after"] for row in shown]
    assert values == sorted(values, reverse=True)
    assert shown[-1]["text"] == "(Her)inrichting van het regionale techniekaanbod"


def test_rows_without_a_figure_come_last_and_say_why() -> None:
    table = changes("aandacht")
    chart = draw_dumbbell(table)
    absent = {entry["absence"] for entry in data_with(chart, "absence")}
    assert absent == {"niet te toetsen", "niet vergelijkbaar"}
    assert not data_with(chart, "wave", "value")


def test_an_empty_table_draws_without_fault() -> None:
    for draw, _ in DRAWN:
        assert draw(release_figures([])).to_dict()


# Distributions


def test_segments_are_the_shares_of_the_table() -> None:
    table = distributions("opbrengsten")
    segments = data_with(draw_stacked(table), "answer")
    for row in table.rows:
        shown = {s["answer"]: s for s in segments if words(s["label"]) == row["text"]}
        for share in row["shares"]:
            entry = shown[share["label"]]
            assert entry["high"] - entry["low"] == pytest.approx(share["value"])
            assert entry["told"] == (
                f"{format_percentage(share['value'])} ({share['count']} van {row['n']})"
            )
        assert max(entry["high"] for entry in shown.values()) == pytest.approx(1)


def test_the_reported_shares_stand_beside_the_bars() -> None:
    table = distributions("opbrengsten")
    columns = data_with(draw_stacked(table), "total")
    for row in table.rows:
        shown = {c["total"] for c in columns if words(c["label"]) == row["text"]}
        assert shown == {format_percentage(total["value"]) for total in row["totals"]}
    assert [row["totals"][0]["value"] for row in sort_yields(table)] == sorted(
        (row["totals"][0]["value"] for row in table.rows), reverse=True
    )


def test_attention_is_split_by_the_larger_share() -> None:
    groups = group_attention(distributions("aandacht"))
    assert [(title, len(rows)) for title, rows in groups] == [
        ("Veel aandacht", 4),
        ("Minder aandacht", 3),
    ]


def test_equal_shares_make_a_third_group() -> None:
    table = release_figures([distribution(9, 9, 9), distribution(3, 9, 9), distribution(1, 1, 1)])
    assert [title for title, _ in group_attention(table)] == [
        "Veel aandacht",
        "Even vaak veel aandacht als minder aandacht",
        "Zonder uitkomst",
    ]


def test_colours_are_the_palette_and_texts_on_them_can_be_read() -> None:
    assert pick_colours(5) == list(PALETTE)
    assert pick_colours(3) == [PALETTE[0], PALETTE[2], PALETTE[4]]
    for answers in range(1, 8):
        for colour in pick_colours(answers):
            assert contrast(pick_ink(colour), colour) >= 4.5


# Levels


def test_bars_are_the_levels_of_the_table() -> None:
    table = forms()
    bars = data_with(draw_anchoring(table), "value", "told")
    assert [(b["value"], b["low"], b["high"]) for b in bars] == [
        (row["value"], row["ci_low"], row["ci_high"])
        for row in [table.rows[0], *sorted(table.rows[1:], key=lambda row: -row["value"])]
    ]
    assert bars[0]["told"] == "67% (34/51)"
    assert bars[1]["told"] == "86% (44/51)"


def test_a_suppressed_level_has_no_bar() -> None:
    chart = draw_anchoring(release_figures([level(4, 2)]))
    assert not data_with(chart, "value")
    assert data_with(chart, "absence")[0]["absence"] == "onderdrukt (te weinig waarnemingen)"
