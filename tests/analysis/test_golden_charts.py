"""Charts are as they were agreed on, and no number in one is from elsewhere than its table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from analysis.charts.wave_values import mean_range
from analysis.disclosure import ReleasedTable
from surveys.dutch import format_number, format_p
from tests.analysis.fixed_tables import SOURCE, fix_levels
from tests.analysis.golden_charts import CHARTS, FOLDER, specify, specify_look

PLACES = {"top", "middle", "bottom", "above", "over", "under", "zero", "start"}  # no figures


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_as_it_was_agreed_on(name: str) -> None:
    assert specify(name) == read_golden(name), "python -m tests.analysis.golden_charts; git diff"


def test_all_charts_share_their_look() -> None:
    assert specify_look() == read_golden("look")


def test_no_golden_chart_is_of_nothing() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == {*CHARTS, "look"}


def read_golden(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CHARTS)
def test_every_number_in_a_chart_is_of_its_table(name: str) -> None:
    table = CHARTS[name][0]()
    tables = [table, fix_levels("2021", less=5)] if name == "anchoring_waves" else [table]
    numbers = [number for each in tables for number in numbers_of(each)]
    said = {text for each in tables for text in texts_of(each)}
    ends = ends_of(table) if name.startswith("spark") else set()
    printed = {*print_all(numbers), *map(str, ends)}
    drawn = [*data_of(specify(name))]
    assert drawn
    for entry in drawn:
        if "answer" in entry and "ink" in entry:  # a segment: as long as its share
            assert is_among(entry["high"] - entry["low"], numbers)
            entry = {k: v for k, v in entry.items() if k not in ("low", "high", "centre", "ink")}
        for field, value in entry.items():
            if isinstance(value, str) and value not in said:
                assert {*re.findall(r"\d+(?:,\d+)?", value)} <= printed, (field, value)
            elif type(value) in (int, float) and field not in PLACES and value not in ends:
                # a difference is drawn in points of percentage
                assert is_among(value, numbers) or is_among(value / 100, numbers), (field, value)


def is_among(value: float, numbers: list[float]) -> bool:
    return any(abs(value - number) < 1e-9 for number in numbers)


def ends_of(table: ReleasedTable) -> set[float]:
    """From where to where the scale of a small picture goes."""
    first = table.rows[0]
    if first["measure"] != "mean":
        return {0, 1}
    return {*mean_range([first["value_before"], first["value_after"]])}


def data_of(spec: Any) -> Iterator[dict[str, Any]]:
    """Every row of data, wherever in the specification."""
    if isinstance(spec, dict):
        yield from spec.get("data", {}).get("values", [])
        spec = [value for key, value in spec.items() if key != "data"]
    if isinstance(spec, list):
        for part in spec:
            yield from data_of(part)


def values_of(table: ReleasedTable) -> Iterator[Any]:
    for row in table.rows:
        for value in row.values.values():
            if isinstance(value, list):
                yield from (each for share in value for each in share.values())
            else:
                yield value


def numbers_of(table: ReleasedTable) -> list[float]:
    return [value for value in values_of(table) if type(value) in (int, float)]


def texts_of(table: ReleasedTable) -> set[str]:
    return {table.base, SOURCE, *(v for v in values_of(table) if isinstance(v, str))}


def print_all(numbers: list[float]) -> Iterator[str]:
    """A number in each way in which it may be printed, without sign."""
    for number in map(abs, numbers):
        yield from (format_number(number, decimals) for decimals in (0, 1, 2))
        yield format_number(number * 100, 0)
        if number <= 1:
            yield format_p(number).removeprefix("< ")
    yield from ("2021", "2024", "0", "100")  # the waves, and the ends of a percentage
