"""Nothing over few regions gets out, and nothing gets out past `release`."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.charts import draw_attention, draw_dumbbell
from analysis.comparison import CHANGED, INDEPENDENT, NOT_COMPARABLE, NOT_TESTABLE, Comparison
from analysis.disclosure import ReleasedTable, release
from analysis.export import to_csv, to_svg
from tests.analysis.tables import (
    comparison,
    comparisons,
    distribution,
    level,
    release_figures,
)

FIGURES = ("value_before", "value_after", "change", "p", "p_adjusted", "ci_low", "count_after")


def test_a_table_is_made_by_release_only() -> None:
    with pytest.raises(TypeError):
        ReleasedTable([], title="", base="", method="", source="", key=None)


@pytest.mark.parametrize("n", [1, 4])
def test_below_five_regions_only_the_question_is_left(n: int) -> None:
    row = release_figures([comparison(n)]).rows[0]
    assert row.is_suppressed
    assert row["text"] == "Voldoende techniekdocenten"
    assert {row[name] for name in (*FIGURES, "n_pairs", "outcome", "reason")} == {None}
    assert not row.has_star


@pytest.mark.parametrize("n", [5, 9])
def test_below_ten_regions_there_is_a_base_but_no_figure(n: int) -> None:
    row = release_figures([comparison(n, reason="Alle regio's veranderden evenveel.")]).rows[0]
    assert row.is_suppressed
    assert row["n_pairs"] == n
    assert {row[name] for name in (*FIGURES, "outcome", "reason")} == {None}
    assert not row.has_star


def test_from_ten_regions_on_all_is_shown() -> None:
    row = release_figures([comparison(10)]).rows[0]
    assert not row.is_suppressed
    assert row.has_star
    assert all(row[name] is not None for name in FIGURES)


def test_levels_and_distributions_are_suppressed_as_well() -> None:
    small = release_figures([level(9, 3), level(4, 1), distribution(2, 3, 4)]).rows
    assert [row["n"] for row in small] == [9, None, 9]
    assert {row[name] for row in small for name in ("value", "count", "shares", "totals")} == {None}
    assert all(row.is_suppressed for row in small)


def test_no_answers_is_not_suppression() -> None:
    row = release_figures([level(0, 0)]).rows[0]
    assert not row.is_suppressed
    assert row["n"] == 0
    assert row["value"] is None


def test_without_pairs_a_small_wave_keeps_its_size_to_itself() -> None:
    empty = replace(_empty(comparison(0)), n_before=3, n_after=51, reason="Geen paren.")
    row = release_figures([empty]).rows[0]
    assert not row.is_suppressed
    assert row["n_before"] is None
    assert row["n_after"] == 51
    assert row["reason"] == "Geen paren."


def test_what_may_not_be_compared_says_why_and_no_small_size() -> None:
    refused = replace(
        _empty(comparison(0)), design=INDEPENDENT, n_before=3, n_after=51,
        outcome=NOT_COMPARABLE, reason="Niet meer gevraagd.",
    )  # fmt: skip
    row = release_figures([refused]).rows[0]
    assert (row["outcome"], row["reason"]) == (NOT_COMPARABLE, "Niet meer gevraagd.")
    assert row["n_before"] is None


@given(
    st.sampled_from(["paired", INDEPENDENT]),
    st.integers(0, 20),
    st.integers(0, 20),
    st.integers(0, 20),
    st.sampled_from([CHANGED, NOT_TESTABLE, NOT_COMPARABLE]),
)
def test_no_size_below_the_threshold_ever_gets_out(
    design: str, pairs: int, only_before: int, only_after: int, outcome: str
) -> None:
    figure = comparison(
        pairs, design=design, n_before=pairs + only_before, n_after=pairs + only_after,
        outcome=outcome,
    )  # fmt: skip
    row = release_figures([figure]).rows[0]
    sizes = [row[name] for name in ("n_pairs", "n_before", "n_after")]
    if not row.is_suppressed and figure.base >= 10:
        sizes.remove(row["n_pairs"])  # of no meaning in the independent design
    assert not any(size is not None and 0 < size < 5 for size in sizes)


def test_missing_answers_stay_inside() -> None:
    row = release_figures([comparison(42), level(51, 34)]).rows
    assert not any("missing" in name for released in row for name in released.values)


def test_thresholds_can_be_stricter() -> None:
    texts = {"title": "", "base": "", "method": "", "source": ""}
    table = release([comparison(42)], **texts, smallest_percentage=50)
    assert table.rows[0].is_suppressed


def test_suppressed_is_never_shown_as_zero() -> None:
    table = release_figures([*comparisons("urgentie")[1:], comparison(7)])
    text = to_csv(table).decode("utf-8-sig")
    line = next(line for line in text.splitlines() if line.startswith("Voldoende"))
    assert line.count("onderdrukt (te weinig waarnemingen)") >= 8
    assert ";0,0;" not in line
    svg = to_svg(draw_dumbbell(table))
    assert "onderdrukt (te weinig waarnemingen)" in svg
    assert "0%*" not in svg.replace("100%", "")


def test_a_suppressed_distribution_is_named_in_its_chart() -> None:
    svg = to_svg(draw_attention(release_figures([distribution(1, 1, 1), distribution(20, 9, 4)])))
    assert "onderdrukt (te weinig waarnemingen)" in svg
    assert "61%" in svg


def _empty(row: Comparison) -> Comparison:
    nothing = dict.fromkeys([*FIGURES, "count_before", "ci_high", "test", "detectable_change"])
    return replace(row, **nothing, outcome=NOT_TESTABLE)
