"""Regions that merge, split or end, and what that means for the panel: the pairs of answers of
one region in two waves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from surveys.dutch import format_day, format_list

# Beyond these a date is a slip of the pen.
_YEARS_BACK, _YEARS_AHEAD = 10, 2
_YEAR = timedelta(days=365.25)


class SuccessionKind(StrEnum):
    """MERGE: several regions become one. SPLIT: one becomes several. ENDED: nothing comes after.

    The region that goes on may be one that was there before.
    """

    MERGE = "merge"
    SPLIT = "split"
    ENDED = "ended"


@dataclass(frozen=True)
class Succession:
    """`predecessors`: the numbers of the regions before `on`, `successors`: those from then on.
    A region that is in both goes on, with another composition."""

    kind: SuccessionKind
    on: date
    predecessors: tuple[str, ...]
    successors: tuple[str, ...] = ()

    @property
    def ending(self) -> tuple[str, ...]:
        """The regions that end by it."""
        return tuple(region for region in self.predecessors if region not in self.successors)

    @property
    def regions(self) -> tuple[str, ...]:
        """All regions that it concerns, each once."""
        return tuple(dict.fromkeys((*self.predecessors, *self.successors)))

    @property
    def sentence(self) -> str:
        """What happened, in Dutch, without its date. It quotes numbers: show it as plain text."""
        before, after = f"Regio {format_list(self.predecessors)}", _name(self.successors)
        match self.kind:
            case SuccessionKind.MERGE:
                return f"{before} gaan samen verder als {after}."
            case SuccessionKind.SPLIT:
                return f"{before} wordt gesplitst in {after}."
        return f"{before} {'stopt' if len(self.predecessors) == 1 else 'stoppen'}."


class InvalidSuccession(Exception):
    """A succession that cannot be; `faults` holds all that is wrong, in Dutch."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class PairFate(StrEnum):
    """STAYS: the region answered before and after, and is no longer what it was. ENDED: it
    answered before, and not after its end. NEW: it answered after, and was not there before."""

    STAYS = "stays"
    ENDED = "ended"
    NEW = "new"


@dataclass(frozen=True)
class ConcernedPair:
    """A region whose pair a succession between two waves concerns. `happened`: by date.

    `sentence` is Dutch, for a page.
    """

    region: str
    happened: tuple[Succession, ...]
    fate: PairFate
    sentence: str


def find_ended(successions: Iterable[Succession], on: date) -> dict[str, date]:
    """The regions that have ended on or before a date, and when."""
    return {
        region: succession.on
        for succession in sorted(successions, key=_when, reverse=True)
        if succession.on <= on
        for region in succession.ending
    }


def check_succession(
    succession: Succession,
    known: Collection[str],
    recorded: Sequence[Succession],
    today: date,
) -> None:
    """Raise InvalidSuccession with every fault.

    `known`: the numbers of all regions, those that have ended and a new successor included.
    `recorded`: what happened before or after it.
    """
    faults = [
        *check_numbers(succession.kind, succession.predecessors, succession.successors),
        *_check_twice(succession),
        *(f"Er is geen regio {region}." for region in succession.regions if region not in known),
        *_check_recorded(succession, recorded),
        *_check_date(succession.on, today),
    ]
    if faults:
        raise InvalidSuccession(faults)


def check_numbers(
    kind: SuccessionKind, predecessors: Collection[str], successors: Collection[str]
) -> Iterator[str]:
    """What is wrong with how many regions there are before and after, in Dutch."""
    before, after = len(set(predecessors)), len(set(successors))
    match kind:
        case SuccessionKind.MERGE:
            if before < 2:
                yield "Kies minstens twee regio's die samengaan."
            if after != 1:
                yield "Kies precies één regio die na het samengaan verdergaat."
        case SuccessionKind.SPLIT:
            if before != 1:
                yield "Kies precies één regio die wordt gesplitst."
            if after < 2:
                yield "Kies minstens twee regio's die na de splitsing verdergaan."
        case SuccessionKind.ENDED:
            if before < 1:
                yield "Kies de regio die eindigt."
            if after:
                yield "Bij een regio die eindigt hoort geen opvolger. Kies anders samengaan."


def _check_twice(succession: Succession) -> Iterator[str]:
    for side, place in (
        (succession.predecessors, "de regio's van vóór de wijziging"),
        (succession.successors, "de regio's van na de wijziging"),
    ):
        for region, times in Counter(side).items():
            if times > 1:
                yield f"Regio {region} staat {times} keer bij {place}. Noem iedere regio één keer."


