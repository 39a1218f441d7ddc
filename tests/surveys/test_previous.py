"""A region's own answer of the wave before: to which question, when it is shown, a large move."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.answers import MissingReason, Value
from surveys.definition import parse_definition, read_definition
from surveys.previous import PreviousAnswer, find_previous, is_large_move
from tests.surveys.small_versions import OF_2021, OF_2024
from tests.surveys.strategies import answers, definitions, steady

DEFINITIONS = Path(__file__).parents[1] / "definitions"
SOURCE = (DEFINITIONS / "previous_answers.toml").read_text(encoding="utf-8")
EARLIER = read_definition(DEFINITIONS / "previous_answers_before.toml").questionnaire
CURRENT = parse_definition(SOURCE).questionnaire

ANSWERS: dict[str, Value] = {
    "oude_schaal": "weinig",
    "rij_een": "veel",
    "rij_twee": MissingReason.NOT_APPLICABLE,
    "cijfer": "7",
    "uren": Decimal("7.5"),
    "bezig": "ja",
    "vormen": ("a", "oud"),
    "stil": "nee",
    "omgezet": "ja",
    "kort": "Kort gezegd",
    "lang": "Lang verhaal",
}


def find(**changed: Value) -> dict[str, PreviousAnswer]:
    return find_previous(CURRENT, EARLIER, ANSWERS | changed)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("schaal", "In 2021 antwoordde u: een beetje"),
        ("rij_een", "In 2021 antwoordde u: veel"),
        ("rij_twee", "In 2021 antwoordde u: N.v.t."),
        ("cijfer", "In 2021 antwoordde u: 7"),
        ("uren", "In 2021 antwoordde u: 7,5 uur"),
        ("bezig", "In 2021 antwoordde u: Ja"),
        ("vormen", "In 2021 antwoordde u: Vorm a; Oude vorm"),
    ],
)
def test_an_earlier_answer_is_told_in_the_words_of_then(question: str, sentence: str) -> None:
    assert find()[question].sentence == sentence


def test_an_answer_is_found_by_its_concept_though_the_question_has_another_id() -> None:
    previous = find()["schaal"]
    assert (previous.question.id, previous.wave, previous.value) == ("schaal", "2021", "weinig")


def test_the_same_concept_in_another_section_is_another_question() -> None:
    found = find_previous(OF_2024, OF_2021, {"urgentie_aansluiting_mbo": "4"})
    assert {question: answer.value for question, answer in found.items()} == {
        "urgentie_aansluiting_mbo": "4"
    }


def test_another_wording_is_told_beside_the_answer() -> None:
    found = find()
    assert found["schaal"].footnote == "De vraag was in 2021 anders geformuleerd."
    assert found["cijfer"].footnote == ""


def test_what_is_rescaled_new_or_a_text_has_no_earlier_answer() -> None:
    assert not find().keys() & {"omgezet", "nieuw", "kort", "lang"}


def test_a_version_that_does_not_say_how_it_compares_shows_nothing() -> None:
    alone = parse_definition(SOURCE[: SOURCE.index("[comparability]")]).questionnaire
    assert find_previous(alone, EARLIER, ANSWERS) == {}


def test_a_wave_with_the_same_questionnaire_finds_every_answer_but_the_texts() -> None:
    found = find_previous(EARLIER, EARLIER, ANSWERS)
    assert found.keys() == ANSWERS.keys() - {"kort", "lang"}


@pytest.mark.parametrize("reason", [MissingReason.SKIPPED, MissingReason.NOT_ASKED])
def test_what_nobody_answered_is_not_found(reason: MissingReason) -> None:
    assert "cijfer" not in find(cijfer=reason)
    assert "cijfer" not in find_previous(CURRENT, EARLIER, {})


def test_a_policy_of_before_shows_the_answer_at_once() -> None:
    found = find()
    for question in ("rij_een", "rij_twee", "cijfer", "bezig"):
        assert found[question].may_be_shown(None)
        assert found[question].may_be_shown("ja")


@pytest.mark.parametrize("not_yet", [None, MissingReason.SKIPPED, MissingReason.NOT_ASKED])
def test_a_policy_of_after_waits_for_an_answer(not_yet: Value | None) -> None:
    previous = find()["schaal"]
    assert not previous.may_be_shown(not_yet)
    assert previous.may_be_shown("weinig")
    assert previous.may_be_shown(MissingReason.DONT_KNOW)


def test_after_holds_for_an_answer_of_several_options_and_for_a_number() -> None:
    found = find()
    assert found["vormen"].may_be_shown(("a", "b"))
    assert found["uren"].may_be_shown(Decimal(0))


def test_without_a_policy_the_answer_is_never_shown() -> None:
    previous = find()["stil"]
    assert previous.question.previous == "never"
    assert not previous.may_be_shown(None)
    assert not previous.may_be_shown("ja")


@pytest.mark.parametrize(
    ("question", "then", "now", "large"),
    [
        ("schaal", "geen", "weinig", False),
        ("schaal", "geen", "enig", True),
        ("schaal", "veel", "weinig", True),
        ("schaal", "veel", "veel", False),
        ("rij_een", "geen", "enig", False),
        ("rij_een", "geen", "veel", True),
        ("cijfer", "7", "9", False),
        ("cijfer", "7", "10", True),
        ("cijfer", "10", "9", False),
        ("bezig", "ja", "nee", False),
    ],
)
def test_a_move_is_large_from_the_number_of_steps_on(
    question: str, then: str, now: str, large: bool
) -> None:
    previous = find(oude_schaal=then, rij_een=then, cijfer=then, bezig=then)
    assert is_large_move(CURRENT, previous[question], now) is large


@pytest.mark.parametrize("reason", MissingReason)
def test_a_reason_for_missing_never_makes_a_move(reason: MissingReason) -> None:
    assert not is_large_move(CURRENT, find(cijfer="1")["cijfer"], reason)
    then = find(cijfer=reason).get("cijfer")
    assert then is None or not is_large_move(CURRENT, then, "10")


def test_without_an_answer_there_is_no_move() -> None:
    assert not is_large_move(CURRENT, find()["cijfer"], None)


def test_the_order_of_the_scale_counts_not_its_codes() -> None:
    assert "ask_about_move = 2" in SOURCE
    changed = SOURCE.replace("ask_about_move = 2", "ask_about_move = 1")
    current = parse_definition(changed).questionnaire
    previous = find_previous(current, EARLIER, ANSWERS)["schaal"]
    assert is_large_move(current, previous, "geen")
    assert not is_large_move(current, previous, "weinig")


@steady
@given(definitions(), st.data())
def test_with_one_questionnaire_every_answer_given_belongs_to_its_own_question(
    source: str, data: st.DataObject
) -> None:
    questionnaire = parse_definition(source).questionnaire
    given_then = data.draw(answers(questionnaire))
    found = find_previous(questionnaire, questionnaire, given_then)
    assert {question: previous.value for question, previous in found.items()} == {
        question.id: given_then[question.id]
        for question in questionnaire.questions
        if question.id in given_then and question.type not in ("short_text", "long_text")
    }
    for previous in found.values():
        assert not previous.may_be_shown(previous.value)
        assert not is_large_move(questionnaire, previous, previous.value)
