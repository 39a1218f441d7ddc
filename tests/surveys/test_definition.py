"""A definition file becomes a questionnaire: texts, languages, hash, and any file at all."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.definition import InvalidDefinition, hash_content, parse_definition, read_definition
from surveys.definition_errors import DefinitionError
from surveys.items import MatrixItem, ScaleItem
from tests.surveys.strategies import definitions, steady, write_toml

DEFINITIONS = Path(__file__).parents[1] / "definitions"
ALL_TYPES = (DEFINITIONS / "all_types.toml").read_text(encoding="utf-8")
REFERENCES = (DEFINITIONS / "references.toml").read_text(encoding="utf-8")
SCORES = (DEFINITIONS / "scores.toml").read_text(encoding="utf-8")
TWO_LANGUAGES = (DEFINITIONS / "two_languages.toml").read_text(encoding="utf-8")


def test_a_matrix_is_taken_apart_into_questions_under_its_stem() -> None:
    questionnaire = parse_definition(ALL_TYPES).questionnaire
    row = questionnaire.question("rij_twee")
    assert isinstance(row, ScaleItem)
    assert (row.stem, row.text) == ("Een matrix", "Rij twee")
    assert [choice.code for choice in questionnaire.choices(row)] == ["1", "2", "3"]
    matrix = questionnaire.sections[0].items[1]
    assert isinstance(matrix, MatrixItem)
    assert [question.id for question in matrix.questions()] == ["rij_een", "rij_twee"]


def test_rows_are_required_and_conditional_as_their_matrix_is() -> None:
    condition = 'required = true\ncondition = { item = "oordeel", codes = [3] }\ndont_know = false'
    source = REFERENCES.replace('text = "Een matrix"', f'text = "Een matrix"\n{condition}')
    for row in ("rij_een", "rij_twee"):
        question = parse_definition(source).questionnaire.question(row)
        assert question.required
        assert not question.dont_know
        assert question.not_applicable
        assert question.condition is not None
        assert question.condition.codes == ("3",)


def test_codes_are_text_however_they_are_written() -> None:
    written = ALL_TYPES.replace('code = 1, label = "weinig"', 'code = "1", label = "weinig"')
    assert parse_definition(written).questionnaire == parse_definition(ALL_TYPES).questionnaire


def test_an_index_is_reported_in_the_section_of_its_item() -> None:
    questionnaire = parse_definition(REFERENCES).questionnaire
    assert questionnaire.section_of("vormen_index").id == "tweede"


def test_a_score_is_of_the_scale_questions_or_else_of_the_grades() -> None:
    questionnaire = parse_definition(SCORES).questionnaire
    scales, grades = questionnaire.scores
    assert [question.id for question in questionnaire.scored_questions(scales)] == [
        "oordeel",
        "rij_een",
        "rij_twee",
    ]
    assert [question.id for question in questionnaire.scored_questions(grades)] == [
        "cijfer_een",
        "cijfer_twee",
    ]
    assert (scales.minimum, scales.ours) == (2, True)
    assert questionnaire.section_of("schalen_score").score == scales
    assert questionnaire.section_of("cijfers_score").id == "cijfers"
    assert questionnaire.sections[2].score is None


def test_a_score_may_also_be_written_inside_its_section() -> None:
    title = 'title = "Zonder score"'
    score = 'score = { id = "s", concept = "s", text = "S", minimum = 1 }'
    grade = '[[sections.items]]\ntype = "grade"\nid = "slot"\nconcept = "slot"\ntext = "X"'
    assert title in SCORES
    source = SCORES.replace(title, f"{title}\n{score}\n{grade}\n")
    scores = [score.id for score in parse_definition(source).questionnaire.scores]
    assert scores == ["schalen_score", "cijfers_score", "s"]


@pytest.mark.parametrize(
    ("language", "title", "question", "choices"),
    [
        ("nl", "Vragenlijst", "Hoeveel?", ["weinig", "veel"]),
        ("en", "Questionnaire", "How much?", ["little", "veel"]),
        ("fr", "Vragenlijst", "Hoeveel?", ["weinig", "veel"]),
    ],
)
def test_a_text_is_shown_in_the_language_asked_for_or_else_in_dutch(
    language: str, title: str, question: str, choices: list[str]
) -> None:
    questionnaire = read_definition(DEFINITIONS / "two_languages.toml", language).questionnaire
    asked = questionnaire.question("vraag")
    assert (questionnaire.title, asked.text, asked.help) == (title, question, "Schat het.")
    assert [choice.label for choice in questionnaire.choices(asked)] == choices


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ('{ en = "How much?" }', "'text' has no text in the main language 'nl'"),
        ('{ nl = "", en = "How much?" }', "'text' is empty"),
        ('{ nl = "Hoeveel?", en = " " }', "no text in language 'en'"),
        ('{ nl = "Hoeveel?", en = 3 }', "no text in language 'en'"),
        ('{ nl = "Hoeveel?", eng = "How much?" }', "unknown language 'eng'"),
    ],
)
def test_a_text_that_is_missing_in_a_language_is_a_fault(wrong: str, fault: str) -> None:
    right = '{ nl = "Hoeveel?", en = "How much?" }'
    assert right in TWO_LANGUAGES
    with pytest.raises(InvalidDefinition) as refused:
        parse_definition(TWO_LANGUAGES.replace(right, wrong))
    (told,) = refused.value.errors
    assert told.what == fault
    assert told.where.startswith("sections 'blok' > items 'vraag'")


def test_dutch_cannot_be_left_out_of_the_languages() -> None:
    with pytest.raises(InvalidDefinition, match="'languages' has no 'nl'"):
        parse_definition(ALL_TYPES.replace('wave = "2024"', 'wave = "2024"\nlanguages = []'))


def test_comments_and_the_order_of_keys_do_not_change_the_hash() -> None:
    original = parse_definition(ALL_TYPES)
    commented = parse_definition("# een opmerking\n" + ALL_TYPES.replace("= ", "=   "))
    reordered = parse_definition(
        ALL_TYPES.replace('id = "all-types"\nversion = "1"', 'version = "1"\nid = "all-types"')
    )
    assert ALL_TYPES not in (commented.source, reordered.source)
    assert commented.content_hash == reordered.content_hash == original.content_hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('label = "weinig"', 'label = "zeer weinig"'),
        ("required = true", "required = false"),
        ('text = "Rij twee"', 'text = "rij twee"'),
    ],
)
def test_a_change_of_content_changes_the_hash(old: str, new: str) -> None:
    assert old in ALL_TYPES
    changed = parse_definition(ALL_TYPES.replace(old, new))
    assert changed.content_hash != parse_definition(ALL_TYPES).content_hash


def test_the_order_of_choices_changes_the_hash() -> None:
    document = tomllib.loads(ALL_TYPES)
    original = hash_content(document)
    document["scales"][0]["choices"].reverse()
    assert hash_content(document) != original


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_file_from_a_windows_editor_reads_the_same(tmp_path: Path, line_end: str) -> None:
    file = tmp_path / "windows.toml"
    file.write_bytes(b"\xef\xbb\xbf" + ALL_TYPES.replace("\n", line_end).encode())
    assert read_definition(file).questionnaire == parse_definition(ALL_TYPES).questionnaire


@steady
@given(definitions())
def test_every_right_file_becomes_a_questionnaire(source: str) -> None:
    definition = parse_definition(source)
    document = tomllib.loads(source)
    written = [
        question["id"]
        for section in document["sections"]
        for item in section["items"]
        for question in item.get("rows", [item])
    ]
    assert [question.id for question in definition.questionnaire.questions] == written
    assert definition.questionnaire == parse_definition(definition.source).questionnaire
    assert definition.content_hash == hash_content(document)


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every (holder, key or number) in a document."""
    entries = node.items() if isinstance(node, dict) else enumerate(node)
    for key, entry in list(entries):
        yield node, key
        if isinstance(entry, dict | list):
            yield from places(entry)


WRONG = [
    0,
    -1,
    10**12,
    True,
    "",
    "Ja?",
    "oordeel",
    [],
    {},
    ["a"],
    [[1]],
    [{}],
    {"nl": 1},
    {"id": 1},
]


@steady
@given(
    definitions() | st.sampled_from([REFERENCES, SCORES]),
    st.randoms(use_true_random=False),
    st.data(),
)
def test_a_file_with_anything_put_in_it_is_right_or_told_to_be_faulty(
    source: str, random: Random, data: st.DataObject
) -> None:
    document = tomllib.loads(source)
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = random.choice(list(places(document)))
        holder[key] = copy.deepcopy(data.draw(st.sampled_from(WRONG)))
    assert all(fault.where and fault.what and fault.mend for fault in faults(write_toml(document)))


def faults(source: str) -> list[DefinitionError]:
    try:
        parse_definition(source)
    except InvalidDefinition as invalid:
        return invalid.errors
    return []


@steady
@given(st.binary(max_size=200))
def test_random_bytes_are_never_more_than_an_invalid_definition(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "noise.toml"
    file.write_bytes(content)
    with pytest.raises(InvalidDefinition):
        read_definition(file)
