"""Which figures of a block are shown: one per question, and every option of a multiple item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from analysis.comparison import Comparison
from analysis.wave_series import WaveSeries
from surveys.items import MultipleItem
from surveys.questionnaire import Questionnaire

Compared = TypeVar("Compared", Comparison, WaveSeries)


def pick_headlines(
    rows: Iterable[Compared], section: str, questionnaire: Questionnaire
) -> list[Compared]:
    """Of each question in the section the figure that comes first; of a multiple item each option,
    under its own name. Without indexes and scores."""
    options = {item.id for item in questionnaire.questions if isinstance(item, MultipleItem)}
    first: dict[str, str] = {}
    found = []
    for row in rows:
        if row.section != section or row.is_summary:
            continue
        if row.item in options:
            found.append(replace(row, text=row.label, label="gekozen"))
        elif first.setdefault(row.item, row.part) == row.part:
            found.append(row)
    return found
