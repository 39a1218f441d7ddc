"""One question of a block: what changed, how it was answered, how the regions moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from analysis.disclosure import ReleasedTable
from analysis.results.anchoring import levels_exhibit, release_levels
from analysis.results.block import find_section
from analysis.results.blocks import BlockResult, release_spread
from analysis.results.changes import changes_exhibit, release_changes
from analysis.results.distributions import stacked_exhibit
from analysis.results.exhibit import Exhibit, PrintedTable
from analysis.results.movements import gives_away, print_movement, release_movements
from analysis.results.sentences import tell_change_of
from analysis.settings import Settings
from surveys.items import LongTextItem, MultipleItem, Question, ScaleItem, ShortTextItem, YesNoItem


def list_questions(found: BlockResult) -> list[Question]:
    """The closed questions of the block, as the last wave asked them."""
    section = find_section(found.last.counts.questionnaire, found.block)
    return [q for q in section.questions if not isinstance(q, ShortTextItem | LongTextItem)]


def question_exhibits(
    found: BlockResult, question: Question, settings: Settings, day: date
) -> list[Exhibit]:
    """The change and the distribution of the question alone. Its figures are those of the whole
    block, which decides on suppression and on the correction of p."""
    block, exhibits = found.block, []
    if found.is_compared and found.pair:
        table = _only(release_changes(found.pair, block, settings, day), question)
        if table:
            changes = changes_exhibit(table, block)
            if len(table.rows) == 1:
                changes = replace(changes, finding=tell_change_of(table.rows[0], block))
            exhibits.append(changes)
    if isinstance(question, ScaleItem):
        table = _only(release_spread(found, day), question)
        if table:
            told = f"Zo antwoordden de regio's op '{question.text}'"
            exhibits.append(replace(stacked_exhibit(table, block), finding=told))
    elif isinstance(question, YesNoItem | MultipleItem):
        table = _only(release_levels(found.last, block, day), question)
        if table:
            exhibits.append(levels_exhibit(table, block, found.last.name))
    return [replace(each, name=f"{each.name}-{question.concept}") for each in exhibits]


def print_question_movement(
    found: BlockResult, question: Question, day: date
) -> PrintedTable | None:
    """None for a question without one answer, and where nothing is compared. Hidden where it would
    tell too much beside the distributions, which stand on the same page."""
    if isinstance(question, MultipleItem) or not (found.is_compared and found.pair):
        return None
    table = _only(release_movements(found.pair, found.block, day), question)
    if table is None:
        return None
    row, is_hidden = table.rows[0], False
    if isinstance(question, ScaleItem):
        spread = _only(release_spread(found, day), question)
        if spread and len(spread.rows) == 2:
            is_hidden = gives_away(row, *spread.rows)
    return print_movement(row, is_hidden=is_hidden)


def _only(table: ReleasedTable | None, question: Question) -> ReleasedTable | None:
    rows = table.of_question(question.id) if table else None
    return rows if rows and rows.rows else None
