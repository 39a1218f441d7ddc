"""In which order the rows of a chart and of its table stand: a choice of the reader."""

from __future__ import annotations

from enum import StrEnum


class Order(StrEnum):
    """The value is what the choice is called."""

    HIGHEST = "hoogste eerst"
    CHANGE = "grootste verandering eerst"
    ASKED = "zoals in de vragenlijst"
