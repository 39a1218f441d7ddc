"""How many regions went up, stayed and went down: against the rows, and what may be shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure import ReleasedRow, release
from analysis.movement import CELLS, Movement, count_movements
from analysis.panel import Panel
from analysis.significance import NO_PAIRS
from surveys.answers import Answers, MissingReason
from tests.analysis.panels import AFTER, BEFORE, Given, asked, draw_answers, panel_of, rows_of

REGIONS = [f"r{i:02d}" for i in range(40)]


def movements(panel: Panel) -> dict[tuple[str, str], Movement]:
    return {(row.item, row.part): row for row in count_movements(*panel.count_pair())}


def cells(row: Movement | ReleasedRow) -> tuple[int | None, ...]:
    read = row.__getitem__ if isinstance(row, ReleasedRow) else lambda name: getattr(row, name)
    return tuple(read(cell) for cell in CELLS)


def overlapping() -> Given:
    return draw_answers(1, {BEFORE: REGIONS[:34], AFTER: REGIONS[4:]})


def moved(up: int, same: int, down: int) -> Panel:
    """So many regions with a higher, the same and a lower grade."""
    steps = [1] * up + [0] * same + [-1] * down
    return panel_of(
        {
            BEFORE: {f"r{i}": {"cijfer": "6"} for i in range(len(steps))},
            AFTER: {f"r{i}": {"cijfer": str(6 + step)} for i, step in enumerate(steps)},
        }
    )


def released(*rows: Movement) -> list[ReleasedRow]:
    return list(release(rows, title="", base="", method="", source="").rows)


# --- Against the rows

LEVELS = {0: 0, 1: 1, 2: 2}  # of the index: none, one or both of the forms
WORTH: list[tuple[str, str, str, Callable[[Any], float]]] = [
    ("nood_een", "", "nood_een", float),
    ("baat_twee", "", "baat_twee", float),
    ("cijfer", "", "cijfer", float),
    ("bezig", "ja", "bezig", lambda said: float(said == "ja")),
    ("vormen", "a", "vormen", lambda said: float("a" in said)),
    ("vormen", "geen", "vormen", lambda said: float("geen" in said)),
    ("stand", "", "vormen", lambda said: float(LEVELS[len(set(said) - {"geen"})])),
]


@pytest.mark.parametrize(("item", "part", "answered", "worth"), WORTH, ids=lambda x: str(x)[:12])
def test_movements_are_those_of_the_rows(item: str, part: str, answered: str, worth: Any) -> None:
    given = overlapping()
    change = rows_of(given, AFTER, answered, worth) - rows_of(given, BEFORE, answered, worth)
    change = change.dropna()
    row = movements(panel_of(given))[item, part]
    assert cells(row) == ((change > 0).sum(), (change == 0).sum(), (change < 0).sum())
    assert row.n_pairs == len(change) < 30
    assert min(cells(row)) > 0  # else a cell that is always 0 would do


def test_every_question_moves_once_and_an_index_as_one() -> None:
    rows = count_movements(*panel_of(overlapping()).count_pair())
    assert len({(row.item, row.part) for row in rows}) == len(rows)
    per_item = {item: [row.part for row in rows if row.item == item] for item, *_ in WORTH}
    assert per_item["stand"] == [""]
    assert per_item["nood_een"] == [""]
    assert per_item["vormen"] == ["a", "b", "geen"]
    score = movements(panel_of(overlapping()))["nood_score", ""]
    assert sum(cells(score)) == score.n_pairs > 0  # type: ignore[arg-type]


def test_an_index_may_move_between_levels_that_are_not_next_to_each_other() -> None:
    given: Given = {
        BEFORE: {"r1": {"vormen": ("geen",)}, "r2": {"vormen": ("a",)}, "r3": {"vormen": ("a",)}},
        AFTER: {
            "r1": {"vormen": ("a", "b")},
            "r2": {"vormen": ("b",)},
            "r3": {"vormen": ("geen",)},
        },
    }
    row = movements(panel_of(given))["stand", ""]
    # another form is the same level
    assert (cells(row), row.label) == ((1, 1, 1), "niveau")


def test_a_share_of_the_scale_may_stay_where_the_answer_moves() -> None:
    given: Given = {BEFORE: {"r": {"nood_een": "4"}}, AFTER: {"r": {"nood_een": "5"}}}
    assert cells(movements(panel_of(given))["nood_een", ""]) == (1, 0, 0)


# --- Questions that changed

RESCALED = """
[comparability]
previous = "1"
[[comparability.changes]]
section = "nood"
status = "rescaled"
concepts = ["een"]
recode = { 1 = 1, 2 = 1, 3 = 3, 4 = 5, 5 = 5 }
[[comparability.changes]]
section = "nood"
status = "identical"
concepts = ["twee", "drie"]
[[comparability.changes]]
section = "baat"
status = "new"
concepts = ["een", "twee", "drie"]
[[comparability.changes]]
section = "deel"
status = "identical"
concepts = ["bezig", "cijfer", "vormen"]
"""


def test_a_rescaled_question_moves_on_its_new_scale_and_says_so() -> None:
    newer = asked(AFTER, "2", RESCALED)
    given: Given = {
        BEFORE: {f"r{i}": {"nood_een": code} for i, code in enumerate("12345")},
        AFTER: {f"r{i}": {"nood_een": code} for i, code in enumerate("11355")},
    }
    rows = movements(panel_of(given, {BEFORE: asked(), AFTER: newer}))
    # 2 became 1 and 4 became 5: nobody moved
    assert cells(rows["nood_een", ""]) == (0, 5, 0)
    assert "omgezet" in rows["nood_een", ""].footnote
    refused = rows["baat_een", ""]
    assert (refused.n_pairs, cells(refused)) == (0, (0, 0, 0))
    assert refused.reason.startswith("Voor het eerst gevraagd in 2024")
    assert "De blokscore is niet te vergelijken" in rows["nood_score", ""].reason


def test_a_refused_question_moves_nowhere_whatever_was_answered() -> None:
    given: Given = {
        wave: {f"r{i}": {"baat_een": "2"} for i in range(12)} for wave in (BEFORE, AFTER)
    }
    panel = panel_of(given, {BEFORE: asked(), AFTER: asked(AFTER, "2", RESCALED)})
    row = movements(panel)["baat_een", ""]
    (shown,) = released(row)
    assert (row.n_pairs, shown.is_suppressed, shown["reason"]) == (0, False, row.reason)
    assert cells(shown) == (None, None, None)


def test_missing_answers_do_not_move() -> None:
    given: Given = {
        BEFORE: {f"r{i}": {"cijfer": "6"} for i in range(4)},
        AFTER: {"r0": {"cijfer": "7"}, "r1": {"cijfer": MissingReason.DONT_KNOW}, "r2": {}},
    }
    assert cells(movements(panel_of(given))["cijfer", ""]) == (1, 0, 0)
    silent = movements(panel_of(given))["bezig", "ja"]
    assert (silent.n_pairs, silent.reason) == (0, NO_PAIRS)


# --- What may be shown


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((12, 20, 9), (12, 20, 9)),
        ((12, 20, 0), (12, 20, 0)),
        ((3, 20, 12), (None, 20, None)),  # 3 alone would follow from the total
        ((3, 20, 0), (None, None, 0)),
        ((2, 30, 4), (None, 30, None)),
        ((1, 30, 3), (None, None, None)),  # 4 together is small as well
    ],
)
def test_small_cells_are_hidden_and_never_shown_as_zero(
    counts: tuple[int, int, int], shown: tuple[int | None, ...]
) -> None:
    row = movements(moved(*counts))["cijfer", ""]
    assert cells(row) == counts
    (seen,) = released(row)
    assert (cells(seen), seen["n_pairs"]) == (shown, sum(counts))


@pytest.mark.parametrize(("counts", "base"), [((3, 1, 0), None), ((0, 4, 0), None), ((3, 3, 2), 8)])
def test_of_few_regions_no_movement_is_shown(
    counts: tuple[int, int, int], base: int | None
) -> None:
    (seen,) = released(movements(moved(*counts))["cijfer", ""])
    assert seen.is_suppressed
    assert (cells(seen), seen["n_pairs"]) == ((None, None, None), base)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 12), st.integers(0, 40), st.integers(0, 12))
def test_no_small_cell_is_shown_nor_follows_from_the_total(up: int, same: int, down: int) -> None:
    row = Movement(
        "i", "", "c", "s", "t", "l", "mean", BEFORE, AFTER, up + same + down, up, same, down
    )
    (seen,) = released(row)
    found = cells(seen)
    hidden = sum(true for true, told in zip((up, same, down), found, strict=True) if told is None)
    assert not any(told is not None and 0 < told < 5 for told in found)
    assert not 0 < hidden < 5 or seen["n_pairs"] is None
    for true, told in zip((up, same, down), found, strict=True):
        assert told in (true, None)  # what is told is true: no 0 for what is hidden


# --- Properties

codes = st.dictionaries(st.sampled_from(REGIONS[:12]), st.sampled_from("12345"), min_size=1)


@settings(deadline=None, max_examples=30)
@given(codes, codes)
def test_swapping_the_waves_swaps_up_and_down(first: dict[str, str], last: dict[str, str]) -> None:
    before: dict[str, Answers] = {region: {"nood_een": code} for region, code in first.items()}
    after: dict[str, Answers] = {region: {"nood_een": code} for region, code in last.items()}
    there = movements(panel_of({BEFORE: before, AFTER: after}))["nood_een", ""]
    back = movements(panel_of({BEFORE: after, AFTER: before}))["nood_een", ""]
    assert cells(there) == cells(back)[::-1]
    assert sum(cells(there)) == there.n_pairs == len(first.keys() & last.keys())  # type: ignore[arg-type]
