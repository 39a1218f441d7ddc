"""Every number in a chart is that of the released table."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis.charts import (
    CHOICE,
    Chart,
    Order,
    draw_anchoring,
    draw_attention,
    draw_dumbbell,
    draw_dumbbell_panels,
    draw_grade_panels,
    draw_grades,
    draw_index,
    draw_spark,
    draw_stacked,
    group_attention,
    read_choice,
    require_drawn,
    sort_changes,
    sort_yields,
)
from analysis.charts.canvas import place_rows
from analysis.charts.details import EFFECTS
from analysis.charts.segments import Look, cut
from analysis.comparison import compare
from analysis.disclosure import SUPPRESSED, ReleasedTable
from analysis.finding_wording import tell_yields
from analysis.levels import Distribution, Share
from analysis.method_wording import INTERVALS, tell_test_line
from analysis.settings import TESTS, Settings
from surveys.dutch import format_percentage
from surveys.fieldwork import EXAMPLE_LABEL
from tests.analysis.conftest import example_waves
from tests.analysis.fixed_tables import (
    fix_changes,
    fix_distributions,
    fix_grades,
)
from tests.analysis.tables import (
    changes,
    comparison,
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


def answers(name: str, counts: Sequence[int]) -> Distribution:
    """A scale of its own for each number of answers, as a section may hold several."""
    shares = [Share(str(n), f"antwoord {n} van {len(counts)}", c) for n, c in enumerate(counts)]
    return Distribution(name, name, "blok", name, "2024", tuple(shares))


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
    about = " ".join(spec["title"]["subtitle"])
    assert about.startswith("Basis: 42 regio's ")
    assert about.endswith(f" {EXAMPLE_LABEL}")
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
        "Opbrengsten: bij 6 van de 8 aandachtspunten antwoordt meer dan de helft van de regio's "
        "'(heel) veel opbrengst'",
        "Aandacht: 4 van de 7 activiteiten krijgen vaker veel dan minder aandacht",
        "Borging: 67% van de regio's is ermee bezig (34 van 51)",
        "Index: 39% veel geregeld, 25% niet of nauwelijks geregeld",
    ]


@pytest.mark.parametrize(("draw", "make"), DRAWN)
def test_a_whole_chart_says_how_it_was_tested(
    draw: Callable[[ReleasedTable], Chart], make: Callable[[], ReleasedTable]
) -> None:
    told = {
        draw_dumbbell: "Toets: McNemar (mid-p), dezelfde regio's; ster volgt p zonder correctie; "
        "intervallen volgens Tango",
        draw_grades: "Toets: gepaarde t-toets, dezelfde regio's; ster volgt p zonder correctie; "
        "intervallen met de t-verdeling",
        draw_anchoring: "95%-interval volgens Wilson",
    }
    about = " ".join(draw(make()).to_dict()["title"]["subtitle"])
    assert about == words(f"Basis: 42 regio's {told.get(draw, '')} {EXAMPLE_LABEL}")


def test_every_test_of_a_table_is_named_once() -> None:
    rows = [comparison(42), comparison(42, test="fisher", ci_method="newcombe"), comparison(42)]
    assert tell_test_line(release_figures(rows)) == (
        "Toetsen: McNemar (mid-p), dezelfde regio's en Fisher (exact), verschillende regio's; "
        "ster volgt p zonder correctie; intervallen volgens Tango en volgens Newcombe"
    )
    adjusted = release_figures([comparison(42, stars="adjusted")])
    assert "ster volgt p met correctie (Holm)" in tell_test_line(adjusted)
    assert tell_test_line(release_figures([comparison(3)])) == ""


def test_every_test_interval_and_effect_of_a_comparison_has_a_name() -> None:
    before, after, pairs = example_waves()
    names = sorted({test for kinds in TESTS.values() for test in kinds})
    seen = set()
    for choice in [("mcnemar_midp", "wilcoxon_pratt"), ("mcnemar_exact",), ("brunner_munzel",), ()]:
        for design, whole in product(("paired", "independent"), (False, True)):
            chosen = Settings(design, tests=frozenset(choice), whole_scale=whole)
            for row in compare(before, after, pairs, chosen):
                seen.add(row.test)
                assert row.ci_method is None or row.ci_method in INTERVALS
                assert not row.test or row.effect_name in EFFECTS
                assert not row.test or tell_test_line(release_figures([row])).startswith("Toets: ")
    assert {*names, None} - seen <= {"mann_whitney"}


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


def test_the_reader_chooses_the_order() -> None:
    table = changes("urgentie")
    values = [row["value_after"] for row in sort_changes(table)]
    assert values == sorted(values, reverse=True)
    sizes = [abs(row["change"]) for row in sort_changes(table, Order.CHANGE)]
    assert sizes == sorted(sizes, reverse=True)
    assert sort_changes(table, Order.ASKED) == list(table.rows)


@pytest.mark.parametrize("order", Order)
def test_charts_follow_the_order_that_was_chosen(order: Order) -> None:
    for draw, sort, table in (
        (draw_dumbbell, sort_changes, changes("urgentie")),
        (draw_grades, sort_changes, changes("rapportcijfers")),
        (draw_stacked, sort_yields, distributions("opbrengsten")),
    ):
        drawn = {e["top"]: words(e["label"]) for e in data_with(draw(table, order=order), "absence")
                 if e["label"]}  # fmt: skip
        assert [drawn[top] for top in sorted(drawn)] == [row["text"] for row in sort(table, order)]


def test_a_pointer_tells_counts_interval_p_and_effect() -> None:
    table = changes("urgentie")
    told = {entry["question"]: entry for panel in draw_dumbbell_panels(table)
            for entry in data_with(panel, "question", "effect")}  # fmt: skip
    assert {field: told["De aansluiting met mbo"][field] for field in (
        "before", "after", "difference", "p", "told_outcome")} == {
        "before": "74% (31 van 42)",
        "after": "88%* (37 van 42)",
        "difference": "+14 procentpunten (1 tot 29)",
        "p": "0,039",
        "told_outcome": "veranderd",
    }  # fmt: skip
    assert told.keys() == {row["text"] for row in table.rows}
    assert told["De beeldvorming ten aanzien van techniek"]["effect"] == (
        "2,00 (voorwaardelijke kansverhouding)"
    )
    nobody_fell = told["Voldoende techniekdocenten"]["effect"]
    assert nobody_fell.startswith("meer dan ")  # a ratio without end has a lower limit


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
    rows = (distribution(9, 9, 9), distribution(3, 9, 9, item="b"), distribution(1, 1, 1, item="c"))
    table = release_figures(rows)
    assert [title for title, _ in group_attention(table)] == [
        "Veel aandacht",
        "Even vaak veel aandacht als minder aandacht",
        "Zonder uitkomst",
    ]


@given(st.lists(st.integers(0, 40), min_size=2, max_size=7), st.booleans())
@settings(max_examples=60, deadline=None)
def test_bars_are_whole_and_the_middle_of_a_diverging_one_is_zero(
    counts: list[int], diverging: bool
) -> None:
    assume(sum(counts) >= 10)
    table = release_figures([answers("vraag", counts)])
    bar = list(cut(table.rows[0], {}, Look(table, place_rows([], 0)).answers, diverging))
    assert sum(segment["high"] - segment["low"] for segment in bar) == pytest.approx(1)
    assert all(left["high"] == right["low"] for left, right in pairwise(bar))
    half, odd = divmod(len(bar), 2)
    middle = bar[half]["centre"] if odd else bar[half]["low"]
    assert middle == pytest.approx(0) if diverging else bar[0]["low"] == 0


def test_scales_of_every_length_are_drawn_in_one_chart() -> None:
    rows = [answers(f"vraag {size}", range(10, 10 + size)) for size in range(2, 8)]
    for diverging in (False, True):
        chart = draw_stacked(release_figures(rows), diverging=diverging)
        assert len(data_with(chart, "answer")) == sum(range(2, 8))
        fills = [each["encoding"].get("fill", {}) for each in chart.to_dict()["layer"]]
        (scale,) = [fill["scale"] for fill in fills if fill]
        assert len(scale["domain"]) == len(scale["range"]) == sum(range(2, 8))


def test_a_diverging_axis_has_no_negative_shares_and_names_both_sides() -> None:
    chart = draw_stacked(distributions("opbrengsten"), diverging=True).to_dict()
    axes = [
        e["x"] for e in (each["encoding"] for each in chart["layer"]) if "axis" in e.get("x", {})
    ]
    (axis,) = [axis for axis in axes if axis["axis"]]
    assert "abs(datum.value)" in axis["axis"]["labelExpr"]
    assert axis["title"][1] == "← geen opbrengst … heel veel opbrengst →"
    ends = [s[end] for s in data_with(draw_stacked(distributions("opbrengsten"), diverging=True),
            "answer") for end in ("low", "high")]  # fmt: skip
    low, high = axis["scale"]["domain"]
    assert low <= min(ends) <= max(ends) <= high
    assert '"percentage": "-' not in json.dumps(chart)


def test_waves_stand_under_one_another_in_the_order_of_the_last() -> None:
    table = fix_distributions("2021", "2024")
    bars = {
        (s["question"], s["wave"]): s["middle"] for s in data_with(draw_stacked(table), "answer")
    }
    assert sorted(bars, key=bars.__getitem__) == [
        ("Vraag 1", "2021"),
        ("Vraag 1", "2024"),
        ("Vraag 2", "2021"),
        ("Vraag 2", "2024"),
    ]
    names = [entry["wave"] for entry in data_with(draw_stacked(table), "wave", "label", "top")
             if "answer" not in entry]  # fmt: skip
    assert names == ["2021", "2024", "2021", "2024"]
    by_change = sort_yields(table, Order.CHANGE)
    assert [row["text"] for row in by_change[::2]] == ["Vraag 2", "Vraag 1"]
    assert tell_yields(table) == tell_yields(fix_distributions("2024"))


def test_a_question_that_the_last_wave_did_not_ask_comes_last() -> None:
    counts = ((9, 9, 30, "oud", "2021"), (20, 9, 9, "beide", "2021"), (30, 9, 9, "beide", "2024"))
    table = release_figures(
        [replace(distribution(*given[:3], item=given[3]), wave=given[4]) for given in counts]
    )
    told = [(row["item"], row["wave"]) for row in sort_yields(table)]
    assert told == [("beide", "2021"), ("beide", "2024"), ("oud", "2021")]
    assert group_attention(table)[-1][0] == "Zonder uitkomst"


# Choosing a question


@pytest.mark.parametrize(
    ("draw", "table"),
    [
        (lambda t: draw_dumbbell_panels(t)[0], changes("urgentie")),
        (lambda t: draw_dumbbell_panels(t)[1], changes("urgentie")),
        (lambda t: draw_grade_panels(t)[0], changes("rapportcijfers")),
        (lambda t: draw_stacked(t, titled=False), fix_distributions("2021", "2024")),
        (lambda t: draw_attention(t, titled=False, diverging=True), distributions("aandacht")),
    ],
)
def test_a_click_anywhere_in_a_row_chooses_its_question(
    draw: Callable[[ReleasedTable], Chart], table: ReleasedTable
) -> None:
    chart = draw(table)
    (parameter,) = chart.to_dict()["params"]
    assert parameter["name"] == CHOICE == "keuze"
    assert parameter["select"]["fields"] == ["item"]
    rooms = sorted(data_with(chart, "above", "bottom"), key=lambda room: room["above"])
    wave = table.rows[-1]["wave"]
    assert {room["item"] for room in rooms} == {
        row["item"] for row in table.rows if row["wave"] == wave
    }
    for upper, lower in pairwise(rooms):
        assert upper["bottom"] >= lower["above"] or draw_heading_between(chart, upper, lower)
    assert all("item" in mark for mark in data_with(chart, "middle"))


def draw_heading_between(chart: Chart, upper: dict[str, Any], lower: dict[str, Any]) -> bool:
    headings = data_with(chart, "heading")
    return any(upper["bottom"] <= h["top"] <= lower["above"] for h in headings)


@pytest.mark.parametrize(("draw", "make"), DRAWN)
def test_a_picture_for_export_has_nothing_to_click(
    draw: Callable[[ReleasedTable], Chart], make: Callable[[], ReleasedTable]
) -> None:
    assert "params" not in draw(make()).to_dict()


def test_what_was_clicked_on_is_read() -> None:
    assert read_choice({CHOICE: [{"item": "vraag_1"}]}) == "vraag_1"
    assert read_choice({CHOICE: {}}) is None
    assert read_choice({CHOICE: [{"item": None}]}) is None  # a heading
    assert read_choice({}) is None


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


# Small pictures


def test_a_small_picture_shows_a_row_and_tells_its_sentence() -> None:
    table = fix_changes()
    chart = draw_spark(table, table.rows[0], finding="De urgentie steeg.")
    assert chart.to_dict()["description"].startswith("De urgentie steeg. Basis: 40 regio's. ")
    assert "title" not in chart.to_dict()
    assert {(p["wave"], p["value"], p["told"]) for p in data_with(chart, "wave", "value")} == {
        ("2021", 0.5, "50%"),
        ("2024", 0.8, "80%*"),
    }
    require_drawn(chart)
    described = draw_spark(table, table.rows[1]).to_dict()["description"]
    assert described.startswith("Vraag 2: 75% in 2021, 65% in 2024. ")


def test_a_small_picture_of_what_is_suppressed_says_so() -> None:
    table = fix_changes()
    chart = draw_spark(table, table.rows[2])
    assert data_with(chart, "absence") == [{"absence": SUPPRESSED}]
    assert not data_with(chart, "value")


def test_a_small_picture_is_of_a_row_of_its_table_only() -> None:
    with pytest.raises(ValueError, match="not one of the table"):
        draw_spark(fix_changes(), fix_grades().rows[0])
    with pytest.raises(TypeError, match="ReleasedTable"):
        draw_spark(None, fix_changes().rows[0])
