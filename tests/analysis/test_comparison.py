"""Which design, which test, and what a comparison says of a figure."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.comparison import Comparison, compare
from analysis.settings import Margin, Settings
from surveys.answers import Answers, MissingReason
from surveys.definition import parse_definition
from surveys.questionnaire import Questionnaire
from tests.analysis.conftest import count_waves, example_waves

DEFINITION = """
id = "proef"
version = "{version}"
wave = "{wave}"
title = "Proef"

[[scales]]
id = "mate"
choices = [
    {{ code = 1, label = "weinig" }},
    {{ code = 2, label = "iets" }},
    {{ code = 3, label = "veel" }},
]
shares = [{{ id = "top", label = "veel", codes = [3] }}]

[[sections]]
id = "deel"
title = "Deel"
items = [
    {{ type = "scale", id = "schaal", concept = "schaal", text = "Schaal", scale = "mate" }},
    {{ type = "yes_no", id = "janee", concept = "janee", text = "Ja of nee" }},
    {{ type = "grade", id = "cijfer", concept = "cijfer", text = "Cijfer" }},
    {{ type = "number", id = "uren", concept = "uren", text = "Uren", decimals = 1, unit = "uur" }},
    {{ type = "multiple", id = "vormen", concept = "vormen", text = "Vormen", choices = [
        {{ code = "a", label = "A" }}, {{ code = "b", label = "B" }}, {options}
        {{ code = "geen", label = "Geen", exclusive = true }} ] }},
]
[[indexes]]
id = "stand"
concept = "stand"
text = "Stand"
item = "vormen"
levels = [
    {{ code = "laag", label = "laag", minimum = 0 }},
    {{ code = "hoog", label = "hoog", minimum = 2 }},
]
{comparability}
"""


def questionnaire(
    wave: str, version: str = "1", comparability: str = "", options: str = ""
) -> Questionnaire:
    text = DEFINITION.format(
        wave=wave, version=version, comparability=comparability, options=options
    )
    return parse_definition(text).questionnaire


BEFORE, AFTER = questionnaire("2021"), questionnaire("2024")
# two waves of one version: nothing in it differs but the name of the wave
AFTER_SAME = questionnaire("2021")


def rows_of(before: dict[str, Answers], after: dict[str, Answers], **options) -> dict:
    """The comparison of two waves of the same questionnaire, by item and part."""
    rows = compare(*count_waves(BEFORE, AFTER_SAME, before, after), Settings(**options))
    return {(row.item, row.part): row for row in rows}


def scale_answers(codes: str) -> dict[str, Answers]:
    return {f"r{i}": {"schaal": code} for i, code in enumerate(codes)}


def test_a_region_that_answered_once_is_no_pair() -> None:
    before = scale_answers("3" * 20 + "1" * 10)
    after = {**scale_answers("3" * 15), "nieuw": {"schaal": "3"}}
    row = rows_of(before, after)["schaal", "top"]
    assert row.design == "overlap"
    assert (row.n_pairs, row.n_before, row.n_after) == (15, 30, 16)
    assert (row.count_before, row.count_after) == (15, 15)


def published_row() -> tuple[dict[str, Answers], dict[str, Answers]]:
    """31 of 42 before, 37 of 42 after: 7 up and 1 down."""
    before = scale_answers("3" * 31 + "1" * 11)
    after = scale_answers("3" * 30 + "1" + "3" * 7 + "1" * 4)
    return before, after


def test_pairs_see_what_the_unpaired_test_misses() -> None:
    before, after = published_row()
    paired = rows_of(before, after)["schaal", "top"]
    unpaired = rows_of(before, after, design="independent")["schaal", "top"]
    assert (paired.count_before, paired.count_after, paired.n_pairs) == (31, 37, 42)
    assert paired.p == pytest.approx(0.0390625)
    assert paired.outcome == "veranderd"
    assert unpaired.p == pytest.approx(0.164, abs=5e-4)
    assert unpaired.outcome == "niet aangetoond"


def test_other_regions_are_compared_as_independent_waves() -> None:
    before = {f"a{i}": {"schaal": "3", "cijfer": "7"} for i in range(12)}
    after = {f"b{i}": {"schaal": "1", "cijfer": "8" if i else "7"} for i in range(12)}
    rows = rows_of(before, after)
    assert rows["schaal", "top"].design == "independent"
    assert rows["schaal", "top"].test == "fisher"
    assert rows["schaal", "top"].ci_method == "newcombe"
    assert rows["cijfer", ""].test == "welch_t"
    whole = rows_of(before, after, whole_scale=True)["schaal", ""]
    assert (whole.measure, whole.test) == ("ordinal", "mann_whitney")


def test_each_measure_has_its_paired_test() -> None:
    before = {
        f"r{i}": {
            "schaal": "123"[i % 3],
            "janee": "ja" if i < 6 else "nee",
            "cijfer": str(5 + i % 3),
            "vormen": ("a",),
        }
        for i in range(12)
    }
    after = {
        f"r{i}": {
            "schaal": "3",
            "janee": "ja",
            "cijfer": str(7 + i % 2),
            "vormen": ("a", "b") if i < 8 else ("geen",),
        }
        for i in range(12)
    }
    rows = rows_of(before, after)
    assert rows["janee", "ja"].test == "mcnemar_midp"
    assert rows["cijfer", ""].test == "paired_t"
    assert rows["cijfer", ""].effect_name == "cohen_dz"
    assert rows["vormen", "b"].count_after == 8
    assert rows["vormen", "geen"].count_after == 4
    assert rows["stand", "hoog"].value_after == pytest.approx(8 / 12)
    whole = rows_of(before, after, whole_scale=True)["schaal", ""]
    assert whole.test == "wilcoxon_pratt"
    assert whole.effect_name == "matched_rank_biserial"


def test_missing_answers_are_counted_apart_and_never_in_the_base() -> None:
    before = {f"r{i}": {"schaal": "3"} for i in range(6)}
    after: dict[str, Answers] = {f"r{i}": {"schaal": "1"} for i in range(3)}
    after["r3"] = {"schaal": MissingReason.DONT_KNOW}
    after["r4"] = {"schaal": MissingReason.NOT_APPLICABLE}
    after["r5"] = {}
    row = rows_of(before, after)["schaal", "top"]
    assert (row.n_pairs, row.n_before, row.n_after) == (3, 6, 3)
    expected = {"weet_niet": 1, "nvt": 1, "overgeslagen": 1, "niet_gevraagd": 0}
    assert row.missing_after == expected


def test_holm_stands_beside_the_raw_p_and_may_decide() -> None:
    raw = compare(*example_waves())
    holm = compare(*example_waves(), Settings(stars="adjusted"))
    urgency = {row.concept: row for row in raw if row.section == "urgentie"}
    assert urgency["aansluiting_mbo"].p < 0.05 < urgency["aansluiting_mbo"].p_adjusted
    changed = [row.concept for row in holm if row.section == "urgentie" and row.has_star]
    assert changed == ["techniekdocenten"]
    tested = [row for row in raw if row.p is not None and row.p_adjusted is not None]
    assert all(row.p_adjusted >= row.p for row in tested)
    assert Counter(row.adjustment for row in raw) == {"holm": len(raw)}


def test_equal_within_the_margin_is_a_third_outcome() -> None:
    before = scale_answers("3" * 100 + "1" * 100)
    row = rows_of(before, before, margin=Margin(proportion=0.1))["schaal", "top"]
    assert row.outcome == "gelijkwaardig"
    without_margin = rows_of(before, before)["schaal", "top"]
    assert without_margin.outcome == "niet aangetoond"


def test_no_star_comes_with_the_change_that_could_have_been_seen() -> None:
    rows = [row for row in compare(*example_waves()) if row.section == "urgentie"]
    unstarred = [row for row in rows if not row.has_star and not row.is_summary]
    assert len(unstarred) == 6
    for row in unstarred:
        assert row.detectable_change is not None
        assert abs(row.change or 0) < row.detectable_change


def test_what_nobody_answered_twice_says_so() -> None:
    before = {f"r{i}": {"schaal": "3"} for i in range(12)}
    after = {f"r{i}": {"cijfer": "7"} for i in range(12)}
    row = rows_of(before, after)["schaal", "top"]
    assert row.outcome == "niet te toetsen"
    assert row.p is None
    assert "geldig antwoord" in row.reason


def test_an_option_that_was_not_offered_before_is_not_compared() -> None:
    declared = """
