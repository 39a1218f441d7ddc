"""No small number of regions can be found by adding and subtracting what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.suppression import has_small_part, is_small, suppress_cells, suppress_groups

SMALL = range(1, 5)
SIZES = st.integers(0, 60) | st.integers(0, 6)


def test_small_is_one_to_four() -> None:
    assert [count for count in range(12) if is_small(count)] == [1, 2, 3, 4]
    assert [count for count in range(12) if is_small(count, 3)] == [1, 2]


# Groups in one wave


def in_one_wave(sizes: Sequence[int], total: int | None) -> tuple[bool, ...]:
    return suppress_groups([{"2024": n} for n in sizes], {} if total is None else {"2024": total})


@pytest.mark.parametrize(
    ("sizes", "total", "hidden"),
    [
        pytest.param((20, 15, 7), 42, (), id="no small group"),
        pytest.param((20, 15, 3), None, (2,), id="small, without a total"),
        pytest.param((20, 15, 3), 38, (1, 2), id="small, so the next smallest as well"),
        pytest.param((20, 2, 3), 25, (1, 2), id="two that are together not small"),
        pytest.param((20, 1, 3), 24, (0, 1, 2), id="two that are together small"),
        pytest.param((20, 0, 3), 23, (0, 2), id="a group without regions hides nothing"),
        pytest.param((20, 15, 15), 53, (1,), id="three regions in no group, first of equals"),
        pytest.param((20, 15, 7), 47, (), id="five regions in no group"),
        pytest.param((3, 0), 3, (0,), id="a total that is withheld itself"),
        pytest.param((40, 3), 43, (0, 1), id="total minus one group"),
        pytest.param((0, 0), 0, (), id="nobody"),
    ],
)
def test_what_is_hidden_in_one_wave(
    sizes: Sequence[int], total: int | None, hidden: tuple[int, ...]
) -> None:
    found = in_one_wave(sizes, total)
    assert tuple(position for position, is_hidden in enumerate(found) if is_hidden) == hidden


def test_no_subtraction_gives_a_small_group_exhaustively() -> None:
    for *sizes, in_no_group in product(range(12), range(12), range(12), range(7)):
        total = sum(sizes) + in_no_group
        hidden = in_one_wave(sizes, total)
        shown = [n for n, is_hidden in zip(sizes, hidden, strict=True) if not is_hidden]
        known = [] if total in SMALL else [total]
        found = {abs(sum(part) - whole) for part in subsets(shown) for whole in [0, *known]}
        assert found.isdisjoint(SMALL), (sizes, total, hidden)


@given(st.lists(SIZES, min_size=1, max_size=8))
def test_in_one_wave_no_group_is_hidden_without_need(sizes: list[int]) -> None:
    hidden = in_one_wave(sizes, sum(sizes))
    for position, is_hidden in enumerate(hidden):
        if is_hidden and sizes[position] not in SMALL:
            others = sum(n for i, n in enumerate(sizes) if hidden[i] and i != position)
            assert others in SMALL


# Groups in several waves


def test_a_group_that_is_small_in_one_wave_is_hidden_in_all() -> None:
    groups = [{"2021": 3, "2024": 12}, {"2021": 0, "2024": 4}, {"2021": 20, "2024": 30}]
    assert suppress_groups(groups, {}) == (True, True, False)


def test_hidden_groups_must_be_enough_in_every_wave() -> None:
    groups = [{"2021": 4, "2024": 1}, {"2021": 4, "2024": 1}, {"2021": 9, "2024": 9}]
    assert suppress_groups(groups, {"2021": 17}) == (True, True, False)
    assert suppress_groups(groups, {"2021": 17, "2024": 11}) == (True, True, True)


def test_the_group_that_is_added_adds_where_something_lacks() -> None:
    groups = [{"2021": 9, "2024": 3}, {"2021": 5, "2024": 0}, {"2021": 9, "2024": 9}]
    assert suppress_groups(groups, {"2021": 23, "2024": 12}) == (True, False, True)


@st.composite
def waves_of_groups(draw: st.DrawFn) -> list[dict[str, int]]:
    waves = [str(year) for year in range(2018, 2018 + draw(st.integers(1, 3)))]
    groups = draw(st.integers(1, 6))
    return [{wave: draw(SIZES) for wave in waves} for _ in range(groups)]


@given(waves_of_groups(), st.integers(0, 6))
def test_in_no_wave_a_subtraction_gives_a_small_group(
    groups: list[dict[str, int]], in_no_group: int
) -> None:
    totals = {wave: sum(group[wave] for group in groups) + in_no_group for wave in groups[0]}
    hidden = suppress_groups(groups, totals)
    for wave, total in totals.items():
        shown = [
            group[wave] for group, is_hidden in zip(groups, hidden, strict=True) if not is_hidden
        ]
        assert not any(n in SMALL for n in shown)
        if total not in SMALL:
            assert all(total - sum(part) not in SMALL for part in subsets(shown))


@given(waves_of_groups())
def test_nothing_is_hidden_where_no_group_is_small(groups: list[dict[str, int]]) -> None:
    large = [{wave: n if n == 0 else n + 4 for wave, n in group.items()} for group in groups]
    totals = {wave: sum(group[wave] for group in large) for wave in large[0]}
    assert not any(suppress_groups(large, totals))


@given(waves_of_groups())
def test_without_a_total_only_what_is_small_is_hidden(groups: list[dict[str, int]]) -> None:
    hidden = suppress_groups(groups, {})
    assert hidden == tuple(any(n in SMALL for n in group.values()) for group in groups)


@pytest.mark.parametrize(
    ("groups", "total"),
    [
        ([{"2024": -1}], {}),
        ([{"2024": 1.5}], {}),
        ([{"2024": float("nan")}], {}),
        ([{"2024": 30}, {"2024": 30}], {"2024": 42}),
    ],
)
def test_invalid_counts_are_refused(groups: list[dict[str, int]], total: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"counts must|more regions than their total"):
        suppress_groups(groups, total)


# Parts


def test_a_small_part_is_shown_or_what_the_shown_leave() -> None:
    assert has_small_part([{"before": 6, "after": 2}], {})
    assert not has_small_part([{"before": 6}, {"before": 0}], {})
    assert has_small_part([{"before": 6}, {"before": 0}], {"before": 8})
    assert not has_small_part([{"before": 6}, {"before": 0}], {"before": 11})
    assert has_small_part([], {"before": 4})


# Cells


@pytest.mark.parametrize(
    ("cells", "hidden"),
    [
        ((20, 12, 10), (False, False, False)),
        ((30, 9, 3), (False, True, True)),
        ((37, 2, 3), (False, True, True)),
        ((40, 1, 1), (True, True, True)),
        ((39, 0, 3), (True, False, True)),
        ((42, 0, 0), (False, False, False)),
        ((3, 0, 0), (True, True, True)),
        ((0, 0, 0), (False, False, False)),
        ((), ()),
    ],
)
def test_what_is_hidden_of_up_same_and_down(
    cells: tuple[int, ...], hidden: tuple[bool, ...]
) -> None:
    assert suppress_cells(cells) == hidden


def test_hidden_cells_are_at_least_two_and_together_not_small() -> None:
    for cells in product(range(15), repeat=3):
        hidden = suppress_cells(cells)
        unknown = [n for n, is_hidden in zip(cells, hidden, strict=True) if is_hidden]
        shown = [n for n, is_hidden in zip(cells, hidden, strict=True) if not is_hidden]
        assert not any(n in SMALL for n in shown)
        assert len(unknown) != 1
        assert sum(unknown) not in SMALL or not shown
        assert bool(unknown) == any(n in SMALL for n in cells)


@given(st.lists(st.integers(0, 40), max_size=6), st.integers(1, 12))
def test_the_threshold_for_cells_can_be_another(cells: list[int], smallest: int) -> None:
    hidden = suppress_cells(cells, smallest)
    unknown = [n for n, is_hidden in zip(cells, hidden, strict=True) if is_hidden]
    assert len(unknown) != 1 or len(cells) == 1
    assert not unknown or sum(unknown) >= smallest or all(hidden)
    assert all(h for n, h in zip(cells, hidden, strict=True) if 0 < n < smallest)


def test_cells_must_be_counts() -> None:
    with pytest.raises(ValueError, match="counts must be whole"):
        suppress_cells([3, -1])


def subsets(counts: Sequence[int]) -> Iterable[tuple[int, ...]]:
    return chain.from_iterable(combinations(counts, size) for size in range(len(counts) + 1))
