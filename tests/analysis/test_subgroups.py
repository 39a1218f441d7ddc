"""Comparisons per group of regions: against the rows, SciPy and R, and what may be shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analysis.comparison import Comparison, compare
from analysis.design import COMPLETE_ITEM
from analysis.disclosure import ReleasedRow, release, shown_groups
from analysis.panel import Panel
from analysis.settings import Settings
from analysis.significance import NO_PAIRS
from analysis.significance.heterogeneity import (
    GROUP_WITHOUT_SPREAD,
    ONE_GROUP,
    heterogeneity,
)
from analysis.subgroups import (
    GROUP_DESIGN,
    GroupDifference,
    compare_groups,
    find_group_differences,
)
from surveys.answers import Answers
from tests.analysis.panels import (
    AFTER,
    BEFORE,
    Given,
    draw_answers,
    is_top,
    panel_of,
    rows_of,
)

REFERENCE = Path(__file__).parents[1] / "reference" / "heterogeneity.json"
CASES = json.loads(REFERENCE.read_text(encoding="utf-8"))["cases"]

GROUPS = {
    "midden": [f"m{i:02d}" for i in range(17)],
    "noord": [f"n{i:02d}" for i in range(14)],
    "zuid": [f"z{i:02d}" for i in range(12)],
}
EVERYONE = [region for members in GROUPS.values() for region in members]
Groups = Mapping[str, Iterable[str]]


def in_panel() -> Given:
    return draw_answers(1, {BEFORE: EVERYONE, AFTER: EVERYONE})


def in_overlap() -> Given:
    """Of every four regions one leaves and one comes; in the south all answer twice."""
    north = [region for region in EVERYONE if region[0] != "z"]
    first = [r for i, r in enumerate(north) if i % 4 != 3] + GROUPS["zuid"]
    last = [r for i, r in enumerate(north) if i % 4 != 0] + GROUPS["zuid"]
    return draw_answers(2, {BEFORE: first, AFTER: last})


def in_independent_waves() -> Given:
    return draw_answers(3, {BEFORE: EVERYONE[::2], AFTER: EVERYONE[1::2]}, missing=0.05)


DATA = {"paired": in_panel, "overlap": in_overlap, "independent": in_independent_waves}


def group_rows(
    panel: Panel, groups: Groups, options: Settings | None = None
) -> dict[str, list[Comparison]]:
    """The rows by group; those of all regions under ''."""
    counted = {name: panel.part(members).count_pair() for name, members in groups.items()}
    rows = compare_groups("streek", counted, panel.count_pair(), options or Settings())
    assert {row.attribute for row in rows} == {"streek"}
    found: dict[str, list[Comparison]] = {"": [], **{name: [] for name in groups}}
    for row in rows:
        found[row.group].append(row)
    return found


Figures = dict[tuple[str, str], GroupDifference]
Shown = Mapping[tuple[str, str], Collection[str]]


def differences(
    panel: Panel, groups: Groups = GROUPS, shown: Shown | None = None, **options: Any
) -> Figures:
    """By default of all groups, however small."""
    counted = {name: panel.part(members).count_pair() for name, members in groups.items()}
    total, chosen = panel.count_pair(), Settings(**options)
    if shown is None:
        shown = {(row.item, row.part): set(groups) for row in compare(*total, chosen)}
    rows = find_group_differences("streek", counted, total, chosen, shown=shown)
    return {(row.item, row.part): row for row in rows}


def released_differences(panel: Panel, groups: Groups, **options: Any) -> Figures:
    """Of the groups that may be seen."""
    found = group_rows(panel, groups, Settings(**options)).values()
    figures = [row for rows in found for row in rows]
    table = release(figures, title="", base="", method="", source="")
    return differences(panel, groups, shown_groups(table), **options)


def by_group(found: pd.Series, groups: Groups = GROUPS) -> list[np.ndarray]:
    return [found[found.index.isin(list(members))].to_numpy() for members in groups.values()]


def change_of(given: Given, item: str, worth: Callable[[Any], float]) -> pd.Series:
    change = rows_of(given, AFTER, item, worth) - rows_of(given, BEFORE, item, worth)
    return change.dropna()


def level_of(given: Given, item: str, worth: Callable[[Any], float]) -> pd.Series:
    """In the later wave, of the regions that answered in both."""
    return rows_of(given, AFTER, item, worth)[change_of(given, item, worth).index]


# --- The rows


@pytest.mark.parametrize("design", DATA)
@pytest.mark.parametrize("wanted", ["auto", "paired", "independent"])
def test_every_group_is_compared_as_if_it_were_alone(design: str, wanted: Any) -> None:
    given = DATA[design]()
    found = group_rows(panel_of(given), GROUPS, Settings(design=wanted))
    # what the data say of the whole is what goes for the group
    alike: Any = design if wanted == "auto" else wanted
    for name, members in GROUPS.items():
        only = {w: {r: said for r, said in given[w].items() if r in members} for w in given}
        alone = compare(*panel_of(only).count_pair(), Settings(design=alike))
        expected = {(row.item, row.part): row for row in alone}
        assert len(found[name]) == len(alone) > 15
        for row in found[name]:
            mine = replace(row, attribute="", group="", design_reason="")
            assert mine == replace(expected[row.item, row.part], design_reason="")


@pytest.mark.parametrize("design", DATA)
def test_the_whole_is_the_comparison_without_groups(design: str) -> None:
    panel = panel_of(DATA[design]())
    whole = [replace(row, attribute="") for row in group_rows(panel, GROUPS)[""]]
    assert whole == compare(*panel.count_pair())


def test_each_figure_is_followed_by_its_groups_in_the_order_given() -> None:
    panel = panel_of(in_panel())
    counted = {name: panel.part(GROUPS[name]).count_pair() for name in ("zuid", "noord")}
    rows = compare_groups("streek", counted, panel.count_pair(), Settings())
    assert [row.group for row in rows] == ["", "zuid", "noord"] * (len(rows) // 3)
    for start in range(0, len(rows), 3):
        assert len({(row.section, row.item, row.part) for row in rows[start : start + 3]}) == 1


def test_p_values_are_adjusted_within_a_group() -> None:
    rows = group_rows(panel_of(in_panel()), GROUPS)["noord"]
    section = [row for row in rows if row.section == "baat" and row.p is not None]
    expected = multipletests([row.p for row in section], method="holm")[1]
    assert [row.p_adjusted for row in section] == pytest.approx(list(expected))


# --- The design of a group is that of the whole


def test_a_group_of_other_regions_is_not_compared_as_independent_waves() -> None:
    # in the south nobody answers twice, elsewhere all do
    first = [*GROUPS["noord"], *GROUPS["zuid"][:6]]
    last = [*GROUPS["noord"], *GROUPS["zuid"][6:]]
    rows = group_rows(panel_of(draw_answers(5, {BEFORE: first, AFTER: last}, 0)), GROUPS)
    south = next(row for row in rows["zuid"] if row.item == "cijfer")
    assert (south.design, south.n_pairs, south.n_before, south.n_after) == ("overlap", 0, 6, 6)
    assert (south.p, south.change, south.reason) == (None, None, NO_PAIRS)
    north = next(row for row in rows["noord"] if row.item == "cijfer")
    assert (north.design, north.n_pairs, north.test) == ("paired", 14, "paired_t")


def test_a_group_does_not_say_that_the_evaluator_chose_its_design() -> None:
    rows = group_rows(panel_of(in_overlap()), GROUPS)
    for name in GROUPS:
        assert {row.design_reason for row in rows[name]} <= {GROUP_DESIGN, COMPLETE_ITEM}
    assert {row.design_reason for row in rows["midden"] if row.item == "cijfer"} == {GROUP_DESIGN}
    complete = group_rows(
        panel_of(draw_answers(9, dict.fromkeys((BEFORE, AFTER), EVERYONE))), GROUPS
    )
    assert {row.design_reason for row in complete["zuid"]} == {GROUP_DESIGN}


# --- Whether the groups differ: against SciPy on rows


def same(found: Any, expected: Any) -> None:
    assert found.reason == ""
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-9)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9)


SHARES = [("nood_een", "top", is_top), ("bezig", "ja", lambda said: float(said == "ja"))]
SHARES += [("vormen", "a", lambda said: float("a" in said))]
SHARES += [("stand", "hoog", lambda said: float(len(set(said) - {"geen"}) >= 2))]


@pytest.mark.parametrize(("item", "part", "worth"), SHARES, ids=[item for item, *_ in SHARES])
@pytest.mark.parametrize("design", ["paired", "overlap"])
def test_shares_and_their_changes_differ_as_in_scipy(
    item: str, part: str, worth: Any, design: str
) -> None:
    given = DATA[design]()
    answered = "vormen" if item == "stand" else item
    found = differences(panel_of(given))[item, part]
    changes = by_group(change_of(given, answered, worth))
    levels = by_group(level_of(given, answered, worth))
    same(found.level, stats.kruskal(*levels))
    same(found.change, stats.kruskal(*changes))
    assert (found.level.test, found.level.df, found.change.df) == ("kruskal_wallis", 2, 2)
    # of a proportion that is Pearson's chi-square times (n - 1)/n
    table = np.array([[level.sum(), level.size - level.sum()] for level in levels])
    chi2, n = stats.chi2_contingency(table, correction=False).statistic, table.sum()
    assert found.level.statistic == pytest.approx(chi2 * (n - 1) / n)


@pytest.mark.parametrize("design", ["paired", "overlap"])
def test_whole_scales_differ_as_in_scipy(design: str) -> None:
    given = DATA[design]()
    found = differences(panel_of(given), whole_scale=True)["nood_twee", ""]
    assert found.measure == "ordinal"
    same(found.level, stats.kruskal(*by_group(level_of(given, "nood_twee", float))))
    same(found.change, stats.kruskal(*by_group(change_of(given, "nood_twee", float))))


@pytest.mark.parametrize("design", ["paired", "overlap"])
def test_means_differ_as_in_scipy(design: str) -> None:
    given = DATA[design]()
    found = differences(panel_of(given))["cijfer", ""]
    levels = by_group(level_of(given, "cijfer", float))
    changes = by_group(change_of(given, "cijfer", float))
    same(found.level, stats.f_oneway(*levels, equal_var=False))
    same(found.change, stats.f_oneway(*changes, equal_var=False))
    # level and change are over the pairs, as the figures of the groups are
    everyone = rows_of(given, AFTER, "cijfer", float)
    assert sum(map(len, levels)) == sum(map(len, changes)) < len(everyone)
    assert found.level.n == found.change.n == sum(map(len, changes))
    assert found.level.groups == found.change.groups == 3
    assert (found.level.test, found.level.df) == ("welch_anova", 2)
    for test in (found.level, found.change):
        # F means nothing without its second degrees of freedom
        assert stats.f.sf(test.statistic, test.df, test.df_error) == pytest.approx(test.p)


def test_a_score_differs_as_in_scipy() -> None:
    given = in_panel()
    items = ["nood_een", "nood_twee", "nood_drie"]
    waves = []
    for wave in (BEFORE, AFTER):
        wide = pd.concat([rows_of(given, wave, item, float) for item in items], axis=1)
        waves.append(wide.mean(axis=1)[wide.count(axis=1) >= 2].round(6))
    found = differences(panel_of(given))["nood_score", ""]
    assert found.is_summary
    changes = (waves[1] - waves[0]).dropna()
    same(found.level, stats.f_oneway(*by_group(waves[1][changes.index]), equal_var=False))
    same(found.change, stats.f_oneway(*by_group(changes), equal_var=False))


# --- Independent waves: against R


def answers_of_counts(counts: list[list[int]], wave: str, codes: list[str], item: str) -> Any:
    """Per group so many regions with each code; no region is in two waves."""
    given: dict[str, Answers] = {}
    groups: dict[str, list[str]] = {}
    for number, group in enumerate(counts):
        for code, times in zip(codes, group, strict=True):
            for _ in range(times):
                region = f"{wave}-{number}-{len(given)}"
                given[region] = {item: code}
                groups.setdefault(f"groep {number}", []).append(region)
    return given, groups


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case["function"] == "independent_changes"],
    ids=lambda case: case["name"],
)
def test_changes_of_independent_waves_differ_as_in_r(case: dict[str, Any]) -> None:
    counts = case["input"]
    is_share = counts["scores"] == [0, 1]
    codes = ["nee", "ja"] if is_share else [str(score) for score in counts["scores"]]
    item, part = ("bezig", "ja") if is_share else ("cijfer", "")
    first, members = answers_of_counts(counts["before"], BEFORE, codes, item)
    last, later = answers_of_counts(counts["after"], AFTER, codes, item)
    groups = {name: members[name] + later[name] for name in members}
    found = differences(panel_of({BEFORE: first, AFTER: last}), groups)[item, part]
    assert (found.design, found.change.test) == ("independent", "heterogeneity")
    assert found.change.statistic == pytest.approx(case["expected"]["f"], rel=1e-9)
    assert found.change.p == pytest.approx(case["expected"]["p"], rel=1e-9)
    assert found.change.df == case["expected"]["df"]
    assert found.change.df_error == pytest.approx(case["expected"]["df_error"], rel=1e-9)
    assert (found.change.n, found.change.groups) == (len(first) + len(last), len(groups))


def test_levels_of_independent_waves_are_over_all_answers_of_the_later_one() -> None:
    given = in_independent_waves()
    found = differences(panel_of(given))
    levels = by_group(rows_of(given, AFTER, "cijfer", float))
    same(found["cijfer", ""].level, stats.f_oneway(*levels, equal_var=False))
    shares = by_group(rows_of(given, AFTER, "nood_een", is_top))
    same(found["nood_een", "top"].level, stats.kruskal(*shares))
    assert found["cijfer", ""].level.n == sum(map(len, levels))


def test_pairs_overruled_as_independent_use_the_errors_of_either_wave() -> None:
    given = in_panel()
    found = differences(panel_of(given), design="independent")["cijfer", ""].change
    waves = [by_group(rows_of(given, wave, "cijfer", float)) for wave in (BEFORE, AFTER)]
    change = np.array([last.mean() - first.mean() for first, last in zip(*waves, strict=True)])
    error = [
        first.var(ddof=1) / first.size + last.var(ddof=1) / last.size
        for first, last in zip(*waves, strict=True)
    ]
    dfs = [stats.ttest_ind(*pair, equal_var=False).df for pair in zip(*waves, strict=True)]
    expected = heterogeneity(change, error, dfs)
    assert found.statistic == pytest.approx(expected.f)
    assert found.p == pytest.approx(expected.p)
    assert found.n == sum(sample.size for wave in waves for sample in wave)


# --- Adjusted


@pytest.mark.parametrize(("method", "known"), [("holm", "holm"), ("bh", "fdr_bh")])
def test_levels_and_changes_are_adjusted_apart_within_the_section(method: Any, known: str) -> None:
    found = differences(panel_of(in_panel()), adjustment=method).values()
    sections = {(row.section, row.is_summary) for row in found}
    assert len(sections) == 5
    for section in sections:
        family = [row for row in found if (row.section, row.is_summary) == section]
        for tests in ([row.level for row in family], [row.change for row in family]):
            expected = multipletests([test.p for test in tests], method=known)[1]
            assert [test.p_adjusted for test in tests] == pytest.approx(list(expected))


def test_a_test_that_could_not_be_done_is_no_hypothesis() -> None:
    given = in_panel()
    for region in given[AFTER]:
        if region not in GROUPS["zuid"]:
            said = given[AFTER][region]
            given[AFTER][region] = {item: said[item] for item in said if item != "baat_een"}
    found = differences(panel_of(given))
    silent = found["baat_een", "top"]
    assert (silent.level.p, silent.level.p_adjusted, silent.level.reason) == (None, None, ONE_GROUP)
    others = [row for row in found.values() if row.section == "baat" and row is not silent]
    expected = multipletests([row.level.p for row in others], method="holm")[1]
    assert [row.level.p_adjusted for row in others] == pytest.approx(list(expected))


def test_what_may_not_be_compared_is_not_tested_either() -> None:
    panel = panel_of(in_panel())
    older = replace(panel.questionnaires[BEFORE], version="0")
    strangers = Panel({**panel.questionnaires, BEFORE: older}, panel.frames, panel.respondents)
    assert differences(strangers) == {}


# --- On the edges, in words


def test_groups_without_a_valid_answer_do_not_take_part() -> None:
    given = in_panel()
    panel = panel_of(given)
    with_strangers = {**GROUPS, "elders": ["x1", "x2"]}
    assert differences(panel, with_strangers) == differences(panel)
    assert differences(panel)["cijfer", ""].level.groups == 3


@pytest.mark.parametrize("design", DATA)
def test_one_group_cannot_differ(design: str) -> None:
    found = differences(panel_of(DATA[design]()), {"al": EVERYONE})["cijfer", ""]
    for test in (found.level, found.change):
        assert (test.p, test.reason, test.groups) == (None, ONE_GROUP, 1)


def test_everyone_alike_is_p_1() -> None:
    alike: dict[str, Answers] = {r: {"cijfer": "7", "nood_een": "4"} for r in EVERYONE}
    found = differences(panel_of({BEFORE: alike, AFTER: alike}))
    for key in (("cijfer", ""), ("nood_een", "top")):
        assert (found[key].level.p, found[key].change.p) == (1.0, 1.0)
    waves = differences(panel_of({BEFORE: alike, AFTER: alike}), design="independent")
    assert waves["cijfer", ""].change.p == 1.0


@pytest.mark.parametrize("design", ["paired", "independent"])
def test_no_test_is_explained_in_words_about_groups(design: Any) -> None:
    given = draw_answers(7, {BEFORE: EVERYONE, AFTER: EVERYONE}, missing=0)
    for region in GROUPS["zuid"]:  # all alike in the south
        for wave in given:
            given[wave][region] = {**given[wave][region], "cijfer": "7"}
    alone = {**GROUPS, "één": ["los"]}
    for wave in given:
        given[wave]["los"] = {"baat_drie": "6"}
    found = differences(panel_of(given), alone, design=design)
    flat, single = found["cijfer", ""], found["baat_drie", ""]
    reasons = [flat.level.reason, flat.change.reason, single.level.reason]
    if design == "paired":
        reasons.append(single.change.reason)
    else:  # of one region no change has a known error
        assert single.change.p is not None
        assert flat.change.reason == GROUP_WITHOUT_SPREAD
    for reason in reasons:
        assert "groep" in reason
        assert "jaar" not in reason
        assert "jaren" not in reason


# --- What may be shown


def released(panel: Panel, groups: Groups) -> dict[tuple[str, str, str], ReleasedRow]:
    rows = [row for found in group_rows(panel, groups).values() for row in found]
    table = release(rows, title="", base="", method="", source="")
    return {(row["item"], row["part"], row["group"]): row for row in table.rows}


def groups_of(**sizes: int) -> dict[str, list[str]]:
    return {name: [f"{name}{i}" for i in range(size)] for name, size in sizes.items()}


BASES = ("n_pairs", "n_before", "n_after")
VALUES = (*BASES, "value_before", "value_after", "change", "p", "count_before", "count_after")


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ({"klein": 3, "groot": 20}, {"klein", "groot"}),
        ({"klein": 3, "middel": 20, "groot": 25}, {"klein", "middel"}),
        ({"klein": 3, "kleiner": 2, "groot": 25}, {"klein", "kleiner"}),
        ({"middel": 12, "groot": 25}, set()),
    ],
)
def test_a_small_group_is_hidden_with_its_complement(
    sizes: dict[str, int], hidden: set[str]
) -> None:
    groups = groups_of(**sizes)
    regions = [region for members in groups.values() for region in members]
    panel = panel_of(draw_answers(11, {BEFORE: regions, AFTER: regions}, missing=0))
    rows = released(panel, groups)
    assert {group for _, _, group in rows} == {"", *sizes}
    for (item, _, group), row in rows.items():
        assert row.is_suppressed == (group in hidden), (item, group)
        if group in hidden:
            numbers = [v for v in row.values.values() if type(v) in (int, float)]
            assert numbers == []  # so no 0 either
            assert row["outcome"] is None
        else:
            assert row["n_pairs"] == (sizes[group] if group else len(regions))


def test_a_group_that_is_small_in_one_wave_is_hidden_in_both() -> None:
    groups = groups_of(klein=16, middel=30, groot=40)
    first = groups["klein"][:3] + groups["middel"][:15] + groups["groot"][:20]
    last = groups["klein"][3:] + groups["middel"][15:] + groups["groot"][20:]
    panel = panel_of(draw_answers(13, {BEFORE: first, AFTER: last}, missing=0))
    rows = released(panel, groups)
    hidden = {group for (item, _, group), row in rows.items() if row.is_suppressed}
    assert hidden == {"klein", "middel"}
    small = rows["cijfer", "", "klein"]  # 3 regions before and 13 after
    assert {small[name] for name in VALUES} == {None}
    assert (rows["cijfer", "", "groot"]["n_before"], rows["cijfer", "", "groot"]["n_after"]) == (
        20,
        20,
    )


def test_an_empty_group_is_not_suppressed_but_has_no_pairs() -> None:
    groups = {**groups_of(een=12, twee=15), "leeg": ["x"]}
    regions = [region for name in ("een", "twee") for region in groups[name]]
    rows = released(panel_of(draw_answers(15, dict.fromkeys((BEFORE, AFTER), regions), 0)), groups)
    empty = rows["cijfer", "", "leeg"]
    assert (empty.is_suppressed, empty["n_pairs"], empty["change"]) == (False, 0, None)
    assert empty["reason"] == NO_PAIRS


# --- What the tests of difference may tell


def sized(**sizes: int) -> tuple[dict[str, list[str]], list[str]]:
    groups = groups_of(**sizes)
    return groups, [region for members in groups.values() for region in members]


WAVES: dict[str, Callable[[list[str]], dict[str, list[str]]]] = {
    "paired": lambda regions: {BEFORE: regions, AFTER: regions},
    # a fifth of every group comes and another leaves, but for the small one
    "overlap": lambda regions: {
        BEFORE: [r for r in regions if r.startswith("klein") or int(r[-1]) > 1],
        AFTER: [r for r in regions if r.startswith("klein") or int(r[-1]) < 8],
    },
    "independent": lambda regions: {BEFORE: regions[::2], AFTER: regions[1::2]},
}
FEW_AND_MANY = {"klein": 3, "middel": 20, "groot": 30, "groter": 40}


def changed(given: Given, regions: Collection[str], seed: int) -> Given:
    """Other valid answers of these regions."""
    other = draw_answers(seed, given, missing=0)
    return {
        wave: {region: (other if region in regions else given)[wave][region] for region in said}
        for wave, said in given.items()
    }


@pytest.mark.parametrize("design", WAVES)
@pytest.mark.parametrize("whole_scale", [False, True])
def test_no_attack_on_what_hidden_groups_said(design: str, whole_scale: bool) -> None:
    groups, regions = sized(**FEW_AND_MANY)
    given = draw_answers(21, WAVES[design](regions), missing=0)
    here = released_differences(panel_of(given), groups, whole_scale=whole_scale)
    assert {row.design for row in here.values()} == {design}
    # the small group, and the next smallest so that it cannot be found by subtraction
    assert {(row.level.groups, row.change.groups) for row in here.values()} == {(2, 2)}
    assert all(row.level.p is not None for row in here.values())
    for small in (groups["klein"], groups["klein"] + groups["middel"]):
        panel = panel_of(changed(given, small, seed=22))
        assert released_differences(panel, groups, whole_scale=whole_scale) == here
    # the attack finds what is not protected
    unprotected = (differences(each, groups) for each in (panel, panel_of(given)))
    assert next(unprotected) != next(unprotected)


@pytest.mark.parametrize("design", WAVES)
def test_with_all_groups_hidden_no_test_tells_what_the_three_said(design: str) -> None:
    groups, regions = sized(klein=6 if design == "independent" else 3, groot=60)
    panel = panel_of(draw_answers(25, WAVES[design](regions), missing=0))
    for row in released_differences(panel, groups).values():
        for test in (row.level, row.change):
            assert (test.statistic, test.df, test.p, test.p_adjusted) == (None,) * 4
            assert (test.n, test.groups, test.reason) == (0, 0, ONE_GROUP)


def test_a_group_without_percentages_does_not_take_part() -> None:
    groups, regions = sized(weinig=9, tien=10, meer=14)
    panel = panel_of(draw_answers(27, dict.fromkeys((BEFORE, AFTER), regions), missing=0))
    found = released_differences(panel, groups)
    shown = {name: groups[name] for name in ("tien", "meer")}
    assert found == differences(panel, shown)
    assert found["bezig", "ja"].level.n == 24


def test_groups_that_are_shown_for_one_question_are_tested_for_that_one() -> None:
    groups, regions = sized(een=10, twee=14, drie=15)
    given = draw_answers(29, dict.fromkeys((BEFORE, AFTER), regions), missing=0)
    kept = given[AFTER]["een0"]
    given[AFTER]["een0"] = {item: kept[item] for item in kept if item != "cijfer"}
    found = released_differences(panel_of(given), groups)
    assert (found["cijfer", ""].level.groups, found["cijfer", ""].change.n) == (2, 29)
    assert (found["bezig", "ja"].level.groups, found["bezig", "ja"].change.n) == (3, 39)


def test_a_figure_that_is_not_released_is_not_tested() -> None:
    panel = panel_of(in_panel())
    found = differences(panel, shown={("cijfer", ""): {"noord", "zuid"}, ("bezig", "ja"): set()})
    assert set(found) == {("cijfer", ""), ("bezig", "ja")}
    assert found["cijfer", ""].level.groups == 2
    assert (found["bezig", "ja"].level.p, found["bezig", "ja"].level.reason) == (None, ONE_GROUP)


# --- Properties

places = st.dictionaries(st.sampled_from(EVERYONE), st.sampled_from("abc"), min_size=1)


def groups_from(found: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [r for r, place in found.items() if place == name] for name in "abc"}


@settings(deadline=None, max_examples=15)
@given(places, st.sampled_from(sorted(DATA)))
def test_the_parts_add_up_to_the_whole(found: dict[str, str], design: str) -> None:
    given = {
        wave: {region: said for region, said in responses.items() if region in found}
        for wave, responses in DATA[design]().items()
    }
    rows = group_rows(panel_of(given), groups_from(found))
    for number, whole in enumerate(rows[""]):
        parts = [rows[name][number] for name in "abc"]
        for base in BASES:
            assert sum(getattr(part, base) for part in parts) == getattr(whole, base)


@settings(deadline=None, max_examples=10)
@given(places, st.permutations("abc"))
def test_the_order_and_names_of_the_groups_do_not_matter(
    found: dict[str, str], order: list[str]
) -> None:
    groups = groups_from(found)
    panel = panel_of(in_panel())
    here = differences(panel, groups)
    there = differences(panel, {f"groep {name}": groups[name] for name in order})
    for key, row in here.items():
        for test, other in ((row.level, there[key].level), (row.change, there[key].change)):
            assert test.reason == other.reason
            if test.p is not None:
                assert test.p == pytest.approx(other.p, rel=1e-9)
