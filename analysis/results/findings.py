"""The few findings that matter, as sentences made of released figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice, zip_longest

from analysis.disclosure import ReleasedRow, ReleasedTable
from analysis.finding_wording import tell_anchoring, tell_changes
from analysis.priorities import URGENT
from analysis.results.anchoring import release_levels
from analysis.results.block import list_blocks
from analysis.results.blocks import BlockResult, View
from analysis.results.changes import release_changes
from analysis.results.distributions import release_distributions
from analysis.results.exhibit import PrintedTable
from analysis.results.sentences import tell_change_of, tell_most, tell_priority_of
from analysis.results.source import PairResult, WaveResult
from analysis.settings import Settings
from analysis.wording import tell_after, tell_amount, tell_before, tell_detectable
from surveys.dutch import format_percentage

_MOST, _MOST_CHANGES = 5, 3


@dataclass(frozen=True)
class Finding:
    """A sentence made of a row of a released table, with what to look at for more: a section and
    the text of a question, empty where it is about the whole section."""

    sentence: str
    section: str
    question: str
    table: ReleasedTable
    row: ReleasedRow | None = None


def find_findings(
    last: WaveResult,
    pair: PairResult | None,
    priorities: ReleasedTable | None,
    settings: Settings,
    day: date,
) -> list[Finding]:
    """At most five: what changed, first of each block; then where need exceeds yield; then the
    level of blocks that nothing is compared of, what is arranged before what was judged."""
    blocks = [BlockResult(block, last, pair) for block in list_blocks(last.counts.questionnaire)]
    compared = [found for found in blocks if found.is_compared]
    changed = [_find_changed(found, settings, day) for found in compared]
    by_turns = chain.from_iterable(zip_longest(*changed))
    changes = list(islice(filter(None, by_turns), _MOST_CHANGES))
    if not changes:
        changes = [*chain.from_iterable(_tell_none(found, settings, day) for found in compared[:1])]
    rest = sorted(
        (found for found in blocks if found not in compared),
        key=lambda found: View.LEVEL not in found.views,
    )
    others = chain(_find_priority(priorities), *(_find_levels(found, day) for found in rest))
    return [*changes, *islice(others, _MOST - len(changes))]


def _find_changed(found: BlockResult, settings: Settings, day: date) -> list[Finding]:
    """Those with a star, the largest change first."""
    table = _release(found, settings, day)
    changed = [row for row in table.rows if row.has_star] if table else []
    changed.sort(key=lambda row: -abs(row["change"]))
    return [
        Finding(tell_change_of(row, found.block), found.block.section, row["text"], table, row)
        for row in changed
        if table
    ]


def _release(found: BlockResult, settings: Settings, day: date) -> ReleasedTable | None:
    return release_changes(found.pair, found.block, settings, day) if found.pair else None


def _tell_none(found: BlockResult, settings: Settings, day: date) -> Iterator[Finding]:
    """That no change was shown, which is not that there was none."""
    if table := _release(found, settings, day):
        sentence = f"{tell_changes(table, found.block.what)}. {tell_detectable(table)}"
        yield Finding(sentence, found.block.section, "", table)


def _find_priority(priorities: ReleasedTable | None) -> Iterator[Finding]:
    """The largest gap that was shown."""
    if priorities is None:
        return
    urgent = [row for row in priorities.rows if row["standing"] == URGENT]
    for row in sorted(urgent, key=lambda row: -row["gap"])[:1]:
        yield Finding(tell_priority_of(row), "prioriteiten", "", priorities, row)


def _find_levels(found: BlockResult, day: date) -> Iterator[Finding]:
    block = found.block
    if not found.is_answered:
        return
    if View.LEVEL in found.views:
        table = release_levels(found.last, block, day)
        shown = [row for row in table.rows if row["value"] is not None]
        if shown:
            yield Finding(f"{tell_anchoring(table)}.", block.section, "", table, shown[0])
    elif View.SPREAD in found.views:
        table = release_distributions(found.last, block, day)
        told = [row for row in table.rows if row["totals"] and row["n"]]
        if told:
            most = max(told, key=_headline)
            sentence = tell_most(table, most, block)
            yield Finding(sentence, block.section, most["text"], table, most)


def _headline(row: ReleasedRow) -> float:
    return float(row["totals"][0]["value"])


def print_findings(findings: Sequence[Finding]) -> PrintedTable:
    """The figures behind the sentences."""
    rows = [_print(finding.row) for finding in findings if finding.row is not None]
    return PrintedTable(
        "De cijfers bij deze bevindingen", ("Vraag", "Cijfer", "Uitkomst"), tuple(rows)
    )


def _print(row: ReleasedRow) -> tuple[str, ...]:
    if row["standing"]:
        shares = (f"{format_percentage(row[part])}" for part in ("urgent", "yielding"))
        return (
            row["text"],
            f"{' urgent, '.join(shares)} opbrengst (n = {row['n']})",
            row["standing"],
        )
    if row["change"] is not None:
        before, after = tell_before(row), tell_after(row)
        bases = row["n_pairs"] or f"{row['n_before']} en {row['n_after']}"
        told = f"{before} in {row['wave_before']}, {after} in {row['wave_after']} (n = {bases})"
        return row["text"], told, row["outcome"]
    if row["totals"]:
        headline = row["totals"][0]
        told = f"{format_percentage(headline['value'])} {headline['label']} (n = {row['n']})"
        return row["text"], told, "stand, geen vergelijking"
    told = f"{tell_amount(row, row['value'])} {row['label']} (n = {row['n']})"
    return row["text"], told, "stand, geen vergelijking"
