"""Eight questions compared over two waves: from counts, against tests on the rows.

Four scales, two yes/no questions and two grades, answered in both waves by 100 and by
100,000 invented regions. From counts: `analysis.comparison.compare` on the transition
tables; every share with McNemar's mid-p, then once more with each scale as a whole
(Wilcoxon). On the rows: per question a merge of the two waves on the region, and the
same tests with pandas and SciPy. The first also gives intervals, Holm's adjustment and
the detectable change, which the second does not. The time to count is shown apart:
it is spent once, the comparison at every look. Both must give the same p values.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy import stats

from analysis.comparison import Comparison, compare
from analysis.counts import PairCounts, WaveCounts
from analysis.frames import tally_frame, transition_frame
from analysis.settings import Settings
from benchmarks.findings import Finding, milliseconds
from surveys.definition import parse_definition
from surveys.questionnaire import Questionnaire

T = TypeVar("T")

REGIONS = (100, 100_000)
AIM = 10.0
PATIENCE = 10.0  # seconds, after which nothing is repeated
TOLERANCE = 1e-6
TESTED_ALIKE = 1000  # up to here our Wilcoxon test is exact, SciPy's normal

SCALES, YES_NO, GRADES = range(1, 5), range(5, 7), range(7, 9)
DEFINITION = """
id = "vergelijking"
version = "1"
wave = "2024"
title = "Acht vragen"

[[scales]]
id = "mate"
choices = [
    { code = 1, label = "een" },
    { code = 2, label = "twee" },
    { code = 3, label = "drie" },
    { code = 4, label = "vier" },
    { code = 5, label = "vijf" },
]
shares = [{ id = "top2", label = "vier of vijf", codes = [4, 5] }]

[[sections]]
id = "deel"
title = "Deel"
"""
ITEM = """
[[sections.items]]
type = "{type}"
id = "vraag_{number}"
concept = "vraag_{number}"
text = "Vraag {number}"
"""


def measure() -> list[Finding]:
    findings: list[Finding] = []
    for regions in REGIONS:
        findings += _measure_one(regions, has_aim=regions == max(REGIONS))
    return findings


def _measure_one(regions: int, *, has_aim: bool) -> list[Finding]:
    before, after = (_answers(regions, seed) for seed in (1, 2))
    questionnaire = _questionnaire()
    repeats = 20 if regions <= TESTED_ALIKE else 5
    counting, (first, second, pairs) = _timed(lambda: _count(questionnaire, before, after), 1)
    counted, ours = _timed(lambda: _compare_counts(first, second, pairs), repeats)
    row_wise, theirs = _timed(lambda: _compare_rows(before, after), repeats)
    alike = all(
        abs(ours[name] - p) < TOLERANCE
        for name, p in theirs.items()
        if regions > TESTED_ALIKE or "whole" not in name
    )
    ratio = row_wise / counted
    name = f"compare: {regions:,} regions"
    aim = (f">= {AIM:.0f} x", ratio >= AIM) if has_aim else ("", None)
    return [
        Finding(f"{name}, counting (once)", milliseconds(counting)),
        Finding(f"{name}, from counts", milliseconds(counted)),
        Finding(f"{name}, on the rows", milliseconds(row_wise)),
        Finding(f"{name}, rows / counts", f"{ratio:.1f} x", *aim),
        Finding(f"{name}, same p values", f"{len(theirs)} tests", "all", alike),
    ]


def _timed(work: Callable[[], T], repeats: int) -> tuple[float, T]:
    """The median time of a few runs, of one where it is slow, and what the last one gave."""
    times: list[float] = []
    while len(times) < repeats and sum(times) < PATIENCE:
        began = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - began)
    return median(times), result


def _questionnaire() -> Questionnaire:
    source = DEFINITION
    for numbers, kind in ((SCALES, "scale"), (YES_NO, "yes_no"), (GRADES, "grade")):
        for number in numbers:
            source += ITEM.format(type=kind, number=number)
            source += 'scale = "mate"\n' if kind == "scale" else ""
    return parse_definition(source).questionnaire


def _answers(regions: int, seed: int) -> pd.DataFrame:
    """A tidy frame as `analysis.counts.tidy_frame` makes it, one wave; later ones go up a bit."""
    chance = np.random.default_rng(seed)
    names = np.array([f"{region:06d}" for region in range(regions)])
    lean = np.linspace(0.6, 0.6 + seed / 10, 10)
    frames = []
    for number in (*SCALES, *YES_NO, *GRADES):
        codes = ["1", "2", "3", "4", "5"] if number in SCALES else [str(g) for g in range(1, 11)]
        codes = ["nee", "ja"] if number in YES_NO else codes
        weights = lean[: len(codes)] / lean[: len(codes)].sum()
        frames.append(
            pd.DataFrame(
                {
                    "region": names,
                    "section": "deel",
                    "concept": f"vraag_{number}",
                    "option": "",
                    "code": chance.choice(
                        [*codes, "weet_niet"], regions, p=[*(weights * 0.95), 0.05]
                    ),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _count(
    questionnaire: Questionnaire, before: pd.DataFrame, after: pd.DataFrame
) -> tuple[WaveCounts, WaveCounts, PairCounts]:
    regions = before["region"].nunique()
    return (
        WaveCounts("voor", questionnaire, tally_frame(before), regions),
        WaveCounts("na", questionnaire, tally_frame(after), regions),
        PairCounts(transition_frame(before, after), regions),
    )


def _compare_counts(before: WaveCounts, after: WaveCounts, pairs: PairCounts) -> dict[str, float]:
    rows = [_named(row, "") for row in compare(before, after, pairs)]
    rows += [
        _named(row, "whole ") for row in compare(before, after, pairs, Settings(whole_scale=True))
    ]
    return {name: p for name, p in rows if p is not None}


def _named(row: Comparison, way: str) -> tuple[str, float | None]:
    return f"{way if row.measure == 'ordinal' else ''}{row.concept}", row.p


def _compare_rows(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, float]:
    """The p value per question, each from the answers of the regions in both waves."""
    found = {}
    for number in (*SCALES, *YES_NO, *GRADES):
        concept = f"vraag_{number}"
        pair = before[before["concept"] == concept].merge(
            after[after["concept"] == concept], on="region", suffixes=("_before", "_after")
        )
        first, second = pair["code_before"], pair["code_after"]
        valid = (first != "weet_niet") & (second != "weet_niet")
        first, second = first[valid], second[valid]
        if number in GRADES:
            found[concept] = float(stats.ttest_rel(second.astype(int), first.astype(int)).pvalue)
            continue
        yes = ["4", "5", "ja"]
        found[concept] = _mcnemar_rows(first.isin(yes), second.isin(yes))
        if number in SCALES:
            change = second.astype(int) - first.astype(int)
            test = stats.wilcoxon(change, zero_method="pratt", correction=False, method="approx")
            found[f"whole {concept}"] = float(test.pvalue)
    return found


def _mcnemar_rows(before: pd.Series[bool], after: pd.Series[bool]) -> float:
    table = pd.crosstab(before, after).reindex(index=[False, True], columns=[False, True])
    up, down = int(table.loc[False, True]), int(table.loc[True, False])
    tail = stats.binom.cdf(min(up, down), up + down, 0.5)
    tail -= stats.binom.pmf(min(up, down), up + down, 0.5) / 2
    return min(1.0, 2 * float(tail))
