"""Forty questions compared over two waves, with 100 to 1,000,000 regions in both.

Twenty scales, ten yes/no questions and ten grades; a fifth more regions answered in one wave
only. The count tables are drawn directly: no region's row exists. After counting, the time of
`analysis.comparison.compare` must not grow with the number of regions, whatever the design,
by shares and with the scales as a whole. Exact methods take longest just below their limit,
so the exact Wilcoxon test there is timed by itself. Processor time, so that other work on the
machine does not count.
"""

from __future__ import annotations

import time
from statistics import median

import numpy as np

from analysis.comparison import compare
from analysis.counts import PairCounts, Variable, WaveCounts
from analysis.settings import INDEPENDENT, OVERLAP, PAIRED, Design, Settings
from analysis.significance import EXACT_WILCOXON_PAIRS, wilcoxon_pratt
from benchmarks.compare import DEFINITION, ITEM
from benchmarks.findings import Finding, milliseconds
from surveys.definition import parse_definition
from surveys.questionnaire import Questionnaire

REGIONS = (100, 10_000, 1_000_000)
DESIGNS: tuple[Design, ...] = (PAIRED, OVERLAP, INDEPENDENT)
LARGEST = 1_000  # the most pairs for the exact tests: slower, and without an aim
REPEATS = 9
AIM = 1.5
WILCOXON_AIM = 1.0  # seconds
KINDS = ("scale",) * 20 + ("yes_no",) * 10 + ("grade",) * 10
CODES = {
    "scale": ("1", "2", "3", "4", "5"),
    "yes_no": ("nee", "ja"),
    "grade": tuple(str(grade) for grade in range(1, 11)),
}
MISSING, MISSING_SHARE = "weet_niet", 0.05

Waves = tuple[WaveCounts, WaveCounts, PairCounts]


def measure() -> list[Finding]:
    questionnaire = _questionnaire()
    waves = {regions: _draw_waves(questionnaire, regions) for regions in (*REGIONS, LARGEST)}
    findings: list[Finding] = []
    for whole_scale in (False, True):
        for design in DESIGNS:
            settings = Settings(design=design, whole_scale=whole_scale)
            name = f"{design}, whole scales" if whole_scale else design
            findings += _measure_way(name, settings, waves)
    return [*findings, *_measure_wilcoxon()]


def _measure_way(name: str, settings: Settings, waves: dict[int, Waves]) -> list[Finding]:
    times: dict[int, list[float]] = {regions: [] for regions in waves}
    for turn in range(REPEATS):
        for regions, counts in waves.items():
            if regions == LARGEST and turn > 0:
                continue
            began = time.process_time()
            compare(*counts, settings)
            times[regions].append(time.process_time() - began)
    middle = {regions: median(measured) for regions, measured in times.items()}
    findings = []
    for regions, seconds in middle.items():
        note = " (limit of the exact paired tests)" if regions == LARGEST else ""
        what = f"scaling: {name}, {regions:,} regions{note}"
        findings.append(Finding(what, milliseconds(seconds)))
    ratio = max(middle[regions] for regions in REGIONS[1:]) / middle[REGIONS[0]]
    what = f"scaling: {name}, slowest of the larger / {REGIONS[0]}"
    return [*findings, Finding(what, f"{ratio:.2f} x", f"<= {AIM} x", ratio <= AIM)]


def _measure_wilcoxon() -> list[Finding]:
    """The exact test at its largest, on a ten-point scale, and the test that takes over."""
    chance = np.random.default_rng(3)
    at_limit = chance.multinomial(EXACT_WILCOXON_PAIRS, np.full(100, 0.01)).reshape(10, 10)
    times = []
    for _ in range(REPEATS):
        began = time.process_time()
        exact = wilcoxon_pratt(at_limit)
        times.append(time.process_time() - began)
    above = at_limit + np.eye(1, 100, dtype=np.int64).reshape(10, 10)
    names = exact.test, wilcoxon_pratt(above).test
    what = f"scaling: Wilcoxon, ten points, {EXACT_WILCOXON_PAIRS:,} pairs"
    seconds = median(times)
    return [
        Finding(
            f"{what}, exact",
            milliseconds(seconds),
            f"< {WILCOXON_AIM:.0f} s",
            seconds < WILCOXON_AIM,
        ),
        Finding(
            f"{what}, one pair more",
            names[1],
            "wilcoxon_pratt_normal",
            names == ("wilcoxon_pratt", "wilcoxon_pratt_normal"),
        ),
    ]


def _questionnaire() -> Questionnaire:
    source = DEFINITION
    for number, kind in enumerate(KINDS):
        source += ITEM.format(type=kind, number=number)
        source += 'scale = "mate"\n' if kind == "scale" else ""
    return parse_definition(source).questionnaire


def _draw_waves(questionnaire: Questionnaire, regions: int) -> Waves:
    """The tallies of both waves and the transitions between them."""
    chance = np.random.default_rng(1)
    alone = regions // 5
    before: dict[Variable, dict[str, int]] = {}
    after: dict[Variable, dict[str, int]] = {}
    transitions = {}
    for number, kind in enumerate(KINDS):
        codes = (*CODES[kind], MISSING)
        shares = _transition_shares(len(CODES[kind]))
        table = chance.multinomial(regions, shares.ravel()).reshape(shares.shape)
        variable = ("deel", f"vraag_{number}", "")
        for axis, tallies in ((1, before), (0, after)):
            counts = table.sum(axis=axis) + chance.multinomial(alone, shares.sum(axis=axis))
            tallies[variable] = dict(zip(codes, counts.tolist(), strict=True))
        transitions[variable] = {
            (codes[row], codes[column]): int(table[row, column])
            for row, column in np.argwhere(table)
        }
    return (
        WaveCounts("voor", questionnaire, before, regions + alone),
        WaveCounts("na", questionnaire, after, regions + alone),
        PairCounts(transitions, regions),
    )


def _transition_shares(codes: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Half of the regions give the same answer again; some answers are missing."""
    valid = np.full((codes, codes), 0.5 / codes**2) + np.eye(codes) * 0.5 / codes
    shares = np.full((codes + 1, codes + 1), MISSING_SHARE / (2 * codes + 1))
    shares[:codes, :codes] = valid * (1 - MISSING_SHARE)
    return shares
