"""Block scores from answers to comparison: against pandas and NumPy on rows, and the database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.block_scores import Block, measure_blocks
from analysis.comparison import compare
from analysis.counts import PairCounts, WaveCounts, group_tallies, group_transitions
from analysis.panel import Panel
from analysis.reliability import FEW_COMPLETE, ONE_ITEM, SAME_ITEM, SAME_TOTAL
from analysis.settings import Settings
from db.store import Store, open_store
from surveys.answers import Answers
from surveys.definition import Definition, read_definition
from surveys.fieldwork import WaveState
from surveys.questionnaire import Questionnaire
from tests.analysis.panels import (
    AFTER,
    BEFORE,
    Given,
    asked,
    define,
    draw_answers,
    panel_of,
    rows_of,
)
from tests.db.scenes import import_responses
from tests.surveys.small_versions import version

REGIONS = [f"r{i:02d}" for i in range(50)]
ITEMS = ["nood_een", "nood_twee", "nood_drie"]
SCORES = read_definition(Path(__file__).parents[1] / "definitions" / "scores.toml")


def overlapping() -> Given:
    return draw_answers(1, {BEFORE: REGIONS[:42], AFTER: REGIONS[6:]}, missing=0.3)


def wide(given: Given, wave: str = AFTER, items: list[str] = ITEMS) -> pd.DataFrame:
    """Regions by items, NaN without a valid answer."""
    columns = {item: rows_of(given, wave, item, float) for item in items}
    return pd.DataFrame(columns).reindex(sorted(given[wave]))


def scores_of(given: Given, wave: str = AFTER, minimum: int = 2) -> pd.Series:
    rows = wide(given, wave)
    return rows.mean(axis=1)[rows.count(axis=1) >= minimum]


def block_of(panel: Panel, wave: str = AFTER) -> Block:
    (block,) = measure_blocks(panel.count(wave), panel.frames[wave])
    return block


def small_block(scales: Mapping[str, int], minimum: int, *rows: str, grades: bool = False) -> Block:
    """A block of these questions; every row holds a code per question, '-' where skipped."""
    questionnaire = version(AFTER, dict(scales), score=minimum, grades=grades)
    ids = [question.id for question in questionnaire.questions]
    answers: dict[str, Answers] = {
        f"r{i}": {item: code for item, code in zip(ids, row, strict=True) if code != "-"}
        for i, row in enumerate(rows)
    }
    return block_of(panel_of({AFTER: answers}, {AFTER: questionnaire}))


# --- The score: against rows


def test_the_score_is_the_mean_of_the_items_with_enough_of_them() -> None:
    given = overlapping()
    frame = panel_of(given).frames[AFTER]
    found = frame[(frame["section"] == "nood") & (frame["concept"] == "nood_score")]
    found = found.set_index("region")["code"]
    expected = scores_of(given)
    assert set(found.index) == set(given[AFTER])
    assert set(found[found != "overgeslagen"].index) == set(expected.index)
    assert 0 < len(expected) < len(found)  # some answered too few items
    assert wide(given).loc[expected.index].isna().any(axis=None)  # some answered not all
    for region, score in expected.items():
        assert float(found[region]) == pytest.approx(score, abs=5e-7)


def test_the_block_tells_the_mean_score_with_its_interval() -> None:
    given = overlapping()
    block, scores = block_of(panel_of(given)), scores_of(given)
    assert (block.score, block.section, block.wave, block.minimum) == (
        "nood_score",
        "nood",
        AFTER,
        2,
    )
    assert block.n == len(scores)
    assert block.value == pytest.approx(scores.mean(), abs=1e-6)
    known = stats.ttest_1samp(scores, 0).confidence_interval()
    assert (block.ci_low, block.ci_high) == pytest.approx((known.low, known.high), abs=1e-6)


@pytest.mark.parametrize(("minimum", "n"), [(1, 4), (2, 3), (3, 1)])
def test_the_minimum_is_how_many_must_be_answered(minimum: int, n: int) -> None:
    block = small_block({"a": 5, "b": 5, "c": 5}, minimum, "135", "2-4", "33-", "--5", "---")
    assert block.n == n
    expected = {1: (3 + 3 + 3 + 5) / 4, 2: 3, 3: 3}
    assert block.value == pytest.approx(expected[minimum])


def test_a_score_of_grades_is_in_grades() -> None:
    block = small_block({"a": 9, "b": 9}, 1, "78", "9-", "--", grades=True)
    assert (block.n, block.value) == (2, 8.25)


def test_grades_beside_scales_are_no_part_of_the_score() -> None:
    settled = {"oordeel": "3", "rij_een": "1", "cijfer": "9"}
    given: Given = {AFTER: {"r1": settled, "r2": {"oordeel": "2", "cijfer": "1"}}}
    panel = panel_of(given, {AFTER: SCORES.questionnaire})
    blocks = {b.score: b for b in measure_blocks(panel.count(AFTER), panel.frames[AFTER])}
    assert (blocks["schalen_score"].n, blocks["schalen_score"].value) == (1, 2.0)
    assert blocks["cijfers_score"].n == 0


# --- How the items hang together: against NumPy on complete rows


@pytest.mark.parametrize("wave", [BEFORE, AFTER])
def test_alpha_and_item_rest_are_those_of_the_complete_rows(wave: str) -> None:
    given = overlapping()
    block = block_of(panel_of(given), wave)
    rows = wide(given, wave).dropna().to_numpy()
    k = rows.shape[1]
    assert 5 < block.n_complete == len(rows) < block.n
    covariance = np.cov(rows, rowvar=False)
    alpha = k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())
    assert block.alpha == pytest.approx(alpha)
    assert block.alpha_low < block.alpha < block.alpha_high <= 1
    assert [item.item for item in block.items] == ITEMS
    for number, item in enumerate(block.items):
        rest = np.delete(rows, number, axis=1).sum(axis=1)
        assert item.correlation == pytest.approx(np.corrcoef(rows[:, number], rest)[0, 1])
        assert (item.n, item.reason) == (len(rows), "")


def test_the_interval_of_alpha_is_feldts() -> None:
    given = overlapping()
    block, rows = block_of(panel_of(given)), wide(given).dropna()
    df = len(rows) - 1, (len(rows) - 1) * 2
    low, high = (1 - (1 - block.alpha) * stats.f.ppf(tail, *df) for tail in (0.975, 0.025))
    assert (block.alpha_low, block.alpha_high) == pytest.approx((low, high))


# --- On the edges, in words


def test_one_item_has_a_score_and_no_alpha() -> None:
    block = small_block({"a": 5}, 1, "1", "-", "4")
    assert (block.n, block.value, block.alpha, block.reason) == (2, 2.5, None, ONE_ITEM)
    assert [(item.correlation, item.reason) for item in block.items] == [(None, ONE_ITEM)]


@pytest.mark.parametrize(
    ("rows", "n", "complete"), [((), 0, 0), (("--",), 0, 0), (("12",), 1, 1), (("1-", "-2"), 2, 0)]
)
def test_too_few_complete_rows_say_so(rows: tuple[str, ...], n: int, complete: int) -> None:
    block = small_block({"a": 5, "b": 5}, 1, *rows)
    assert (block.n, block.n_complete, block.alpha, block.reason) == (
        n,
        complete,
        None,
        FEW_COMPLETE,
    )
    assert (block.value is None) == (n == 0)
    assert {item.reason for item in block.items} == {FEW_COMPLETE}


def test_everyone_the_same_answer_has_no_alpha() -> None:
    block = small_block({"a": 5, "b": 5}, 2, "34", "34", "34")
    assert (block.value, block.alpha, block.reason) == (3.5, None, SAME_TOTAL)
    assert {item.reason for item in block.items} == {SAME_ITEM}


def test_a_questionnaire_without_scores_has_no_blocks() -> None:
    panel = panel_of({AFTER: {"r": {"v_a": "1"}}}, {AFTER: version(AFTER, {"a": 5, "b": 5})})
    assert measure_blocks(panel.count(AFTER), panel.frames[AFTER]) == []


# --- Two waves


def test_the_score_is_compared_by_a_paired_t_test() -> None:
    given = overlapping()
    row = next(r for r in compare(*panel_of(given).count_pair()) if r.item == "nood_score")
    both = pd.concat([scores_of(given, BEFORE), scores_of(given, AFTER)], axis=1).dropna()
    known = stats.ttest_rel(both[1], both[0])
    assert (row.n_pairs, row.test, row.is_summary) == (len(both), "paired_t", True)
    assert (row.value_before, row.value_after) == pytest.approx(tuple(both.mean()), abs=1e-6)
    assert row.statistic == pytest.approx(known.statistic, rel=1e-5)
    assert row.p == pytest.approx(known.pvalue, rel=1e-5)
    interval = known.confidence_interval()
    assert (row.ci_low, row.ci_high) == pytest.approx((interval.low, interval.high), abs=1e-5)


def test_the_score_of_other_regions_is_compared_by_welch() -> None:
    given = draw_answers(3, {BEFORE: REGIONS[:25], AFTER: REGIONS[25:]}, missing=0.2)
    row = next(r for r in compare(*panel_of(given).count_pair()) if r.item == "nood_score")
    first, last = scores_of(given, BEFORE), scores_of(given, AFTER)
    known = stats.ttest_ind(last, first, equal_var=False)
    assert (row.test, row.n_before, row.n_after) == ("welch_t", len(first), len(last))
    assert row.p == pytest.approx(known.pvalue, rel=1e-5)


def test_the_score_takes_no_part_in_the_correction_of_its_items() -> None:
    rows = compare(*panel_of(overlapping()).count_pair(), Settings(whole_scale=True))
    section = [row for row in rows if row.section == "nood"]
    items = [row for row in section if not row.is_summary]
    (score,) = [row for row in section if row.is_summary]
    assert score.p_adjusted == score.p
    assert len(items) == 3
    smallest = min(items, key=lambda row: row.p)
    assert smallest.p_adjusted == pytest.approx(min(1, 3 * smallest.p))


# --- The database counts the same scores


def store_waves(
    store: Store, given: Mapping[str, Mapping[str, Any]], definition: Definition
) -> None:
    regions = sorted({region for responses in given.values() for region in responses})
    store.regions.add([(region, region) for region in regions])
    for wave, responses in given.items():
        store.waves.add(wave, definition, state=WaveState.OPEN)
        import_responses(store, wave, responses)


def scores_only(counted: Mapping[tuple[str, str, str], Any], questionnaire: Questionnaire) -> Any:
    concepts = {score.concept for score in questionnaire.scores}
    return {variable: found for variable, found in counted.items() if variable[1] in concepts}


def draw_scores(seed: int) -> Given:
    """Answers to scores.toml: scales in three, grades with two decimals in their mean."""
    chance = np.random.default_rng(seed)
    kinds = {"oordeel": 3, "rij_een": 3, "rij_twee": 3}
    kinds |= {"cijfer": 10, "cijfer_een": 10, "cijfer_twee": 10}
    return {
        wave: {
            region: {
                item: str(chance.integers(1, size + 1))
                for item, size in kinds.items()
                if chance.random() < 0.7
            }
            for region in regions
        }
        for wave, regions in ((BEFORE, REGIONS[:40]), (AFTER, REGIONS[5:]))
    }


def test_the_database_counts_the_same_scores(tmp_path: Path) -> None:
    given, questionnaire = draw_scores(5), SCORES.questionnaire
    panel = panel_of(given, dict.fromkeys(given, questionnaire))
    store = open_store(f"sqlite:///{tmp_path / 'monitor.sqlite'}")
    store_waves(store, given, SCORES)
    for wave in given:
        mine = scores_only(panel.count(wave).tallies, questionnaire)
        assert scores_only(group_tallies(store.counts.tallies(wave)), questionnaire) == mine
        assert len(mine["schalen", "schalen_score", ""]) > 6  # thirds, halves and skipped
    stored = scores_only(group_transitions(store.counts.transitions(BEFORE, AFTER)), questionnaire)
    assert stored == scores_only(panel.count_pairs(BEFORE, AFTER).transitions, questionnaire)
    store.close()


def test_the_database_gives_the_same_comparison_of_scores(tmp_path: Path) -> None:
    given = overlapping()
    panel = panel_of(given)
    store = open_store(f"sqlite:///{tmp_path / 'monitor.sqlite'}")
    store_waves(store, given, define())
    waves = [
        WaveCounts(wave, asked(), group_tallies(store.counts.tallies(wave)), len(given[wave]))
        for wave in given
    ]
    both = store.counts.regions_in_both(BEFORE, AFTER)
    pairs = PairCounts(group_transitions(store.counts.transitions(BEFORE, AFTER)), both)
    found = [row for row in compare(*waves, pairs) if row.item == "nood_score"]
    assert found == [row for row in compare(*panel.count_pair()) if row.item == "nood_score"]
    store.close()
