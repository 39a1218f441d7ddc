"""The table of REDCap's scenarios is whole, and names tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs/redcap.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[^`]+)`")
VERDICTS = ("met", "met otherwise", "does not apply", "not met")
# how many scenarios REDCap has of each requirement
DATA_ENTRY = dict.fromkeys(range(1, 14), 1) | {6: 7, 13: 5}
SURVEY = dict.fromkeys((1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13), 1)


class Row(NamedTuple):
    number: str
    asked: str
    verdict: str
    shown: str

    @property
    def tests(self) -> list[str]:
        return NAMED.findall(self.shown)

    @property
    def reason(self) -> str:
        return NAMED.sub("", self.shown).strip()


def read_rows() -> list[Row]:
    lines = [line for line in TEXT.splitlines() if line.startswith("| B.")]
    return [Row(*(cell.strip() for cell in line.strip("|").split("|"))) for line in lines]


ROWS = read_rows()
TESTS = sorted({test for row in ROWS for test in row.tests})


@cache
def functions(file: str) -> frozenset[str]:
    """The functions at the top of a file, where pytest looks for tests."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def test_every_scenario_stands_in_the_table_once_and_in_order() -> None:
    assert [row.number for row in ROWS] == [
        f"B.3.{module}.{requirement:02d}00.{scenario}00"
        for module, requirements in ((14, DATA_ENTRY), (15, SURVEY))
        for requirement, scenarios in requirements.items()
        for scenario in range(1, scenarios + 1)
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.number)
def test_every_row_has_a_test_or_a_reason(row: Row) -> None:
    assert row.asked
    assert row.verdict in VERDICTS
    if row.verdict in ("met", "met otherwise"):
        assert row.tests
    if row.verdict != "met":
        assert row.reason


@pytest.mark.parametrize("test", TESTS)
def test_every_test_that_is_named_exists(test: str) -> None:
    file, _, name = test.partition("::")
    assert Path(file).name.startswith("test_")
    assert name.startswith("test_")
    assert name in functions(file), f"there is no {name} in {file}"


def test_what_is_not_met_is_told_above_the_table() -> None:
    missing = any(row.verdict == "not met" for row in ROWS)
    assert ("There is none at this moment." in TEXT) is not missing
