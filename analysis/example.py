"""Example data: answers of invented regions that add up to the published figures.

The published percentages and means are all there is, so this solves them: for every
figure the whole numbers of regions that round to it, for every change a number of rises
and falls that does or does not get a star, then answers of regions that make these
numbers. Where nothing was published (the other blocks of 2021), nothing is made up.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from statistics import pstdev

import numpy as np

from analysis.published import PublishedRow
from analysis.significance import mcnemar_midp, paired_t
from surveys.answers import MissingReason, Value
from surveys.dutch import round_half_up
from surveys.example import AFTER, BEFORE, REGIONS

PANEL, ONLY_BEFORE, ONLY_AFTER = 42, 19, 9
_ALPHA = 0.05
_USUAL_DISCORDANCE = 0.3  # the share of regions that change sides, where the star allows it
_USUAL_SPREAD = 1.2  # the standard deviation of a change in grade, likewise
_LOWEST_GRADE, _HIGHEST_GRADE = 3, 10
_HOW = (
    "Voorbeeldantwoord: de afspraken staan in een overeenkomst tussen de schoolbesturen.",
    "Voorbeeldantwoord: STO is een vast onderdeel van de jaarplannen van de scholen.",
    "Voorbeeldantwoord: een programmabureau blijft na de subsidie bestaan.",
)

Response = dict[str, Value]
Draw = Callable[[random.Random], Value | None]


def solve_example(
    published: Sequence[PublishedRow], seed: int = 2024
) -> dict[str, dict[str, Response]]:
    """Per wave and region number the answers given; the same for the same seed.

    ValueError where no whole answers fit a figure.
    """
    chance = random.Random(seed)  # noqa: S311  (example data, no secret)
    order = chance.sample([number for number, _ in REGIONS], len(REGIONS))
    panel = order[:PANEL]
    only_before = order[PANEL : PANEL + ONLY_BEFORE]
    only_after = order[PANEL + ONLY_BEFORE : PANEL + ONLY_BEFORE + ONLY_AFTER]
    before: dict[str, Response] = {number: {} for number in sorted(panel + only_before)}
    after: dict[str, Response] = {number: {} for number in sorted(panel + only_after)}
    by_block: dict[str, list[PublishedRow]] = {}
    for row in published:
        by_block.setdefault(row.block, []).append(row)
    for item, rows in _by_question(by_block["urgentie"]):
        pairs = _solve_urgency(chance, *rows)
        _give_pairs(item, panel, pairs, before, after)
        _give_outsiders(chance, item, before, after, _urgency_of_outsider)
    for item, rows in _by_question(by_block["rapportcijfers"]):
        _give_pairs(item, panel, _solve_grades(chance, *rows), before, after)
        _give_outsiders(chance, item, before, after, _grade_of_outsider)
    for item, rows in _by_question(by_block["opbrengsten"]):
        _give(item, after, _solve_yields(chance, rows, len(after)))
    for item, rows in _by_question(by_block["aandacht"]):
        _give(item, after, _solve_attention(chance, rows[0].value, len(after)))
    _give_anchoring(chance, by_block["borging"], after)
    return {BEFORE: before, AFTER: after}


def _by_question(rows: list[PublishedRow]) -> Iterator[tuple[str, list[PublishedRow]]]:
    for question in dict.fromkeys(row.question for row in rows):
        yield question, sorted((r for r in rows if r.question == question), key=lambda r: r.wave)


def _give(item: str, wave: dict[str, Response], values: Sequence[Value | None]) -> None:
    for response, value in zip(wave.values(), values, strict=True):
        if value is not None:
            response[item] = value


def _give_pairs(
    item: str,
    panel: list[str],
    pairs: list[tuple[str, str]],
    before: dict[str, Response],
    after: dict[str, Response],
) -> None:
    for number, (first, second) in zip(panel, pairs, strict=True):
        before[number][item], after[number][item] = first, second


def _give_outsiders(
    chance: random.Random,
    item: str,
    before: dict[str, Response],
    after: dict[str, Response],
    draw: Draw,
) -> None:
    """Regions outside the panel: the published figures say nothing of them."""
    for wave in (before, after):
        for response in wave.values():
            if item not in response:
                value = draw(chance)
                if value is not None:
                    response[item] = value


def _urgency_of_outsider(chance: random.Random) -> Value | None:
    codes = ["1", "2", "3", "4", "5", MissingReason.DONT_KNOW, MissingReason.NOT_APPLICABLE]
    return chance.choices(codes, [1, 2, 5, 9, 6, 2, 1])[0]


def _grade_of_outsider(chance: random.Random) -> Value | None:
    codes = ["5", "6", "7", "8", "9", MissingReason.DONT_KNOW, MissingReason.NOT_APPLICABLE, None]
    return chance.choices(codes, [1, 4, 8, 6, 2, 2, 1, 2])[0]


def _solve_count(percentage: str, n: int) -> int:
    """The number out of n that rounds to the percentage, nearest to it."""
    fitting = [k for k in range(n + 1) if round_half_up(100 * k / n) == int(percentage)]
    if not fitting:
        raise ValueError(f"no number out of {n} rounds to {percentage}%")
    return min(fitting, key=lambda k: abs(100 * k / n - int(percentage)))


def _solve_sides(counts: tuple[int, int], n: int, has_star: bool) -> tuple[int, int]:
    """How many regions rise and fall: the usual discordance, as near as the star allows."""
    net = counts[1] - counts[0]
    possible = [
        (up, up - net)
        for up in range(max(net, 0), n - counts[0] + 1)
        if 0 <= up - net <= counts[0] and (mcnemar_midp(up, up - net) < _ALPHA) == has_star
    ]
    if not possible:
        raise ValueError(f"no rises and falls make {counts} of {n} with star {has_star}")
    return min(possible, key=lambda sides: abs(sum(sides) - _USUAL_DISCORDANCE * n))


def _solve_urgency(
    chance: random.Random, before: PublishedRow, after: PublishedRow
) -> list[tuple[str, str]]:
    first, second = _solve_count(before.value, PANEL), _solve_count(after.value, PANEL)
    up, down = _solve_sides((first, second), PANEL, after.significant == "yes")
    both = first - down
    sides = [(True, True)] * both + [(False, True)] * up + [(True, False)] * down
    sides += [(False, False)] * (PANEL - len(sides))
    chance.shuffle(sides)
    return [(_side(chance, x), _side(chance, y)) for x, y in sides]


def _side(chance: random.Random, is_urgent: bool) -> str:
    return chance.choices("45", [3, 2])[0] if is_urgent else chance.choices("123", [1, 3, 6])[0]


def _solve_grades(
    chance: random.Random, before: PublishedRow, after: PublishedRow
) -> list[tuple[str, str]]:
    """Grades whose means round to the published ones, with or without a star."""
    total_before, total_after = (round(float(row.value) * PANEL) for row in (before, after))
    differences = _solve_differences(total_after - total_before, after.significant == "yes")
    chance.shuffle(differences)
    mean = total_before / PANEL
    low = [max(_LOWEST_GRADE, _LOWEST_GRADE - d) for d in differences]
    high = [min(_HIGHEST_GRADE, _HIGHEST_GRADE - d) for d in differences]
    grades = [
        min(max(round(chance.gauss(mean, 0.9)), a), b) for a, b in zip(low, high, strict=True)
    ]
    while sum(grades) != total_before:
        step = 1 if sum(grades) < total_before else -1
        free = [i for i, g in enumerate(grades) if low[i] <= g + step <= high[i]]
        grades[chance.choice(free)] += step
    return [(str(g), str(g + d)) for g, d in zip(grades, differences, strict=True)]


def _solve_differences(total: int, has_star: bool) -> list[int]:
    """PANEL whole differences with this total: the usual spread, as near as the star allows."""
    even = [total // PANEL + (i < total % PANEL) for i in range(PANEL)]
    possible = [d for d in (even, *_spread(even)) if _is_significant(d) == has_star]
    if not possible:
        raise ValueError(f"no differences with total {total} and star {has_star}")
    return min(possible, key=lambda differences: abs(pstdev(differences) - _USUAL_SPREAD))


def _spread(differences: list[int]) -> Iterator[list[int]]:
    """Ever wider differences with the same total, at most three points either way."""
    wider = list(differences)
    for reach in (1, 2, 3):
        for i in range(0, PANEL - 1, 2):
            if wider[i] < reach and wider[i + 1] > -reach:
                wider[i], wider[i + 1] = wider[i] + 1, wider[i + 1] - 1
                yield list(wider)


def _is_significant(differences: list[int]) -> bool:
    reach = max(map(abs, differences))
    table = np.zeros((2 * reach + 1, 2 * reach + 1), dtype=np.int64)
    for difference in differences:
        table[reach, reach + difference] += 1
    p = paired_t(table).p
    return p is not None and p < _ALPHA


def _solve_yields(chance: random.Random, rows: list[PublishedRow], n: int) -> list[Value]:
    top, bottom = (
        next(_solve_count(row.value, n) for row in rows if row.part == part)
        for part in ("top2", "bottom2")
    )
    values: list[Value] = [chance.choices("45", [3, 1])[0] for _ in range(top)]
    values += [chance.choices("12", [1, 3])[0] for _ in range(bottom)]
    values += ["3"] * (n - top - bottom)
    chance.shuffle(values)
    return values


def _solve_attention(chance: random.Random, side: str, n: int) -> list[Value | None]:
    most, least = ("3", "1") if side == "veel" else ("1", "3")
    missing: list[Value | None] = [MissingReason.DONT_KNOW, MissingReason.NOT_APPLICABLE, None]
    values = missing[: chance.randint(0, len(missing))]
    often = (n - len(values)) * chance.randint(44, 58) // 100
    seldom = (n - len(values)) * chance.randint(12, 24) // 100
    values += [most] * often + [least] * seldom
    values += ["2"] * (n - len(values))
    chance.shuffle(values)
    return values


def _give_anchoring(
    chance: random.Random, rows: list[PublishedRow], wave: dict[str, Response]
) -> None:
    n = len(wave)
    forms = {row.part: _solve_count(row.value, n) for row in rows if row.measure == "pct_yes"}
    busy = forms.pop("ja")
    levels = {row.part: round(int(row.value) * n / 100) for row in rows if row.measure == "pct"}
    chosen = _solve_forms(chance, forms, n, levels["veel"], levels["niet"])
    numbers = sorted(wave, key=lambda number: -len(chosen[list(wave).index(number)]))
    for position, number in enumerate(numbers):
        response = wave[number]
        forms_here = chosen[list(wave).index(number)]
        response["borging_bezig"] = "ja" if position < busy else "nee"
        response["borging_vormen"] = forms_here or ("geen",)
        if position < busy and position % 4 == 0:
            response["borging_hoe"] = _HOW[position // 4 % len(_HOW)]


def _solve_forms(
    chance: random.Random, forms: dict[str, int], n: int, much: int, little: int
) -> list[tuple[str, ...]]:
    """Which forms each region has: the totals per form as published, `much` regions with six
    or more and `little` with three or fewer. Greedy as in Gale and Ryser: the commonest form
    goes to the regions that still have most to choose."""
    sizes = [7] * (much - 4) + [6] * 4 + [4] * (n - much - little) + [2] * (little - 1) + [0]
    room = sum(forms.values()) - sum(sizes)
    for i in range(much, n - 1):
        step = min(room, 1)
        sizes[i] += step
        room -= step
    if room:
        raise ValueError("the forms of anchoring do not fit the published index")
    left = list(sizes)
    chosen: list[list[str]] = [[] for _ in range(n)]
    for form, count in sorted(forms.items(), key=lambda entry: -entry[1]):
        for i in sorted(range(n), key=lambda i: (-left[i], chance.random()))[:count]:
            chosen[i].append(form)
            left[i] -= 1
    if any(left):
        raise ValueError("no regions fit the published forms of anchoring")
    order = chance.sample(range(n), n)
    return [tuple(form for form in forms if form in chosen[i]) for i in order]
