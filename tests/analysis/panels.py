"""One small questionnaire with a question of every kind, and panels of made-up answers to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.panel import Panel, make_panel
from surveys.answers import Answers, MissingReason
from surveys.definition import Definition, parse_definition
from surveys.questionnaire import Questionnaire
from surveys.routing import settle

# Concepts 'een' and 'twee' are asked for their urgency and for their yields, on different scales.
DEFINITION = """
id = "proef"
version = "{version}"
wave = "{wave}"
title = "Proef"

[[scales]]
id = "vijf"
choices = [
    {{ code = 1, label = "niet" }},
    {{ code = 2, label = "weinig" }},
    {{ code = 3, label = "iets" }},
    {{ code = 4, label = "veel" }},
    {{ code = 5, label = "heel veel" }},
]
shares = [
    {{ id = "top", label = "(heel) veel", codes = [4, 5] }},
    {{ id = "laag", label = "niet of weinig", codes = [1, 2] }},
]

[[scales]]
id = "drie"
choices = [
    {{ code = 1, label = "weinig" }},
    {{ code = 2, label = "iets" }},
    {{ code = 3, label = "veel" }},
]
shares = [{{ id = "top", label = "veel", codes = [3] }}]

[[sections]]
id = "nood"
title = "Nood"
items = [
    {{ type = "scale", id = "nood_een", concept = "een", text = "Nood een", scale = "vijf" }},
    {{ type = "scale", id = "nood_twee", concept = "twee", text = "Nood twee", scale = "vijf" }},
    {{ type = "scale", id = "nood_drie", concept = "drie", text = "Nood drie", scale = "vijf" }},
]
score = {{ id = "nood_score", concept = "nood_score", text = "Nood als geheel", minimum = 2 }}

[[sections]]
id = "baat"
title = "Baat"
items = [
    {{ type = "scale", id = "baat_een", concept = "een", text = "Baat een", scale = "drie" }},
    {{ type = "scale", id = "baat_twee", concept = "twee", text = "Baat twee", scale = "drie" }},
    {{ type = "grade", id = "baat_drie", concept = "drie", text = "Baat drie" }},
]

[[sections]]
id = "deel"
title = "Deel"
items = [
    {{ type = "yes_no", id = "bezig", concept = "bezig", text = "Bezig" }},
    {{ type = "grade", id = "cijfer", concept = "cijfer", text = "Cijfer" }},
    {{ type = "multiple", id = "vormen", concept = "vormen", text = "Vormen", choices = [
        {{ code = "a", label = "A" }}, {{ code = "b", label = "B" }},
        {{ code = "geen", label = "Geen", exclusive = true }} ] }},
]

[[indexes]]
id = "stand"
concept = "stand"
text = "Stand"
item = "vormen"
levels = [
    {{ code = "laag", label = "laag", minimum = 0 }},
    {{ code = "midden", label = "midden", minimum = 1 }},
    {{ code = "hoog", label = "hoog", minimum = 2 }},
]
{comparability}
"""
BEFORE, AFTER = "2021", "2024"
# Per wave and region what was answered; a region that did not respond is not there.
Given = dict[str, dict[str, Answers]]

_SCALES = {"nood_een": 5, "nood_twee": 5, "nood_drie": 5, "baat_een": 3, "baat_twee": 3}
_GRADES = ("baat_drie", "cijfer")
_FORMS = [("a",), ("b",), ("a", "b"), ("geen",)]
_REASONS = [MissingReason.DONT_KNOW, MissingReason.NOT_APPLICABLE, MissingReason.SKIPPED]


def define(wave: str = BEFORE, version: str = "1", comparability: str = "") -> Definition:
    return parse_definition(
        DEFINITION.format(wave=wave, version=version, comparability=comparability)
    )


def asked(wave: str = BEFORE, version: str = "1", comparability: str = "") -> Questionnaire:
    return define(wave, version, comparability).questionnaire


def panel_of(given: Given, questionnaires: Mapping[str, Questionnaire] | None = None) -> Panel:
    """The panel of these answers, by default to one questionnaire in all waves."""
    asked_in = questionnaires or dict.fromkeys(given, asked())
    settled = {
        wave: {
            region: settle(asked_in[wave], said)
            | {item: value for item, value in said.items() if isinstance(value, MissingReason)}
            for region, said in responses.items()
        }
        for wave, responses in given.items()
    }
    return make_panel(asked_in, settled)


def draw_answers(seed: int, regions: Mapping[str, Iterable[str]], missing: float = 0.12) -> Given:
    """Answers of the regions of each wave, higher in a later one; the same region answers alike."""
    chance = np.random.default_rng(seed)
    everyone = sorted({region for wave in regions.values() for region in wave})
    level = {region: chance.normal() for region in everyone}
    return {
        wave: {
            region: _draw(chance, level[region] + 0.5 * number, missing)
            for region in sorted(present)
        }
        for number, (wave, present) in enumerate(regions.items())
    }


def _draw(chance: np.random.Generator, level: float, missing: float) -> Answers:
    def position(size: int) -> int:
        middle = (size + 1) / 2 + level * size / 6
        return int(np.clip(round(chance.normal(middle, size / 6)), 1, size))

    said: dict[str, Any] = {item: str(position(size)) for item, size in _SCALES.items()}
    said |= {item: str(position(10)) for item in _GRADES}
    said["bezig"] = "ja" if chance.normal(level) > 0 else "nee"
    said["vormen"] = _FORMS[chance.integers(len(_FORMS))]
    for item in said:
        if chance.random() < missing:
            said[item] = _REASONS[chance.integers(len(_REASONS))]
    return said


def rows_of(given: Given, wave: str, item: str, worth: Callable[[Any], float]) -> pd.Series:
    """By region what its valid answer is worth: the data as a statistician gets them."""
    return pd.Series(
        {
            region: worth(said[item])
            for region, said in given[wave].items()
            if item in said and not isinstance(said[item], MissingReason)
        },
        dtype=float,
    )


def is_top(code: Any) -> float:
    return float(code in ("4", "5"))
