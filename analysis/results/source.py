"""Where results come from: the waves that regions answered in, read and counted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any, Protocol

from analysis.counts import (
    PairCounts,
    Patterns,
    Tally,
    Variable,
    WaveCounts,
    group_patterns,
    group_tallies,
    group_transitions,
)
from analysis.subgroups import Counted
from analysis.wording import tell_base
from surveys.dutch import format_day
from surveys.fieldwork import EXAMPLE_LABEL, Wave, WaveState
from surveys.monitoring.response import ResponseCounts
from surveys.questionnaire import Questionnaire

Group = tuple[str, str]


class _Waves(Protocol):
    def all(self) -> list[Wave]: ...
    def questionnaire(self, content_hash: str) -> Questionnaire: ...


class _Counts(Protocol):
    def tallies(self, wave: str, group: Group | None = None) -> list[tuple[Any, ...]]: ...
    def transitions(
        self, before: str, after: str, group: Group | None = None
    ) -> list[tuple[Any, ...]]: ...
    def patterns(self, waves: Sequence[str], section: str) -> list[tuple[Any, ...]]: ...
    def joint(
        self, wave: str, first_section: str, second_section: str
    ) -> list[tuple[Any, ...]]: ...
    def respondents(self, wave: str, group: Group | None = None) -> int: ...
    def regions_in_both(self, before: str, after: str, group: Group | None = None) -> int: ...


class _Monitoring(Protocol):
    def response_counts(self, wave: str) -> ResponseCounts: ...


class ResultSource(Protocol):
    """What results are read from, as one person may read it: the store of the database is one."""

    @property
    def waves(self) -> _Waves: ...
    @property
    def counts(self) -> _Counts: ...
    @property
    def monitoring(self) -> _Monitoring: ...


@dataclass(frozen=True)
class WaveResult:
    """A wave that regions answered in, and its counts."""

    wave: Wave
    counts: WaveCounts

    @property
    def name(self) -> str:
        return self.wave.name

    @property
    def base(self) -> str:
        """'51 van 78 regio's (meting 2024)'."""
        return tell_base(self.counts.respondents, self.counts.asked, self.name)


@dataclass(frozen=True)
class PairResult:
    """Two waves with what went on between them. `between` holds the questionnaires of the waves
    in between, through which questions are comparable."""

    before: WaveResult
    after: WaveResult
    pairs: PairCounts
    between: tuple[Questionnaire, ...] = ()

    @property
    def results(self) -> tuple[WaveResult, WaveResult]:
        return self.before, self.after

    @property
    def counted(self) -> Counted:
        return self.before.counts, self.after.counts, self.pairs


# Which waves


def answered_waves(source: ResultSource) -> list[Wave]:
    """Those that regions submitted something in, earliest first."""
    return [w for w in source.waves.all() if source.monitoring.response_counts(w.name).submitted]


def is_released(wave: Wave) -> bool:
    """Whether everybody who sees results may see those of the wave."""
    return wave.state is WaveState.CLOSED


# Counts


def read_wave(source: ResultSource, wave: Wave) -> WaveResult:
    numbers = source.monitoring.response_counts(wave.name)
    counts = WaveCounts(
        wave=wave.name,
        questionnaire=source.waves.questionnaire(wave.questionnaire_hash),
        tallies=group_tallies(source.counts.tallies(wave.name)),
        respondents=numbers.submitted,
        asked=numbers.invited or None,
    )
    return WaveResult(wave, counts)


def read_pair(source: ResultSource, before: Wave, after: Wave) -> PairResult:
    """Two waves, the earlier one first."""
    waves = source.waves.all()
    names = [wave.name for wave in waves]
    between = waves[names.index(before.name) + 1 : names.index(after.name)]
    return PairResult(
        read_wave(source, before),
        read_wave(source, after),
        _read_pairs(source, before.name, after.name),
        tuple(source.waves.questionnaire(wave.questionnaire_hash) for wave in between),
    )


def read_group(source: ResultSource, pair: PairResult, group: Group) -> Counted:
    """The same two waves over the regions with this value of an attribute."""
    first, last = (
        replace(
            counts,
            tallies=group_tallies(source.counts.tallies(counts.wave, group)),
            respondents=source.counts.respondents(counts.wave, group),
            asked=None,
        )
        for counts in (pair.before.counts, pair.after.counts)
    )
    return first, last, _read_pairs(source, first.wave, last.wave, group)


def read_patterns(
    source: ResultSource, results: Sequence[WaveResult], section: str
) -> Mapping[Variable, Patterns]:
    """What each region answered in a block over the waves, counted by row of answers."""
    rows = source.counts.patterns([result.name for result in results], section)
    return group_patterns(rows)


def read_pairs(
    source: ResultSource, results: Sequence[WaveResult]
) -> dict[tuple[str, str], PairCounts]:
    """What went on between every two of the waves, earliest first."""
    names = combinations([result.name for result in results], 2)
    return {pair: _read_pairs(source, *pair) for pair in names}


def _read_pairs(
    source: ResultSource, before: str, after: str, group: Group | None = None
) -> PairCounts:
    return PairCounts(
        group_transitions(source.counts.transitions(before, after, group)),
        source.counts.regions_in_both(before, after, group),
    )


# What is said of the source


def tell_source(results: Iterable[WaveResult], day: date) -> str:
    """Where the answers come from, as they stood on a day; the label of example data goes first."""
    found = list(results)
    title = found[-1].counts.questionnaire.title
    source = f"Bron: {title}, stand van {format_day(day)}"
    if any(result.wave.is_example for result in found):
        return f"{EXAMPLE_LABEL}. {source}"
    return source


def data_version(results: Sequence[WaveResult], pairs: Iterable[PairCounts] = ()) -> str:
    """Eight letters that change when any counted answer or question does: which data a report is
    made of."""
    waves = [
        [r.name, r.wave.questionnaire_hash, r.counts.respondents, _sort(r.counts.tallies)]
        for r in results
    ]
    moves = [[p.regions, _sort(p.transitions)] for p in pairs]
    told = json.dumps([waves, moves], default=str, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def _sort(counted: Mapping[Variable, Tally | Mapping[tuple[str, str], int]]) -> list[Any]:
    return sorted([variable, sorted(codes.items())] for variable, codes in counted.items())
