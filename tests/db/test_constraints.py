"""What the database itself refuses, whoever writes: each statement goes right but for one thing."""

from __future__ import annotations

import sqlite3

import pytest

from db.store import Store
from surveys.definition import read_definition
from surveys.fieldwork import WaveState
from tests.db.scenes import DEFINITIONS, begin, import_responses, rows, save

RESPONSE = (
    "INSERT INTO response (region_id, wave_id, questionnaire_id, state, version, revision, "
    "begun_at, submitted_at) VALUES ({}, 0, '2024-01-01', {})"
)
ANSWER = (
    "INSERT INTO answer (response_id, questionnaire_id, item, kind, code, number, text) VALUES ({})"
)
CHOICE = (
    "INSERT INTO answer_choice (response_id, questionnaire_id, item, code, kind) "
    "VALUES ({}, 'multiple')"
)
CODE = "INSERT INTO permitted_code VALUES (1, 'schaal', {}, 0)"
INVITATION = (
    "INSERT INTO invitation (region_id, wave_id, created_at, withdrawn_at) "
    "VALUES ({}, '2024-01-01', {})"
)
WAVE = "INSERT INTO wave (name, state, questionnaire_id, is_example) VALUES ({}, 0)"
TODAY = "'2024-01-02'"

# What it is about: a statement that goes right, one that does not, and the constraint.
# Region 1 has a draft (response 1) that holds 'meer', region 2 a final response (2), region 3 none.
REFUSED = {
    "second draft of a region and wave": (
        RESPONSE.format("3, 1, 1, 'draft', 2", "NULL"),
        RESPONSE.format("1, 1, 1, 'draft', 2", "NULL"),
        "UNIQUE constraint failed: response.region_id, response.wave_id$",
    ),
    "second final response of a region and wave": (
        RESPONSE.format("1, 1, 1, 'final', 2", TODAY),
        RESPONSE.format("2, 1, 1, 'final', 2", TODAY),
        "UNIQUE constraint failed: response.region_id, response.wave_id$",
    ),
    "version used twice": (
        RESPONSE.format("2, 1, 1, 'superseded', 2", TODAY),
        RESPONSE.format("2, 1, 1, 'superseded', 1", TODAY),
        "UNIQUE constraint failed: response.region_id, response.wave_id, response.version",
    ),
    "unknown state of a response": (
        RESPONSE.format("3, 1, 1, 'final', 2", TODAY),
        RESPONSE.format("3, 1, 1, 'done', 2", TODAY),
        "ck_response_state",
    ),
    "invalid response without a reason": (
        "UPDATE response SET state = 'invalid', invalid_reason = 'Verkeerde regio' WHERE id = 2",
        "UPDATE response SET state = 'invalid' WHERE id = 2",
        "ck_response_invalid",
    ),
    "reason of invalidity on a response that counts": (
        "UPDATE response SET state = 'invalid', invalid_reason = 'Verkeerde regio' WHERE id = 2",
        "UPDATE response SET invalid_reason = 'Verkeerde regio' WHERE id = 2",
        "ck_response_invalid",
    ),
    "final response that was never submitted": (
        RESPONSE.format("3, 1, 1, 'final', 2", TODAY),
        RESPONSE.format("3, 1, 1, 'final', 2", "NULL"),
        "ck_response_submitted",
    ),
    "response of a region that does not exist": (
        RESPONSE.format("3, 1, 1, 'draft', 2", "NULL"),
        RESPONSE.format("9, 1, 1, 'draft', 2", "NULL"),
        "FOREIGN KEY",
    ),
    "answer to no item": (
        ANSWER.format("1, 1, 'schaal', 'scale', '3', NULL, NULL"),
        ANSWER.format("1, 1, 'schal', 'scale', '3', NULL, NULL"),
        "FOREIGN KEY",
    ),
    "answer to an item of another questionnaire": (
        ANSWER.format("1, 1, 'schaal', 'scale', '3', NULL, NULL"),
        ANSWER.format("1, 2, 'bezig', 'yes_no', 'ja', NULL, NULL"),
        "FOREIGN KEY",
    ),
    "code that the scale does not have": (
        ANSWER.format("1, 1, 'schaal', 'scale', '3', NULL, NULL"),
        ANSWER.format("1, 1, 'schaal', 'scale', '6', NULL, NULL"),
        "FOREIGN KEY",
    ),
    "grade above ten": (
        ANSWER.format("1, 1, 'cijfer', 'grade', '10', NULL, NULL"),
        ANSWER.format("1, 1, 'cijfer', 'grade', '11', NULL, NULL"),
        "FOREIGN KEY",
    ),
    "unknown reason for missing": (
        ANSWER.format("1, 1, 'getal', 'number', 'nvt', NULL, NULL"),
        ANSWER.format("1, 1, 'getal', 'number', 'geheim', NULL, NULL"),
        "FOREIGN KEY",
    ),
    "answer that calls its item another kind": (
        ANSWER.format("1, 1, 'getal', 'number', NULL, 3, NULL"),
        ANSWER.format("1, 1, 'schaal', 'number', NULL, 3, NULL"),
        "FOREIGN KEY",
    ),
    "number as answer to a scale": (
        ANSWER.format("1, 1, 'schaal', 'scale', '3', NULL, NULL"),
        ANSWER.format("1, 1, 'schaal', 'scale', NULL, 3, NULL"),
        "ck_answer_fits_kind",
    ),
    "text as answer to a number": (
        ANSWER.format("1, 1, 'getal', 'number', NULL, 3, NULL"),
        ANSWER.format("1, 1, 'getal', 'number', NULL, NULL, 'drie'"),
        "ck_answer_fits_kind",
    ),
    "number as answer to a text": (
        ANSWER.format("1, 1, 'kort', 'short_text', NULL, NULL, 'drie'"),
        ANSWER.format("1, 1, 'kort', 'short_text', NULL, 3, NULL"),
        "ck_answer_fits_kind",
    ),
    "code with a text beside it": (
        ANSWER.format("1, 1, 'ja_nee', 'yes_no', 'ja', NULL, NULL"),
        ANSWER.format("1, 1, 'ja_nee', 'yes_no', 'ja', NULL, 'maar'"),
        "ck_answer_fits_kind",
    ),
    "answer without an answer": (
        ANSWER.format("1, 1, 'ja_nee', 'yes_no', 'ja', NULL, NULL"),
        ANSWER.format("1, 1, 'ja_nee', 'yes_no', NULL, NULL, NULL"),
        "ck_answer_fits_kind",
    ),
    "option of a multiple item in place of its answer": (
        ANSWER.format("2, 1, 'meer', 'multiple', 'nvt', NULL, NULL"),
        ANSWER.format("2, 1, 'meer', 'multiple', 'a', NULL, NULL"),
        "ck_answer_multiple_apart",
    ),
    "option that does not exist": (
        CHOICE.format("1, 1, 'meer', 'b'"),
        CHOICE.format("1, 1, 'meer', 'z'"),
        "FOREIGN KEY",
    ),
    "option of an item that was not answered": (
        CHOICE.format("1, 1, 'meer', 'b'"),
        CHOICE.format("2, 1, 'meer', 'b'"),
        "FOREIGN KEY",
    ),
    "reason for missing as an option": (
        CHOICE.format("1, 1, 'meer', 'b'"),
        CHOICE.format("1, 1, 'meer', 'nvt'"),
        "ck_answer_choice_no_missing_codes",
    ),
    "code that passes for a reason for missing": (
        CODE.format("'9', 0"),
        CODE.format("'9', 1"),
        "ck_permitted_code_missing_codes",
    ),
    "unknown state of a wave": (
        WAVE.format("'2027', 'closed', 1"),
        WAVE.format("'2027', 'paused', 1"),
        "ck_wave_state",
    ),
    "wave named twice": (
        WAVE.format("'2027', 'closed', 1"),
        WAVE.format("'2024', 'closed', 1"),
        "UNIQUE constraint failed: wave.name",
    ),
    "wave without a questionnaire": (
        WAVE.format("'2027', 'closed', 1"),
        WAVE.format("'2027', 'closed', 9"),
        "FOREIGN KEY",
    ),
    "region number used twice": (
        "INSERT INTO region (number, name) VALUES ('04', 'Regio')",
        "INSERT INTO region (number, name) VALUES ('03', 'Regio')",
        "UNIQUE constraint failed: region.number",
    ),
    "second live invitation of a region": (
        INVITATION.format("1, 1", TODAY),
        INVITATION.format("1, 1", "NULL"),
        "UNIQUE constraint failed: invitation.region_id, invitation.wave_id",
    ),
}


