"""The example's regions, waves and questionnaires. Its answers are solved in `analysis`."""

from __future__ import annotations

from collections.abc import Mapping

from surveys.answers import Answers
from surveys.definition import DEFINITIONS, Definition, read_definition
from surveys.fieldwork import AnsweredWave, WaveState

BEFORE, AFTER = "2021", "2024"
REGIONS = tuple((f"{number:02d}", f"Regio {number:02d}") for number in range(1, 79))

# The later wave is still open, so that anyone can try the questionnaire.
_STATES = {BEFORE: WaveState.CLOSED, AFTER: WaveState.OPEN}


def read_example_definitions() -> dict[str, Definition]:
    """The questionnaire of each example wave."""
    return {
        wave: read_definition(DEFINITIONS / f"sto_programmaleiders_{wave}.toml")
        for wave in (BEFORE, AFTER)
    }


def plan_example_waves(responses: Mapping[str, Mapping[str, Answers]]) -> list[AnsweredWave]:
    """The waves to store, with the answers per wave and region number."""
    return [
        AnsweredWave(definition, _STATES[wave], responses[wave])
        for wave, definition in read_example_definitions().items()
    ]
