"""Whole weighted comparisons and levels: against R's survey on rows, and what is refused."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.comparison import Comparison, compare
from analysis.levels import Level, measure_levels, weigh_levels
from analysis.panel import Panel
from analysis.register_weights import Weighting, WeightsRefused, weighting_cells
from analysis.settings import Settings
from analysis.significance.result import NO_PAIRS, ONE_PAIR, SMALL_WAVE
from analysis.weighted_comparison import compare_weighted
from analysis.weighted_means import NO_ANSWERS
from surveys.answers import Answers, MissingReason
from surveys.regions.register import Register
from tests.analysis.panels import AFTER, BEFORE, Given, draw_answers, panel_of

REFERENCE = Path(__file__).parents[1] / "reference"
CASES = json.loads((REFERENCE / "survey_change.json").read_text(encoding="utf-8"))["cases"]
with (REFERENCE / "survey_change.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
ATTRIBUTES = ("streek", "grootte")
REGISTER = Register({row["region"]: {n: row[n] for n in ATTRIBUTES} for row in ROWS}, ATTRIBUTES)
# How a measure of R is called here: item, part, and whether the scale is tested as a whole.
MEASURES = {
    "top2": ("nood_een", "top", False),
    "schaal": ("nood_een", "", True),
    "cijfer": ("cijfer", "", False),
}
NORTH, SOUTH = [f"n{i:02d}" for i in range(12)], [f"z{i:02d}" for i in range(8)]


def answers_of_rows() -> Given:
    given: Given = {BEFORE: {}, AFTER: {}}
    for row in ROWS:
        for wave, responses in given.items():
            if row[f"in_{wave}"] == "1":
                said = {"nood_een": row[f"schaal_{wave}"], "cijfer": row[f"cijfer_{wave}"]}
                responses[row["region"]] = {item: code for item, code in said.items() if code}
    return given


def weigh(
    panel: Panel, register: Register, attributes: Iterable[str], scheme: Any = "rake"
) -> tuple[Weighting, dict[tuple[str, ...], Panel]]:
    names = tuple(attributes)
    members = weighting_cells(register, names)
    sizes = {cell: len(found) for cell, found in members.items()}
    return Weighting(names, sizes, scheme), {c: panel.part(m) for c, m in members.items()}


def compare_to(
    panel: Panel,
    register: Register,
    attributes: Iterable[str],
    scheme: Any = "rake",
    **options: Any,
) -> dict[tuple[str, str], Comparison]:
    weighting, parts = weigh(panel, register, attributes, scheme)
    cells = {cell: part.count_pair() for cell, part in parts.items()}
    rows = compare_weighted(weighting, cells, panel.count_pair(), Settings(**options))
    return {(row.item, row.part): row for row in rows}


def levels_of(
    panel: Panel,
    register: Register,
    attributes: Iterable[str],
    scheme: Any = "rake",
    population: int | None = None,
) -> dict[tuple[str, str], Level]:
    weighting, parts = weigh(panel, register, attributes, scheme)
    cells = {cell: part.count(AFTER) for cell, part in parts.items()}
    rows = weigh_levels(weighting, cells, panel.count(AFTER), population)
    return {(row.item, row.part): row for row in rows}


def registered(*places: tuple[str, Iterable[str]], attribute: str = "streek") -> Register:
    regions = {region: {attribute: place} for place, found in places for region in found}
    return Register(regions, (attribute,))


def refusals(panel: Panel, register: Register, *attributes: str, **options: Any) -> tuple[str, ...]:
    with pytest.raises(WeightsRefused) as refused:
        compare_to(panel, register, attributes, **options)
    return refused.value.faults


# --- Against R, from the rows


def estimate(case: dict[str, Any]) -> Comparison | Level:
    told = dict(case["input"])
    item, part, whole = MEASURES[told.pop("measure")]
    panel = panel_of(answers_of_rows())
    if case["function"] == "level":
        told.pop("wave")
        return levels_of(panel, REGISTER, **told)[item, part]
    # survey knows no design: the pairs are taken by hand there, and 'overlap' is found here
    design = "independent" if case["function"] == "independent" else "auto"
    return compare_to(panel, REGISTER, **told, design=design, whole_scale=whole)[item, part]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['function']}: {case['name']}")
def test_agrees_with_r(case: dict[str, Any]) -> None:
    found = estimate(case)
    assert found.reason == ""
    for field, expected in case["expected"].items():
        assert getattr(found, field) == pytest.approx(expected, rel=1e-8), case["guards"]


def test_what_r_was_asked_is_found_in_the_data() -> None:
    panel = panel_of(answers_of_rows())
    both = panel.count_pairs(BEFORE, AFTER).regions
    assert (len(ROWS), len(panel.regions), both) == (44, 42, 34)
    rows = compare_to(panel, REGISTER, ATTRIBUTES)
    assert {rows["cijfer", ""].design, rows["nood_een", "top"].design} == {"overlap"}


# --- What a weighted comparison is, and is not


def test_weighting_is_off_by_default() -> None:
    panel = panel_of(answers_of_rows())
    assert {row.weights for row in compare(*panel.count_pair())} == {""}
    assert {row.effective_n for row in compare(*panel.count_pair())} == {None}
    assert {row.weights for row in measure_levels(panel.count(AFTER))} == {""}


@pytest.mark.parametrize(
    ("attributes", "scheme", "label"),
    [
        (["streek"], "rake", "streek (poststratify)"),
        (["streek"], "poststratify", "streek (poststratify)"),
        (["streek", "grootte"], "rake", "streek x grootte (rake)"),
        (["streek", "grootte"], "poststratify", "streek x grootte (poststratify)"),
    ],
)
def test_a_row_says_what_it_was_weighted_on(attributes: list[str], scheme: str, label: str) -> None:
    panel = panel_of(answers_of_rows())
    rows = compare_to(panel, REGISTER, attributes, scheme)
    assert {row.weights for row in rows.values()} == {label}
    assert {row.weights for row in levels_of(panel, REGISTER, attributes, scheme).values()} == {
        label
    }


def test_raking_and_crossing_differ() -> None:
    panel = panel_of(answers_of_rows())
    raked, crossed = (
        compare_to(panel, REGISTER, ATTRIBUTES, scheme)["cijfer", ""]
        for scheme in ("rake", "poststratify")
    )
    assert raked.change != pytest.approx(crossed.change, rel=1e-3)


def test_the_weighted_value_is_the_share_of_each_part_times_its_mean() -> None:
    given: Given = {
        BEFORE: {r: {"cijfer": "6"} for r in NORTH[:6]} | {r: {"cijfer": "8"} for r in SOUTH[:2]},
        AFTER: {r: {"cijfer": "6"} for r in NORTH[:6]} | {r: {"cijfer": "9"} for r in SOUTH[:2]},
    }
    given[AFTER][NORTH[0]] = {"cijfer": "7"}
    # Six of twelve northern regions answered, and two of eight southern ones.
    row = compare_to(panel_of(given), registered(("n", NORTH), ("z", SOUTH)), ["streek"])[
        "cijfer", ""
    ]
    assert row.value_before == pytest.approx(0.6 * 6 + 0.4 * 8)
    assert row.value_after == pytest.approx(0.6 * 37 / 6 + 0.4 * 9)
    assert row.change == pytest.approx(0.6 * 1 / 6 + 0.4 * 1)
    # weights 0.8 (six regions) and 1.6 (two)
    assert row.effective_n == pytest.approx(8**2 / (6 * 0.8**2 + 2 * 1.6**2))


def test_there_is_no_effect_size_and_no_secondary_outcome() -> None:
    row = compare_to(panel_of(answers_of_rows()), REGISTER, ["streek"])["cijfer", ""]
    assert (row.test, row.ci_method) == ("weighted_paired_t", "weighted_paired_t")
    assert {row.effect, row.detectable_change, row.change_all, row.p_all, row.count_before} == {
        None
    }


def test_weights_follow_the_pairs_or_either_wave() -> None:
    # In the north all answer twice; in the south half of the regions leave, others come.
    given = draw_answers(4, {BEFORE: [*NORTH, *SOUTH[:6]], AFTER: [*NORTH, *SOUTH[2:]]}, missing=0)
    panel, register = panel_of(given), registered(("n", NORTH), ("z", SOUTH))
    pairs = compare_to(panel, register, ["streek"])["cijfer", ""]
    waves = compare_to(panel, register, ["streek"], design="independent")["cijfer", ""]
    # pairs: 12 of 12 and 4 of 8 among 16; a wave: 12 of 12 and 6 of 8 among 18
    assert pairs.n_pairs == 16
    assert pairs.effective_n == pytest.approx(16**2 / (12 * 0.8**2 + 4 * 1.6**2))
    assert (pairs.effective_n_before, pairs.effective_n_after) == (None, None)
    for found in (waves.effective_n_before, waves.effective_n_after):
        assert found == pytest.approx(18**2 / (12 * 0.9**2 + 6 * 1.2**2))
    assert waves.effective_n is None


def test_who_skips_a_question_keeps_the_weight() -> None:
    given = draw_answers(6, {BEFORE: [*NORTH, *SOUTH[:4]], AFTER: [*NORTH, *SOUTH[:4]]}, missing=0)
    for region in NORTH[:5]:
        given[AFTER][region] = {**given[AFTER][region], "cijfer": MissingReason.DONT_KNOW}
    row = compare_to(panel_of(given), registered(("n", NORTH), ("z", SOUTH)), ["streek"])[
        "cijfer", ""
    ]
    # weights 0.8 and 1.6 as without missing answers, over the eleven that are left
    assert (row.n_pairs, row.missing_after["weet_niet"]) == (11, 5)
    assert row.effective_n == pytest.approx((7 * 0.8 + 4 * 1.6) ** 2 / (7 * 0.8**2 + 4 * 1.6**2))


def test_a_region_of_the_register_that_never_answered_weighs_through_its_like() -> None:
    given = draw_answers(8, {BEFORE: [*NORTH, *SOUTH], AFTER: [*NORTH, *SOUTH]})
    panel = panel_of(given)
    plain = compare_to(panel, registered(("n", NORTH), ("z", SOUTH)), ["streek"])
    more = [*SOUTH, *(f"stil{i}" for i in range(12))]
    heavier = compare_to(panel, registered(("n", NORTH), ("z", more)), ["streek"])
    assert plain["cijfer", ""].effective_n == pytest.approx(plain["cijfer", ""].n_pairs)
    assert heavier["cijfer", ""].n_pairs == plain["cijfer", ""].n_pairs
    assert heavier["cijfer", ""].effective_n < plain["cijfer", ""].effective_n
    assert heavier["cijfer", ""].change != pytest.approx(plain["cijfer", ""].change)


def test_equal_weights_change_no_value() -> None:
    given = draw_answers(10, {BEFORE: [*NORTH, *SOUTH], AFTER: [*NORTH, *SOUTH]})
    panel = panel_of(given)
    weighted = compare_to(panel, registered(("n", NORTH), ("z", SOUTH)), ["streek"])
    for row in compare(*panel.count_pair()):
        mine = weighted[row.item, row.part]
        assert (mine.n_pairs, mine.missing_after) == (row.n_pairs, row.missing_after)
        assert mine.change == pytest.approx(row.change)
        assert mine.value_before == pytest.approx(row.value_before)


def test_one_class_for_all_is_the_plain_t_test() -> None:
    given = draw_answers(12, {BEFORE: [*NORTH, *SOUTH], AFTER: [*NORTH, *SOUTH]}, missing=0)
    panel = panel_of(given)
    row = compare_to(panel, registered(("al", [*NORTH, *SOUTH])), ["streek"])["cijfer", ""]
    plain = next(found for found in compare(*panel.count_pair()) if found.item == "cijfer")
    for field in ("change", "statistic", "p", "ci_low", "ci_high", "value_after"):
        assert getattr(row, field) == pytest.approx(getattr(plain, field)), field
    waves = compare_to(
        panel, registered(("al", [*NORTH, *SOUTH])), ["streek"], design="independent"
    )["cijfer", ""]
    welch = next(
        found
        for found in compare(*panel.count_pair(), Settings(design="independent"))
        if found.item == "cijfer"
    )
    for field in ("change", "statistic", "p", "ci_low", "ci_high", "value_before"):
        assert getattr(waves, field) == pytest.approx(getattr(welch, field)), field


def test_p_values_are_adjusted_per_section_and_the_chosen_one_decides() -> None:
    panel = panel_of(answers_of_rows())
    raw = compare_to(panel, REGISTER, ["streek"])
    strict = compare_to(panel, REGISTER, ["streek"], stars="adjusted")
    section = [r for r in raw.values() if r.section == "nood" and not r.is_summary]
    tested = [row for row in section if row.p is not None]
    assert len(tested) == 2
    assert min(row.p_adjusted for row in tested) == pytest.approx(2 * min(r.p for r in tested))
    for key, row in strict.items():
        if row.p is not None:
            assert (row.outcome == "veranderd") == (row.p_adjusted < 0.05)
            assert raw[key].p == row.p


def test_what_may_not_be_compared_is_not_weighted_either() -> None:
    given = draw_answers(14, {BEFORE: NORTH, AFTER: NORTH})
    panel = panel_of(given)
    older = replace(panel.questionnaires[BEFORE], version="0")
    strangers = Panel({**panel.questionnaires, BEFORE: older}, panel.frames, panel.respondents)
    rows = compare_to(strangers, registered(("n", NORTH)), ["streek"])
    assert {row.outcome for row in rows.values()} == {"niet vergelijkbaar"}
    assert {row.change for row in rows.values()} == {None}
    assert all("zegt niet hoe deze vraag zich verhoudt" in row.reason for row in rows.values())


# --- What cannot be computed, in words


def test_questions_that_few_or_none_answered_twice_say_so() -> None:
    given: Given = {
        BEFORE: {region: {"cijfer": "7", "nood_een": "3"} for region in NORTH},
        AFTER: {region: {"bezig": "ja"} for region in NORTH},
    }
    given[AFTER][NORTH[0]] = {"nood_een": "4"}
    register = registered(("n", NORTH))
    rows = compare_to(panel_of(given), register, ["streek"])
    nobody, one = rows["cijfer", ""], rows["nood_een", "top"]
    assert (nobody.p, nobody.change, nobody.reason) == (None, None, NO_PAIRS)
    assert (one.n_pairs, one.p, one.change, one.reason) == (1, None, 1.0, ONE_PAIR)
    assert {nobody.outcome, one.outcome} == {"niet te toetsen"}
    waves = compare_to(panel_of(given), register, ["streek"], design="independent")
    assert (waves["cijfer", ""].p, waves["cijfer", ""].reason) == (None, SMALL_WAVE)
    assert levels_of(panel_of(given), register, ["streek"])["cijfer", ""].reason == NO_ANSWERS


def test_nobody_changed_is_p_1() -> None:
    alike: dict[str, Answers] = {r: {"cijfer": str(5 + i % 3)} for i, r in enumerate(NORTH)}
    register = registered(("n", NORTH[:8]), ("z", NORTH[8:]))
    row = compare_to(panel_of({BEFORE: alike, AFTER: alike}), register, ["streek"])["cijfer", ""]
    assert (row.change, row.p, row.outcome) == (0.0, 1.0, "niet aangetoond")


# --- What is refused


def test_an_empty_category_is_refused_by_name_size_and_wave() -> None:
    given = draw_answers(16, {BEFORE: [*NORTH, *SOUTH], AFTER: NORTH})
    register = registered(("n", NORTH), ("z", SOUTH))
    told = "streek 'z' has 8 regions in the register, but none that answered in"
    paired = refusals(panel_of(given), register, "streek")
    assert paired == (f"{told} both 2021 and 2024",)
    assert refusals(panel_of(given), register, "streek", design="independent") == (f"{told} 2024",)
    with pytest.raises(WeightsRefused) as refused:
        levels_of(panel_of(given), register, ["streek"])
    assert refused.value.faults == (f"{told} 2024",)


def test_all_empty_categories_of_all_attributes_are_told_at_once() -> None:
    places = {
        "a": {"streek": "noord", "grootte": "klein"},
        "b": {"streek": "midden", "grootte": "klein"},
        "c": {"streek": "midden", "grootte": "groot"},
        "d": {"streek": "zuid", "grootte": "groot"},
    }
    register = Register(places, ATTRIBUTES)
    panel = panel_of(draw_answers(18, {BEFORE: ["a"], AFTER: ["a"]}))
    where = "in the register, but none that answered in both 2021 and 2024"
    assert refusals(panel, register, *ATTRIBUTES) == (
        f"streek 'midden' has 2 regions {where}",
        f"streek 'zuid' has 1 regions {where}",
        f"grootte 'groot' has 2 regions {where}",
    )
    assert refusals(panel, register, *ATTRIBUTES, scheme="poststratify") == (
        f"streek 'midden' and grootte 'groot' has 1 regions {where}",
        f"streek 'midden' and grootte 'klein' has 1 regions {where}",
        f"streek 'zuid' and grootte 'groot' has 1 regions {where}",
    )


def test_both_waves_are_told_at_once() -> None:
    given = draw_answers(20, {BEFORE: NORTH, AFTER: SOUTH})
    register = registered(("n", NORTH), ("z", SOUTH))
    told = refusals(panel_of(given), register, "streek")
    assert [fault.rsplit(" ", 1)[1] for fault in told] == [BEFORE, AFTER]
    assert [fault.split("'")[1] for fault in told] == ["z", "n"]


def test_margins_that_cannot_both_be_met_are_refused() -> None:
    # All who answered are small in the north or large in the south: four to two can never be made
    # three to three.
    places = {f"a{i}": {"streek": "noord", "grootte": "klein"} for i in range(3)}
    places |= {f"b{i}": {"streek": "zuid", "grootte": "groot"} for i in range(2)}
    answered = [*places]
    places |= {"stil": {"streek": "noord", "grootte": "groot"}}
    panel = panel_of(draw_answers(22, {BEFORE: answered, AFTER: answered}))
    told = refusals(panel, Register(places, ATTRIBUTES), *ATTRIBUTES)
    assert told == ("no weights meet both margins among those of both 2021 and 2024",)
    crossed = refusals(panel, Register(places, ATTRIBUTES), *ATTRIBUTES, scheme="poststratify")
    assert crossed == (
        "streek 'noord' and grootte 'groot' has 1 regions in the register, but none that "
        "answered in both 2021 and 2024",
    )


def test_a_crossing_that_nobody_answered_in_can_still_be_raked() -> None:
    places = {row["region"]: REGISTER.regions[row["region"]] for row in ROWS}
    given = answers_of_rows()
    quiet = {region for region, place in places.items() if [*place.values()] == ["noord", "groot"]}
    for responses in given.values():
        for region in quiet & responses.keys():
            del responses[region]
    panel = panel_of(given)
    row = compare_to(panel, REGISTER, ATTRIBUTES)["cijfer", ""]
    assert row.change is not None
    assert row.p is not None
    assert refusals(panel, REGISTER, *ATTRIBUTES, scheme="poststratify")


# --- Properties

present = st.sets(st.sampled_from([*NORTH, *SOUTH]), min_size=1)
drawn = st.tuples(st.integers(0, 50), present, present)


def weighted_rows(given: Given, register: Register, design: Any) -> dict | tuple[str, ...]:
    try:
        return compare_to(panel_of(given), register, ["streek"], design=design)
    except WeightsRefused as refused:
        return refused.faults


@settings(deadline=None, max_examples=25)
@given(drawn, st.sampled_from(["paired", "independent"]))
def test_swapping_the_waves_turns_the_change_around_and_keeps_p(
    found: tuple[int, set[str], set[str]], design: str
) -> None:
    seed, first, last = found
    there = draw_answers(seed, {BEFORE: first, AFTER: last})
    back = {BEFORE: there[AFTER], AFTER: there[BEFORE]}
    register = registered(("n", NORTH), ("z", SOUTH))
    rows, mirrored = (weighted_rows(given, register, design) for given in (there, back))
    assert isinstance(rows, dict) == isinstance(mirrored, dict)
    if isinstance(rows, tuple) or isinstance(mirrored, tuple):
        return
    for key, row in rows.items():
        other = mirrored[key]
        assert (row.p is None, row.change is None) == (other.p is None, other.change is None)
        assert bool(row.reason) == (row.p is None)
        if row.p is not None:
            assert row.p == pytest.approx(other.p, rel=1e-6)
        if row.change is not None:
            assert row.change == pytest.approx(-other.change, abs=1e-9)
