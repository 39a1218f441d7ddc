"""A block as one scale: its score, how well the items hang together, and item by item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.counts import WaveCounts
from analysis.frames import item_patterns
from analysis.levels import measure_levels
from analysis.reliability import cronbach_alpha, item_rest_correlations
from surveys.questionnaire import Score


@dataclass(frozen=True)
class ScoredItem:
    """How an item of a block goes with the rest of it, over `n` regions that answered all."""

    item: str
    text: str
    n: int
    correlation: float | None
    reason: str = ""


@dataclass(frozen=True)
class Block:
    """The score of a block in one wave, over the `n` regions that answered enough of its items.

    `alpha` (Cronbach) and the items are over the `n_complete` regions that answered all of them.
    """

    score: str
    section: str
    text: str
    wave: str
    minimum: int
    n: int
    value: float | None
    ci_low: float | None
    ci_high: float | None
    n_complete: int
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None
    items: tuple[ScoredItem, ...]
    reason: str = ""


def measure_blocks(counts: WaveCounts, frame: pd.DataFrame) -> list[Block]:
    """Every block of the questionnaire that declares a score; `frame` is the wave's tidy one."""
    return [_measure(counts, frame, score) for score in counts.questionnaire.scores]


def _measure(counts: WaveCounts, frame: pd.DataFrame, score: Score) -> Block:
    asked = counts.questionnaire
    section = asked.section_of(score.id).id
    questions = asked.scored_questions(score)
    worth = [asked.score_values(question) for question in questions]
    found = item_patterns(frame, section, [question.concept for question in questions])
    patterns = np.array(
        [
            [values.get(code, np.nan) for code, values in zip(codes, worth, strict=True)]
            for codes in found
        ]
    ).reshape(len(found), len(questions))
    regions = np.array(list(found.values()), dtype=np.int64)
    alpha = cronbach_alpha(patterns, regions)
    rest = item_rest_correlations(patterns, regions)
    level = next(row for row in measure_levels(counts, section) if row.item == score.id)
    return Block(
        score=score.id,
        section=section,
        text=score.text,
        wave=counts.wave,
        minimum=score.minimum,
        n=level.n,
        value=level.value,
        ci_low=level.ci_low,
        ci_high=level.ci_high,
        n_complete=alpha.n,
        alpha=alpha.alpha,
        alpha_low=alpha.interval.low if alpha.interval else None,
        alpha_high=alpha.interval.high if alpha.interval else None,
        items=tuple(
            ScoredItem(question.id, question.text, row.n, row.correlation, row.reason)
            for question, row in zip(questions, rest, strict=True)
        ),
        reason=alpha.reason,
    )
