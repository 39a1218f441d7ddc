"""Counts by the database are the counts of someone who goes through the forms by hand."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.counts import group_patterns
from analysis.frames import pattern_frame, tidy_frame
from db.counting import OPTION_TOTAL
from db.store import Store
from surveys.answers import Answers, MissingReason
from surveys.definition import Definition, read_definition
from surveys.fieldwork import NotReleased, WaveState
from surveys.items import MultipleItem
from surveys.roles import Person, Role
from surveys.routing import settle
from tests.db.scenes import DEFINITIONS, import_responses, invite, on_disk, save
from tests.surveys.strategies import answers

COUNTING = read_definition(DEFINITIONS / "counting.toml")
SCORES = read_definition(DEFINITIONS / "scores.toml")
REGIONS = ("01", "02", "03", "04")
_numbers = count(1)

Code = str | Decimal
Variable = tuple[str, str, str]
responses = st.dictionaries(st.sampled_from(REGIONS), answers(COUNTING.questionnaire))
scored_responses = st.dictionaries(st.sampled_from(REGIONS), answers(SCORES.questionnaire))


def by_hand(given_answers: Answers) -> Iterator[tuple[Variable, Code]]:
    """What one region's form says, variable by variable."""
    for section in COUNTING.questionnaire.sections:
        for question in section.questions:
            value = settle(COUNTING.questionnaire, given_answers)[question.id]
            if question.id == "tekst":
                continue
            if not isinstance(question, MultipleItem):
                yield (section.id, question.concept, ""), value  # type: ignore[misc]
                continue
            counted = 0
            for choice in question.choices:
                chosen = isinstance(value, tuple) and choice.code in value
                counted += chosen and not choice.exclusive
                code = value if isinstance(value, MissingReason) else str(int(chosen))
                yield (section.id, question.concept, choice.code), code
            code = value if isinstance(value, MissingReason) else str(counted)
            yield (section.id, question.concept, OPTION_TOTAL), code


def number(variable: Variable, code: str) -> Code:
    """The codes of a number item as numbers: '7.0' and '7' are one answer."""
    is_number = variable[1] == "getal" and code not in list(MissingReason)
    return Decimal(code).normalize() if is_number else code


def tallied(store: Store, wave: str) -> Counter[Any]:
    tallies: Counter[Any] = Counter()
    for section, concept, option, code, n in store.counts.tallies(wave):
        variable = (section, concept, option)
        tallies[variable, number(variable, code)] += n
    return tallies


def add_wave(
    store: Store, given_responses: dict[str, Any], definition: Definition = COUNTING
) -> str:
    name = f"meting {next(_numbers)}"
    if not store.waves.all():
        store.regions.add([(region, region) for region in REGIONS])
    store.waves.add(name, definition, state=WaveState.OPEN)
    import_responses(store, name, given_responses)
    return name


def counted_by_hand(forms: Iterable[Answers]) -> Counter[Any]:
    return Counter(pair for form in forms for pair in by_hand(form))


@on_disk
@given(given_responses=responses)
def test_tallies_are_what_counting_by_hand_gives(
    lasting_store: Store, given_responses: dict[str, Answers]
) -> None:
    wave = add_wave(lasting_store, given_responses)
    assert tallied(lasting_store, wave) == counted_by_hand(given_responses.values())


@on_disk
@given(before=responses, after=responses)
def test_transitions_are_what_counting_pairs_by_hand_gives(
    lasting_store: Store, before: dict[str, Answers], after: dict[str, Answers]
) -> None:
    waves = add_wave(lasting_store, before), add_wave(lasting_store, after)
    panel = before.keys() & after.keys()
    expected = Counter(
        (variable, code, dict(by_hand(after[region]))[variable])
        for region in panel
        for variable, code in by_hand(before[region])
    )
    found: Counter[Any] = Counter()
    for section, concept, option, old, new, n in lasting_store.counts.transitions(*waves):
        variable = (section, concept, option)
        found[variable, number(variable, old), number(variable, new)] += n
    assert found == expected
    assert lasting_store.counts.regions_in_both(*waves) == len(panel)


