"""A released figure, and what stays of one that is suppressed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.decision import CHANGED

# What stays when a figure is suppressed: which figure it is, not what it says.
KEPT = frozenset(
    {
        "item",
        "part",
        "concept",
        "section",
        "text",
        "label",
        "label_urgent",
        "label_yielding",
        "measure",
        "wave",
        "wave_before",
        "wave_after",
        "attribute",
        "group",
        "is_summary",
        "design",
        "adjustment",
        "stars",
        "footnote",
    }
)
# Kept only where there is no figure: over few regions they would tell what all of them said.
WHY_NOT = frozenset({"reason", "outcome"})


@dataclass(frozen=True)
class ReleasedRow:
    """The released values of one figure; a suppressed one has no values."""

    values: dict[str, Any]
    is_suppressed: bool

    def __getitem__(self, name: str) -> Any:
        """The value, None where it was suppressed or does not exist for this figure."""
        return self.values.get(name)

    @property
    def has_star(self) -> bool:
        return bool(self["outcome"] == CHANGED)


def only(values: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """The values that have one of these names."""
    return {name: value for name, value in values.items() if name in names}
