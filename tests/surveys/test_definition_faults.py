"""A definition file with faults: each is found, with its place and how to mend it."""

from __future__ import annotations

import pytest

from surveys.definition import InvalidDefinition, parse_definition, read_definition
from surveys.definition_errors import DefinitionError
from tests.surveys.single_faults import (
    DEFINITIONS,
    FAULTS,
    FAULTS_IN_PREVIOUS,
    FAULTS_IN_SCORES,
    PREVIOUS,
    RIGHT,
    SCORED,
)

# each right file with what is done to it
BROKEN = {
    name: (source, *case)
    for source, faults in (
        (RIGHT, FAULTS),
        (SCORED, FAULTS_IN_SCORES),
        (PREVIOUS, FAULTS_IN_PREVIOUS),
    )
    for name, case in faults.items()
}


def faults(source: str) -> list[DefinitionError]:
    with pytest.raises(InvalidDefinition) as refused:
        parse_definition(source)
    return refused.value.errors


def test_the_files_that_these_tests_break_are_right() -> None:
    assert parse_definition(RIGHT).questionnaire.id == "references"
    assert parse_definition(SCORED).questionnaire.id == "scores"
    assert parse_definition(PREVIOUS).questionnaire.id == "previous-answers"


@pytest.mark.parametrize("name", BROKEN)
def test_a_fault_is_told_with_its_place_and_advice(name: str) -> None:
    source, (right, wrong), *expected = BROKEN[name]
    assert right in source
    told = faults(source.replace(right, wrong, 1))
    assert sorted(f"{fault.where}: {fault.what}" for fault in told) == sorted(expected)
    assert all(fault.mend for fault in told)


def test_broken_toml_is_told_with_its_line() -> None:
    (fault,) = faults('id = "a"\nversion = \n')
    assert "line 2" in fault.what


@pytest.mark.parametrize("source", ["a = " + "[" * 5000, "a = " + "9" * 5000], ids=["deep", "long"])
def test_toml_that_the_parser_cannot_take_is_a_fault_too(source: str) -> None:
    (fault,) = faults(source)
    assert fault.where == "TOML"


def test_an_empty_file_lacks_every_required_key() -> None:
    lacking = {fault.what for fault in faults("")}
    assert lacking == {f"has no '{key}'" for key in ("id", "version", "wave", "title", "sections")}


def test_every_fault_of_a_file_is_told_at_once() -> None:
    with pytest.raises(InvalidDefinition) as refused:
        read_definition(DEFINITIONS / "many_faults.toml")
    told = {f"{fault.where}: {fault.what}" for fault in refused.value.errors}
    assert told == {
        "questionnaire: has no 'version'",
        "questionnaire: 'wave' is 2024, not a text",
        "questionnaire: unknown key 'auteur'",
        "scales: id 'mate' is used more than once",
        "scales 'mate' > shares 'veel': names code '4', which the scale does not have",
        "scales 'mate' > choices 2 ('veel'): has no 'code'",
        "items: id 'oordeel' is used more than once",
        "sections 'blok' > score: minimum 9 is more than the number of scored items",
        "sections 'blok' > items 'oordeel': unknown scale 'maat'",
        "sections 'blok' > items 'oordeel': condition on later item 'vormen'",
        "sections 'blok' > items 'cijfer': minimum 10 is not below maximum 1",
        "sections 'blok' > items 'cijfer' > condition: has no 'codes'",
        "sections 'blok' > items 'vormen': code 'a' is used more than once",
        "sections 'blok' > items 'vormen': 'required' is 1",
        "sections 'blok' > items 5: it is 'vraag', not a table",
        "indexes 'som': item 'cijfer' is no multiple item",
        "indexes 'som': the levels do not rise from 0",
        "comparability of section 'blok': concept 'cijfer' has no status",
        "comparability of section 'blok': unknown concept 'vorm'",
        "comparability of section 'blok': concept 'oordeel' is rescaled without a recode",
    }


def test_no_message_speaks_of_the_parser() -> None:
    messages = [str(fault) for fault in faults((DEFINITIONS / "many_faults.toml").read_text())]
    messages += [
        str(fault)
        for source, (right, wrong), *_ in BROKEN.values()
        for fault in faults(source.replace(right, wrong, 1))
    ]
    jargon = ("union", "tuple", "dictionary", "instance", "discriminator", "Value error", "Input")
    assert not [message for message in messages if any(word in message for word in jargon)]
