"""Regions that merged, split or ended, and the pairs of answers that concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import combinations

from sqlmodel import Session, col, delete, select

from db import clock
from db.responses.records import key
from db.tables import BY_NUMBER, RegionRow, ResponseRow, SuccessionPartRow, SuccessionRow, WaveRow
from db.trail import add_line
from surveys.dutch import local_day
from surveys.fieldwork import WaveState
from surveys.regions.succession import (
    Succession,
    SuccessionKind,
    check_succession,
    find_concerned_pairs,
    find_ended,
)
from surveys.waves.days import (
    ConcernedWaves,
    Foresight,
    UndatedWave,
    WaveDay,
    check_order,
    find_wave_day,
)

_PREDECESSOR, _SUCCESSOR = "predecessor", "successor"


def read_successions(session: Session) -> dict[int, Succession]:
    """Those that are recorded, by their key, the earliest first."""
    parts: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for succession, side, number in session.exec(
        select(SuccessionPartRow.succession_id, SuccessionPartRow.side, RegionRow.number)
        .join(RegionRow, col(RegionRow.id) == col(SuccessionPartRow.region_id))
        .order_by(*BY_NUMBER)
    ):
        parts[succession, side].append(number)
    rows = session.exec(
        select(SuccessionRow).order_by(col(SuccessionRow.happened_on), col(SuccessionRow.id))
    )
    return {
        key(row): Succession(
            SuccessionKind(row.kind),
            row.happened_on,
            tuple(parts[key(row), _PREDECESSOR]),
            tuple(parts[key(row), _SUCCESSOR]),
        )
        for row in rows
    }


def require_possible(session: Session, succession: Succession) -> None:
    """Raise InvalidSuccession with all that is wrong with what would be recorded."""
    known = session.exec(select(RegionRow.number)).all()
    recorded = [*read_successions(session).values()]
    check_succession(succession, known, recorded, local_day(clock.now()))


def record_succession(session: Session, succession: Succession, actor: str) -> None:
    """Raises InvalidSuccession."""
    require_possible(session, succession)
    row = SuccessionRow(kind=succession.kind, happened_on=succession.on)
    session.add(row)
    session.flush()
    regions = {
        region.number: region
        for region in session.exec(
            select(RegionRow).where(col(RegionRow.number).in_(succession.regions))
        )
    }
    for side, numbers in (
        (_PREDECESSOR, succession.predecessors),
        (_SUCCESSOR, succession.successors),
    ):
        for number in numbers:
            part = SuccessionPartRow(
                succession_id=key(row), region_id=key(regions[number]), side=side
            )
            session.add(part)
    told = _tell(succession)
    add_line(session, actor, "succession.recorded", f"succession {row.id}", new=told)
    _end_regions(session, actor)


def remove_succession(session: Session, recorded: int, actor: str) -> bool:
    """Take back what was recorded by mistake; False where it was taken back before."""
    row = session.get(SuccessionRow, recorded)
    if row is None:
        return False
    told = _tell(read_successions(session)[recorded])
    session.exec(delete(SuccessionPartRow).where(col(SuccessionPartRow.succession_id) == recorded))
    session.delete(row)
    add_line(session, actor, "succession.removed", f"succession {recorded}", old=told)
    _end_regions(session, actor)
    return True


def _end_regions(session: Session, actor: str) -> None:
    """Every region ends when the successions say so, and no other does."""
    session.flush()
    ended = find_ended(read_successions(session).values(), date.max)
    for region in session.exec(select(RegionRow).order_by(RegionRow.number)).all():
        old, new = region.ended_on, ended.get(region.number)
        if new != old:
            region.ended_on = new
            days = (str(day) if day else None for day in (old, new))
            add_line(session, actor, "region.ended", f"region {region.number}", *days)


def _tell(succession: Succession) -> str:
    """For the trail: '2023-01-01: 01, 02 → 01'."""
    sides = (", ".join(part) or "geen" for part in (succession.predecessors, succession.successors))
    return f"{succession.on}: {' → '.join(sides)}"


# What it means for the waves


def concerned_pairs(session: Session, before: str, after: str) -> ConcernedWaves:
    """Raises UndatedWave, and NoResultFound where there is no such wave."""
    first, last = (
        _day_of(session.exec(select(WaveRow).where(WaveRow.name == name)).one())
        for name in (before, after)
    )
    check_order(first, last)
    return _find_concerned(session, first, last, read_successions(session).values())


def foresee(session: Session, succession: Succession) -> Foresight:
    """What a succession would mean, were it recorded. Raises InvalidSuccession."""
    require_possible(session, succession)
    recorded = [*read_successions(session).values(), succession]
    days, undated = _days_of_waves(session)
    waves = []
    for before, after in combinations(days, 2):
        if before.on < succession.on <= after.on:
            found = _find_concerned(session, before, after, recorded)
            pairs = tuple(pair for pair in found.pairs if succession in pair.happened)
            waves += [ConcernedWaves(before, after, pairs)] if pairs else []
    return Foresight(tuple(waves), tuple(undated))


def _days_of_waves(session: Session) -> tuple[list[WaveDay], list[str]]:
    """The days of the waves, the earliest first; the waves that have none."""
    days, undated = [], []
    for wave in session.exec(select(WaveRow).order_by(WaveRow.name)):
        try:
            days.append(_day_of(wave))
        except UndatedWave:
            undated.append(wave.name)
    return sorted(days, key=lambda day: day.on), undated


def _day_of(wave: WaveRow) -> WaveDay:
    return find_wave_day(
        wave.name,
        wave.opened_at,
        is_planned=wave.state == WaveState.PLANNED.value,
        today=local_day(clock.now()),
    )


def _find_concerned(
    session: Session, before: WaveDay, after: WaveDay, successions: Iterable[Succession]
) -> ConcernedWaves:
    answered = [_answered(session, day.wave) for day in (before, after)]
    pairs = find_concerned_pairs(successions, before.on, after.on, *answered)
    return ConcernedWaves(before, after, tuple(pairs))


def _answered(session: Session, wave: str) -> set[str]:
    """The numbers of the regions with a response that counts."""
    return {
        *session.exec(
            select(RegionRow.number)
            .join(ResponseRow, col(ResponseRow.region_id) == col(RegionRow.id))
            .join(WaveRow, col(WaveRow.id) == col(ResponseRow.wave_id))
            .where(WaveRow.name == wave, ResponseRow.state == "final")
        )
    }
