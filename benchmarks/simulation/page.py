"""The Dutch page with what was found, in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import sqrt

from benchmarks.simulation.chances import ALPHA, REPEATS, SEED, SIZES, Chance
from benchmarks.simulation.coverage import POPULATION
from benchmarks.simulation.sizes import ITEMS, Row
from benchmarks.simulation.strength import (
    CHANGES,
    DEVIATION,
    DISCORDANCES,
    GRADE_CHANGES,
    SHARE_BEFORE,
    grade_power,
    needed_for_grades,
    needed_for_proportions,
    proportion_power,
)
from surveys.dutch import format_number, format_percentage

LEVEL = 1 - ALPHA
TOLERATED = 0.01  # how far below its level the coverage at one value may lie, unmarked
NONE = "–"
_MARGIN = format_number(100 * 1.96 * sqrt(ALPHA * LEVEL / REPEATS), 1)
_REPEATS = f"{REPEATS:,}".replace(",", ".")

INTRODUCTION = f"""# Houden de toetsen en intervallen wat ze beloven?

Deze pagina is gemaakt met

```sh
.venv/bin/python -m benchmarks simulation
```

en komt elke keer op hetzelfde uit (zaad {SEED}). Ze gebruikt de functies waarmee de monitor ook
zelf rekent. De aantallen: {SIZES[0]} regio's in beide metingen, {SIZES[1]} in 2024 en
{SIZES[2]} gevraagd.

*Exact* betekent dat alle mogelijke tabellen zijn nagegaan, elk met zijn kans. *Getrokken* betekent
{_REPEATS} trekkingen; de simulatiefout is dan {_MARGIN} procentpunt (bij 5%, met 95% zekerheid).
"""
SIZES_TEXT = """## Vals alarm

Hoe vaak geeft een toets een ster terwijl er niets is veranderd? Dat mag hooguit 5% zijn. 'Hoogste
waarde' is de hoogste over alle hele percentages.
"""
WRONG_TEXT = """### De verkeerde toets

Dezelfde regio's antwoorden twee keer. Wie dan toch Fisher gebruikt, alsof het verschillende regio's
waren, krijgt te weinig sterren: ook waar iets veranderde. De kans op een ster, exact:
"""
FAMILY_TEXT = f"""### {ITEMS} vragen in een tabel

De kans op minstens een ster bij {ITEMS} vragen waarin niets veranderde; McNemar mid-p, 30% wisselt.
Bij 'hangen samen' volgt de helft van de antwoorden een verandering die de regio bij alle vragen
gemeen heeft.
"""
COVERAGE_TEXT = f"""## Intervallen

Hoe vaak ligt de ware waarde in het 95%-interval? Hypergeometrisch en Clopper-Pearson beloven
minstens 95%. De andere mikken op 95%, en komen er bij een gegeven waarde iets boven of onder uit.
De kansen over een eindige populatie gaan over steekproeven uit {POPULATION} regio's.
"""
POWER_TEXT = f"""## Kans om een verandering te zien

McNemar mid-p, exact. 'Wisselt' is het deel van de regio's dat een ander antwoord geeft, omhoog of
omlaag. De verandering is het verschil tussen die twee en kan dus niet groter zijn: {NONE}.
"""
GRADE_TEXT = f"""Gepaarde t-toets van een rapportcijfer, bij normaal verdeelde verschillen met
standaardafwijking {format_number(DEVIATION)} (exact):
"""
NEEDED_TEXT = f"""## Hoeveel regio's moeten antwoorden?

Het kleinste aantal waarbij een verandering met 80% kans een ster krijgt. 'Paren': zoveel regio's in
beide metingen. 'Verschillende regio's': zoveel per meting, met Fisher (aandeel vanaf
{format_percentage(SHARE_BEFORE)}) of Welch (standaardafwijking {format_number(DEVIATION)}).
"""


def write_page(
    sizes: Sequence[Row],
    wrong: Sequence[tuple[str, list[float], list[float]]],
    family: Sequence[Row],
    coverage: Sequence[Row],
) -> str:
    per_size = [f"n = {n}" for n in SIZES]
    heads = ["onder", *per_size, "hoe"]
    parts = [
        INTRODUCTION,
        SIZES_TEXT,
        _rows(["toets", *heads], sizes, is_too_often),
        _tell_marked(sizes, is_too_often, f"boven {format_percentage(ALPHA)}"),
        WRONG_TEXT,
        _wrong(per_size, wrong),
        FAMILY_TEXT,
        _rows(["correctie", *heads], family, is_too_often),
        _tell_marked(family, is_too_often, f"boven {format_percentage(ALPHA)}"),
        COVERAGE_TEXT,
        _rows(["interval", *heads], coverage, is_too_seldom),
        _tell_coverage(coverage),
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


def _rows(head: Sequence[str], rows: Sequence[Row], is_marked: Callable[[Chance], bool]) -> str:
    lines = []
    for name, truth, chances in rows:
        cells = [_percentage(chance, is_marked(chance)) for chance in chances]
        cells += [NONE] * (len(SIZES) - len(cells))
        lines.append([name, truth, *cells, "getrokken" if chances[0].repeats else "exact"])
    return _table(head, lines)


def _percentage(chance: Chance, marked: bool) -> str:
    text = format_percentage(chance.value, 2)
    return f"**{text}**" if marked else text


def count_marked(rows: Sequence[Row], is_marked: Callable[[Chance], bool]) -> tuple[int, int]:
    """How many chances are marked, and how many there are."""
    chances = [chance for _, _, row in rows for chance in row]
    return sum(map(is_marked, chances)), len(chances)


def _tell_marked(rows: Sequence[Row], is_marked: Callable[[Chance], bool], limit: str) -> str:
    marked, total = count_marked(rows, is_marked)
    if not marked:
        return f"Geen van de {total} kansen ligt {limit}, op simulatiefout na.\n"
    which = [f"{name} ({truth})" for name, truth, row in rows if any(map(is_marked, row))]
    return (
        f"**Vet** ({marked} van de {total}): {limit}, ook na aftrek van de simulatiefout. "
        f"Het gaat om: {'; '.join(which)}.\n"
    )


def _tell_coverage(rows: Sequence[Row]) -> str:
    below, total = count_marked(rows, is_below_level)
    level = format_percentage(LEVEL)
    return f"{below} van de {total} kansen liggen onder {level}. " + _tell_marked(
        rows, is_too_seldom, f"onder {format_percentage(LEVEL - TOLERATED)}"
    )


def _wrong(per_size: Sequence[str], rows: Sequence[tuple[str, list[float], list[float]]]) -> str:
    lines = [
        [truth, name, *(format_percentage(chance, 1) for chance in chances)]
        for truth, right, wrong in rows
        for name, chances in (("McNemar mid-p", right), ("Fisher", wrong))
    ]
    return _table(["onder", "toets", *per_size], lines)


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
        POWER_TEXT,
        _table(["paren", "wisselt", *points], proportions),
        GRADE_TEXT,
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
        NEEDED_TEXT,
        _table(["verandering", *swaps, "verschillende regio's"], proportions),
        _table(["cijfer", "paren", "verschillende regio's"], grades),
    ]
