"""The Dutch page with what was found, in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.simulation import texts
from benchmarks.simulation.agreement import MOST_CHANGED, Agreement, tango_alone
from benchmarks.simulation.chances import ALPHA, SIZES, Chance, Row
from benchmarks.simulation.overlaps import OVERLAPS
from benchmarks.simulation.strength import (
    CHANGES,
    DISCORDANCES,
    GRADE_CHANGES,
    grade_power,
    needed_for_grades,
    needed_for_proportions,
    proportion_power,
)
from benchmarks.simulation.texts import format_count
from surveys.dutch import format_number, format_percentage

LEVEL = 1 - ALPHA
TOLERATED = 0.01  # how far below its level the coverage at one value may lie, unmarked
NONE = "–"
PER_SIZE = [f"n = {n}" for n in SIZES]
PER_OVERLAP = [" + ".join(map(str, overlap)) for overlap in OVERLAPS]


@dataclass(frozen=True)
class Outcomes:
    """What was found, per part of the page."""

    sizes: list[Row]
    wrong: list[tuple[str, list[float], list[float]]]
    family: list[Row]
    waves: tuple[list[Row], list[Row]]  # the same regions, other regions
    groups: list[Row]
    equivalence: list[Row]
    coverage: list[Row]
    means: list[Row]
    overlap: tuple[list[Row], list[Row]]  # sizes, coverage
    weighted: tuple[list[Row], list[Row]]
    agreement: list[Agreement]


def write_page(found: Outcomes) -> str:
    parts = [
        texts.INTRODUCTION,
        texts.SIZES_TEXT,
        *size_table("toets", found.sizes),
        texts.WRONG_TEXT,
        _wrong(found.wrong),
        texts.FAMILY_TEXT,
        *size_table("correctie", found.family),
        texts.OVERLAP_TEXT,
        *size_table("toets", found.overlap[0], PER_OVERLAP),
        texts.WAVES_TEXT,
        *size_table("toets", found.waves[0]),
        texts.OTHER_WAVES_TEXT,
        *size_table("toets", found.waves[1]),
        texts.GROUPS_TEXT,
        *size_table("toets", found.groups),
        texts.WEIGHTS_TEXT,
        *size_table("toets", found.weighted[0]),
        texts.EQUIVALENCE_TEXT,
        *size_table("toets", found.equivalence),
        texts.COVERAGE_TEXT,
        *coverage_table(found.coverage),
        texts.MEANS_TEXT,
        *coverage_table(found.means),
        texts.OVERLAP_COVERAGE_TEXT,
        *coverage_table(found.overlap[1], PER_OVERLAP),
        texts.WEIGHTED_COVERAGE_TEXT,
        *coverage_table(found.weighted[1]),
        *agreement_tables(found.agreement),
        *power_tables(),
        *needed_tables(),
    ]
    return "\n".join(parts)


def is_too_often(chance: Chance) -> bool:
    return chance.exceeds(ALPHA)


def is_below_level(chance: Chance) -> bool:
    return chance.falls_short_of(LEVEL)


def is_too_seldom(chance: Chance) -> bool:
    return chance.falls_short_of(LEVEL - TOLERATED)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def size_table(kind: str, rows: Sequence[Row], columns: Sequence[str] = PER_SIZE) -> list[str]:
    limit = f"boven {format_percentage(ALPHA)}"
    return [
        _rows([kind, "onder", *columns, "hoe"], rows, is_too_often),
        _tell_marked(rows, is_too_often, limit, "hoogste", max),
    ]


def coverage_table(rows: Sequence[Row], columns: Sequence[str] = PER_SIZE) -> list[str]:
    below, total = count_marked(rows, is_below_level)
    limit = f"onder {format_percentage(LEVEL - TOLERATED)}"
    told = _tell_marked(rows, is_too_seldom, limit, "laagste", min)
    return [
        _rows(["interval", "onder", *columns, "hoe"], rows, is_too_seldom),
        f"Onder {format_percentage(LEVEL)}, na aftrek van simulatiefout: {below} van de {total}. "
        + told,
    ]


def _rows(head: Sequence[str], rows: Sequence[Row], is_marked: Callable[[Chance], bool]) -> str:
    lines = []
    for name, truth, chances in rows:
        cells = [_percentage(chance, is_marked(chance)) for chance in chances]
        cells += [NONE] * (len(head) - 3 - len(cells))
        repeats = chances[0].repeats
        how = f"{format_count(repeats)} keer" if repeats else "exact"
        lines.append([name, truth, *cells, how])
    return _table(head, lines)


def _percentage(chance: Chance, marked: bool) -> str:
    text = format_percentage(chance.value, 2)
    return f"**{text}**" if marked else text


def count_marked(rows: Sequence[Row], is_marked: Callable[[Chance], bool]) -> tuple[int, int]:
    """How many chances are marked, and how many there are."""
    chances = [chance for _, _, row in rows for chance in row]
    return sum(map(is_marked, chances)), len(chances)


def _tell_marked(
    rows: Sequence[Row],
    is_marked: Callable[[Chance], bool],
    limit: str,
    utmost: str,
    pick: Callable[[Iterable[float]], float],
) -> str:
    """How many are marked, and per test where, with the one farthest off."""
    marked, total = count_marked(rows, is_marked)
    if not marked:
        return f"Geen van de {total} ligt {limit}, op simulatiefout na.\n"
    where: dict[str, list[str]] = {}
    values: dict[str, list[float]] = {}
    for name, truth, chances in rows:
        if found := [chance.value for chance in chances if is_marked(chance)]:
            where.setdefault(name, []).append(truth)
            values.setdefault(name, []).extend(found)
    lines = [
        f"- {name} ({utmost}: {format_percentage(pick(values[name]), 2)}): {'; '.join(truths)}\n"
        for name, truths in where.items()
    ]
    return f"**Vet** ({marked} van de {total}), dus {limit}:\n\n{''.join(lines)}"


def agreement_tables(rows: Sequence[Agreement]) -> list[str]:
    lines = [
        [
            row.star,
            row.interval,
            str(row.n),
            *map(format_count, (row.tables, row.star_only, row.interval_only)),
            format_percentage(row.chance, 2),
        ]
        for row in rows
    ]
    head = ["ster", "interval", "n", "tabellen", "alleen een ster", "alleen het interval", "kans"]
    pairs = [f"{up} tegen {down}" for up, down in tango_alone()]
    return [
        texts.AGREEMENT_TEXT,
        _table(head, lines),
        "'Alleen een ster': een ster naast een interval waar 'geen verandering' in ligt. "
        "'Alleen het interval':\ngeen ster, en toch ligt 'geen verandering' erbuiten. Mid-p en "
        f"Tango verschillen tot {MOST_CHANGED} wisselingen\nalleen bij "
        f"{texts.enumerate_words(pairs)}.\n",
    ]


def _wrong(rows: Sequence[tuple[str, list[float], list[float]]]) -> str:
    lines = [
        [truth, name, *(format_percentage(chance, 1) for chance in chances)]
        for truth, right, wrong in rows
        for name, chances in (("McNemar mid-p", right), ("Fisher", wrong))
    ]
    return _table(["onder", "toets", *PER_SIZE], lines)


def power_tables() -> list[str]:
    points = [f"{100 * change:.0f} punten" for change in CHANGES]
    proportions = [
        [
            str(n),
            format_percentage(discordance),
            *(NONE if power is None else format_percentage(power) for power in powers),
        ]
        for n, discordance, powers in proportion_power()
    ]
    grades = [[str(n), *map(format_percentage, powers)] for n, powers in grade_power()]
    return [
        texts.POWER_TEXT,
        _table(["paren", "wisselt", *points], proportions),
        texts.GRADE_TEXT,
        _table(["paren", *(f"{format_number(c, 2)} punt" for c in GRADE_CHANGES)], grades),
    ]


def needed_tables() -> list[str]:
    proportions = [
        [
            f"{100 * change:.0f} punten",
            *(NONE if pairs is None else str(pairs) for pairs in needed),
            str(answers),
        ]
        for change, needed, answers in needed_for_proportions()
    ]
    grades = [
        [f"{format_number(change, 2)} punt", str(pairs), str(answers)]
        for change, pairs, answers in needed_for_grades()
    ]
    swaps = [f"paren, {format_percentage(part)} wisselt" for part in DISCORDANCES]
    return [
        texts.NEEDED_TEXT,
        _table(["verandering", *swaps, "verschillende regio's"], proportions),
        _table(["cijfer", "paren", "verschillende regio's"], grades),
    ]
