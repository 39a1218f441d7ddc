"""What an evaluator can overrule in a comparison; the defaults are those of the method page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from analysis.measures import MEAN, ORDINAL, PROPORTION

PAIRED: Final = "paired"
OVERLAP: Final = "overlap"
INDEPENDENT: Final = "independent"
Design = Literal["auto", "paired", "overlap", "independent"]
Adjustment = Literal["holm", "bh", "none"]
Follows = Literal["raw", "adjusted"]
PairedInterval = Literal["tango", "newcombe10"]

# Per measure and kind of table the tests that there are; the first is the default.
TESTS: dict[tuple[str, str], tuple[str, ...]] = {
    (PROPORTION, PAIRED): ("mcnemar_midp", "mcnemar_exact"),
    (PROPORTION, INDEPENDENT): ("fisher",),
    (ORDINAL, PAIRED): ("wilcoxon_pratt",),
    (ORDINAL, INDEPENDENT): ("mann_whitney", "brunner_munzel"),
    (MEAN, PAIRED): ("paired_t", "wilcoxon_pratt"),
    (MEAN, INDEPENDENT): ("welch_t", "mann_whitney", "brunner_munzel"),
}


@dataclass(frozen=True)
class Margin:
    """The change that still counts as equivalent, above 0: a fraction for proportions (at most
    0.7), and scale positions or units of the question for the others. None: equivalence is
    not tested."""

    proportion: float | None = None
    mean: float | None = None


@dataclass(frozen=True)
class Settings:
    """How two waves are compared.

    `tests` names tests to be used in place of the default where they fit (see TESTS).
    `adjustment` makes the second p value; `stars` tells which of the two decides.
    `whole_scale` tests scales as a whole in place of their reported shares.
    """

    design: Design = "auto"
    tests: frozenset[str] = frozenset()
    paired_interval: PairedInterval = "tango"
    adjustment: Adjustment = "holm"
    stars: Follows = "raw"
    margin: Margin = field(default_factory=Margin)
    whole_scale: bool = False

    def test(self, kind: str, design: str) -> str:
        """The name of the test for a measure over pairs (PAIRED) or over INDEPENDENT waves."""
        possible = TESTS[kind, design]
        return next((name for name in possible if name in self.tests), possible[0])
