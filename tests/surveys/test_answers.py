"""What may be answered to each type of question, and what is said of the rest."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.answers import (
    MESSAGES,
    RULES,
    AnswerError,
    MissingReason,
    Value,
    describe_value,
    missing_reasons,
    validate,
)
from surveys.definition import read_definition
from surveys.items import QUESTION_TYPES, Question
from surveys.pages.parts.widgets import WIDGETS
from surveys.questionnaire import Questionnaire
from tests.surveys.strategies import steady, valid_answers

DEFINITIONS = Path(__file__).parents[1] / "definitions"
ALL_TYPES = read_definition(DEFINITIONS / "all_types.toml").questionnaire
RULED = read_definition(DEFINITIONS / "answer_rules.toml").questionnaire
ASKED: dict[str, tuple[Questionnaire, Question]] = {
    question.id: (asking, question)
    for asking in (ALL_TYPES, RULED)
    for question in asking.questions
}
DONT_KNOW, NOT_APPLICABLE = MissingReason.DONT_KNOW, MissingReason.NOT_APPLICABLE

VALID: list[tuple[str, Any, Value | None]] = [
    ("schaal", "2", "2"),
    ("schaal", "weet_niet", DONT_KNOW),
    ("schaal", NOT_APPLICABLE, NOT_APPLICABLE),
    ("schaal", None, None),
    ("rij_twee", "3", "3"),
    ("ja_nee", "ja", "ja"),
    ("ja_nee", "nee", "nee"),
    ("streng", "nee", "nee"),
    ("meer", ["a"], ("a",)),
    ("meer", ["b", "a"], ("a", "b")),
    ("meer", "b", ("b",)),
    ("meer", ["geen"], ("geen",)),
    ("meer", ["weet_niet"], DONT_KNOW),
    ("meer", ["nvt"], NOT_APPLICABLE),
    ("meer", [], None),
    ("kies", ["1", "2"], ("2", "1")),
    ("cijfer", "1", "1"),
    ("cijfer", "10", "10"),
    ("cijfer", " 8 ", "8"),
    ("cijfer", "7,0", "7"),
    ("cijfer", "7.0", "7"),
    ("cijfer", "08", "8"),
    ("cijfer", "", None),
    ("cijfer", "  ", None),
    ("cijfer", "weet_niet", DONT_KNOW),
    ("stuiver", "0", "0"),
    ("getal", "7,5", Decimal("7.5")),
    ("getal", "7.5", Decimal("7.5")),
    ("getal", "7,50", Decimal("7.5")),
    ("getal", "0", Decimal(0)),
    ("getal", "60", Decimal(60)),
    ("getal", "nvt", NOT_APPLICABLE),
    ("leerlingen", "1000", Decimal(1000)),
    ("temperatuur", "-2,5", Decimal("-2.5")),
    ("fijn", "0,000001", Decimal("0.000001")),
    ("fijn", "1.234", Decimal("1.234")),
    ("fijn", "-3", Decimal(-3)),
    ("kort", "Een *tekst* van 20", "Een *tekst* van 20"),
    ("kort", "  eromheen  ", "eromheen"),
    ("kort", "   ", None),
    ("kort", "nvt", "nvt"),
    ("kort", "Overgeslagen", "Overgeslagen"),
    ("naam", "nvt", NOT_APPLICABLE),
    ("lang", "regel een\r\nregel twee\n", "regel een\nregel twee"),
    ("lang", "overgeslagen", "overgeslagen"),
    ("lang", "met\teen tab", "met\teen tab"),
    ("lang", "é 😀", "é 😀"),
]

INVALID = [
    ("schaal", "4", "unknown_code"),
    ("schaal", "weinig", "unknown_code"),
    ("schaal", "overgeslagen", "missing_reason"),
    ("schaal", MissingReason.NOT_ASKED, "missing_reason"),
    ("ja_nee", "Ja", "unknown_code"),
    ("streng", "weet_niet", "missing_reason"),
    ("streng", NOT_APPLICABLE, "missing_reason"),
    ("meer", ["a", "geen"], "exclusive"),
    ("meer", ["geen", "a"], "exclusive"),
    ("meer", ["a", "weet_niet"], "exclusive"),
    ("meer", ["nvt", "weet_niet"], "exclusive"),
    ("meer", ["a", "a"], "repeated"),
    ("meer", ["a", "c"], "unknown_code"),
    ("meer", ["a", "overgeslagen"], "unknown_code"),
    ("kies", ["geen", "alles"], "exclusive"),
    ("kies", ["1", "weet_niet"], "unknown_code"),
    ("kies", ["weet_niet"], "missing_reason"),
    ("cijfer", "11", "outside"),
    ("cijfer", "0", "outside"),
    ("cijfer", "-1", "outside"),
    ("cijfer", "7,5", "outside"),
    ("cijfer", "acht", "not_a_number"),
    ("cijfer", "٨", "not_a_number"),
    ("cijfer", "²", "not_a_number"),
    ("cijfer", "1e1", "not_a_number"),
    ("cijfer", "7,5,5", "not_a_number"),
    ("cijfer", "1_0", "not_a_number"),
    ("cijfer", "+8", "not_a_number"),
    ("cijfer", "nan", "not_a_number"),
    ("cijfer", "-", "not_a_number"),
    ("cijfer", "9" * 400, "not_a_number"),
    ("stuiver", "6", "outside"),
    ("getal", "60,1", "too_high"),
    ("getal", "-0,1", "too_low"),
    ("getal", "7,55", "decimals"),
    ("temperatuur", "7,555", "decimals"),
    ("getal", "inf", "not_a_number"),
    ("getal", "9 uur", "not_a_number"),
    ("getal", "1e1", "not_a_number"),
    ("leerlingen", "12,5", "whole"),
    ("leerlingen", "1.000", "thousands"),
    ("leerlingen", "1.500", "thousands"),
    ("leerlingen", "1.500,5", "thousands"),
    ("temperatuur", "-2,51", "too_low"),
    ("temperatuur", "weet_niet", "missing_reason"),
    ("kort", "x" * 21, "too_long"),
    ("kort", "een\ntwee", "line_break"),
    ("kort", DONT_KNOW, "missing_reason"),
    ("kort", "a\x00b", "control_character"),
    ("kort", "a\x7fb", "control_character"),
    ("lang", "x" * 201, "too_long"),
    ("lang", "a\x1bb", "control_character"),
    ("lang", "a\ud800b", "control_character"),
]

# A fitting text per error, as the respondent reads it.
TOLD = {
    ("schaal", "4"): "Dit antwoord hoort niet bij deze vraag. Kies een van de antwoorden.",
    ("meer", "a geen"): "'Geen van deze' kan niet samen met andere antwoorden. Maak een keuze.",
    ("meer", "weet_niet a"): "'Weet niet' kan niet samen met andere antwoorden. Maak een keuze.",
    ("meer", "a a"): "Een antwoord is twee keer gekozen. Kies elk antwoord een keer.",
    ("cijfer", "acht"): "Dit is geen getal. Vul een getal in, bijvoorbeeld 8.",
    ("getal", "acht"): "Dit is geen getal. Vul een getal in, bijvoorbeeld 7,5.",
    ("leerlingen", "2.000"): "Schrijf het getal zonder punten, bijvoorbeeld 1500. "
    "Een komma mag wel.",
    ("getal", "1,25"): "Gebruik achter de komma niet meer dan 1 cijfer.",
    ("temperatuur", "1,255"): "Gebruik achter de komma niet meer dan 2 cijfers.",
    ("leerlingen", "1,5"): "Vul een heel getal in, zonder cijfers achter de komma.",
    ("temperatuur", "-3"): "Vul een getal in van -2,5 of meer.",
    ("leerlingen", "5001"): "Vul een getal in van 5000 of minder.",
    ("cijfer", "11"): "Vul een heel cijfer in van 1 tot en met 10.",
    ("stuiver", "6"): "Vul een heel cijfer in van 0 tot en met 5.",
    ("kort", "x" * 25): "De tekst is 25 tekens lang. Kort de tekst in tot 20 tekens.",
    ("kort", "een\ntwee"): "Gebruik hier een regel, zonder nieuwe regels.",
    ("kort", "a\x00b"): "De tekst bevat een onzichtbaar teken. Typ de tekst opnieuw.",
    ("streng", "nvt"): "Dit antwoord is bij deze vraag niet mogelijk.",
}


def answer(item: str, raw: Any) -> Value | None:
    return validate(*ASKED[item], raw)


@pytest.mark.parametrize(("item", "raw", "expected"), VALID)
def test_a_right_answer_is_taken_as_it_is_meant(item: str, raw: Any, expected: Value) -> None:
    value = answer(item, raw)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(("item", "raw", "code"), INVALID)
def test_a_wrong_answer_is_refused_with_its_reason(item: str, raw: Any, code: str) -> None:
    with pytest.raises(AnswerError) as refused:
        answer(item, raw)
    assert (refused.value.item, refused.value.code) == (item, code)


@pytest.mark.parametrize(("item", "raw"), TOLD)
def test_the_respondent_reads_in_dutch_what_to_do(item: str, raw: str) -> None:
    with pytest.raises(AnswerError) as refused:
        answer(item, raw.split(" ") if item == "meer" else raw)
    assert refused.value.message == str(refused.value) == TOLD[item, raw]


def test_every_message_is_tried_and_filled_in() -> None:
    patterns = [re.sub(r"\\{\w+\\}", ".+", re.escape(text)) for text in MESSAGES.values()]
    for pattern in patterns:
        assert any(re.fullmatch(pattern, told) for told in TOLD.values()), pattern
    assert {code for _, _, code in INVALID} == set(MESSAGES)


def test_minus_nothing_is_nothing() -> None:
    assert str(answer("temperatuur", "-0,0")) == "0"


def test_a_reason_is_offered_only_where_the_question_has_it() -> None:
    offered = {item: missing_reasons(question) for item, (_, question) in ASKED.items()}
    assert offered["schaal"] == (DONT_KNOW, NOT_APPLICABLE)
    assert offered["temperatuur"] == offered["naam"] == (NOT_APPLICABLE,)
    assert offered["streng"] == offered["kort"] == offered["lang"] == ()


def test_every_type_has_a_rule_and_a_widget() -> None:
    assert set(RULES) == set(WIDGETS) == set(QUESTION_TYPES)


@pytest.mark.parametrize(
    ("item", "value", "words"),
    [
        ("schaal", "2", "enigszins"),
        ("ja_nee", "ja", "Ja"),
        ("meer", ("a", "b"), "Optie a; Optie b"),
        ("cijfer", "8", "8"),
        ("getal", Decimal("7.5"), "7,5 uur"),
        ("fijn", Decimal("0.000001"), "0,000001"),
        ("kort", "ja", "ja"),
        ("meer", DONT_KNOW, "Weet niet"),
        ("getal", NOT_APPLICABLE, "N.v.t."),
        ("lang", MissingReason.SKIPPED, "Overgeslagen"),
        ("lang", MissingReason.NOT_ASKED, "Niet gevraagd"),
    ],
)
def test_an_answer_is_shown_in_words(item: str, value: Value, words: str) -> None:
    assert describe_value(*ASKED[item], value) == words


raws = (
    st.text()
    | st.from_regex(r" ?-?[0-9]{0,20}[.,]?[0-9]{0,8} ?", fullmatch=True)
    | st.sampled_from(["1", "3", "ja", "a", "geen", *MissingReason])
)


@steady
@given(st.sampled_from(sorted(ASKED)), raws | st.none())
def test_whatever_text_comes_in_is_an_answer_or_refused(item: str, raw: str | None) -> None:
    check_outcome(item, raw)


@steady
@given(st.sampled_from(["meer", "kies"]), st.lists(raws, max_size=4))
def test_whatever_options_come_in_are_an_answer_or_refused(item: str, raw: list[str]) -> None:
    check_outcome(item, raw)


def check_outcome(item: str, raw: Any) -> None:
    """Refused, or nothing, or an answer that is taken for the same answer once more."""
    try:
        value = answer(item, raw)
    except AnswerError as error:
        code, shown = error.code, error.message
        assert code in MESSAGES
        assert "{" not in shown
    else:
        again = answer(item, str(value) if isinstance(value, Decimal) else value)
        assert (again, type(again)) == (value, type(value))


@steady
@given(st.sampled_from(sorted(ASKED)), st.data())
def test_every_possible_answer_is_taken_and_can_be_told(item: str, data: st.DataObject) -> None:
    value = data.draw(valid_answers(*ASKED[item]))
    typed = f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else value
    assert answer(item, typed) == value
    assert describe_value(*ASKED[item], value)
