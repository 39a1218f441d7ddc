"""Three waves or more: every test held against SciPy or statsmodels on the rows of the regions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.genmod import families
from statsmodels.genmod.cov_struct import Exchangeable
from statsmodels.genmod.generalized_estimating_equations import GEE
from statsmodels.stats.contingency_tables import cochrans_q
from statsmodels.stats.multitest import multipletests

from analysis.comparison import compare
from analysis.panel import Panel, make_panel
from analysis.settings import Settings
from analysis.wave_series import WaveSeries, compare_series
from surveys.answers import Answers, MissingReason
from surveys.definition import parse_definition
from surveys.questionnaire import Questionnaire
from surveys.routing import settle
from tests.surveys.small_versions import HALVED, change, version

QUESTIONNAIRE = parse_definition("""
id = "reeks"
version = "1"
wave = "2024"
title = "Reeks"

[[scales]]
id = "mate"
choices = [
    { code = 1, label = "nooit" }, { code = 2, label = "soms" },
    { code = 3, label = "vaak" }, { code = 4, label = "altijd" },
]
shares = [{ id = "top", label = "vaak of altijd", codes = [3, 4] }]

[[sections]]
id = "deel"
title = "Deel"
score = { id = "score", concept = "score", text = "Geheel", minimum = 1 }
items = [
    { type = "scale", id = "schaal", concept = "schaal", text = "Schaal", scale = "mate" },
    { type = "yes_no", id = "ja_nee", concept = "ja_nee", text = "Ja of nee" },
    { type = "multiple", id = "vormen", concept = "vormen", text = "Vormen", choices = [
        { code = "p", label = "P" }, { code = "q", label = "Q" } ] },
]
[[sections]]
id = "cijfers"
title = "Cijfers"
items = [{ type = "grade", id = "cijfer", concept = "cijfer", text = "Cijfer" }]
""").questionnaire

Wave = Mapping[str, Answers]
YEARS = ("2016", "2018", "2021", "2024")
# What counts of each figure: a share as 1 and 0, a scale as positions, a grade as itself.
WORTH = {
    ("schaal", "top"): lambda given: float(given in "34"),
    ("ja_nee", "ja"): lambda given: float(given == "ja"),
    ("vormen", "q"): lambda given: float("q" in given),
    ("schaal", ""): float,
    ("cijfer", ""): float,
}
SHARES = [("schaal", "top"), ("ja_nee", "ja"), ("vormen", "q")]


def panel_of(waves: Mapping[str, Wave], asked: Mapping[str, Questionnaire] | None = None) -> Panel:
    asked = asked or dict.fromkeys(waves, QUESTIONNAIRE)
    return make_panel(
        asked,
        {
            wave: {region: settle(asked[wave], given) for region, given in answers.items()}
            for wave, answers in waves.items()
        },
    )


def series_of(panel: Panel, **options) -> dict[tuple[str, str], WaveSeries]:
    rows = compare_series(
        [panel.count(wave) for wave in panel.waves],
        panel.count_patterns(),
        {pair: panel.count_pairs(*pair) for pair in combinations(panel.waves, 2)},
        Settings(**options),
    )
    return {(row.item, row.part): row for row in rows}


def random_waves(seed: int, years: Sequence[str], regions: Sequence[range]) -> dict[str, Wave]:
    """Per wave the answers of these regions, which resemble their own earlier answers and rise a
    little. One in eight is missing, for whatever reason."""
    chance = np.random.default_rng(seed)
    usual = chance.normal(0, 1, 200)

    def answers(number: int, step: int) -> dict[str, object]:
        level = usual[number] + 0.2 * step + chance.normal(0, 1, 4)
        given: dict[str, object] = {
            "schaal": str(np.digitize(level[0], [-0.7, 0.2, 1.0]) + 1),
            "ja_nee": "ja" if level[1] > 0 else "nee",
            "vormen": ("p", "q") if level[2] > 0.3 else ("p",),
            "cijfer": str(int(np.clip(round(6.5 + level[3]), 1, 10))),
        }
        reasons = [*list(MissingReason)[:3], None]
        for item in given:
            if chance.random() < 1 / 8:
                given[item] = reasons[chance.integers(4)]
        return {item: value for item, value in given.items() if value is not None}

    return {
        year: {f"r{number}": answers(number, step) for number in some}
        for step, (year, some) in enumerate(zip(years, regions, strict=True))
    }  # type: ignore[return-value]


THREE = random_waves(11, YEARS[1:], [range(40)] * 3)
FOUR = random_waves(12, YEARS, [range(40)] * 4)
OVERLAP = random_waves(13, YEARS[1:], [range(35), range(5, 40), range(8, 45)])
APART = random_waves(14, YEARS[1:], [range(20), range(20, 48), range(48, 70)])
WAVES = {"three": THREE, "four": FOUR, "overlap": OVERLAP, "apart": APART}
PANELS = ("three", "four", "overlap")


@cache
def known_panel(name: str) -> Panel:
    return panel_of(WAVES[name])


@cache
def known_series(name: str, **options) -> dict[tuple[str, str], WaveSeries]:
    return series_of(known_panel(name), **options)


def answers_to(waves: Mapping[str, Wave], figure: tuple[str, str]) -> pd.DataFrame:
    """A row per region, a column per wave: what its valid answer counts for, NaN for none."""
    item, worth = figure[0], WORTH[figure]
    return pd.DataFrame(
        {
            wave: pd.Series(
                {
                    region: worth(given[item])
                    for region, given in answers.items()
                    if item in given and not isinstance(given[item], MissingReason)
                },
                dtype=float,
            )
            for wave, answers in waves.items()
        }
    )


def is_whole(figure: tuple[str, str]) -> bool:
    return figure == ("schaal", "")


def fit_rows(rows: pd.DataFrame, design: np.ndarray, family: families.Family):
    """statsmodels' GEE with a row per answer; `design` has a row per wave."""
    region, wave = np.nonzero(rows.notna().to_numpy())
    model = GEE(
        rows.to_numpy()[region, wave],
        design[wave],
        region,
        family=family,
        cov_struct=Exchangeable(),
    )
    return model.fit(cov_type="bias_reduced", ddof_scale=0, ctol=1e-9, maxiter=500)


