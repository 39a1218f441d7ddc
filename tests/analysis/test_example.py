"""The example tells the published story, through the same analysis as real answers."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.comparison import compare
from analysis.counts import PairCounts, WaveCounts, group_tallies, group_transitions
from analysis.example import solve_example
from analysis.levels import measure_levels
from analysis.published import PUBLISHED, check_published, read_published
from db.store import open_store
from surveys.answers import MissingReason
from surveys.example import AFTER, BEFORE, REGIONS, plan_example_waves, read_example_register
from tests.analysis.conftest import example_waves


def test_every_published_figure_comes_out_of_the_analysis() -> None:
    before, after, pairs = example_waves()
    comparisons = compare(before, after, pairs)
    checks = check_published(read_published(), comparisons, measure_levels(after))
    assert len(checks) == 61
    assert [check for check in checks if not check.agrees] == []


def test_exactly_the_published_urgency_items_get_a_star() -> None:
    urgency = [row for row in compare(*example_waves()) if row.section == "urgentie"]
    assert {row.concept for row in urgency if row.has_star} == {
        "techniekdocenten",
        "aansluiting_mbo",
    }
    assert {row.n_pairs for row in urgency} == {42}


def test_a_wrong_figure_is_found() -> None:
    before, after, pairs = example_waves()
    rows = [replace(row, value="58") if row.value == "57" else row for row in read_published()]
    checks = check_published(rows, compare(before, after, pairs), measure_levels(after))
    assert [check.published.value for check in checks if not check.agrees] == ["58"]


def test_response_is_that_of_the_monitor() -> None:
    responses = solve_example(read_published())
    assert len(REGIONS) == 78
    assert {wave: len(found) for wave, found in responses.items()} == {BEFORE: 61, AFTER: 51}
    assert len(responses[BEFORE].keys() & responses[AFTER].keys()) == 42


def test_it_has_every_kind_of_missing_answer() -> None:
    _, after, _ = example_waves()
    found = {code for tally in after.tallies.values() for code in tally}
    assert {MissingReason.DONT_KNOW, MissingReason.NOT_APPLICABLE, MissingReason.SKIPPED} <= found


def test_the_same_seed_gives_the_same_answers_and_another_seed_the_same_figures() -> None:
    published = read_published()
    assert solve_example(published) == solve_example(published)
    assert solve_example(published, seed=1) != solve_example(published)


def test_a_figure_that_no_whole_answers_give_is_refused() -> None:
    impossible = [
        replace(row, value="56") if row.value == "57" and row.block == "urgentie" else row
        for row in read_published()
    ]
    with pytest.raises(ValueError, match="no number out of 42 rounds to 56%"):
        solve_example(impossible)


def test_the_database_counts_the_same(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'monitor.sqlite'}")
    waves = plan_example_waves(solve_example(read_published()))
    assert store.waves.load_example(read_example_register(), waves)
    assert not store.waves.load_example(read_example_register(), waves)
    before, after, pairs = example_waves()
    stored = [
        WaveCounts(
            w.wave, w.questionnaire, group_tallies(store.counts.tallies(w.wave)), w.respondents, 78
        )
        for w in (before, after)
    ]
    stored_pairs = PairCounts(
        group_transitions(store.counts.transitions(BEFORE, AFTER)), pairs.regions
    )
    assert compare(*stored, stored_pairs) == compare(before, after, pairs)
    assert all(wave.is_example for wave in store.waves.all())
    store.close()


def test_the_published_file_is_whole() -> None:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    blocks = {row["block"] for row in rows}
    assert blocks == {"urgentie", "opbrengsten", "rapportcijfers", "borging", "aandacht"}
