"""Which views a block of the questionnaire has, and what each shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from analysis.charts import Order
from analysis.disclosure import ReleasedTable
from analysis.results.anchoring import levels_exhibit, release_levels
from analysis.results.block import Block, find_section
from analysis.results.changes import changes_exhibit, release_changes
from analysis.results.distributions import (
    attention_exhibit,
    index_exhibit,
    release_distributions,
    release_indexes,
    release_panel_distributions,
    stacked_exhibit,
)
from analysis.results.exhibit import Exhibit
from analysis.results.panel_counts import has_common_answers, is_answered
from analysis.results.source import PairResult, WaveResult
from analysis.settings import Settings
from surveys.items import MultipleItem, ScaleItem, YesNoItem

# Its scale has two ends that are each a finding: what gets much attention, and what less.
_TWO_ENDED = "aandacht"


class View(StrEnum):
    """How a block is looked at; the value stands on the page and in addresses."""

    CHANGE = "Verandering"
    SPREAD = "Verdeling"
    LEVEL = "Stand"
    COURSE = "Verloop"


@dataclass(frozen=True)
class BlockResult:
    """A block in the last wave, and beside the wave before where there is one. `waves` is how many
    waves there are answers of, up to the last."""

    block: Block
    last: WaveResult
    pair: PairResult | None
    waves: int = 2

    @cached_property
    def is_compared(self) -> bool:
        return self.pair is not None and has_common_answers(self.pair, self.block.section)

    @property
    def is_answered(self) -> bool:
        return is_answered(self.last.counts, self.block.section)

    @property
    def views(self) -> list[View]:
        """Those that have something to show."""
        questions = find_section(self.last.counts.questionnaire, self.block).questions
        has = {
            View.CHANGE: self.is_compared,
            View.SPREAD: any(isinstance(q, ScaleItem) for q in questions),
            View.LEVEL: any(isinstance(q, MultipleItem | YesNoItem) for q in questions),
            View.COURSE: self.is_compared and self.waves > 2,
        }
        return [view for view in View if has[view]]


def change_exhibit(
    found: BlockResult, settings: Settings, day: date, order: Order = Order.HIGHEST
) -> Exhibit | None:
    """None where the block asks nothing that can be compared."""
    table = release_changes(found.pair, found.block, settings, day) if found.pair else None
    return changes_exhibit(table, found.block, order) if table else None


def release_spread(found: BlockResult, day: date) -> ReleasedTable:
    """The distributions: of both waves over the same regions where they are compared, else of the
    last wave."""
    if found.is_compared and found.pair and found.pair.pairs.regions:
        return release_panel_distributions(found.pair, found.block, day)
    return release_distributions(found.last, found.block, day)


def spread_exhibit(
    found: BlockResult, day: date, order: Order = Order.HIGHEST, *, diverging: bool = False
) -> Exhibit:
    draw = attention_exhibit if found.block.section == _TWO_ENDED else stacked_exhibit
    return draw(release_spread(found, day), found.block, order, diverging=diverging)


def level_exhibits(found: BlockResult, day: date, population: int | None = None) -> list[Exhibit]:
    """The shares of yes and of options, and the indexes made of them."""
    table = release_levels(found.last, found.block, day, population)
    levels = levels_exhibit(table, found.block, found.last.name, population)
    return [levels, *map(index_exhibit, release_indexes(found.last, found.block, day))]


def block_exhibits(
    found: BlockResult, settings: Settings, day: date, order: Order = Order.HIGHEST
) -> list[Exhibit]:
    """Every view of a block after the other, as a report has them."""
    exhibits: list[Exhibit] = []
    for view in found.views:
        if view is View.CHANGE and (changes := change_exhibit(found, settings, day, order)):
            exhibits.append(changes)
        elif view is View.SPREAD:
            exhibits.append(spread_exhibit(found, day, order))
        elif view is View.LEVEL:
            exhibits.extend(level_exhibits(found, day))
    return exhibits
