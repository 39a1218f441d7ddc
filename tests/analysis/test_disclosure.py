"""Nothing over few regions gets out, and nothing gets out past `release`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.charts import draw_attention, draw_dumbbell
from analysis.comparison import Comparison
from analysis.decision import CHANGED, NOT_COMPARABLE, NOT_TESTABLE
from analysis.disclosure import ReleasedRow, ReleasedTable, release, shown_groups
from analysis.export import to_csv, to_svg
from analysis.levels import Level
from analysis.settings import INDEPENDENT
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


# Pairs and waves


@pytest.mark.parametrize(("n_before", "n_after"), [(43, 60), (60, 46), (43, 46), (42, 43)])
def test_a_wave_that_is_the_pairs_and_a_few_more_is_withheld(n_before: int, n_after: int) -> None:
    row = release_figures([overlap(42, n_before, n_after)]).rows[0]
    assert not row.is_suppressed
    assert (row["n_pairs"], row.has_star) == (42, True)
    assert all(row[name] is not None for name in FIGURES)
    assert {row[name] for name in ("n_before", "n_after", "value_after_all", "p_all")} == {None}


@pytest.mark.parametrize(("n_before", "n_after"), [(42, 42), (47, 42), (60, 51)])
def test_a_wave_that_is_the_pairs_or_many_more_is_shown(n_before: int, n_after: int) -> None:
    row = release_figures([overlap(42, n_before, n_after)]).rows[0]
    assert (row["n_before"], row["n_after"]) == (n_before, n_after)
    assert (row["value_after_all"], row["p_all"]) == (0.5, 0.03)


def test_a_wave_that_is_withheld_once_is_withheld_in_every_comparison() -> None:
    first = overlap(40, 51, 43, wave_before="2021", wave_after="2024")
    second = overlap(30, 43, 60, wave_before="2024", wave_after="2026")
    rows = release_figures([first, second]).rows
    assert [row["n_pairs"] for row in rows] == [40, 30]
    assert {row[name] for row in rows for name in ("n_before", "n_after")} == {None}


def test_where_the_figure_is_over_the_waves_the_pairs_are_withheld() -> None:
    row = release_figures([overlap(42, 50, 51, design=INDEPENDENT)]).rows[0]
    assert (row["n_before"], row["n_after"], row["n_pairs"]) == (50, 51, None)
    assert not row.is_suppressed


def test_waves_that_are_the_pairs_and_a_few_more_are_not_released_as_other_groups() -> None:
    row = release_figures([overlap(42, 43, 51, design=INDEPENDENT)]).rows[0]
    assert row.is_suppressed
    assert {row[name] for name in ("n_before", "n_after", "n_pairs", "value_after", "p")} == {None}


# Groups of regions


def overlap(n_pairs: int, n_before: int, n_after: int, **values: object) -> Comparison:
    secondary = {"value_before_all": 0.4, "value_after_all": 0.5, "change_all": 0.1, "p_all": 0.03}
    kept = {"design": "overlap", **secondary, **values}
    return comparison(n_pairs, n_before=n_before, n_after=n_after, **kept)


def levels(sizes: Mapping[str, Sequence[int]], *, total: bool = True) -> list[Level]:
    """The groups by their size in every wave, and what they add up to."""
    figures = [
        replace(level(n, n // 2), wave=str(2021 + wave), attribute="provincie", group=group)
        for group, in_waves in sizes.items()
        for wave, n in enumerate(in_waves)
    ]
    sums = [sum(in_wave) for in_wave in zip(*sizes.values(), strict=True)]
    totals = [replace(level(n, n // 2), wave=str(2021 + wave)) for wave, n in enumerate(sums)]
    return [*totals, *figures] if total else list(figures)


def suppressed_groups(table: ReleasedTable) -> set[str]:
    return {row["group"] for row in table.rows if row.is_suppressed}


def test_a_suppressed_group_keeps_its_name_and_loses_all_else() -> None:
    table = release_figures(levels({"Drenthe": [3], "Friesland": [12], "Groningen": [20]}))
    assert suppressed_groups(table) == {"Drenthe", "Friesland"}
    row = next(row for row in table.rows if row["group"] == "Friesland")
    assert (row["attribute"], row["wave"], row["text"] != "") == ("provincie", "2021", True)
    assert {row[name] for name in ("n", "count", "value", "ci_low", "ci_high")} == {None}


def test_without_the_total_only_the_small_group_is_suppressed() -> None:
    sizes = {"Drenthe": [3], "Friesland": [12], "Groningen": [20]}
    assert suppressed_groups(release_figures(levels(sizes, total=False))) == {"Drenthe"}


@pytest.mark.parametrize("first", [0, 1, 12])
def test_a_group_that_is_small_in_one_wave_is_suppressed_in_all(first: int) -> None:
    sizes = {"Drenthe": [first, 3], "Friesland": [30, 30], "Groningen": [20, 20]}
    table = release_figures(levels(sizes, total=False))
    rows = [row for row in table.rows if row["group"] == "Drenthe"]
    assert [(row.is_suppressed, row["n"]) for row in rows] == [(True, None), (True, None)]


def test_a_group_without_regions_is_not_suppressed() -> None:
    table = release_figures(levels({"Drenthe": [0, 0], "Friesland": [30, 30]}))
    assert suppressed_groups(table) == set()
    assert [row["n"] for row in table.rows if row["group"] == "Drenthe"] == [0, 0]


def test_no_percentages_below_ten_suppresses_no_other_group() -> None:
    table = release_figures(levels({"Drenthe": [7], "Friesland": [12], "Groningen": [20]}))
    assert suppressed_groups(table) == {"Drenthe"}
    row = next(row for row in table.rows if row["group"] == "Drenthe")
    assert (row["n"], row["value"]) == (7, None)


def test_every_item_and_every_attribute_has_its_own_pattern() -> None:
    by_size = [
        replace(row, attribute="grootte", group=row.group and f"grootte {row.group}")
        for row in levels({"klein": [15], "groot": [20]})
    ]
    other = [replace(row, item="anders") for row in levels({"Drenthe": [15], "Friesland": [20]})]
    provinces = levels({"Drenthe": [2], "Friesland": [33]})
    table = release_figures([*provinces, *by_size, *other])
    found = {(row["item"] == "anders", row["group"]) for row in table.rows if row.is_suppressed}
    assert found == {(False, "Drenthe"), (False, "Friesland")}


def test_a_group_that_may_not_be_compared_says_why_without_its_size() -> None:
    refused = [
        replace(
            _empty(comparison(0)), n_before=n, n_after=0, attribute="provincie", group=group,
            outcome=NOT_COMPARABLE, reason="Niet meer gevraagd.",
        )
        for group, n in (("Drenthe", 3), ("Friesland", 12), ("", 15))
    ]  # fmt: skip
    rows = release_figures(refused).rows
    assert {(row.is_suppressed, row["reason"]) for row in rows} == {(False, "Niet meer gevraagd.")}
    assert [row["n_before"] for row in rows] == [None, None, 15]


def test_a_suppressed_group_does_not_say_that_it_has_no_pairs() -> None:
    empty = replace(_empty(comparison(0)), attribute="provincie", group="Drenthe")
    row = release_figures([replace(empty, n_before=3, n_after=0, reason="Geen paren.")]).rows[0]
    assert row.is_suppressed
    assert {row[name] for name in ("n_pairs", "n_before", "n_after", "outcome", "reason")} == {None}


def test_groups_that_overlap_are_refused() -> None:
    figures = levels({"Drenthe": [12], "Friesland": [20]})
    with pytest.raises(ValueError, match="more regions than their total"):
        release_figures([replace(figures[0], n=30), *figures[1:]])


def test_two_sizes_of_one_group_are_refused() -> None:
    figures = levels({"Drenthe": [12], "Friesland": [20]})
    with pytest.raises(ValueError, match="12 and 13 regions in one base"):
        release_figures([*figures, replace(figures[1], n=13)])


def test_the_total_may_be_given_with_every_attribute() -> None:
    figures = levels({"Drenthe": [3], "Friesland": [20]})
    twice = [replace(row, attribute="provincie") for row in figures[:1]]
    assert suppressed_groups(release_figures([*twice, *figures])) == {"Drenthe", "Friesland"}


def groups_of(**sizes: int) -> list[Comparison]:
    """All regions, and every group of them."""
    found = {"": sum(sizes.values()), **sizes}
    rows = [
        comparison(n, n_before=n, n_after=n, attribute="provincie", group=group)
        for group, n in found.items()
    ]
    return [row if row.n_pairs else _empty(row) for row in rows]


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"A": 20, "B": 42}, {"A", "B"}),
        ({"A": 3, "B": 20, "C": 39}, {"C"}),  # B is hidden, else A could be found
        ({"A": 9, "B": 10, "C": 50}, {"B", "C"}),  # of 9 there is a base and no figure
        ({"A": 0, "B": 30}, {"B"}),
        ({"A": 0, "B": 9}, set()),
    ],
)
def test_groups_that_are_shown_have_their_values(sizes: dict[str, int], shown: set[str]) -> None:
    figures = groups_of(**sizes)
    figure = figures[0].item, figures[0].part
    assert shown_groups(release_figures(figures)) == {figure: shown}
    # nothing is told of groups together where nothing is told of all regions
    assert shown_groups(release_figures(figures[1:])) == {figure: set()}


def test_what_may_not_be_compared_shows_no_groups() -> None:
    refused = [
        replace(_empty(row), outcome=NOT_COMPARABLE, reason="Niet meer gevraagd.")
        for row in groups_of(A=20, B=42)
    ]
    assert set(shown_groups(release_figures(refused)).values()) == {frozenset()}


# Attacks: whatever adding and subtracting the released numbers can give

Atom = tuple[str, frozenset[str]]  # a group, and the waves in which these regions of it answered
NOWHERE = "in no group"
SMALL = {1, 2, 3, 4}
SIZES = st.integers(0, 9) | st.integers(0, 3) | st.sampled_from([0, 5, 20])


def derive(known: Sequence[Sequence[int]], sizes: Sequence[int]) -> set[int]:
    """The sizes of all sets of atoms that follow from those of the known sets.

    A set follows where its indicator is in the row space of the known ones. Who finds an empty
    set knows that every atom in it is empty, and tries again.
    """
    subsets = np.array(list(product([0, 1], repeat=len(sizes))))[1:]
    rows = [list(row) for row in known]
    while rows:
        _, singular, vectors = np.linalg.svd(np.array(rows, dtype=float))
        unseen = vectors[np.count_nonzero(singular > 1e-9) :]
        found = subsets[np.all(np.abs(subsets @ unseen.T) < 1e-9, axis=1)]
        empty = found[found @ sizes == 0].max(axis=0, initial=0)
        units = [unit for unit in np.diag(empty).tolist() if any(unit) and unit not in rows]
        if not units:
            return set((found @ sizes).tolist())
        rows.extend(units)
    return set()


def attack(
    figures: Sequence[Comparison] | Sequence[Level], regions: Mapping[Atom, int], wave: str = ""
) -> set[int]:
    """With the numbers of everyone, or only of those whose answers in one wave are told."""
    known = [
        [int(row["group"] in ("", group) and needed <= waves) for group, waves in regions]
        for row in release_figures(figures).rows
        for needed in _released_bases(row)
        if not wave or wave in needed
    ]
    return derive(known, list(regions.values()))


def _released_bases(row: ReleasedRow) -> Iterator[set[str]]:
    """Of every number that a row tells: in which waves the regions in it answered."""
    before, after = row["wave_before"], row["wave_after"]
    bases = {
        "n_pairs": {before, after},
        "n_before": {before},
        "n_after": {after},
        "n": {row["wave"]},
    }
    return (waves for name, waves in bases.items() if row[name] is not None)


def comparisons_of(regions: Mapping[Atom, int], *pairs: tuple[str, str]) -> list[Comparison]:
    """Pairs of waves, of all regions and of every group."""
    return [
        overlap(
            *(_count(regions, group, needed) for needed in ({*pair}, {pair[0]}, {pair[1]})),
            wave_before=pair[0], wave_after=pair[1], attribute="provincie", group=group,
        )
        for pair in pairs
        for group in _released_groups(regions)
    ]  # fmt: skip


def levels_of(regions: Mapping[Atom, int], *waves: str) -> list[Level]:
    return [
        replace(
            level(_count(regions, group, {wave}), 0), wave=wave, attribute="provincie", group=group
        )
        for wave in waves
        for group in _released_groups(regions)
    ]


def _released_groups(regions: Mapping[Atom, int]) -> list[str]:
    return ["", *dict.fromkeys(group for group, _ in regions if group != NOWHERE)]


def _count(regions: Mapping[Atom, int], group: str, needed: set[str]) -> int:
    return sum(n for (name, found), n in regions.items() if group in ("", name) and needed <= found)


def answered(*waves: str) -> list[frozenset[str]]:
    """All ways to answer in at least one wave."""
    sizes = range(1, len(waves) + 1)
    return [frozenset(chosen) for size in sizes for chosen in combinations(waves, size)]


def answering(
    groups: Sequence[str], ways: Sequence[frozenset[str]]
) -> st.SearchStrategy[dict[Atom, int]]:
    return st.fixed_dictionaries({(group, way): SIZES for group in groups for way in ways})


def test_the_attack_finds_what_is_not_protected() -> None:
    total, large = [1, 1], [1, 0]
    assert derive([total], [40, 3]) == {43}
    assert derive([total, large], [40, 3]) == {43, 40, 3}
    # a wave of two groups, and the pairs in it: nobody of the first answered once
    assert derive([[1, 1, 1, 1], [1, 0, 1, 0], [1, 1, 0, 0]], [20, 0, 30, 3]) >= {3}


@given(answering("ABC", answered("2021", "2024")))
def test_no_attack_on_a_comparison_of_groups(regions: dict[Atom, int]) -> None:
    assert attack(comparisons_of(regions, ("2021", "2024")), regions).isdisjoint(SMALL)


@given(answering(("A", "B", NOWHERE), answered("2021", "2024")))
def test_no_attack_where_some_regions_are_in_no_group(regions: dict[Atom, int]) -> None:
    assert attack(comparisons_of(regions, ("2021", "2024")), regions).isdisjoint(SMALL)


def test_no_attack_with_the_pairs_of_two_comparisons() -> None:
    """15 regions of 2021, minus A's 7 pairs with 2024 and B's 5 with 2019, would leave 3."""
    sizes = {
        ("A", ("2021", "2024")): 2, ("A", ("2019", "2021", "2024")): 5,
        ("B", ("2021",)): 3, ("B", ("2019", "2021")): 5,
    }  # fmt: skip
    regions = dict.fromkeys(product("AB", answered("2019", "2021", "2024")), 0)
    regions |= {(group, frozenset(waves)): n for (group, waves), n in sizes.items()}
    figures = comparisons_of(regions, ("2019", "2021"), ("2021", "2024"))
    assert attack(figures, regions).isdisjoint(SMALL)


@settings(max_examples=50)
@given(answering("AB", answered("2019", "2021", "2024")))
def test_no_attack_on_every_wave_with_the_next(regions: dict[Atom, int]) -> None:
    figures = comparisons_of(regions, ("2019", "2021"), ("2021", "2024"))
    assert attack(figures, regions).isdisjoint(SMALL)


@settings(max_examples=50)
@given(answering("AB", answered("2019", "2021", "2024")), st.sampled_from(["2019", "2021", "2024"]))
def test_no_attack_on_the_answers_of_a_wave_in_all_comparisons(
    regions: dict[Atom, int], wave: str
) -> None:
    figures = comparisons_of(regions, *combinations(("2019", "2021", "2024"), 2))
    assert attack(figures, regions, wave).isdisjoint(SMALL)


@given(answering(("A", "B", "C", "D", NOWHERE), [frozenset({"2021"}), frozenset({"2024"})]))
def test_no_attack_on_levels_of_groups(regions: dict[Atom, int]) -> None:
    figures = levels_of(regions, "2021", "2024")
    assert attack(figures, regions).isdisjoint(SMALL)
    assert_same_pattern_in_every_wave(release_figures(figures))


def assert_same_pattern_in_every_wave(table: ReleasedTable) -> None:
    per_group: dict[str, set[bool]] = {}
    for row in table.rows:
        # a group of 5 to 9 keeps its base: it has no percentages, but it is not hidden
        per_group.setdefault(row["group"], set()).add(row["n"] is None)
    assert all(len(hidden) == 1 for group, hidden in per_group.items() if group)


def test_no_attack_on_two_groups_exhaustively() -> None:
    atoms = list(product("AB", answered("2021", "2024")))
    for sizes in product([0, 2, 5], repeat=len(atoms)):
        regions = dict(zip(atoms, sizes, strict=True))
        found = attack(comparisons_of(regions, ("2021", "2024")), regions)
        assert found.isdisjoint(SMALL), regions


@given(answering("ABC", answered("2021", "2024")))
def test_nothing_is_withheld_without_need(regions: dict[Atom, int]) -> None:
    large = {atom: n and n + 9 for atom, n in regions.items()}
    for row in release_figures(comparisons_of(large, ("2021", "2024"))).rows:
        assert not row.is_suppressed
        assert None not in {row[name] for name in ("n_pairs", "n_before", "n_after")}


def _empty(row: Comparison) -> Comparison:
    nothing = dict.fromkeys([*FIGURES, "count_before", "ci_high", "test", "detectable_change"])
    return replace(row, **nothing, outcome=NOT_TESTABLE)