@pytest.mark.parametrize(
    ("definition", "forms"), [(COUNTING, responses), (SCORES, scored_responses)]
)
@settings(on_disk, max_examples=6)
@given(data=st.data())
def test_patterns_over_the_waves_are_those_of_the_same_forms_in_memory(
    lasting_store: Store,
    definition: Definition,
    forms: st.SearchStrategy[dict[str, Answers]],
    data: st.DataObject,
) -> None:
    asked = definition.questionnaire
    given_responses = [data.draw(forms) for _ in range(3)]
    waves = [add_wave(lasting_store, wave, definition) for wave in given_responses]
    expected = pattern_frame(
        [
            tidy_frame(asked, {region: settle(asked, form) for region, form in wave.items()})
            for wave in given_responses
        ]
    )
    for section in asked.sections:
        found = group_patterns(lasting_store.counts.patterns(waves, section.id))
        assert found == {key: said for key, said in expected.items() if key[0] == section.id}


@on_disk
@given(given_responses=responses)
def test_joint_counts_are_what_laying_two_answers_of_a_form_side_by_side_gives(
    lasting_store: Store, given_responses: dict[str, Answers]
) -> None:
    wave = add_wave(lasting_store, given_responses)
    forms = [dict(by_hand(form)) for form in given_responses.values()]
    expected = Counter(
        (concept, form["een", concept, ""], form["twee", concept, ""])
        for form in forms
        for concept in ("punt",)  # the one that both sections ask
    )
    found = lasting_store.counts.joint(wave, "een", "twee")
    assert {tuple(row[:3]): row[3] for row in found} == expected
    turned = lasting_store.counts.joint(wave, "twee", "een")
    assert {(c, b, a): n for c, a, b, n in turned} == expected


@pytest.fixture
def tallies(store: Store) -> dict[Variable, dict[str, int]]:
    forms: dict[str, Answers] = {
        "01": {"een_punt": "2", "een_vormen": ("a", "b"), "getal": Decimal("7.5")},
        "02": {"een_punt": "2", "een_vormen": ("geen",), "getal": Decimal(7)},
        "03": {"een_punt": "2", "een_vormen": MissingReason.DONT_KNOW, "getal": Decimal(7)},
        "04": {"een_punt": "1", "getal": MissingReason.NOT_APPLICABLE},
    }
    counted: dict[Variable, dict[str, int]] = {}
    for section, concept, option, code, n in store.counts.tallies(add_wave(store, forms)):
        counted.setdefault((section, concept, option), {})[code] = n
    return counted


def test_an_exclusive_option_does_not_count_in_the_total(
    tallies: dict[Variable, dict[str, int]],
) -> None:
    assert tallies["een", "vormen", OPTION_TOTAL] == {
        "2": 1,
        "0": 1,
        "weet_niet": 1,
        "niet_gevraagd": 1,
    }
    assert tallies["een", "vormen", "geen"] == {
        "1": 1,
        "0": 1,
        "weet_niet": 1,
        "niet_gevraagd": 1,
    }


def test_an_option_that_was_not_chosen_is_counted_as_such(
    tallies: dict[Variable, dict[str, int]],
) -> None:
    assert tallies["een", "vormen", "a"]["0"] == 1


def test_a_number_is_counted_with_its_decimals(tallies: dict[Variable, dict[str, int]]) -> None:
    counted = tallies["twee", "getal", ""]
    assert counted.pop("nvt") == 1
    assert {Decimal(code): n for code, n in counted.items()} == {Decimal("7.5"): 1, Decimal(7): 2}


def test_one_concept_in_two_sections_is_counted_apart(
    tallies: dict[Variable, dict[str, int]],
) -> None:
    assert tallies["een", "punt", ""] == {"2": 3, "1": 1}
    assert tallies["twee", "punt", ""] == {"overgeslagen": 4}


def test_a_text_is_not_counted(tallies: dict[Variable, dict[str, int]]) -> None:
    assert not [variable for variable in tallies if variable[1] == "tekst"]


def test_only_the_final_version_counts(store: Store) -> None:
    wave = add_wave(store, {})
    visit = invite(store, "01", wave)
    form = save(store, visit, store.forms.begin(visit), {"cijfer": "3"})
    assert store.counts.tallies(wave) == []
    store.forms.submit(visit, form)
    form = save(store, visit, store.forms.begin(visit), {"cijfer": "9"})
    cijfer = ("twee", "cijfer", "")
    assert tallied(store, wave)[cijfer, "3"] == 1
    store.forms.submit(visit, form)
    assert tallied(store, wave)[cijfer, "9"] == 1
    assert (cijfer, "3") not in tallied(store, wave)


# Scores: of three questions on a scale at least two answered, of two grades at least one.

