"""A file of answers: how it may be written, what it must have, and what is written is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.definition import read_definition
from surveys.routing import settle
from surveys.tidy import COLUMNS, InvalidAnswers, read_answers, write_answers
from tests.surveys.strategies import answers, steady

DEFINITIONS = Path(__file__).parents[1] / "definitions"
ALL_TYPES = read_definition(DEFINITIONS / "all_types.toml").questionnaire


def faults(file: Path, content: bytes) -> list[str]:
    file.write_bytes(content)
    with pytest.raises(InvalidAnswers) as refused:
        read_answers(file, {"2024": ALL_TYPES})
    return [str(error) for error in refused.value.errors]


@pytest.mark.parametrize(
    "content",
    [
        b"region,wave,item,value\n01,2024,schaal,2\n",
        b"\xef\xbb\xbfvalue;region;wave;item\r\n2;01;2024;schaal\r\n\r\n",
        b'region, wave, item, value\n"01",2024, schaal , 2\n',
    ],
    ids=["plain", "from Excel", "quotes and spaces"],
)
def test_answers_are_read_however_they_were_saved(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "answers.csv"
    file.write_bytes(content)
    found = read_answers(file, {"2024": ALL_TYPES}).responses["2024"]
    assert found == {"01": settle(ALL_TYPES, {"schaal": "2"})}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", ["row 1: the columns are '', but should be 'region,wave,item,value'"]),
        (
            b"region,wave,item\n01,2024,schaal\n",
            ["row 1: the columns are 'region,wave,item', but should be 'region,wave,item,value'"],
        ),
        (
            b"region,wave,item,value\n01,2024,schaal,9\n01,2024\n,2024,schaal,1\n",
            [
                "row 2: item 'schaal': unknown code; expected one of: 1, 2, 3",
                "row 3: has 2 values in place of 4",
                "row 4: the region is empty",
            ],
        ),
        (
            b'region,wave,item,value\n01,2024,kort,"een\n02,2024,kort,twee\n',
            ["row 3: is not CSV (unexpected end of data)"],
        ),
        (
            b"region,wave,item,value\n01,2024,kort,\xe9\n",
            ["the file is not UTF-8 text: save it as CSV UTF-8"],
        ),
    ],
)
def test_every_fault_is_told_with_its_row(tmp_path: Path, content: bytes, told: list[str]) -> None:
    assert faults(tmp_path / "answers.csv", content) == told


@steady
@given(st.data())
def test_answers_that_were_written_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    regions = data.draw(st.lists(st.sampled_from(["01", "02", "r 3"]), unique=True))
    responses = {r: settle(ALL_TYPES, data.draw(answers(ALL_TYPES))) for r in regions}
    file = tmp_path_factory.getbasetemp() / "answers.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(",".join(COLUMNS) + "\n")
        write_answers(out, "2024", responses)
    assert read_answers(file, {"2024": ALL_TYPES}).responses["2024"] == responses
