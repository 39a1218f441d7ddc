"""Nothing is NaN, and nothing fails: few regions, few answers, and every reason for missing.

The figures of a wave that hardly anyone answered are where formulas divide by zero. Whatever the
answers, every analysis returns numbers or None, says why there is no p value, and may be released.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.block_scores import measure_blocks
from analysis.comparison import Comparison, compare
from analysis.disclosure import Figure, release
from analysis.frames import joint_frame
from analysis.levels import measure_distributions, measure_levels, weigh_levels
from analysis.movement import count_movements
from analysis.panel import Panel, make_panel
from analysis.priorities import rank_priorities
from analysis.register_weights import Cell, Weighting, WeightsRefused
from analysis.settings import TESTS, Design, Margin, Settings
from analysis.subgroups import compare_groups, find_group_differences
from analysis.wave_series import compare_series
from analysis.weighted_comparison import compare_weighted
from surveys.answers import Answers, MissingReason, Value
from surveys.definition import parse_definition
from surveys.routing import settle

QUESTIONNAIRE = parse_definition("""
id = "klein"
version = "1"
wave = "2024"
title = "Alles wat geteld kan worden"

[[scales]]
id = "mate"
choices = [
    { code = 1, label = "weinig" }, { code = 2, label = "iets" }, { code = 3, label = "veel" },
]
shares = [
    { id = "top", label = "iets of veel", codes = [2, 3] },
    { id = "bodem", label = "weinig", codes = [1] },
]
[[scales]]
id = "orde"
choices = [
    { code = "x", label = "soms" }, { code = "y", label = "vaak" },
    { code = "z", label = "steeds" },
]

