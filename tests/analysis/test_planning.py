"""How many pairs or answers are needed: against R's brute force, and against the power itself."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import power
from analysis.planning import plan_proportion
from analysis.power import (
    detectable_mean_change_independent,
    fisher_power,
    mcnemar_detectable_change,
    mcnemar_power,
    needed_answers_mean,
    needed_answers_proportion,
    needed_pairs_mean,
    needed_pairs_proportion,
    paired_t_power,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "power.json"
CASES = [
    case
    for case in json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]
    if case["function"].startswith("needed")
]

# None of these properties is about speed.
steady = settings(deadline=None, max_examples=25)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']}: {case['name']}")
def test_agrees_with_r(case: dict[str, Any]) -> None:
    actual = getattr(power, case["function"])(**case["input"])
    assert actual == case["expected"], case["guards"]


# Not between 0 and 1e-6: SciPy's binom.pmf overflows at a subnormal probability.
shares = st.sampled_from([0.0, 1.0]) | st.floats(1e-6, 1 - 1e-6)


# --- Paired proportions


def test_how_many_regions_show_fifteen_points() -> None:
    assert needed_pairs_proportion(0.15, 0.3) == 102
    assert mcnemar_power(102, 0.3, 0.15) >= 0.8 > mcnemar_power(101, 0.3, 0.15)
    assert mcnemar_detectable_change(102, 0.3) == pytest.approx(0.15, abs=0.001)


@steady
@given(
    st.floats(0.05, 1) | st.just(1.0),
    st.floats(0.3, 1),
    st.sampled_from([0.5, 0.8, 0.9]),
    st.sampled_from([0.01, 0.05]),
)
def test_needed_pairs_are_enough_and_stay_enough(
    discordance: float, part: float, wanted: float, alpha: float
) -> None:
    change = part * discordance
    needed = needed_pairs_proportion(change, discordance, wanted, alpha)
    assert mcnemar_power(needed - 1, discordance, change, alpha) < wanted
    # Exact power goes up and down: a later n must not fall below again.
    for n in range(needed, needed + 100):
        assert mcnemar_power(n, discordance, change, alpha) >= wanted
    assert needed_pairs_proportion(-change, discordance, wanted, alpha) == needed


def test_needed_pairs_go_on_where_the_exact_search_ends() -> None:
    # Miettinen's formula gives just under and just over 10,000 pairs here.
    exact, formula = (needed_pairs_proportion(change, 0.3) for change in (0.01535, 0.0153))
    assert exact < 10_000 < formula
    assert formula / exact == pytest.approx((0.01535 / 0.0153) ** 2, rel=0.002)
    assert needed_pairs_proportion(1e-6, 0.3) > 10**12


@pytest.mark.parametrize(
    ("change", "discordance", "message"),
    [
        (0.31, 0.3, "at least that discordance"),
        (-0.31, 0.3, "at least that discordance"),
        (0.0, 0.3, "no number of answers"),
        (0.0, 0.0, "no number of answers"),
        (float("nan"), 0.3, "no number of answers"),
        (0.1, 1.3, "proportions must lie"),
    ],
)
def test_needed_pairs_refuse_the_impossible(
    change: float, discordance: float, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        needed_pairs_proportion(change, discordance)


# --- Independent proportions


@settings(steady, max_examples=8)
@given(shares, st.floats(0, 1))
def test_needed_answers_are_enough_and_stay_enough(before: float, part: float) -> None:
    # At least thirty points, towards the end with room.
    change = (0.3 + part * 0.2) * (1 if before < 0.5 else -1)
    needed = needed_answers_proportion(before, change)
    assert fisher_power(needed - 1, needed - 1, before, before + change) < 0.8
    for n in range(needed, needed + 40):
        assert fisher_power(n, n, before, before + change) >= 0.8
    mirrored = needed_answers_proportion(1 - before, -change)
    assert abs(mirrored - needed) <= 1  # 1 - p and p differ by rounding


def test_fishers_test_needs_more_than_a_plain_z_test_but_not_much() -> None:
    # power.prop.test of R, without continuity correction: 92.999 and 387.339 per wave.
    assert 93 < needed_answers_proportion(0.3, 0.2) == 102
    assert 388 < needed_answers_proportion(0.5, 0.1) == 408


def test_needed_answers_go_on_where_the_exact_search_ends() -> None:
    # The formula gives just under and just over 316 answers here.
    exact, formula = (needed_answers_proportion(0.3, change) for change in (0.111, 0.109))
    assert exact < 316 < formula
    assert formula / exact == pytest.approx((0.111 / 0.109) ** 2, rel=0.02)


def test_needed_answers_for_the_whole_scale_and_for_large_waves() -> None:
    # 4 against 0 of 4 is p = .029, 3 against 0 of 3 is .1.
    assert needed_answers_proportion(0.0, 1.0) == 4
    assert needed_answers_proportion(0.7, 0.3) == needed_answers_proportion(0.3, -0.3)
    assert needed_answers_proportion(0.4, 1e-5) > 10**10


@pytest.mark.parametrize(
    ("before", "change", "message"),
    [
        (0.9, 0.2, "proportions must lie"),
        (0.1, -0.2, "proportions must lie"),
        (0.4, 0, "no number"),
    ],
)
def test_needed_answers_refuse_the_impossible(before: float, change: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        needed_answers_proportion(before, change)


# --- Means


@steady
@given(st.floats(0.05, 5), st.floats(0.1, 5), st.floats(0.1, 0.99))
def test_needed_numbers_for_means_are_the_smallest(change: float, sd: float, wanted: float) -> None:
    needed = needed_pairs_mean(change, sd, wanted)
    assert paired_t_power(needed, change, sd) >= wanted
    assert needed == 2 or paired_t_power(needed - 1, change, sd) < wanted
    assert needed_pairs_mean(-change, sd, wanted) == needed
    assert needed_pairs_mean(2 * change, 2 * sd, wanted) == needed
    each = needed_answers_mean(change, sd, wanted)
    found = detectable_mean_change_independent(each, each, sd, sd, wanted)
    missed = detectable_mean_change_independent(each - 1, each - 1, sd, sd, wanted)
    assert found is not None
    assert found <= change * (1 + 1e-9)
    assert missed is None or missed > change


@pytest.mark.parametrize("needed", [needed_pairs_mean, needed_answers_mean])
def test_needed_numbers_for_means_on_the_edge(needed: Any) -> None:
    assert needed(1e6, 1.0) == 2
    assert needed(1e-5, 1.0) > 10**10
    for change, sd, message in (
        (0.0, 1.0, "no number"),
        (0.5, 0.0, "no test"),
        (0.5, -1, "cannot"),
    ):
        with pytest.raises(ValueError, match=message):
            needed(change, sd)
    with pytest.raises(ValueError, match="0 < alpha < power < 1"):
        needed(0.5, 1.0, power=1.0)


def test_what_is_needed_and_what_is_shown_look_the_same_way() -> None:
    plan = plan_proportion(0.15, 0.3, 0.8, 0.8, regions=82)
    assert plan.needed_per_wave == 82
    assert plan.detectable_per_wave is not None
    assert 0.14 < plan.detectable_per_wave <= 0.15
    fall = plan_proportion(-0.15, 0.3, 0.8, 0.8, regions=82)
    assert fall.detectable_per_wave is not None
    assert fall.detectable_per_wave > plan.detectable_per_wave
