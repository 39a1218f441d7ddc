"""Urgency against yields: against the rows, the order, and what it is called."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analysis.decision import NOT_SHOWN
from analysis.disclosure import release
from analysis.frames import joint_frame
from analysis.intervals import tango_interval
from analysis.priorities import NOT_BOTH, URGENT, YIELDING, Priority, rank_priorities
from surveys.answers import Answers, MissingReason
from tests.analysis.panels import AFTER, Given, draw_answers, is_top, panel_of, rows_of

REGIONS = [f"r{i:02d}" for i in range(46)]


def ranked(
    given: Given, urgency: str = "nood", yields: str = "baat", **options: Any
) -> list[Priority]:
    panel = panel_of(given)
    joint = joint_frame(panel.frames[AFTER], urgency, yields)
    return rank_priorities(panel.count(AFTER), joint, urgency, yields, **options)


def by_concept(given: Given, **options: Any) -> dict[str, Priority]:
    return {row.concept: row for row in ranked(given, **options)}


def is_much(code: Any) -> float:
    """The top of the scale of three on which yields are asked."""
    return float(code == "3")


def sides(both: int, urgent: int, yielding: int, neither: int, concept: str = "een") -> Given:
    """So many regions of each kind."""
    kinds = [("5", "3")] * both + [("4", "1")] * urgent
    kinds += [("2", "3")] * yielding + [("1", "2")] * neither
    answers: dict[str, Answers] = {
        f"r{i}": {f"nood_{concept}": need, f"baat_{concept}": use}
        for i, (need, use) in enumerate(kinds)
    }
    return {AFTER: answers}


# --- Against the rows


@pytest.mark.parametrize("concept", ["een", "twee"])
@pytest.mark.parametrize("seed", [1, 2])
def test_shares_and_gap_are_those_of_the_rows(concept: str, seed: int) -> None:
    given = draw_answers(seed, {AFTER: REGIONS}, missing=0.2)
    need = rows_of(given, AFTER, f"nood_{concept}", is_top)
    use = rows_of(given, AFTER, f"baat_{concept}", is_much)
    both = need.index.intersection(use.index)
    assert len(both) < min(len(need), len(use))  # some answered one of the two only
    need, use = need[both], use[both]
    row = by_concept(given)[concept]
    assert (row.n, row.count_urgent, row.count_yielding) == (len(both), need.sum(), use.sum())
    assert (row.urgent, row.yielding) == pytest.approx((need.mean(), use.mean()))
    assert row.gap == pytest.approx((need - use).mean())
    # mid-p McNemar: the two-sided binomial, with half of what was found
    only_need, only_use = int(((need - use) > 0).sum()), int(((need - use) < 0).sum())
    flips, fewest = only_need + only_use, min(only_need, only_use)
    tail = stats.binom.cdf(fewest, flips, 0.5) - stats.binom.pmf(fewest, flips, 0.5) / 2
    assert row.p == pytest.approx(min(1, 2 * tail))
    agreed = int(((need == 1) & (use == 1)).sum())
    interval = tango_interval(agreed, only_need, only_use, len(both) - flips - agreed)
    assert (row.ci_low, row.ci_high, row.ci_method) == (interval.low, interval.high, "tango")
    assert row.ci_low < row.gap < row.ci_high


def test_a_row_is_named_after_the_urgency() -> None:
    row = by_concept(draw_answers(3, {AFTER: REGIONS}))["een"]
    assert (row.item, row.section, row.text) == ("nood_een", "nood", "Nood een")
    assert row.label == "(heel) veel tegenover veel"
    assert (row.wave, row.test) == (AFTER, "mcnemar_midp")


def test_only_concepts_on_a_scale_in_both_sections() -> None:
    # 'drie' is a grade among the yields
    assert set(by_concept(draw_answers(3, {AFTER: REGIONS}))) == {"een", "twee"}


def test_only_regions_that_answered_both_count() -> None:
    given = sides(3, 4, 2, 6)
    given[AFTER]["half"] = {"nood_een": "5"}
    given[AFTER]["weet niet"] = {"nood_een": "5", "baat_een": MissingReason.DONT_KNOW}
    given[AFTER]["alleen baat"] = {"baat_een": "3"}
    assert by_concept(given)["een"] == by_concept(sides(3, 4, 2, 6))["een"]
    assert by_concept(given)["een"].n == 15


def test_nobody_answered_both_is_said_and_comes_last() -> None:
    given = sides(0, 0, 9, 3, "een")
    for region in given[AFTER]:
        given[AFTER][region] = {**given[AFTER][region], "nood_twee": "5"}
    first, last = ranked(given)
    assert (first.concept, first.gap) == ("een", -0.75)
    assert (last.concept, last.n, last.gap, last.p, last.p_adjusted) == (
        "twee",
        0,
        None,
        None,
        None,
    )
    assert (last.reason, last.standing) == (NOT_BOTH, "")
    # and what cannot be tested is no hypothesis
    assert first.p_adjusted == first.p


# --- Order, adjustment, standing


def joined(*parts: Given) -> Given:
    answers: dict[str, dict[str, Any]] = {}
    for part in parts:
        for region, said in part[AFTER].items():
            answers.setdefault(region, {}).update(said)
    return {AFTER: answers}


def test_the_largest_gap_comes_first() -> None:
    small, large = (5, 6, 4, 15), (5, 14, 1, 10)
    for een, twee, order in ((small, large, ["twee", "een"]), (large, small, ["een", "twee"])):
        rows = ranked(joined(sides(*een, "een"), sides(*twee, "twee")))
        assert [row.concept for row in rows] == order
        assert rows[0].gap == pytest.approx(13 / 30)


@pytest.mark.parametrize(("method", "known"), [("holm", "holm"), ("bh", "fdr_bh")])
def test_p_values_are_adjusted_over_the_concepts(method: Any, known: str) -> None:
    rows = ranked(joined(sides(5, 9, 2, 14, "een"), sides(5, 8, 3, 14, "twee")), adjustment=method)
    expected = multipletests([row.p for row in rows], method=known)[1]
    assert [row.p_adjusted for row in rows] == pytest.approx(list(expected))
    assert {row.adjustment for row in rows} == {method}


def test_the_adjusted_p_decides() -> None:
    # p = 0.0386 alone; twice that with a second concept
    given = joined(sides(5, 9, 2, 14, "een"), sides(5, 6, 6, 13, "twee"))
    with_holm, without = by_concept(given)["een"], by_concept(given, adjustment="none")["een"]
    assert without.p == with_holm.p == pytest.approx(0.0386, abs=1e-4)
    assert (with_holm.p_adjusted, without.p_adjusted) == pytest.approx((0.0772, 0.0386), abs=2e-4)
    assert (with_holm.standing, without.standing) == (NOT_SHOWN, URGENT)


def test_more_yields_than_urgency_is_something_else() -> None:
    row = by_concept(sides(5, 0, 14, 10))["een"]
    assert (row.gap, row.standing) == (-14 / 29, YIELDING)


def test_as_much_of_both_is_not_shown_to_differ() -> None:
    row = by_concept(sides(9, 4, 4, 9))["een"]
    assert (row.gap, row.p, row.standing) == (0.0, 1.0, NOT_SHOWN)
    nobody_differs = by_concept(sides(12, 0, 0, 9))["een"]
    assert (nobody_differs.gap, nobody_differs.p) == (0.0, 1.0)
    assert nobody_differs.ci_low < 0 < nobody_differs.ci_high


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 8), st.integers(0, 12), st.integers(0, 12), st.integers(0, 8))
def test_standing_gap_and_interval_go_together(both: int, need: int, use: int, none: int) -> None:
    assume(both + need + use + none > 0)
    row = by_concept(sides(both, need, use, none))["een"]
    assert row.gap == pytest.approx(row.urgent - row.yielding)
    assert -1 <= row.ci_low <= row.gap + 1e-12 <= row.ci_high + 2e-12
    expected = NOT_SHOWN if row.p >= 0.05 else URGENT if need > use else YIELDING
    assert row.standing == expected
    if row.standing != NOT_SHOWN:  # a star never stands beside an interval with 0 in it
        assert not row.ci_low <= 0 <= row.ci_high
    mirrored = by_concept(sides(both, use, need, none))["een"]
    assert mirrored.p == pytest.approx(row.p)
    assert (mirrored.ci_low, mirrored.ci_high) == pytest.approx(
        (-row.ci_high, -row.ci_low), abs=1e-9
    )


# --- What is refused, and what may be shown


def test_an_unknown_section_is_refused_with_the_known_ones() -> None:
    given = sides(3, 4, 2, 6)
    with pytest.raises(ValueError, match="no section 'noot'; known: nood, baat, deel"):
        ranked(given, "noot")
    with pytest.raises(ValueError, match="no section 'bate'; known: nood, baat, deel"):
        ranked(given, "nood", "bate")


def test_sections_without_a_shared_concept_are_refused() -> None:
    with pytest.raises(ValueError, match="'nood' and 'deel' share no concept on a scale"):
        ranked(sides(3, 4, 2, 6), "nood", "deel")


@pytest.mark.parametrize(("counts", "base"), [((1, 2, 0, 1), None), ((2, 4, 1, 2), 9)])
def test_of_few_regions_no_priority_is_shown(counts: tuple[int, ...], base: int | None) -> None:
    (row, _) = release(ranked(sides(*counts)), title="", base="", method="", source="").rows
    assert row.is_suppressed
    assert row["n"] == base
    told = ("gap", "urgent", "yielding", "count_urgent", "p", "standing", "reason", "ci_low")
    assert {row[name] for name in told} == {None}
    assert row["text"] == "Nood een"


def test_of_enough_regions_all_is_shown() -> None:
    rows = release(ranked(sides(5, 14, 1, 10)), title="", base="", method="", source="").rows
    assert (rows[0]["n"], rows[0]["standing"], rows[0].is_suppressed) == (30, URGENT, False)
    # nobody answered the other: that is no secret
    assert (rows[1].is_suppressed, rows[1]["reason"]) == (False, NOT_BOTH)
    assert np.isclose(rows[0]["gap"], 13 / 30)
