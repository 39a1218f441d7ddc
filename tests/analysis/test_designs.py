"""The design follows from who answered when, the evaluator may overrule it, and it is told.

What a design gives is held against rows: the answers of each region in pandas, counted here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import ttost_ind, ttost_paired

from analysis.comparison import Comparison, compare
from analysis.intervals import (
    conditional_odds_ratio_interval,
    newcombe10_interval,
    tango_interval,
)
from analysis.panel import Panel, make_panel
from analysis.settings import Margin, Settings
from analysis.significance import (
    brunner_munzel,
    mann_whitney,
    mcnemar_exact,
    overlapping_means,
    overlapping_proportions,
    tost_paired_proportions,
    tost_proportions,
    wilcoxon_pratt,
)
from surveys.answers import Answers
from surveys.definition import parse_definition
from surveys.questionnaire import Questionnaire
from surveys.routing import settle
from tests.surveys.small_versions import HALVED, change, version

QUESTIONNAIRE = parse_definition("""
id = "opzet"
version = "1"
wave = "2024"
title = "Opzet"

[[scales]]
id = "mate"
choices = [
    { code = 1, label = "weinig" }, { code = 2, label = "iets" }, { code = 3, label = "veel" },
]
shares = [{ id = "top", label = "veel", codes = [3] }]

