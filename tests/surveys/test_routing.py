"""Which questions are asked, given the answers so far, and what is stored of the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.answers import MissingReason, Value
from surveys.definition import parse_definition, read_definition
from surveys.routing import asked_questions, asked_sections, open_questions, settle
from tests.surveys.strategies import answers, definitions, steady

DEFINITIONS = Path(__file__).parents[1] / "definitions"
ROUTING = read_definition(DEFINITIONS / "routing.toml").questionnaire
EVERYTHING: dict[str, Value] = {
    "bezig": "ja",
    "waarmee": ("a", "c"),
    "rij_een": "2",
    "rij_twee": "1",
    "cijfer": "5",
    "waarom": "Daarom",
}
SKIPPED, NOT_ASKED = MissingReason.SKIPPED, MissingReason.NOT_ASKED


def asked(given: dict[str, Value]) -> list[str]:
    return [question.id for question in asked_questions(ROUTING, given)]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({}, ["bezig"]),
        ({"bezig": "nee"}, ["bezig"]),
        ({"bezig": "ja"}, ["bezig", "waarmee"]),
        ({"bezig": "ja", "waarmee": ("a",)}, ["bezig", "waarmee"]),
        (
            {"bezig": "ja", "waarmee": ("a", "b")},
            ["bezig", "waarmee", "rij_een", "rij_twee"],
        ),
        (
            {"bezig": "ja", "waarmee": ("c",), "rij_een": "2"},
            ["bezig", "waarmee", "rij_een", "rij_twee", "cijfer"],
        ),
        (EVERYTHING, list(EVERYTHING)),
        (EVERYTHING | {"cijfer": "6"}, list(EVERYTHING)[:-1]),
    ],
)
def test_a_question_is_asked_when_its_condition_holds(
    given: dict[str, Value], shown: list[str]
) -> None:
    assert asked(given) == shown


def test_what_hangs_on_a_hidden_question_is_hidden_too() -> None:
    assert asked(EVERYTHING | {"bezig": "nee"}) == ["bezig"]


@pytest.mark.parametrize("reason", list(MissingReason))
def test_no_answer_on_the_condition_hides_the_question(reason: MissingReason) -> None:
    assert asked(EVERYTHING | {"bezig": reason}) == ["bezig"]
    assert asked(EVERYTHING | {"waarmee": reason}) == ["bezig", "waarmee"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({}, ["begin"]),
        ({"bezig": "ja", "waarmee": ("b",)}, ["begin", "midden"]),
        (EVERYTHING, ["begin", "midden", "slot"]),
        (EVERYTHING | {"bezig": "nee"}, ["begin"]),
    ],
)
def test_a_section_in_which_nothing_is_asked_disappears(
    given: dict[str, Value], shown: list[str]
) -> None:
    assert [section.id for section in asked_sections(ROUTING, given)] == shown


def test_open_are_the_questions_that_are_asked_and_not_answered() -> None:
    given: dict[str, Value] = {"bezig": "ja", "rij_een": "1"}
    assert [question.id for question in open_questions(ROUTING, given)] == ["waarmee"]
    given["waarmee"] = ("b",)
    assert [question.id for question in open_questions(ROUTING, given)] == ["rij_twee"]


def test_dont_know_is_not_open() -> None:
    given: dict[str, Value] = {"bezig": "ja", "waarmee": MissingReason.DONT_KNOW}
    assert open_questions(ROUTING, given) == ()


def test_a_blank_is_skipped_and_a_hidden_question_was_not_asked() -> None:
    assert settle(ROUTING, {"bezig": "ja"}) == {
        "bezig": "ja",
        "waarmee": SKIPPED,
        "rij_een": NOT_ASKED,
        "rij_twee": NOT_ASKED,
        "cijfer": NOT_ASKED,
        "waarom": NOT_ASKED,
    }


def test_an_answer_given_before_its_question_was_hidden_does_not_count() -> None:
    settled = settle(ROUTING, EVERYTHING | {"waarmee": ("a",)})
    assert settled == {"bezig": "ja", "waarmee": ("a",)} | dict.fromkeys(
        ["rij_een", "rij_twee", "cijfer", "waarom"], NOT_ASKED
    )


def test_a_chosen_reason_is_kept_apart_from_a_blank() -> None:
    settled = settle(ROUTING, {"bezig": MissingReason.NOT_APPLICABLE})
    assert settled["bezig"] is MissingReason.NOT_APPLICABLE


@steady
@given(st.data())
def test_every_question_is_answered_or_skipped_or_not_asked(data: st.DataObject) -> None:
    questionnaire = parse_definition(data.draw(definitions())).questionnaire
    given = data.draw(answers(questionnaire))
    settled = settle(questionnaire, given)
    every = [question.id for question in questionnaire.questions]
    shown = [question.id for question in asked_questions(questionnaire, given)]
    hidden = [item for item, value in settled.items() if value is NOT_ASKED]
    assert list(settled) == every
    assert sorted(shown + hidden) == sorted(every)
    assert shown == [item for item in every if item in shown]
    for item in shown:
        assert settled[item] == given.get(item, SKIPPED)


@steady
@given(st.data())
def test_a_question_is_asked_exactly_when_its_condition_was_asked_and_met(
    data: st.DataObject,
) -> None:
    questionnaire = parse_definition(data.draw(definitions())).questionnaire
    given = data.draw(answers(questionnaire))
    shown = {question.id for question in asked_questions(questionnaire, given)}
    for question in questionnaire.questions:
        condition, met = question.condition, True
        if condition is not None:
            value = given.get(condition.item)
            if isinstance(value, MissingReason):
                chosen: set[object] = set()
            else:
                chosen = set(value) if isinstance(value, tuple) else {value}
            met = condition.item in shown and not chosen.isdisjoint(condition.codes)
        assert (question.id in shown) == met


@steady
@given(st.data())
def test_what_was_settled_asks_the_same_questions_again(data: st.DataObject) -> None:
    questionnaire = parse_definition(data.draw(definitions())).questionnaire
    given = data.draw(answers(questionnaire))
    settled = settle(questionnaire, given)
    assert asked_questions(questionnaire, settled) == asked_questions(questionnaire, given)
    assert settle(questionnaire, settled) == settled
    assert open_questions(questionnaire, settled) == ()
