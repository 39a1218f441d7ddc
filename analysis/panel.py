"""The answers of several waves in memory: what is counted where there is no database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.counts import PairCounts, Patterns, Variable, WaveCounts
from analysis.frames import pattern_frame, tally_frame, tidy_frame, transition_frame
from surveys.answers import Answers
from surveys.questionnaire import Questionnaire


@dataclass(frozen=True)
class Panel:
    """Per wave, earliest first: its questionnaire, a tidy frame of answers, who responded."""

    questionnaires: Mapping[str, Questionnaire]
    frames: Mapping[str, pd.DataFrame]
    respondents: Mapping[str, frozenset[str]]

    @property
    def waves(self) -> tuple[str, ...]:
        return tuple(self.questionnaires)

    @property
    def regions(self) -> frozenset[str]:
        """Everyone who responded in any wave."""
        return frozenset().union(*self.respondents.values())

    def count(self, wave: str) -> WaveCounts:
        return WaveCounts(
            wave,
            self.questionnaires[wave],
            tally_frame(self.frames[wave]),
            len(self.respondents[wave]),
        )

    def count_pairs(self, before: str, after: str) -> PairCounts:
        both = self.respondents[before] & self.respondents[after]
        return PairCounts(transition_frame(self.frames[before], self.frames[after]), len(both))

    def count_pair(self) -> tuple[WaveCounts, WaveCounts, PairCounts]:
        """The first and the last wave, and what went on between them."""
        before, after = self.waves[0], self.waves[-1]
        return self.count(before), self.count(after), self.count_pairs(before, after)

    def count_patterns(self) -> Mapping[Variable, Patterns]:
        """Over all waves, per variable the answers of every region in a row."""
        return pattern_frame([self.frames[wave] for wave in self.waves])

    def part(self, regions: Collection[str]) -> Panel:
        """The same waves with some of the regions only."""
        chosen = frozenset(regions)
        return Panel(
            self.questionnaires,
            {wave: frame[frame["region"].isin(chosen)] for wave, frame in self.frames.items()},
            {wave: found & chosen for wave, found in self.respondents.items()},
        )


def make_panel(
    questionnaires: Mapping[str, Questionnaire],
    responses: Mapping[str, Mapping[str, Answers]],
) -> Panel:
    """From per wave and region an answer to every question (see `routing.settle`)."""
    return Panel(
        dict(questionnaires),
        {wave: tidy_frame(asked, responses[wave]) for wave, asked in questionnaires.items()},
        {wave: frozenset(responses[wave]) for wave in questionnaires},
    )