[[sections]]
id = "een"
title = "Een"
score = { id = "score", concept = "score", text = "Geheel", minimum = 1 }
items = [
    { type = "scale", id = "schaal", concept = "schaal", text = "Schaal", scale = "mate" },
    { type = "yes_no", id = "ja_nee", concept = "ja_nee", text = "Ja of nee" },
]
[[sections]]
id = "twee"
title = "Twee"
items = [
    { type = "grade", id = "cijfer", concept = "cijfer", text = "Cijfer" },
    { type = "yes_no", id = "nogmaals", concept = "nogmaals", text = "Ja of nee" },
]
""").questionnaire

Wave = Mapping[str, Answers]
Rows = dict[tuple[str, str], Comparison]


def panel_of(before: Wave, after: Wave) -> Panel:
    return make_panel(
        {"2021": QUESTIONNAIRE, "2024": QUESTIONNAIRE},
        {
            wave: {region: settle(QUESTIONNAIRE, given) for region, given in answers.items()}
            for wave, answers in (("2021", before), ("2024", after))
        },
    )


def rows_of(before: Wave, after: Wave, **options) -> Rows:
    rows = compare(*panel_of(before, after).count_pair(), Settings(**options))
    return {(row.item, row.part): row for row in rows}


def random_wave(seed: int, regions: range) -> dict[str, Answers]:
    """Answers to everything, of which one in eight is skipped."""
    chance = np.random.default_rng(seed)
    wave: dict[str, Answers] = {}
    for number in regions:
        given = {
            "schaal": str(chance.choice([1, 2, 3])),
            "ja_nee": str(chance.choice(["ja", "nee"])),
            "nogmaals": str(chance.choice(["ja", "nee", "ja"])),
            "cijfer": str(chance.integers(4, 10)),
        }
        wave[f"r{number}"] = {item: code for item, code in given.items() if chance.random() > 1 / 8}
    return wave


BEFORE, AFTER = random_wave(1, range(30)), random_wave(2, range(10, 42))


def answers_to(item: str, before: Wave = BEFORE, after: Wave = AFTER) -> pd.DataFrame:
    """Per region its valid answer in either wave, NaN where there is none."""
    given = {
        wave: {region: codes[item] for region, codes in answers.items() if item in codes}
        for wave, answers in (("before", before), ("after", after))
    }
    return pd.DataFrame({wave: pd.Series(codes, dtype=object) for wave, codes in given.items()})


def positive(item: str, code: str, before: Wave = BEFORE, after: Wave = AFTER) -> pd.DataFrame:
    """Per region 1 where it gave this answer, 0 for another, NaN for none."""
    rows = answers_to(item, before, after)
    return rows.apply(lambda wave: wave.map(lambda given: float(given == code), na_action="ignore"))


def fourfold(rows: pd.DataFrame) -> tuple[int, int, int, int]:
    """Both, up, down, neither, over the regions with two valid answers."""
    pairs = rows.dropna()
    return tuple(
        int(((pairs["before"] == first) & (pairs["after"] == last)).sum())
        for first, last in ((1, 1), (0, 1), (1, 0), (0, 0))
    )  # type: ignore[return-value]


# Which design


def everyone(item: str, code: str, regions: range) -> dict[str, Answers]:
    return {f"r{number}": {item: code} for number in regions}


@pytest.mark.parametrize(
    ("after", "design", "told"),
    [
        (range(12), "paired", "Alle regio's antwoordden in beide metingen."),
        (range(6, 18), "overlap", "Een deel van de regio's antwoordde in beide metingen"),
        (range(6), "overlap", "Een deel van de regio's antwoordde in beide metingen"),
        (range(12, 24), "independent", "Geen enkele regio antwoordde in beide metingen."),
    ],
)
def test_the_design_follows_from_who_answered_when(after: range, design: str, told: str) -> None:
    rows = rows_of(everyone("cijfer", "7", range(12)), everyone("cijfer", "8", after))
    for row in rows.values():
        assert row.design == design
        assert row.design_reason.startswith(told)


def test_every_base_is_told() -> None:
    rows = rows_of(BEFORE, AFTER)
    for (item, _), row in rows.items():
        if item == "score":
            continue
        answers = answers_to(item)
        assert row.design == "overlap"
        assert row.n_before == answers["before"].notna().sum()
        assert row.n_after == answers["after"].notna().sum()
        assert row.n_pairs == len(answers.dropna())
        assert sum(row.missing_before.values()) + row.n_before == len(BEFORE)
        assert sum(row.missing_after.values()) + row.n_after == len(AFTER)


def test_a_question_that_only_the_regions_of_both_waves_answered_is_a_panel() -> None:
    both = {f"r{i}": {"schaal": "3", "cijfer": str(5 + i % 3)} for i in range(8)}
    before = {**both, "weg": {"schaal": "1"}}
    after = {**both, "nieuw": {"schaal": "1"}}
    rows = rows_of(before, after)
    assert rows["schaal", "top"].design == "overlap"
    grade = rows["cijfer", ""]
    assert (grade.design, grade.n_pairs, grade.n_before, grade.n_after) == ("paired", 8, 8, 8)
    assert "Alle geldige antwoorden op deze vraag" in grade.design_reason
    assert grade.p_all is None
    assert grade.test_all is None


def test_the_evaluator_overrules_the_design_and_the_result_says_so() -> None:
    for design, test in (("paired", "mcnemar_midp"), ("independent", "fisher")):
        row = rows_of(BEFORE, AFTER, design=design)["schaal", "top"]
        assert (row.design, row.test) == (design, test)
        assert row.design_reason.startswith("De onderzoeker koos dit: ")
        assert row.test_all is None
    panel = rows_of(BEFORE, {**AFTER, **{f"r{i}": {} for i in range(10)}}, design="overlap")
    assert panel["schaal", "top"].design == "overlap"


def test_asking_for_the_design_that_follows_anyway_overrules_nothing() -> None:
    assert rows_of(BEFORE, AFTER, design="overlap") == rows_of(BEFORE, AFTER)


def test_a_panel_of_no_pairs_says_that_there_are_none() -> None:
    before, after = everyone("cijfer", "7", range(5)), everyone("cijfer", "8", range(5, 10))
    row = rows_of(before, after, design="paired")["cijfer", ""]
    assert (row.outcome, row.p, row.n_before, row.n_after) == ("niet te toetsen", None, 5, 5)
    assert row.reason == "Geen enkele regio gaf in beide jaren een geldig antwoord."


# The overlap: the pairs first, everyone beside them

HEADLINE = (
    *("count_before", "count_after", "value_before", "value_after", "change", "ci_low", "ci_high"),
    *("ci_method", "test", "statistic", "p", "effect", "effect_low", "effect_high", "effect_name"),
    "detectable_change",
)


def test_the_headline_of_an_overlap_is_the_comparison_of_the_pairs_alone() -> None:
    overlap = rows_of(BEFORE, AFTER)
    both = BEFORE.keys() & AFTER.keys()
    alone = rows_of({r: BEFORE[r] for r in both}, {r: AFTER[r] for r in both}, design="paired")
    assert overlap.keys() == alone.keys()
    for key, row in overlap.items():
        assert row.n_pairs == alone[key].n_pairs > 0
        for name in HEADLINE:
            assert getattr(row, name) == getattr(alone[key], name), (key, name)


@pytest.mark.parametrize(("item", "part", "code"), [("schaal", "top", "3"), ("ja_nee", "ja", "ja")])
def test_the_secondary_outcome_of_a_share_counts_every_answer_once(
    item: str, part: str, code: str
) -> None:
    row = rows_of(BEFORE, AFTER)[item, part]
    rows = positive(item, code)
    only_before = rows.loc[rows["after"].isna(), "before"].dropna()
    only_after = rows.loc[rows["before"].isna(), "after"].dropna()
    assert min(len(only_before), len(only_after)) > 5
    expected = overlapping_proportions(
        *fourfold(rows),
        int(only_before.sum()),
        len(only_before),
        int(only_after.sum()),
        len(only_after),
    )
    assert (row.test_all, row.p_all) == ("overlap_z8", expected.p)
    assert row.statistic_all == expected.statistic
    assert row.value_before_all == pytest.approx(rows["before"].mean())
    assert row.value_after_all == pytest.approx(rows["after"].mean())
    assert row.change_all == pytest.approx(rows["after"].mean() - rows["before"].mean())
    assert expected.interval is not None
    assert (row.ci_low_all, row.ci_high_all) == (expected.interval.low, expected.interval.high)
    assert row.p_all != row.p


def test_the_secondary_outcome_of_a_grade_counts_every_answer_once() -> None:
    row = rows_of(BEFORE, AFTER)["cijfer", ""]
    grades = answers_to("cijfer").astype(float)
    pairs = grades.dropna()
    known = np.arange(1.0, 11.0)
    table = [
        [int(((pairs["before"] == x) & (pairs["after"] == y)).sum()) for y in known] for x in known
    ]
    alone = [
        [int((grades.loc[grades[other].isna(), wave] == grade).sum()) for grade in known]
        for wave, other in (("before", "after"), ("after", "before"))
    ]
    expected = overlapping_means(table, *alone, known)
    assert (row.test_all, row.p_all) == ("overlap_tnew2", expected.p)
    assert row.statistic_all == expected.statistic
    assert row.value_before_all == pytest.approx(grades["before"].mean())
    assert row.value_after_all == pytest.approx(grades["after"].mean())
    assert row.value_before == pytest.approx(pairs["before"].mean())
    assert row.value_after == pytest.approx(pairs["after"].mean())


# Other tests and intervals than the default


def test_another_test_takes_the_place_of_the_default_where_it_fits() -> None:
    default = rows_of(BEFORE, AFTER)
    rows = rows_of(BEFORE, AFTER, tests=frozenset({"mcnemar_exact"}))
    _, up, down, _ = fourfold(positive("ja_nee", "ja"))
    assert rows["ja_nee", "ja"].test == "mcnemar_exact"
    assert rows["ja_nee", "ja"].p == mcnemar_exact(up, down)
    assert rows["ja_nee", "ja"].p == pytest.approx(stats.binomtest(up, up + down).pvalue)
    assert rows["ja_nee", "ja"].p != default["ja_nee", "ja"].p
    assert rows["cijfer", ""].test == default["cijfer", ""].test == "paired_t"
    odds = conditional_odds_ratio_interval(up, down, exact=True)
    assert odds is not None
    assert rows["ja_nee", "ja"].effect == up / down
    assert (rows["ja_nee", "ja"].effect_low, rows["ja_nee", "ja"].effect_high) == (
        odds.low,
        odds.high,
    )


def test_paired_grades_by_ranks() -> None:
    row = rows_of(BEFORE, AFTER, tests=frozenset({"wilcoxon_pratt"}))["cijfer", ""]
    pairs = answers_to("cijfer").astype(float).dropna()
    known = np.arange(1.0, 11.0)
    table = pd.crosstab(pairs["before"], pairs["after"]).reindex(
        index=known, columns=known, fill_value=0
    )
    assert row.test == "wilcoxon_pratt"
    assert row.p == wilcoxon_pratt(table.to_numpy()).p
    normal = stats.wilcoxon(
        pairs["after"], pairs["before"], zero_method="pratt", method="approx", correction=False
    )
    assert row.p == pytest.approx(normal.pvalue, abs=0.03)
    assert row.effect_name == "matched_rank_biserial"


@pytest.mark.parametrize("test", ["mann_whitney", "brunner_munzel"])
def test_independent_grades_by_ranks(test: str) -> None:
    row = rows_of(BEFORE, AFTER, design="independent", tests=frozenset({test}))["cijfer", ""]
    grades = answers_to("cijfer").astype(float)
    before, after = grades["before"].dropna(), grades["after"].dropna()
    ours = {"mann_whitney": mann_whitney, "brunner_munzel": brunner_munzel}[test]
    counts = [[int((wave == grade).sum()) for grade in range(1, 11)] for wave in (before, after)]
    if test == "mann_whitney":
        expected = stats.mannwhitneyu(after, before, method="asymptotic").pvalue
    else:
        expected = stats.brunnermunzel(after, before).pvalue
    assert row.test == test
    assert row.p == ours(*counts).p == pytest.approx(expected)
    assert (row.n_before, row.n_after) == (len(before), len(after))


def test_independent_grades_by_default() -> None:
    row = rows_of(BEFORE, AFTER, design="independent")["cijfer", ""]
    grades = answers_to("cijfer").astype(float)
    waves = grades["after"].dropna(), grades["before"].dropna()
    expected = stats.ttest_ind(*waves, equal_var=False)
    low, high = expected.confidence_interval()
    assert (row.statistic, row.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert (row.ci_low, row.ci_high) == pytest.approx((low, high))


def test_another_scale_test_leaves_shares_alone() -> None:
    options = {"design": "independent", "tests": frozenset({"brunner_munzel"})}
    assert rows_of(BEFORE, AFTER, **options)["schaal", "top"].test == "fisher"
    whole = rows_of(BEFORE, AFTER, whole_scale=True, **options)["schaal", ""]
    scale = answers_to("schaal").astype(float)
    expected = stats.brunnermunzel(scale["after"].dropna(), scale["before"].dropna())
    assert whole.test == "brunner_munzel"
    assert whole.p == pytest.approx(expected.pvalue)


def test_the_interval_of_newcombe_on_request() -> None:
    cells = fourfold(positive("schaal", "3"))
    for name, function in (("tango", tango_interval), ("newcombe10", newcombe10_interval)):
        row = rows_of(BEFORE, AFTER, paired_interval=name)["schaal", "top"]
        expected = function(*cells)
        assert row.ci_method == name
        assert (row.ci_low, row.ci_high) == (expected.low, expected.high)


def test_the_odds_ratio_and_its_interval() -> None:
    _, up, down, _ = fourfold(positive("schaal", "3"))
    row = rows_of(BEFORE, AFTER)["schaal", "top"]
    assert row.effect_name == "conditional_odds_ratio"
    assert row.effect == up / down
    assert row.effect_low is not None
    assert row.effect_high is not None
    # Binomial tails that count half the observed outcome: the limits that go with mid-p.
    low, high = (odds / (1 + odds) for odds in (row.effect_low, row.effect_high))
    law = stats.binom
    assert law.sf(up, up + down, low) + law.pmf(up, up + down, low) / 2 == pytest.approx(0.025)
    assert law.cdf(up - 1, up + down, high) + law.pmf(up, up + down, high) / 2 == pytest.approx(
        0.025
    )
    apart = rows_of(BEFORE, AFTER, design="independent")["schaal", "top"]
    rows = positive("schaal", "3")
    odds = [wave.dropna().sum() / (wave.dropna() == 0).sum() for _, wave in rows.items()]
    assert apart.effect == pytest.approx(odds[1] / odds[0])


# Equivalence


def test_a_share_within_the_margin_is_equivalent_and_agrees_with_tango() -> None:
    before = {f"r{i}": {"ja_nee": "ja" if i < 100 else "nee"} for i in range(200)}
    after = {**before, "r0": {"ja_nee": "nee"}, "r199": {"ja_nee": "ja"}}
    cells = fourfold(positive("ja_nee", "ja", before, after))
    ninety = tango_interval(*cells, level=0.9)
    # one up and one down: the interval is as wide on either side of 0
    for margin, outcome in (
        (1.01 * ninety.high, "gelijkwaardig"),
        (0.99 * ninety.high, "niet aangetoond"),
    ):
        row = rows_of(before, after, margin=Margin(proportion=margin))["ja_nee", "ja"]
        assert row.p_equivalence == tost_paired_proportions(*cells, margin).p
        assert row.outcome == outcome
    assert rows_of(before, after)["ja_nee", "ja"].p_equivalence is None


def test_a_share_of_independent_waves_within_the_margin() -> None:
    before = {f"a{i}": {"ja_nee": "ja" if i < 100 else "nee"} for i in range(200)}
    after = {f"b{i}": {"ja_nee": "ja" if i < 101 else "nee"} for i in range(200)}
    row = rows_of(before, after, margin=Margin(proportion=0.15))["ja_nee", "ja"]
    assert row.p_equivalence == tost_proportions(100, 200, 101, 200, 0.15).p
    assert row.p_equivalence is not None
    assert row.p_equivalence < 0.05
    assert row.outcome == "gelijkwaardig"


@pytest.mark.parametrize("design", ["paired", "independent"])
def test_grades_within_the_margin_agree_with_statsmodels(design: str) -> None:
    before = {f"r{i}": {"cijfer": str(6 + i % 3)} for i in range(60)}
    after = {f"r{i}": {"cijfer": str(6 + (i // 7) % 3)} for i in range(60)}
    grades = answers_to("cijfer", before, after).astype(float)
    waves = grades["after"].to_numpy(), grades["before"].to_numpy()
    for margin, outcome in ((0.6, "gelijkwaardig"), (0.2, "niet aangetoond")):
        row = rows_of(before, after, design=design, margin=Margin(mean=margin))["cijfer", ""]
        expected = (
            ttost_paired(*waves, -margin, margin)[0]
            if design == "paired"
            else ttost_ind(*waves, -margin, margin, usevar="unequal")[0]
        )
        assert row.p_equivalence == pytest.approx(expected)
        assert row.outcome == outcome
        assert row.p is not None
        assert row.p > 0.05


def test_a_change_that_is_shown_goes_before_equivalence() -> None:
    before = {f"r{i}": {"ja_nee": "ja" if i < 200 else "nee"} for i in range(400)}
    after = {**before, **{f"r{i}": {"ja_nee": "ja"} for i in range(200, 207)}}
    row = rows_of(before, after, margin=Margin(proportion=0.1))["ja_nee", "ja"]
    assert row.p is not None
    assert row.p_equivalence is not None
    assert max(row.p, row.p_equivalence) < 0.05
    assert row.outcome == "veranderd"


# Adjusted p values, and which of the two p values decides


def p_values(rows: Rows) -> pd.DataFrame:
    names = ("section", "is_summary", "p", "p_adjusted", "outcome", "adjustment", "stars")
    found = [{name: getattr(row, name) for name in names} for row in rows.values()]
    return pd.DataFrame(found)


@pytest.mark.parametrize(("ours", "theirs"), [("holm", "holm"), ("bh", "fdr_bh")])
def test_p_is_adjusted_per_section_and_summaries_apart(ours: str, theirs: str) -> None:
    found = p_values(rows_of(BEFORE, AFTER, adjustment=ours))
    families = found.groupby(["section", "is_summary"])
    assert families.size().to_dict() == {("een", False): 2, ("een", True): 1, ("twee", False): 2}
    for _, family in families:
        expected = multipletests(family["p"], method=theirs)[1]
        assert family["p_adjusted"].tolist() == pytest.approx(expected.tolist())
    assert (found["p_adjusted"] > found["p"]).any()


def test_without_adjustment_the_second_p_is_the_first() -> None:
    found = p_values(rows_of(BEFORE, AFTER, adjustment="none"))
    assert found["p_adjusted"].tolist() == found["p"].tolist()


def nearly_changed() -> tuple[dict[str, Answers], dict[str, Answers]]:
    """Two shares of one section, with mid-p 0.039 and 0.065: 7 up and 1 down, 6 up and 1 down."""
    before: dict[str, Answers] = {}
    after: dict[str, Answers] = {}
    for i in range(20):
        before[f"r{i}"] = {"schaal": "1" if i < 7 else "3", "ja_nee": "nee" if i < 6 else "ja"}
        after[f"r{i}"] = {"schaal": "1" if i == 19 else "3", "ja_nee": "nee" if i == 19 else "ja"}
    return before, after


@pytest.mark.parametrize(
    ("stars", "adjustment", "starred"),
    [
        ("raw", "holm", True),
        ("raw", "bh", True),
        ("raw", "none", True),
        ("adjusted", "holm", False),
        ("adjusted", "bh", False),
        ("adjusted", "none", True),
    ],
)
def test_the_star_follows_the_p_that_the_evaluator_chose(
    stars: str, adjustment: str, starred: bool
) -> None:
    rows = rows_of(*nearly_changed(), stars=stars, adjustment=adjustment)
    row = rows["schaal", "top"]
    assert row.p == pytest.approx(0.0390625)
    assert row.has_star == starred
    assert row.outcome == ("veranderd" if starred else "niet aangetoond")
    assert (row.stars, row.adjustment) == (stars, adjustment)
    assert not rows["ja_nee", "ja"].has_star


# Waves in between


def scale_wave(item: str, codes: str) -> dict[str, Answers]:
    return {f"r{i}": {item: code} for i, code in enumerate(codes)}


def far_apart(
    first: Questionnaire, middle: Questionnaire, last: Questionnaire, codes: tuple[str, str]
) -> Comparison:
    answers = {
        asked.wave: {
            region: settle(asked, given) for region, given in scale_wave("v_a", given).items()
        }
        for asked, given in zip((first, last), codes, strict=True)
    }
    panel = make_panel({asked.wave: asked for asked in (first, last)}, answers)
    (row,) = compare(*panel.count_pair(), Settings(whole_scale=True), [middle])
    return row


@pytest.mark.parametrize(
    ("size", "codes", "means"),
    [
        (2, "1234", 1.5),  # recoded from four to two on the way: 1 1 2 2
        (4, "1234", 2.5),  # never recoded
    ],
)
def test_answers_run_through_the_recode_of_a_wave_in_between_once(
    size: int, codes: str, means: float
) -> None:
    first = version("2018", {"a": 4})
    step = change("rescaled", "a", recode=HALVED) if size == 2 else change("identical", "a")
    middle = version("2021", {"a": size}, step, since="2018")
    last = version("2024", {"a": size}, change("identical", "a"), since="2021")
    row = far_apart(first, middle, last, (codes, "1122" if size == 2 else codes))
    assert (row.value_before, row.value_after, row.p) == (means, means, 1.0)
    assert bool(row.footnote) == (size == 2)


def test_two_recodes_are_each_applied_once() -> None:
    """1234 is turned around twice, so it comes out as it was; done once it would not."""
    turned = {"1": "4", "2": "3", "3": "2", "4": "1"}
    first = version("2018", {"a": 4})
    middle = version("2021", {"a": 4}, change("rescaled", "a", recode=turned), since="2018")
    last = version("2024", {"a": 4}, change("rescaled", "a", recode=turned), since="2021")
    row = far_apart(first, middle, last, ("1112", "1112"))
    assert (row.value_before, row.value_after, row.p) == (1.25, 1.25, 1.0)
    once = version("2024", {"a": 4}, change("identical", "a"), since="2021")
    assert far_apart(first, middle, once, ("1112", "1112")).value_before == 3.75


def test_a_question_that_was_dropped_in_between_is_not_compared() -> None:
    first = version("2018", {"a": 4, "b": 4})
    middle = version(
        "2021", {"b": 4}, change("dropped", "a"), change("identical", "b"), since="2018"
    )
    last = version(
        "2024", {"a": 4, "b": 4}, change("new", "a"), change("identical", "b"), since="2021"
    )
    answers = {
        asked.wave: {"r0": settle(asked, {"v_a": "1", "v_b": "1"})} for asked in (first, last)
    }
    panel = make_panel({asked.wave: asked for asked in (first, last)}, answers)
    rows = {row.concept: row for row in compare(*panel.count_pair(), between=[middle])}
    assert rows["a"].outcome == "niet vergelijkbaar"
    assert rows["a"].reason == "Niet meer gevraagd in 2021."
    assert rows["b"].n_pairs == 1
