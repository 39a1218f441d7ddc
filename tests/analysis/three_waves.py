"""The example with a third wave that is made up: some regions drop out, others come back."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from itertools import combinations

from analysis.example import solve_example
from analysis.panel import Panel, make_panel
from analysis.published import read_published
from analysis.results.exhibit import Exhibit
from analysis.results.source import WaveResult
from analysis.results.trend import trend_exhibit
from analysis.settings import Settings
from surveys.answers import Answers, MissingReason, Value
from surveys.example import read_example_definitions
from surveys.fieldwork import Wave, WaveState
from surveys.routing import settle

WAVES = ("2021", "2024", "2027")
DAY = date(2027, 6, 1)
_NEXT = {"1": "2", "2": "3", "3": "4", "4": "5", "6": "7", "7": "8"}


@cache
def example_answers() -> Mapping[str, Mapping[str, Answers]]:
    """By wave and region. In 2027 nine of the regions of 2024 are gone, two in five answers on a
    scale or of a grade are one higher, and some are missing."""
    found = solve_example(read_published())
    chance = random.Random(7)  # noqa: S311  (made-up data, no secret)
    last = sorted(found["2024"])
    gone = set(chance.sample(last, 9))
    back = sorted(found["2021"].keys() - found["2024"].keys())
    third: dict[str, dict[str, Value]] = {
        region: {item: _later(value, chance) for item, value in found["2024"][region].items()}
        for region in last
        if region not in gone
    }
    third |= {region: dict(found["2024"][last[0]]) for region in back}
    return {**found, "2027": third}


def _later(value: Value, chance: random.Random) -> Value:
    if chance.random() < 0.02:
        return MissingReason.DONT_KNOW
    if isinstance(value, str) and chance.random() < 0.4:
        return _NEXT.get(value, value)
    return value


@cache
def example_panel() -> Panel:
    asked = {w: definition.questionnaire for w, definition in read_example_definitions().items()}
    asked["2027"] = asked["2024"]
    answers = {
        wave: {
            region: settle(asked[wave], given)
            | {item: value for item, value in given.items() if isinstance(value, MissingReason)}
            for region, given in responses.items()
        }
        for wave, responses in example_answers().items()
    }
    return make_panel(asked, answers)


def results_of(panel: Panel, waves: Sequence[str] = WAVES) -> list[WaveResult]:
    return [
        WaveResult(Wave(w, WaveState.CLOSED, w, is_example=True), panel.count(w)) for w in waves
    ]


def trend_of(section: str, settings: Settings = Settings()) -> Exhibit | None:  # noqa: B008
    panel = example_panel()
    pairs = {pair: panel.count_pairs(*pair) for pair in combinations(WAVES, 2)}
    results = results_of(panel)
    return trend_exhibit(results, panel.count_patterns(), pairs, section, settings, DAY)
