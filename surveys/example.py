"""The example's regions, their register, its waves and questionnaires.

Its answers are solved in `analysis`.
"""

from __future__ import annotations

from collections.abc import Mapping

from surveys.answers import Answers
from surveys.definition import DEFINITIONS, Definition, read_definition
from surveys.fieldwork import AnsweredWave, WaveState
from surveys.regions.register import Register

BEFORE, AFTER = "2021", "2024"
REGIONS = tuple((f"{number:02d}", f"Regio {number:02d}") for number in range(1, 79))

# The later wave is still open, so that anyone can try the questionnaire.
_STATES = {BEFORE: WaveState.CLOSED, AFTER: WaveState.OPEN}

# How many of the regions are in each province; invented.
_PROVINCES = {
    "Groningen": 3,
    "Fryslân": 4,
    "Drenthe": 3,
    "Overijssel": 7,
    "Flevoland": 2,
    "Gelderland": 12,
    "Utrecht": 6,
    "Noord-Holland": 11,
    "Zuid-Holland": 14,
    "Zeeland": 3,
    "Noord-Brabant": 10,
    "Limburg": 3,
}
_SIZES = ("klein", "middel", "groot")


def read_example_register() -> Register:
    """The province and size of the example's regions. Both are invented and always the same:
    they say nothing of real regions, and the example's answers do not depend on them."""
    provinces = [province for province, regions in _PROVINCES.items() for _ in range(regions)]
    return Register(
        {
            number: {"provincie": province, "grootte": _SIZES[place % len(_SIZES)]}
            for place, ((number, _), province) in enumerate(zip(REGIONS, provinces, strict=True))
        },
        ("provincie", "grootte"),
        dict(REGIONS),
    )


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
