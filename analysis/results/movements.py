"""How many regions went up, stayed and went down on a question, as far as that may be told."""

from __future__ import annotations

from datetime import date

from analysis.disclosure import SUPPRESSED, ReleasedRow, ReleasedTable, release
from analysis.movement import count_movements
from analysis.results.block import Block
from analysis.results.exhibit import PrintedTable
from analysis.results.source import PairResult, tell_source
from analysis.suppression import forces_small_cell
from analysis.wording import tell_regions
from surveys.dutch import format_percentage

_WAYS = (("up", "Omhoog"), ("same", "Gelijk gebleven"), ("down", "Omlaag"))


def release_movements(pair: PairResult, block: Block, day: date) -> ReleasedTable | None:
    """Of every question in the block; None where nothing may be compared."""
    rows = [
        row
        for row in count_movements(*pair.counted, pair.between)
        if row.section == block.section and row.n_pairs
    ]
    if not rows:
        return None
    return release(
        rows,
        title=block.title,
        base=f"{tell_regions(pair.pairs.regions)} die in beide jaren antwoordden",
        method="Per regio vergeleken: een stap of meer op de antwoordschaal, omhoog of omlaag.",
        source=tell_source(pair.results, day),
    )


def gives_away(row: ReleasedRow, before: ReleasedRow, after: ReleasedRow) -> bool:
    """Whether a movement beside the distributions of the same regions tells what a few of them
    answered in both waves."""
    if not (before["shares"] and after["shares"]):
        return False
    first, last = ([share["count"] for share in wave["shares"]] for wave in (before, after))
    return forces_small_cell(first, last, row["up"], row["down"])


def print_movement(row: ReleasedRow, *, is_hidden: bool = False) -> PrintedTable:
    """Of one question. A number that is small, or that tells a small one, is not given."""
    n = None if is_hidden else row["n_pairs"]
    return PrintedTable(
        f"Hoeveel regio's van antwoord veranderden tussen {row['wave_before']} en "
        f"{row['wave_after']}",
        ("Richting", "Regio's"),
        tuple((name, _tell(row[cell], n)) for cell, name in _WAYS),
        f"Van de {tell_regions(n)} die de vraag in beide jaren beantwoordden." if n else "",
    )


def _tell(number: int | None, n: int | None) -> str:
    if number is None or not n:
        return SUPPRESSED
    return f"{number} van {n} ({format_percentage(number / n)})"