[comparability]
previous = "1"
[[comparability.changes]]
section = "deel"
status = "identical"
concepts = ["schaal", "janee", "cijfer", "uren", "vormen"]
"""
    newer = questionnaire("2024", "2", declared, '{ code = "c", label = "C" },')
    answers = {f"r{i}": {"vormen": ("a",)} for i in range(12)}
    rows = compare(*count_waves(BEFORE, newer, answers, answers))
    found = {(row.item, row.part): row for row in rows}
    assert found["vormen", "c"].outcome == "niet vergelijkbaar"
    assert "kon in 2021 niet worden gekozen" in found["vormen", "c"].reason
    assert found["vormen", "a"].n_pairs == 12


def test_a_rescaled_question_runs_through_its_recode_with_a_footnote() -> None:
    declared = """
[comparability]
previous = "1"
[[comparability.changes]]
section = "deel"
status = "rescaled"
concepts = ["schaal"]
recode = { 1 = 1, 2 = 3, 3 = 3 }
[[comparability.changes]]
section = "deel"
status = "reworded"
concepts = ["janee"]
[[comparability.changes]]
section = "deel"
status = "new"
concepts = ["cijfer", "uren", "vormen"]
"""
    newer = questionnaire("2024", "2", declared)
    before = {f"r{i}": {"schaal": "2", "janee": "ja", "cijfer": "7"} for i in range(12)}
    after = {f"r{i}": {"schaal": "3", "janee": "ja", "cijfer": "7"} for i in range(12)}
    rows = {(r.item, r.part): r for r in compare(*count_waves(BEFORE, newer, before, after))}
    assert rows["schaal", "top"].value_before == 1
    assert "omgezet" in rows["schaal", "top"].footnote
    assert "anders geformuleerd" in rows["janee", "ja"].footnote
    assert "Voor het eerst gevraagd" in rows["cijfer", ""].reason
    assert rows["cijfer", ""].value_before is None


answer = st.fixed_dictionaries(
    {},
    optional={
        "schaal": st.sampled_from(["1", "2", "3", MissingReason.DONT_KNOW]),
        "janee": st.sampled_from(["ja", "nee", MissingReason.NOT_APPLICABLE]),
        "cijfer": st.sampled_from([str(grade) for grade in range(1, 11)]),
        "vormen": st.sampled_from([("a",), ("b",), ("a", "b"), ("geen",)]),
    },
)
wave = st.dictionaries(st.sampled_from([f"r{i}" for i in range(15)]), answer, min_size=1)


def comparable(row: Comparison) -> tuple:
    return row.n_pairs, row.count_before, row.count_after, row.p, row.ci_low, row.ci_high


@given(wave, wave)
@settings(max_examples=40, deadline=None)
def test_swapping_the_waves_turns_the_change_around_and_keeps_p(
    before: dict[str, Answers], after: dict[str, Answers]
) -> None:
    there, back = rows_of(before, after), rows_of(after, before)
    for key, row in there.items():
        mirrored = back[key]
        assert row.p == pytest.approx(mirrored.p) if row.p is not None else mirrored.p is None
        if row.change is not None:
            assert row.change == pytest.approx(-(mirrored.change or 0), abs=1e-12)


@given(wave, wave)
@settings(max_examples=40, deadline=None)
def test_regions_without_valid_answers_change_nothing(
    before: dict[str, Answers], after: dict[str, Answers]
) -> None:
    silent: dict[str, Answers] = {f"s{i}": {} for i in range(5)}
    plain = rows_of(before, after, design="paired")
    with_silent = rows_of({**before, **silent}, {**after, **silent}, design="paired")
    assert {key: comparable(row) for key, row in plain.items()} == {
        key: comparable(row) for key, row in with_silent.items()
    }
