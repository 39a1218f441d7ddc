"""The day of a wave, to tell what happened before and after it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from surveys.dutch import format_day, local_day
from surveys.regions.succession import ConcernedPair

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True)
class WaveDay:
    """`reason` says in Dutch what the day is: it is not always the one on which the wave opened."""

    wave: str
    on: date
    reason: str

    @property
    def sentence(self) -> str:
        return f"Meting {self.wave}: {format_day(self.on)} ({self.reason})."


@dataclass(frozen=True)
class ConcernedWaves:
    """Two waves, and the pairs of answers that a succession between them concerns."""

    before: WaveDay
    after: WaveDay
    pairs: tuple[ConcernedPair, ...]


@dataclass(frozen=True)
class Foresight:
    """What a succession would mean: per two waves the pairs that it concerns, where there are any.
    `undated`: the waves of which the day is not known, so that they are not among these."""

    waves: tuple[ConcernedWaves, ...]
    undated: tuple[str, ...]


class UndatedWave(Exception):
    """Nothing tells when the wave was, or which of two came first; the message is Dutch."""


def find_wave_day(
    wave: str, opened_at: datetime | None, *, is_planned: bool, today: date
) -> WaveDay:
    """The day on which a wave opened. Of one that never did so here, as those that were taken
    over from a file, 1 January of the one year in its name: what changes with the calendar year
    had then changed. A planned wave opens today at the earliest.

    Raises UndatedWave where its name has no year, or several.
    """
    if opened_at is not None:
        return WaveDay(wave, local_day(opened_at), "de dag waarop die openging")
    if is_planned:
        return WaveDay(wave, today, "vandaag, want die is nog niet open")
    years = {*_YEAR.findall(wave)}
    if len(years) != 1:
        raise UndatedWave(
            f"Van meting {wave} is niet bekend wanneer die was: die ging hier niet open, en de "
            "naam bevat niet precies één jaartal."
        )
    return WaveDay(wave, date(int(years.pop()), 1, 1), "naar het jaartal in de naam")


def check_order(before: WaveDay, after: WaveDay) -> None:
    """Raise UndatedWave unless the first wave was earlier."""
    if before.on >= after.on:
        raise UndatedWave(
            f"Meting {before.wave} is niet eerder dan meting {after.wave}. {before.sentence} "
            f"{after.sentence} Kies twee andere metingen, of draai ze om."
        )