# One test over the regions with a valid answer in every wave


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("figure", SHARES)
def test_a_share_is_tested_by_cochrans_q_on_complete_rows(
    figure: tuple[str, str], name: str
) -> None:
    complete = answers_to(WAVES[name], figure).dropna()
    row = known_series(name)[figure]
    expected = cochrans_q(complete.to_numpy().astype(int))
    assert (row.test, row.n) == ("cochran_q", len(complete))
    assert (row.statistic, row.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert row.df == len(WAVES[name]) - 1
    assert row.effect == pytest.approx(expected.statistic / (len(complete) * row.df))


@pytest.mark.parametrize("name", PANELS)
def test_a_whole_scale_is_tested_by_friedman_on_complete_rows(name: str) -> None:
    complete = answers_to(WAVES[name], ("schaal", "")).dropna()
    row = known_series(name, whole_scale=True)["schaal", ""]
    expected = stats.friedmanchisquare(*complete.to_numpy().T)
    assert (row.test, row.n, row.df) == ("friedman", len(complete), len(WAVES[name]) - 1)
    assert (row.statistic, row.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert row.effect_name == "kendall_w"
    assert row.effect == pytest.approx(expected.statistic / (len(complete) * row.df))


@pytest.mark.parametrize("name", PANELS)
def test_grades_are_tested_by_gee_on_complete_rows(name: str) -> None:
    complete = answers_to(WAVES[name], ("cijfer", "")).dropna()
    row = known_series(name)["cijfer", ""]
    k = complete.shape[1]
    fitted = fit_rows(complete, np.eye(k), families.Gaussian())
    contrast = np.eye(k)[1:] - np.eye(k)[0]
    change = contrast @ fitted.params
    chi2 = change @ np.linalg.solve(contrast @ fitted.cov_params() @ contrast.T, change)
    assert (row.test, row.n, row.df) == ("gee_waves", len(complete), k - 1)
    assert row.statistic == pytest.approx(chi2, rel=1e-6)
    # against F: Hotelling's T squared of the changes, on the rows
    n = len(complete)
    rows = complete.to_numpy() @ contrast.T
    squared = n * rows.mean(axis=0) @ np.linalg.solve(np.cov(rows.T), rows.mean(axis=0))
    ratio = squared * (n - k + 1) / ((n - 1) * (k - 1))
    assert row.df_error == n - k + 1
    assert row.p == pytest.approx(stats.f.sf(ratio, k - 1, n - k + 1), rel=1e-6)


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("figure", WORTH)
def test_the_trend_of_a_panel_counts_every_answer_once(figure: tuple[str, str], name: str) -> None:
    rows = answers_to(WAVES[name], figure)
    rows = rows[rows.notna().any(axis=1)]
    row = known_series(name, whole_scale=is_whole(figure))[figure]
    family = families.Binomial() if row.measure == "proportion" else families.Gaussian()
    years = np.array([float(year) for year in rows.columns])
    fitted = fit_rows(rows, np.column_stack([np.ones(len(years)), years - 2020]), family)
    assert row.trend_test == "gee_trend"
    assert (row.trend, row.trend_error, row.trend_p) == pytest.approx(
        (fitted.params[1], fitted.bse[1], fitted.pvalues[1]), rel=1e-5
    )


@pytest.mark.parametrize("name", PANELS)
@pytest.mark.parametrize("figure", WORTH)
def test_every_base_is_told(figure: tuple[str, str], name: str) -> None:
    rows = answers_to(WAVES[name], figure)
    row = known_series(name, whole_scale=is_whole(figure))[figure]
    assert row.design == ("overlap" if name == "overlap" else "paired")
    assert row.n == len(rows.dropna()) < len(rows)
    for value in row.values:
        assert value.n_all == rows[value.wave].notna().sum()
        assert value.value == pytest.approx(rows.dropna()[value.wave].mean())
        assert value.value_all == pytest.approx(rows[value.wave].mean())
    assert [value.wave for value in row.values] == list(rows.columns)


# Independent waves


@pytest.mark.parametrize(("name", "design"), [("apart", "auto"), ("three", "independent")])
def test_independent_waves_are_tested_as_groups(name: str, design: str) -> None:
    waves = WAVES[name]
    rows = known_series(name, design=design)
    whole = known_series(name, design=design, whole_scale=True)
    grades = [wave.dropna() for _, wave in answers_to(waves, ("cijfer", "")).items()]
    scale = [wave.dropna() for _, wave in answers_to(waves, ("schaal", "")).items()]
    welch = stats.f_oneway(*grades, equal_var=False)
    ranks = stats.kruskal(*scale)
    assert (rows["cijfer", ""].test, whole["schaal", ""].test) == ("welch_anova", "kruskal_wallis")
    assert (rows["cijfer", ""].statistic, rows["cijfer", ""].p) == pytest.approx(
        (welch.statistic, welch.pvalue)
    )
    assert (whole["schaal", ""].statistic, whole["schaal", ""].p) == pytest.approx(
        (ranks.statistic, ranks.pvalue)
    )
    assert rows["cijfer", ""].df == whole["schaal", ""].df == 2
    assert rows["cijfer", ""].df_error is not None
    assert rows["cijfer", ""].n == sum(map(len, grades))
    for row in rows.values():
        assert row.design == "independent"
        assert [value.value for value in row.values] == [value.value_all for value in row.values]


@pytest.mark.parametrize("figure", SHARES)
def test_a_share_of_independent_waves_is_tested_for_its_trend(figure: tuple[str, str]) -> None:
    """Against the correlation form of the test: chi2 is n times the squared correlation."""
    row = known_series("apart")[figure]
    rows = answers_to(APART, figure).melt(var_name="year").dropna()
    years = rows["year"].astype(float)
    correlation = np.corrcoef(years, rows["value"])[0, 1]
    chi2 = len(rows) * correlation**2
    assert (row.test, row.trend_test, row.df) == ("cochran_armitage", "cochran_armitage", 1)
    assert (row.statistic, row.p) == pytest.approx((chi2, stats.chi2.sf(chi2, 1)))
    assert row.trend == pytest.approx(np.polyfit(years, rows["value"], 1)[0])
    assert row.trend_p == row.p


def test_the_design_and_its_reason_are_told() -> None:
    told = {"paired": "alle metingen", "overlap": "alle metingen", "independent": "Geen"}
    for name, design in (("four", "paired"), ("overlap", "overlap"), ("apart", "independent")):
        for row in known_series(name).values():
            assert row.design == design
            assert told[design] in row.design_reason
    for row in known_series("apart", design="paired").values():
        assert (row.design, row.p, row.n) == ("paired", None, 0)
        assert row.design_reason == "De onderzoeker koos deze opzet."
        assert row.reason == "Geen enkele regio gaf in alle jaren een geldig antwoord."
        assert row.outcome == "niet te toetsen"


def test_a_wave_that_nobody_answered_is_named() -> None:
    waves = {**THREE, "2021": {region: {} for region in THREE["2021"]}}
    row = series_of(panel_of(waves))["cijfer", ""]
    assert (row.p, row.outcome) == (None, "niet te toetsen")
    assert "geen enkele regio een geldig antwoord" in row.reason
    assert [pair.p is None for pair in row.pairwise] == [True, False, True]


# Times


def test_the_trend_is_per_year_where_the_waves_are_named_by_year() -> None:
    by_year = known_series("three")
    by_wave = series_of(
        panel_of(dict(zip(("nulmeting", "tussen", "eind"), THREE.values(), strict=True)))
    )
    backward = series_of(panel_of(dict(zip(("2024", "2021", "2018"), THREE.values(), strict=True))))
    for figure, row in by_year.items():
        assert row.trend is not None
        other = by_wave[figure]
        assert other.trend == pytest.approx(3 * row.trend)  # three years from wave to wave
        assert other.trend_p == pytest.approx(row.trend_p)
        assert other.p == pytest.approx(row.p)
        assert backward[figure].trend == pytest.approx(other.trend)


def test_years_at_unequal_distances_count_as_they_are() -> None:
    far = dict(zip(("2010", "2023", "2024"), THREE.values(), strict=True))
    assert series_of(panel_of(far))["cijfer", ""].trend != pytest.approx(
        known_series("three")["cijfer", ""].trend, rel=0.1
    )


# Every two waves


@pytest.mark.parametrize(("name", "k"), [("four", 4), ("overlap", 3), ("apart", 3)])
@pytest.mark.parametrize(("adjustment", "method"), [("holm", "holm"), ("bh", "fdr_bh")])
def test_pairs_of_waves_are_compared_and_adjusted_within_the_figure(
    name: str, k: int, adjustment: str, method: str
) -> None:
    panel = known_panel(name)
    chosen = Settings(adjustment=adjustment)
    alone = {
        pair: {
            (row.item, row.part): row
            for row in compare(
                panel.count(pair[0]), panel.count(pair[1]), panel.count_pairs(*pair), chosen
            )
        }
        for pair in combinations(panel.waves, 2)
    }
    for figure, row in known_series(name, adjustment=adjustment).items():
        assert len(row.pairwise) == k * (k - 1) / 2
        adjusted = multipletests([found.p for found in row.pairwise], method=method)[1]
        for found, p, (pair, rows) in zip(row.pairwise, adjusted, alone.items(), strict=True):
            assert (found.wave_before, found.wave_after) == pair
            expected = rows[figure].as_dict()
            assert found.p_adjusted == pytest.approx(p)
            assert found.outcome == ("veranderd" if p < 0.05 else "niet aangetoond")
            differs = {"p_adjusted", "outcome", "stars"}
            assert {key: value for key, value in found.as_dict().items() if key not in differs} == {
                key: value for key, value in expected.items() if key not in differs
            }


def test_the_tests_themselves_are_adjusted_per_section_and_summaries_apart() -> None:
    rows = known_series("four", stars="adjusted")
    part = [row for row in rows.values() if row.section == "deel" and not row.is_summary]
    expected = multipletests([row.p for row in part], method="holm")[1]
    assert len(part) == 4
    assert [row.p_adjusted for row in part] == pytest.approx(expected.tolist())
    alone = [rows["score", ""], rows["cijfer", ""]]
    assert [row.p_adjusted for row in alone] == [row.p for row in alone]
    for row in rows.values():
        assert row.p_adjusted is not None
        assert (row.outcome == "veranderd") == (row.p_adjusted < 0.05)


# Questions that came, went or changed

FIRST = version("2018", {"a": 4})
SECOND = version(
    "2021", {"a": 4, "b": 4}, change("identical", "a"), change("new", "b"), since="2018"
)
THIRD = version("2024", {"a": 4, "b": 4}, change("identical", "a", "b"), since="2021")


def scale_waves(asked: Sequence[Questionnaire], codes: Sequence[Mapping[str, str]]) -> Panel:
    """Per wave the answers r0, r1, ... to each question, a letter of a text each."""
    waves = {
        version_.wave: {
            f"r{number}": {item: given[number] for item, given in texts.items()}
            for number in range(len(next(iter(texts.values()))))
        }
        for version_, texts in zip(asked, codes, strict=True)
    }
    return panel_of(waves, {version_.wave: version_ for version_ in asked})


def test_a_question_that_is_new_in_the_second_wave_is_refused_but_its_later_pair_is_compared() -> (
    None
):
    panel = scale_waves(
        (FIRST, SECOND, THIRD),
        (
            {"v_a": "11223344"},
            {"v_a": "12233441", "v_b": "11122233"},
            {"v_a": "22334444", "v_b": "22233344"},
        ),
    )
    rows = series_of(panel)
    row = rows["v_b", ""]
    assert (row.outcome, row.p, row.n) == ("niet vergelijkbaar", None, 0)
    assert row.reason == "Voor het eerst gevraagd in 2021."
    early, whole, late = row.pairwise
    assert {early.outcome, whole.outcome} == {"niet vergelijkbaar"}
    assert early.p is whole.p is None
    assert (late.wave_before, late.wave_after, late.n_pairs) == ("2021", "2024", 8)
    assert (late.p, late.p_adjusted) == (pytest.approx(2 / 2**8), pytest.approx(2 / 2**8))
    assert late.outcome == "veranderd"
    assert rows["v_a", ""].p is not None


def test_a_question_that_was_dropped_is_left_out() -> None:
    last = version("2024", {"a": 4}, change("identical", "a"), change("dropped", "b"), since="2021")
    codes = {"v_a": "1234", "v_b": "1234"}
    rows = series_of(scale_waves((FIRST, SECOND, last), ({"v_a": "1234"}, codes, {"v_a": "1234"})))
    assert list(rows) == [("v_a", "")]


HALF_2021 = version("2021", {"a": 2}, change("rescaled", "a", recode=HALVED), since="2018")
TURNED = {"1": "2", "2": "1"}


@pytest.mark.parametrize(
    ("second", "third", "recodes"),
    [
        # in the second wave: only the first is recoded
        (
            HALF_2021,
            version("2024", {"a": 2}, change("identical", "a"), since="2021"),
            [HALVED, {}, {}],
        ),
        # in the third: both earlier waves are
        (
            version("2021", {"a": 4}, change("identical", "a"), since="2018"),
            version("2024", {"a": 2}, change("rescaled", "a", recode=HALVED), since="2021"),
            [HALVED, HALVED, {}],
        ),
        # in both: the first wave goes through one and then the other
        (
            HALF_2021,
            version("2024", {"a": 2}, change("rescaled", "a", recode=TURNED), since="2021"),
            [{code: TURNED[half] for code, half in HALVED.items()}, TURNED, {}],
        ),
    ],
    ids=["second", "third", "both"],
)
def test_every_wave_runs_through_the_recodes_that_lie_after_it(
    second: Questionnaire, third: Questionnaire, recodes: list[dict[str, str]]
) -> None:
    first = "123412341234" * 2
    wide = "213444312144" * 2  # on four answers
    narrow = "112212112122" * 2  # on two
    middle = narrow if second is HALF_2021 else wide
    last = "221212222211" * 2
    panel = scale_waves((FIRST, second, third), [{"v_a": text} for text in (first, middle, last)])
    row = series_of(panel)["v_a", ""]
    rows = np.array(
        [
            [float(recode.get(code, code)) for code in text]
            for text, recode in zip((first, middle, last), recodes, strict=True)
        ]
    )
    assert np.unique(rows).tolist() == [1, 2]
    expected = stats.friedmanchisquare(*rows)
    assert (row.statistic, row.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert [value.value for value in row.values] == pytest.approx(rows.mean(axis=1).tolist())
    assert "De antwoorden van 2018 zijn omgezet" in row.footnote
    # and so do the pairs: the first with the last, through the wave between them
    assert row.pairwise[1].change == pytest.approx(rows[2].mean() - rows[0].mean())
    assert row.pairwise[2].change == pytest.approx(rows[2].mean() - rows[1].mean())


# A rotating panel


def test_regions_that_answered_in_some_of_the_waves_are_no_independent_groups() -> None:
    # every region in two of the three waves
    waves = random_waves(15, YEARS[1:], [range(24), [*range(12), *range(24, 36)], range(12, 36)])
    for figure, row in series_of(panel_of(waves)).items():
        if figure not in WORTH or row.p is None:
            continue
        rows = answers_to(waves, figure)
        rows = rows[rows.notna().any(axis=1)]
        family = families.Binomial() if row.measure == "proportion" else families.Gaussian()
        fitted = fit_rows(rows, np.eye(3), family)
        contrast = np.eye(3)[1:] - np.eye(3)[0]
        change = contrast @ fitted.params
        chi2 = change @ np.linalg.solve(contrast @ fitted.cov_params() @ contrast.T, change)
        assert (row.design, row.test, row.df) == ("overlap", "gee_waves", 2)
        assert row.statistic == pytest.approx(chi2, rel=1e-4)
        assert [value.value for value in row.values] == [value.value_all for value in row.values]
        assert "alle antwoorden" in row.design_reason


# What scripts read


def test_the_statistic_goes_by_its_own_name_in_json() -> None:
    named = {
        ("three", ("schaal", "top")): "q",
        ("three", ("schaal", "")): "chi2",
        ("three", ("cijfer", "")): "chi2",
        ("apart", ("schaal", "top")): "chi2",
        ("apart", ("schaal", "")): "chi2",
        ("apart", ("cijfer", "")): "f",
    }
    for (name, figure), statistic in named.items():
        row = known_series(name, whole_scale=is_whole(figure))[figure]
        fields = json.loads(json.dumps(row.as_dict(), allow_nan=False))
        assert fields[statistic] == fields["statistic"] == row.statistic
        assert {"q", "chi2", "f"} & fields.keys() == {statistic}
        assert fields["df"] == (1 if row.test == "cochran_armitage" else 2)
        assert 0 < fields["p"] <= 1
        assert [value["wave"] for value in fields["values"]] == list(YEARS[1:])
        assert len(fields["pairwise"]) == 3


def test_two_waves_are_no_series() -> None:
    panel = panel_of({wave: THREE[wave] for wave in ("2018", "2024")})
    with pytest.raises(ValueError, match="three waves or more"):
        series_of(panel)