[[sections]]
id = "een"
title = "Een"
score = { id = "score_een", concept = "score_een", text = "Geheel", minimum = 2 }
items = [
    { type = "scale", id = "v_a", concept = "a", text = "A", scale = "mate" },
    { type = "scale", id = "v_b", concept = "b", text = "B", scale = "mate" },
    { type = "yes_no", id = "ja_nee", concept = "ja_nee", text = "Ja of nee" },
    { type = "number", id = "uren", concept = "uren", text = "Uren", condition = { codes = [
        "ja" ], item = "ja_nee" }, decimals = 1 },
    { type = "multiple", id = "vormen", concept = "vormen", text = "Vormen", choices = [
        { code = "p", label = "P" }, { code = "q", label = "Q" },
        { code = "geen", label = "Geen", exclusive = true } ] },
]
[[sections]]
id = "twee"
title = "Twee"
score = { id = "score_twee", concept = "score_twee", text = "Cijfers", minimum = 1 }
items = [
    { type = "scale", id = "w_a", concept = "a", text = "A", scale = "mate" },
    { type = "scale", id = "w_b", concept = "b", text = "B", scale = "mate" },
]
[[sections]]
id = "drie"
title = "Drie"
score = { id = "score_drie", concept = "score_drie", text = "Cijfers", minimum = 1 }
items = [
    { type = "grade", id = "cijfer", concept = "cijfer", text = "Cijfer" },
]
[[sections]]
id = "vier"
title = "Vier"
items = [
    { type = "scale", id = "v_c", concept = "c", text = "C", scale = "orde" },
]
[[indexes]]
id = "stand"
concept = "stand"
text = "Stand"
item = "vormen"
levels = [
    { code = "laag", label = "laag", minimum = 0 },
    { code = "hoog", label = "hoog", minimum = 2 },
]
""").questionnaire

REGIONS = tuple(f"r{number}" for number in range(6))
YEARS = ("2018", "2021", "2024")
GROUPS = {"noord": frozenset(REGIONS[:3]), "zuid": frozenset(REGIONS[3:]), "leeg": frozenset({"x"})}
DESIGNS: tuple[Design, ...] = ("auto", "paired", "overlap", "independent")
Wave = Mapping[str, Answers]
Waves = Sequence[Wave]


def make_waves(waves: Waves) -> Panel:
    """The waves of one questionnaire, the last of them in 2024; what is not given is skipped."""
    years = YEARS[-len(waves) :]
    return make_panel(
        dict.fromkeys(years, QUESTIONNAIRE),
        {
            year: {region: settle(QUESTIONNAIRE, given) for region, given in wave.items()}
            for year, wave in zip(years, waves, strict=True)
        },
    )


# Every analysis of a panel


def analyse_pair(panel: Panel, *chosen: Settings) -> None:
    counted = panel.count_pair()
    groups = {name: panel.part(members).count_pair() for name, members in GROUPS.items()}
    movements = count_movements(*counted)
    for movement in movements:
        assert_is_json(movement)
        assert movement.reason or movement.n_pairs
    assert_released(movements)
    for each in chosen:
        rows = compare(*counted, each)
        grouped = compare_groups("streek", groups, counted, each)
        assert_told([*rows, *grouped])
        assert_released(rows)
        assert_released(grouped)
        shown = {(row.item, row.part): GROUPS.keys() for row in rows}  # however small
        for difference in find_group_differences("streek", groups, counted, each, shown=shown):
            assert_is_json(difference)
            assert all(t.reason for t in (difference.level, difference.change) if t.p is None)


def analyse_weighted(
    panel: Panel, weighting: Weighting, cells: Mapping[Cell, frozenset[str]]
) -> None:
    parts = {cell: panel.part(members) for cell, members in cells.items()}
    counted = {cell: part.count_pair() for cell, part in parts.items()}
    total = panel.count_pair()
    for design in DESIGNS[1:]:
        try:
            rows = compare_weighted(weighting, counted, total, Settings(design))
        except WeightsRefused:
            continue  # with which reasons: see below
        assert_told(rows)
        assert_released(rows)
    last = {cell: after for cell, (_, after, _) in counted.items()}
    try:
        levels = weigh_levels(weighting, last, total[1], population=len(REGIONS))
    except WeightsRefused:
        return
    for level in levels:
        assert_is_json(level)
        assert level.reason or level.ci_low is not None
    assert_released(levels)


def analyse_wave(panel: Panel) -> None:
    wave = panel.waves[-1]
    counts, frame = panel.count(wave), panel.frames[wave]
    for population in (None, len(REGIONS)):
        levels = measure_levels(counts, population=population)
        for level in levels:
            assert_is_json(level)
            assert level.reason or None not in (level.value, level.ci_low, level.ci_high)
        assert_released(levels)
    for section in QUESTIONNAIRE.sections:
        assert_released(measure_distributions(counts, section.id))
    blocks = measure_blocks(counts, frame)
    assert [block.score for block in blocks] == ["score_een", "score_twee", "score_drie"]
    for block in blocks:
        assert_is_json(block)
        assert block.reason or block.alpha is not None
        assert all(item.reason or item.correlation is not None for item in block.items)
    priorities = rank_priorities(counts, joint_frame(frame, "een", "twee"), "een", "twee")
    assert {row.concept for row in priorities} == {"a", "b"}
    for row in priorities:
        assert_is_json(row)
        assert row.reason if row.n == 0 else row.p is not None
    assert_released(priorities)


def analyse_series(panel: Panel, *chosen: Settings) -> None:
    waves, patterns = [panel.count(wave) for wave in panel.waves], panel.count_patterns()
    pairs = {pair: panel.count_pairs(*pair) for pair in combinations(panel.waves, 2)}
    for each in chosen:
        for row in compare_series(waves, patterns, pairs, each):
            assert_is_json(row)
            assert row.reason if row.p is None else 0 <= row.p <= 1
            if row.trend_test is not None:
                assert row.trend_reason if row.trend_p is None else 0 <= row.trend_p <= 1
            assert len(row.pairwise) == 3
            assert_told(row.pairwise)
            assert_released(row.pairwise)


def assert_is_json(row: Any) -> None:
    """As a row is written; NaN and infinity would raise ValueError."""
    fields = row.as_dict() if hasattr(row, "as_dict") else asdict(row)
    json.dumps(fields, allow_nan=False)


def assert_told(rows: Sequence[Comparison]) -> None:
    for row in rows:
        assert_is_json(row)
        assert row.reason if row.p is None else 0 <= row.p <= 1
        assert is_equivalence_told(row)
        assert (row.p_adjusted is None) == (row.p is None)
        if row.design == "overlap" and not row.weights and row.n_pairs:
            assert row.reason_all if row.p_all is None else 0 <= row.p_all <= 1
        if row.ci_low is not None and row.ci_high is not None and row.change is not None:
            assert row.ci_low - 1e-9 <= row.change <= row.ci_high + 1e-9


def is_equivalence_told(row: Comparison) -> bool:
    """Also where the change itself was tested: in both, or in neither."""
    if row.p_equivalence is None:
        return row.outcome != "gelijkwaardig"
    return 0 <= row.p_equivalence <= 1 and not row.reason_equivalence


def assert_released(figures: Sequence[Figure]) -> None:
    for smallest in (1, 5):
        table = release(
            figures,
            title="",
            base="",
            method="",
            source="",
            smallest_group=smallest,
            smallest_percentage=2 * smallest,
        )
        assert len(table.rows) == len(figures)
        for row in table.rows:
            json.dumps(row.values, allow_nan=False, default=asdict)


# Random answers


def answers_to(*valid: Value) -> st.SearchStrategy[Value]:
    return st.sampled_from([*valid, *MissingReason])


one_region: st.SearchStrategy[Answers] = st.fixed_dictionaries(
    {},
    optional={
        "v_a": answers_to("1", "2", "3"),
        "v_b": answers_to("1", "3"),
        "v_c": answers_to("x", "y", "z"),
        "w_a": answers_to("1", "2", "3"),
        "w_b": answers_to("2", "3"),
        "ja_nee": answers_to("ja", "nee"),
        "uren": answers_to(Decimal("0"), Decimal("1.5"), Decimal("7.0"), Decimal("999.9")),
        "vormen": answers_to(("p",), ("p", "q"), ("geen",)),
        "cijfer": answers_to("1", "7", "8", "10"),
    },
)
one_wave = st.dictionaries(st.sampled_from(REGIONS), one_region, max_size=len(REGIONS))
any_settings = st.builds(
    Settings,
    design=st.sampled_from(DESIGNS),
    tests=st.frozensets(
        st.sampled_from(sorted({name for all_ in TESTS.values() for name in all_}))
    ),
    paired_interval=st.sampled_from(["tango", "newcombe10"]),
    adjustment=st.sampled_from(["holm", "bh", "none"]),
    stars=st.sampled_from(["raw", "adjusted"]),
    margin=st.builds(Margin, st.sampled_from([None, 0.05, 0.7]), st.sampled_from([None, 0.1, 2.0])),
    whole_scale=st.booleans(),
)


@given(st.tuples(one_wave, one_wave), any_settings)
@settings(max_examples=20, deadline=None)
def test_two_waves_of_whatever_answers(waves: Waves, chosen: Settings) -> None:
    analyse_pair(make_waves(waves), chosen)


@given(one_wave)
@settings(max_examples=20, deadline=None)
def test_one_wave_of_whatever_answers(wave: Wave) -> None:
    analyse_wave(make_waves([wave]))


@given(st.tuples(one_wave, one_wave, one_wave), any_settings)
@settings(max_examples=20, deadline=None)
def test_three_waves_of_whatever_answers(waves: Waves, chosen: Settings) -> None:
    analyse_series(make_waves(waves), chosen)


cell_sizes = st.lists(st.integers(0, 3), min_size=4, max_size=4).filter(any)


@given(st.tuples(one_wave, one_wave), cell_sizes, st.sampled_from(["rake", "poststratify"]))
@settings(max_examples=20, deadline=None)
def test_weights_for_whatever_answers(waves: Waves, sizes: list[int], scheme: Any) -> None:
    crossed = [(a, b) for a in ("noord", "zuid") for b in ("groot", "klein")]
    parts = (REGIONS[:2], REGIONS[2:3], REGIONS[3:4], REGIONS[4:])
    cells = {cell: frozenset(part) for cell, part in zip(crossed, parts, strict=True)}
    population = dict(zip(crossed, sizes, strict=True))
    analyse_weighted(make_waves(waves), Weighting(("streek", "grootte"), population, scheme), cells)


# Named edges

RANKS = frozenset({"mcnemar_exact", "wilcoxon_pratt", "brunner_munzel"})
EDGE_SETTINGS = [
    Settings(design, tests, margin=Margin(0.2, 0.5), whole_scale=bool(tests))
    for design, tests in (
        ("paired", frozenset[str]()),
        ("overlap", RANKS),
        ("independent", frozenset[str]()),
        ("independent", RANKS),
    )
]
HIGH: Answers = {
    **{"v_a": "3", "v_b": "3", "w_a": "3", "w_b": "3", "v_c": "z", "ja_nee": "ja"},
    **{"uren": Decimal("8.5"), "vormen": ("p", "q"), "cijfer": "8"},
}
LOW: Answers = {
    **{"v_a": "2", "v_b": "2", "w_a": "2", "w_b": "2", "v_c": "y", "ja_nee": "nee"},
    **{"vormen": ("geen",), "cijfer": "7"},
}
MIXED: list[Answers] = [HIGH, LOW, LOW, HIGH, HIGH, LOW]


def of_all(answers: Sequence[Answers]) -> Wave:
    return dict(zip(REGIONS, answers, strict=False))


EDGES: dict[str, Waves] = {
    "no discordant pairs": [of_all(MIXED)] * 3,
    "all discordant, one way": [of_all([LOW] * 6), of_all(MIXED), of_all([HIGH] * 6)],
    "all discordant, both ways": [
        of_all(MIXED),
        of_all([HIGH] * 6),
        of_all([LOW if given is HIGH else HIGH for given in MIXED]),
    ],
    "ties only": [
        of_all([LOW] * 4 + [HIGH] * 2),
        of_all([HIGH] * 6),
        of_all([HIGH] * 4 + [LOW] * 2),
    ],
    "everyone the same answer": [of_all([HIGH] * 6)] * 3,
    "n = 1": [of_all([LOW]), of_all([LOW]), of_all([HIGH])],
    "n = 0": [{}, {}, {}],
    "nobody afterwards": [of_all(MIXED), of_all(MIXED), {}],
    "all missing": [
        of_all([dict.fromkeys(HIGH, reason) for reason in (*MissingReason, "overgeslagen")])
        for _ in range(3)
    ],
    "a constant difference": [
        of_all(
            [{**given, "cijfer": str(grade)} for given, grade in zip(MIXED, grades, strict=True)]
        )
        for grades in ((4, 5, 6, 7, 8, 7), (5, 6, 7, 8, 9, 8), (6, 7, 8, 9, 10, 9))
    ],
    "a wave with one region": [of_all(MIXED), of_all(MIXED), of_all([HIGH])],
    "a first wave with one region": [of_all([LOW]), of_all(MIXED), of_all(MIXED)],
    "no region twice": [{REGIONS[0]: HIGH}, {REGIONS[1]: LOW}, {REGIONS[2]: HIGH}],
}


@pytest.mark.parametrize("waves", EDGES.values(), ids=EDGES)
def test_nothing_is_undefined_on_the_edge(waves: Waves) -> None:
    pair, series = make_waves([waves[0], waves[-1]]), make_waves(waves)
    analyse_pair(pair, *EDGE_SETTINGS)
    analyse_series(series, *EDGE_SETTINGS[:1], *EDGE_SETTINGS[-1:])
    analyse_wave(make_waves(waves[:1]))
    analyse_wave(make_waves(waves[-1:]))
    cells = {("noord",): GROUPS["noord"], ("zuid",): GROUPS["zuid"]}
    for sizes in ((3, 3), (6, 0)):
        weighting = Weighting(("streek",), dict(zip(cells, sizes, strict=True)))
        analyse_weighted(pair, weighting, cells)


def rows_of(name: str, **options: Any) -> dict[tuple[str, str], Comparison]:
    first, _, last = EDGES[name]
    rows = compare(*make_waves([first, last]).count_pair(), Settings(**options))
    return {(row.item, row.part): row for row in rows}


@pytest.mark.parametrize(
    ("name", "yes_no", "scale", "grade"),
    [
        ("no discordant pairs", 1, 1, 1),
        ("all discordant, one way", 1 / 64, 2 / 64, None),
        ("all discordant, both ways", 1, 1, 1),
        # four up and two down, all by as much: the binomial test, and its mid-p
        ("ties only", 29 / 64, 44 / 64, stats.ttest_1samp([1, 1, 1, 1, -1, -1], 0).pvalue),
        ("everyone the same answer", 1, 1, 1),
        ("n = 1", 1 / 2, 1, None),
        ("n = 0", None, None, None),
        ("nobody afterwards", None, None, None),
        ("all missing", None, None, None),
        ("a constant difference", 1, 1, None),
        ("a wave with one region", 1, 1, None),
        ("no region twice", 1, 1, None),
    ],
)
def test_what_the_edge_says(
    name: str, yes_no: float | None, scale: float | None, grade: float | None
) -> None:
    rows = rows_of(name, whole_scale=True)
    found = rows["ja_nee", "ja"].p, rows["v_c", ""].p, rows["cijfer", ""].p
    assert found == tuple(p if p is None else pytest.approx(p) for p in (yes_no, scale, grade))


def test_without_a_fall_there_is_no_odds_ratio_but_there_is_a_lower_limit() -> None:
    row = rows_of("all discordant, one way")["ja_nee", "ja"]
    assert (row.change, row.effect, row.effect_high) == (1.0, None, None)
    assert row.effect_low is not None
    assert row.effect_low > 1
    assert row.outcome == "veranderd"


def test_a_constant_difference_says_why_there_is_no_p() -> None:
    paired = rows_of("a constant difference", margin=Margin(mean=3.0))["cijfer", ""]
    assert paired.change == pytest.approx(2)
    assert "veranderden precies evenveel" in paired.reason
    assert "veranderden precies evenveel" in paired.reason_equivalence
    assert (paired.ci_low, paired.ci_high) == pytest.approx((2, 2))
    ranks = rows_of("a constant difference", tests=frozenset({"wilcoxon_pratt"}))["cijfer", ""]
    assert ranks.p == pytest.approx(2 / 64)


def test_equivalence_of_grades_that_did_not_change_says_why_it_has_no_p() -> None:
    row = rows_of("no discordant pairs", margin=Margin(mean=1.0))["cijfer", ""]
    assert (row.p, row.p_equivalence, row.outcome) == (1.0, None, "niet aangetoond")
    assert "Geen enkele regio veranderde" in row.reason_equivalence


def test_a_cell_of_the_register_that_is_empty_is_refused_by_name() -> None:
    panel = make_waves([of_all(MIXED[:3])] * 2)
    cells = {("noord",): GROUPS["noord"], ("zuid",): GROUPS["zuid"]}
    counted = {cell: panel.part(found).count_pair() for cell, found in cells.items()}
    weighting = Weighting(("streek",), {("noord",): 3, ("zuid",): 3})
    with pytest.raises(WeightsRefused, match=r"streek 'zuid' has 3 regions in the register"):
        compare_weighted(weighting, counted, panel.count_pair(), Settings())


def test_regions_of_weight_zero_count_nowhere() -> None:
    panel = make_waves([of_all(MIXED), of_all([HIGH] * 3 + [LOW] * 3)])
    cells = {("noord",): GROUPS["noord"], ("zuid",): GROUPS["zuid"]}
    counted = {cell: panel.part(found).count_pair() for cell, found in cells.items()}
    weighting = Weighting(("streek",), {("noord",): 6, ("zuid",): 0})
    rows = compare_weighted(weighting, counted, panel.count_pair(), Settings())
    row = next(row for row in rows if row.item == "ja_nee")
    # in the north one of three said yes, and then all three
    assert (row.value_before, row.value_after) == pytest.approx((1 / 3, 1))
    assert row.effective_n == 3
    assert row.p is not None


def test_margins_that_no_weights_can_meet_are_refused() -> None:
    """The only answers in the south come from a size that the register does not have there."""
    panel = make_waves([of_all(MIXED[:2])] * 2)
    crossed = [(a, b) for a in ("noord", "zuid") for b in ("groot", "klein")]
    regions = dict(zip(crossed, [{"r0"}, set(), set(), {"r1"}], strict=True))
    counted = {cell: panel.part(found).count_pair() for cell, found in regions.items()}
    weighting = Weighting(("streek", "grootte"), dict(zip(crossed, [3, 0, 3, 0], strict=True)))
    with pytest.raises(WeightsRefused, match="no weights meet both margins"):
        compare_weighted(weighting, counted, panel.count_pair(), Settings())