SCORED = {
    ("schalen", "schalen_score", ""): (("oordeel", "rij_een", "rij_twee"), 2),
    ("cijfers", "cijfers_score", ""): (("cijfer_een", "cijfer_twee"), 1),
}


def scores_by_hand(form: Answers) -> dict[Variable, str]:
    """The mean of what was answered, to six decimals, or skipped."""
    scores = {}
    for variable, (items, minimum) in SCORED.items():
        numbers = [int(form[item]) for item in items if str(form.get(item, "")).isdigit()]  # type: ignore[arg-type]
        mean = sum(numbers) / max(len(numbers), 1)
        enough = len(numbers) >= minimum
        scores[variable] = f"{mean:.6f}" if enough else MissingReason.SKIPPED.value
    return scores


def score_code(code: str) -> str:
    """'2.5' and '2.500000' are one score."""
    return code if code in list(MissingReason) else f"{Decimal(code):.6f}"


@on_disk
@given(before=scored_responses, after=scored_responses)
def test_scores_are_the_means_of_what_was_answered(
    lasting_store: Store, before: dict[str, Answers], after: dict[str, Answers]
) -> None:
    waves = [add_wave(lasting_store, forms, SCORES) for forms in (before, after)]
    for wave, forms in zip(waves, (before, after), strict=True):
        tallies = Counter[Any]()
        for *variable, code, n in lasting_store.counts.tallies(wave):
            if tuple(variable) in SCORED:
                tallies[tuple(variable), score_code(code)] += n
        assert tallies == Counter(
            pair for form in forms.values() for pair in scores_by_hand(form).items()
        )
    transitions = Counter[Any]()
    for *variable, old, new, n in lasting_store.counts.transitions(*waves):
        if tuple(variable) in SCORED:
            transitions[tuple(variable), score_code(old), score_code(new)] += n
    assert transitions == Counter(
        (variable, code, scores_by_hand(after[region])[variable])
        for region in before.keys() & after.keys()
        for variable, code in scores_by_hand(before[region]).items()
    )


def test_a_score_that_was_answered_too_little_is_skipped_and_no_zero(store: Store) -> None:
    forms: dict[str, Answers] = {
        "01": {"oordeel": "3", "rij_een": "2", "rij_twee": "2", "cijfer": "9"},
        "02": {"oordeel": "3", "cijfer_een": "10"},
        "03": {"rij_een": "1", "rij_twee": "2", "cijfer_een": "7", "cijfer_twee": "8"},
    }
    found: dict[Variable, dict[str, int]] = {variable: {} for variable in SCORED}
    for *variable, code, n in store.counts.tallies(add_wave(store, forms, SCORES)):
        if tuple(variable) in SCORED:
            section, concept, option = variable
            found[section, concept, option][score_code(code)] = n
    assert found["schalen", "schalen_score", ""] == {
        "2.333333": 1,
        "1.500000": 1,
        "overgeslagen": 1,
    }
    assert found["cijfers", "cijfers_score", ""] == {
        "10.000000": 1,
        "7.500000": 1,
        "overgeslagen": 1,
    }


# When figures are there


@pytest.mark.parametrize("state", [state for state in WaveState if state is not WaveState.CLOSED])
def test_figures_of_a_wave_that_is_not_closed_are_for_who_does_the_fieldwork(
    store: Store, raw: sqlite3.Connection, state: WaveState
) -> None:
    closed, running = (add_wave(store, {"01": {}}) for _ in range(2))
    store.waves.set_state(closed, WaveState.CLOSED)
    with raw:
        raw.execute("UPDATE wave SET state = ? WHERE name = ?", (state, running))
    counts_of = {
        role: store.seen_by(Person("account 1", role)).counts
        for role in (Role.STEERING_GROUP, Role.EVALUATOR, Role.OWNER)
    }
    group = "provincie", "Drenthe"
    for role, counts in counts_of.items():
        assert counts.respondents(closed) == 1
        for count_it in (
            lambda counts: counts.tallies(running),
            lambda counts: counts.tallies(running, group),
            lambda counts: counts.respondents(running),
            lambda counts: counts.joint(running, "een", "twee"),
            lambda counts: counts.patterns([closed, running], "een"),
            lambda counts: counts.transitions(closed, running),
            lambda counts: counts.transitions(running, closed),
            lambda counts: counts.regions_in_both(closed, running, group),
        ):
            if role is Role.STEERING_GROUP:
                with pytest.raises(NotReleased, match=f"wave {running} is not closed yet"):
                    count_it(counts)
            else:
                count_it(counts)