@pytest.fixture
def filled(store: Store, raw: sqlite3.Connection) -> sqlite3.Connection:
    visit, form = begin(store)
    save(store, visit, form, {"meer": ("a",)})
    store.regions.add([("02", "Regio 02"), ("03", "Regio 03")])
    import_responses(store, "2024", {"02": {"schaal": "3"}})
    raw.execute("DELETE FROM answer WHERE response_id = 2")
    raw.commit()
    other = DEFINITIONS / "references.toml"
    store.waves.add("2025", read_definition(other), state=WaveState.PLANNED)
    return raw


@pytest.mark.parametrize("case", REFUSED)
def test_the_database_refuses(filled: sqlite3.Connection, case: str) -> None:
    right, wrong, constraint = REFUSED[case]
    filled.execute(right)
    filled.rollback()
    with pytest.raises(sqlite3.IntegrityError, match=constraint):
        filled.execute(wrong)


def test_a_response_that_is_removed_takes_its_answers_with_it(filled: sqlite3.Connection) -> None:
    assert rows(filled, "SELECT count(*) FROM answer_choice WHERE response_id = 1") == [(1,)]
    filled.execute("DELETE FROM response WHERE id = 1")
    assert rows(filled, "SELECT count(*) FROM answer WHERE response_id = 1") == [(0,)]
    assert rows(filled, "SELECT count(*) FROM answer_choice WHERE response_id = 1") == [(0,)]


def test_a_region_with_answers_cannot_be_removed(filled: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        filled.execute("DELETE FROM region WHERE id = 1")