def _check_recorded(succession: Succession, recorded: Sequence[Succession]) -> Iterator[str]:
    if any(_is_same(succession, other) for other in recorded):
        yield "Deze wijziging is al vastgelegd."
        return
    ended = find_ended(recorded, date.max)
    for region in succession.regions:
        end = ended.get(region)
        if end is not None and (end <= succession.on or region in succession.ending):
            yield f"Regio {region} is al beëindigd, op {format_day(end)}."
    for region in succession.ending:
        later = [other for other in recorded if other.on > succession.on]
        when = min((other.on for other in later if region in other.regions), default=None)
        if when is not None and region not in ended:
            day = format_day(when)
            yield f"Regio {region} kan niet eindigen: er is nog een wijziging op {day}."


def _is_same(one: Succession, other: Succession) -> bool:
    return (one.kind, one.on) == (other.kind, other.on) and (
        {*one.predecessors} == {*other.predecessors} and {*one.successors} == {*other.successors}
    )


def _check_date(on: date, today: date) -> Iterator[str]:
    day = format_day(on)
    if on < today - _YEARS_BACK * _YEAR:
        yield f"De datum {day} ligt meer dan {_YEARS_BACK} jaar terug. Kijk het jaartal na."
    if on > today + _YEARS_AHEAD * _YEAR:
        yield f"De datum {day} ligt meer dan {_YEARS_AHEAD} jaar vooruit. Kijk het jaartal na."


def find_concerned_pairs(
    successions: Iterable[Succession],
    before: date,
    after: date,
    answered_before: Collection[str],
    answered_after: Collection[str],
) -> list[ConcernedPair]:
    """The pairs of two waves that what happened between them concerns, by region number.

    `before` and `after` are the dates of the waves: what happened on the date of the earlier one
    was already so in it. A region whose pair fails only because it did not answer is left out.
    """
    between = sorted((s for s in successions if before < s.on <= after), key=_when)
    pairs = []
    for region in sorted({region for succession in between for region in succession.regions}):
        happened = tuple(succession for succession in between if region in succession.regions)
        fate = _find_fate(region, happened, region in answered_before, region in answered_after)
        if fate is not None:
            sentence = _describe(region, happened, fate)
            pairs.append(ConcernedPair(region, happened, fate, sentence))
    return pairs


def _find_fate(
    region: str, happened: Sequence[Succession], before: bool, after: bool
) -> PairFate | None:
    if before and after:
        return PairFate.STAYS
    if before and any(region in succession.ending for succession in happened):
        return PairFate.ENDED
    if after and any(region not in succession.predecessors for succession in happened):
        return PairFate.NEW
    return None


def _describe(region: str, happened: Sequence[Succession], fate: PairFate) -> str:
    events = " en ".join(_describe_event(region, succession) for succession in happened)
    match fate:
        case PairFate.ENDED:
            outcome = "het paar vervalt"
        case PairFate.NEW:
            outcome = "er is geen paar, want bij de vorige meting bestond de regio nog niet"
        case PairFate.STAYS:
            ended = any(region in succession.ending for succession in happened)
            outcome = (
                "de regio antwoordde toch beide keren, dus het paar blijft"
                if ended
                else "het paar blijft, maar vergelijkt een andere samenstelling"
            )
    return f"Regio {region} {events}: {outcome}."


def _describe_event(region: str, succession: Succession) -> str:
    """What a succession was for one region: 'nam op 1 januari 2023 regio 02 op'."""
    when = f"op {format_day(succession.on)}"
    if region not in succession.predecessors:
        return f"ontstond {when} uit {_name(succession.predecessors)}"
    others = [other for other in succession.successors if other != region]
    goes_on = region in succession.successors
    match succession.kind:
        case SuccessionKind.MERGE if goes_on:
            joined = [other for other in succession.predecessors if other != region]
            return f"nam {when} {_name(joined)} op"
        case SuccessionKind.MERGE:
            return f"ging {when} op in {_name(others)}"
        case SuccessionKind.SPLIT if goes_on:
            return f"stond {when} een deel af aan {_name(others)}"
        case SuccessionKind.SPLIT:
            return f"werd {when} gesplitst in {_name(others)}"
    return f"eindigde {when}"


def _name(regions: Sequence[str]) -> str:
    return f"regio {format_list(regions)}"


def _when(succession: Succession) -> date:
    return succession.on
