"""The answers of a wave per region, as the evaluator takes them out to analyse elsewhere.

They go past the rules for results: nothing is suppressed. So they are for the evaluator only, and
every time they are taken out is in the audit trail. There are no names of people with them, but
what was typed in an open question is as it was typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO

from surveys.answers import Answers
from surveys.entries import ShownAnswer
from surveys.fieldwork import Mode
from surveys.questionnaire import Questionnaire
from surveys.tidy import COLUMNS, write_answers


@dataclass(frozen=True)
class ExportedResponse:
    """The final response of a region. `answers` has every question of the version in use in the
    wave: of one that was not yet in the version that was answered, that it was not asked.
    `questionnaire_hash` is of the version that was answered."""

    region: str
    version: int
    mode: Mode
    begun_at: datetime
    submitted_at: datetime | None
    consented_at: datetime | None
    questionnaire_hash: str
    answers: Answers


@dataclass(frozen=True)
class Export:
    """All final responses of a wave by region number, with the questionnaire in use in it, and
    the earlier answers that were shown, in drafts and earlier versions too."""

    wave: str
    is_example: bool
    questionnaire: Questionnaire
    responses: tuple[ExportedResponse, ...]
    shown: tuple[ShownAnswer, ...]


def to_csv(export: Export) -> bytes:
    """For programs: the form that `surveys.tidy` reads, in UTF-8."""
    file = StringIO(newline="")
    file.write(",".join(COLUMNS) + "\n")
    write_answers(file, export.wave, {each.region: each.answers for each in export.responses})
    return file.getvalue().encode()


def name_file(wave: str, day: date, suffix: str, *, is_example: bool) -> str:
    """What a file is called, with nothing in it that a file system could take for a folder."""
    plain = re.sub(r"[^\w-]+", "_", wave)
    example = "-voorbeelddata" if is_example else ""
    return f"antwoorden-{plain}{example}-{day}.{suffix}"
