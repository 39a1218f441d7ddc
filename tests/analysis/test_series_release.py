"""Of three waves or more nothing gets out that is over few regions, nor by subtraction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.counts import MISSING, NO_ANSWER, PairCounts, WaveCounts
from analysis.decision import CHANGED, NOT_COMPARABLE
from analysis.disclosure import ReleasedRow
from analysis.settings import Settings
from analysis.wave_series import WaveSeries, compare_series
from surveys.definition import parse_definition
from tests.analysis.tables import release_figures
from tests.analysis.test_disclosure import SIZES, SMALL, answered, derive

WAVES = ("2021", "2024", "2027")
EVERY = frozenset(WAVES)
TOLD_OVER_ALL = ("value_all", "n_all")
Regions = Mapping[frozenset[str], int]  # how many regions answered in exactly these waves


ASKED = parse_definition("""
id = "proef"
version = "1"
wave = "2021"
title = "Proef"
[[sections]]
id = "deel"
title = "Deel"
items = [{ type = "yes_no", id = "bezig", concept = "bezig", text = "Bezig" }]
""").questionnaire
BEZIG = ("deel", "bezig", "")


def series_of(regions: Regions, *, one_panel: bool = True, **options: Any) -> WaveSeries:
    """Of regions that answer yes and no by turns, later more often yes."""
    said: Counter[tuple[str, ...]] = Counter()
    for waves, n in regions.items():
        for number in range(n):
            said[
                tuple(
                    NO_ANSWER if wave not in waves else "ja" if (number + place) % 3 else "nee"
                    for place, wave in enumerate(WAVES)
                )
            ] += 1
    counts = [
        WaveCounts(wave, ASKED, {BEZIG: _tally(said, place)}, _tally(said, place).total())
        for place, wave in enumerate(WAVES)
    ]
    pairs = {
        (WAVES[a], WAVES[b]): PairCounts({BEZIG: found}, found.total())
        for a, b in combinations(range(3), 2)
        for found in [_cross(said, a, b)]
    }
    rows = compare_series(counts, {BEZIG: said}, pairs, Settings(**options), one_panel=one_panel)
    return next(row for row in rows if row.item == "bezig")


def _tally(said: Counter[tuple[str, ...]], wave: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for codes, n in said.items():
        if codes[wave] not in {NO_ANSWER, *MISSING}:
            found[codes[wave]] += n
    return found


def _cross(said: Counter[tuple[str, ...]], first: int, last: int) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for codes, n in said.items():
        if NO_ANSWER not in (codes[first], codes[last]):
            found[codes[first], codes[last]] += n
    return found


def released(series: WaveSeries) -> ReleasedRow:
    return release_figures([series]).rows[0]


def regions_of(every: int, **others: int) -> Regions:
    """`every` answered in all waves; others by name, such as w21_24=3."""
    found = dict.fromkeys(answered(*WAVES), 0) | {EVERY: every}
    for name, n in others.items():
        found[frozenset(f"20{year}" for year in name[1:].split("_"))] = n
    return found


# One series


@pytest.mark.parametrize("n", [1, 4])
def test_below_five_regions_only_the_question_is_left(n: int) -> None:
    row = released(series_of(regions_of(n)))
    assert row.is_suppressed
    assert row["text"] == "Bezig"
    assert row["values"] == [{"wave": wave} for wave in WAVES]
    told = ("n", "p", "p_adjusted", "trend", "outcome", "reason", "statistic", "ci_method")
    assert {row[name] for name in told} == {None}
    assert row["pairwise"] == ()


@pytest.mark.parametrize("n", [5, 9])
def test_below_ten_regions_there_is_a_base_but_no_figure(n: int) -> None:
    row = released(series_of(regions_of(n)))
    assert row.is_suppressed
    assert row["values"] == [{"wave": wave, "n": n} for wave in WAVES]
    assert {row[name] for name in ("p", "trend", "outcome", "reason")} == {None}


def test_from_ten_regions_on_all_is_shown() -> None:
    series = series_of(regions_of(30))
    row = released(series)
    assert not row.is_suppressed
    assert (row["n"], row["p"], row["trend"]) == (30, series.p, series.trend)
    for told, value in zip(row["values"], series.values, strict=True):
        assert (told["value"], told["count"], told["n"]) == (value.value, value.count, 30)
        assert (told["value_all"], told["n_all"]) == (value.value, 30)
        assert told["ci_low"] <= value.value <= told["ci_high"]
    assert [pair["n_pairs"] for pair in row["pairwise"]] == [30, 30, 30]


@pytest.mark.parametrize("few", [1, 4])
def test_where_a_few_more_answered_in_one_wave_nothing_is_told_over_all_answers(few: int) -> None:
    row = released(series_of(regions_of(30, w21=12, w24=few, w27=12)))
    assert not row.is_suppressed
    assert (row["n"], row["outcome"] is not None) == (30, True)
    assert {value.get(name) for value in row["values"] for name in TOLD_OVER_ALL} == {None}
    assert {row[name] for name in ("trend", "trend_error", "trend_p", "trend_test")} == {None}


def test_where_many_more_answered_all_answers_are_told_beside_the_panel() -> None:
    series = series_of(regions_of(30, w21=5, w24_27=7))
    row = released(series)
    assert [value["n"] for value in row["values"]] == [30, 30, 30]
    assert [value["n_all"] for value in row["values"]] == [35, 37, 37]
    assert row["trend"] == series.trend


def test_two_waves_are_compared_over_the_panel_and_nobody_else() -> None:
    regions = regions_of(30, w21_24=3, w21_27=20)
    row = released(series_of(regions))
    assert [pair["n_pairs"] for pair in row["pairwise"]] == [30, 30, 30]
    for pair in row["pairwise"]:
        shown = {value["wave"]: value["value"] for value in row["values"]}
        assert pair["value_before"] == pytest.approx(shown[pair["wave_before"]])
        assert pair["value_after"] == pytest.approx(shown[pair["wave_after"]])
        assert {pair[name] for name in ("n_before", "n_after", "value_after_all")} == {None}
    other = released(series_of(regions, one_panel=False))["pairwise"]
    assert [pair.is_suppressed for pair in other] == [True, True, False]


def test_a_series_over_all_answers_tells_no_panel_and_only_pairs_that_leave_none_over() -> None:
    row = released(series_of(regions_of(7, w21_24=20, w24_27=20, w21_27=20, w24=3)))
    assert (row["is_panel"], row["n"], row.is_suppressed) == (False, None, False)
    assert [value["n"] for value in row["values"]] == [47, 50, 47]
    assert [pair.is_suppressed for pair in row["pairwise"]] == [False, False, False]
    few = released(series_of(regions_of(7, w21_24=20, w24_27=3, w21_27=20)))
    assert [value["n"] for value in few["values"]] == [47, 30, 30]
    # 27 of the 30 of 2024 answered in 2021 too, and 27 of the 30 of 2027
    assert [pair.is_suppressed for pair in few["pairwise"]] == [True, True, False]


def test_a_panel_taken_for_different_groups_is_suppressed_where_it_leaves_a_few() -> None:
    apart = released(series_of(regions_of(30, w24=3), design="independent"))
    assert apart.is_suppressed
    assert apart["values"] == [{"wave": wave} for wave in WAVES]
    whole = released(series_of(regions_of(30), design="independent"))
    assert [value["n"] for value in whole["values"]] == [30, 30, 30]


def test_independent_waves_are_shown_each_with_its_own_size() -> None:
    row = released(series_of(regions_of(0, w21=20, w24=25, w27=30)))
    assert [value["n"] for value in row["values"]] == [20, 25, 30]
    assert (row["n"], row["is_panel"]) == (None, False)
    assert [(pair["n_before"], pair["n_pairs"]) for pair in row["pairwise"]] == [
        (20, None), (20, None), (25, None),
    ]  # fmt: skip


def test_one_small_wave_suppresses_all() -> None:
    row = released(series_of(regions_of(0, w21=20, w24=3, w27=30)))
    assert row.is_suppressed
    assert row["values"] == [{"wave": wave} for wave in WAVES]


def test_without_answers_in_a_wave_it_says_why_and_the_other_two_are_compared() -> None:
    row = released(series_of(regions_of(0, w21_24=20, w21=3)))
    assert not row.is_suppressed
    assert "geen enkele regio" in row["reason"]
    assert row["values"] == [{"wave": wave} for wave in WAVES]
    first, *others = row["pairwise"]
    assert (first["n_pairs"], first["n_before"]) == (20, None)
    assert all(pair["p"] is None for pair in others)


def test_a_star_follows_the_outcome() -> None:
    row = released(series_of(regions_of(40)))
    assert row.has_star == (row["outcome"] == CHANGED)


def test_what_may_not_be_compared_says_why_and_tells_no_value() -> None:
    refused = replace(
        series_of(regions_of(30)), outcome=NOT_COMPARABLE, reason="Andere vraag.", p=None
    )
    row = released(refused)
    assert not row.is_suppressed
    assert (row["outcome"], row["reason"]) == (NOT_COMPARABLE, "Andere vraag.")
    assert row["values"] == [{"wave": wave} for wave in WAVES]


# Attacks


def known_sets(
    row: ReleasedRow, panel_pairs: bool, wave: str
) -> Iterator[frozenset[frozenset[str]]]:
    """Of which regions the answers in a wave are told."""
    for value in row["values"]:
        if value["wave"] == wave:
            if value.get("n") is not None:
                yield _with(*WAVES) if row["is_panel"] else _with(wave)
            if value.get("n_all") is not None:
                yield _with(wave)
    for pair in row["pairwise"]:
        both = {pair["wave_before"], pair["wave_after"]}
        if wave in both and pair["value_after"] is not None:
            if pair["design"] == "independent":
                yield _with(wave)
            else:
                yield _with(*WAVES) if panel_pairs else _with(*both)


def _with(*waves: str) -> frozenset[frozenset[str]]:
    return frozenset(atom for atom in answered(*WAVES) if set(waves) <= atom)


def attack(row: ReleasedRow, regions: Regions, panel_pairs: bool, *waves: str) -> set[int]:
    atoms = answered(*WAVES)
    known = [
        [int(atom in found) for atom in atoms]
        for wave in waves
        for found in known_sets(row, panel_pairs, wave)
    ]
    return derive(known, [regions[atom] for atom in atoms])


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries({**dict.fromkeys(answered(*WAVES), SIZES), EVERY: SIZES | st.just(15)}),
    st.booleans(),
    st.sampled_from(["auto", "paired", "independent"]),
)
def test_no_attack_finds_what_a_few_regions_said_in_a_wave(
    regions: Regions, one_panel: bool, design: str
) -> None:
    row = released(series_of(regions, one_panel=one_panel, design=design))
    panel_pairs = one_panel and design != "independent" and regions[EVERY] >= 10
    for wave in WAVES:
        assert attack(row, regions, panel_pairs, wave).isdisjoint(SMALL)
    if row["is_panel"]:
        assert attack(row, regions, panel_pairs, *WAVES).isdisjoint(SMALL)


def test_no_attack_exhaustively() -> None:
    atoms = answered(*WAVES)
    for sizes in product([0, 3], [0], [0, 6], [0, 3], [0], [0, 3], [4, 15]):
        regions = dict(zip(atoms, sizes, strict=True))
        row = released(series_of(regions))
        for wave in WAVES:
            assert attack(row, regions, regions[EVERY] >= 10, wave).isdisjoint(SMALL), regions


def test_the_attack_finds_what_is_not_protected() -> None:
    regions = regions_of(30, w21_24=3)
    panel, pairs = _with(*WAVES), _with("2021", "2024")
    atoms = answered(*WAVES)
    known = [[int(atom in found) for atom in atoms] for found in (panel, pairs)]
    assert 3 in derive(known, [regions[atom] for atom in atoms])
