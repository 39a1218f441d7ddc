"""What a region may see with its personal link once the wave is closed: its own answers, and the
counts of all regions to lay them beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from surveys.answers import Value
from surveys.fieldwork import Wave
from surveys.previous import PreviousAnswer
from surveys.questionnaire import Questionnaire


@dataclass(frozen=True)
class OwnResults:
    """Of one region in one closed wave.

    `questionnaire` is the version that the wave has in use; `answers` are those that the region
    submitted, to the version `answered`. `earlier` holds what it answered in the wave before to
    the questions that are comparable, by question of now; `is_regrouped`: between the two the
    region merged with another or split. `has_unsent`: it changed answers and did not submit them.

    `tallies` are rows (section, concept, option, code, number of regions) over all regions with
    a response that counts, this one included; `own` are rows (section, concept, option, code) of
    this region. `asked`: regions that were invited, if known.
    """

    region_name: str
    wave: Wave
    questionnaire: Questionnaire
    answered: Questionnaire
    version: int
    submitted_at: datetime
    answers: Mapping[str, Value]
    tallies: list[tuple[Any, ...]]
    own: list[tuple[Any, ...]]
    respondents: int
    asked: int | None
    earlier: Mapping[str, PreviousAnswer] = field(default_factory=dict)
    earlier_wave: str = ""
    is_regrouped: bool = False
    has_unsent: bool = False
