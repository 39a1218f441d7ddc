"""The register of regions in the tables: names, attributes and leaders, as they were last told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select

from db import clock
from db.access import Desk, needs
from db.fieldwork import successions
from db.people.contacts import read_leaders, write_leader
from db.responses.records import key
from db.tables import BY_NUMBER, RegionAttributeRow, RegionRow
from db.trail import add_line
from surveys.dutch import local_day, start_of_day
from surveys.regions.changes import RegisterChanges, find_changes
from surveys.regions.contacts import Contact
from surveys.regions.details import InvalidDetails, check_leader, check_region, on_one_line
from surveys.regions.register import Register
from surveys.regions.succession import Succession
from surveys.roles import Right
from surveys.waves.days import ConcernedWaves, Foresight


class RegisterMoved(Exception):
    """The register is no longer the one to which changes were shown; `changes` are those now."""

    def __init__(self, changes: RegisterChanges) -> None:
        super().__init__("the register was changed meanwhile")
        self.changes = changes


# The register as a whole


def read_register(session: Session) -> Register:
    """All that is known, by region number."""
    regions = session.exec(select(RegionRow).order_by(*BY_NUMBER)).all()
    values: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for row in session.exec(select(RegionAttributeRow).order_by(RegionAttributeRow.name)):
        values[row.region_id][row.name] = row.value
    return Register(
        {region.number: values[key(region)] for region in regions},
        tuple(sorted({name for told in values.values() for name in told})),
        {region.number: region.name for region in regions},
        read_leaders(session),
        {region.number: region.ended_on for region in regions if region.ended_on},
    )


def find_register_changes(session: Session, register: Register) -> RegisterChanges:
    """What taking over a register would change today."""
    known, today = read_register(session), local_day(clock.now())
    ended = {number for number, day in known.ended_on.items() if day <= today}
    return find_changes(known, register, ended)


def keep_register(session: Session, register: Register, actor: str) -> None:
    """Add the new regions; take over names, attributes and leaders. Every change is in the audit
    trail, without who the leaders are."""
    _write_changes(session, register, find_register_changes(session, register), actor)


def _write_changes(
    session: Session, register: Register, changes: RegisterChanges, actor: str
) -> None:
    for added in changes.added:
        add_region(session, added.region, added.name, actor)
    regions = {row.number: row for row in session.exec(select(RegionRow))}
    for renamed in changes.renamed:
        rename_region(session, regions[renamed.region], renamed.new, actor)
    for added in changes.added:
        for attribute, value in register.regions[added.region].items():
            _write_value(session, regions[added.region], attribute, value, actor)
    for change in changes.values:
        _write_value(session, regions[change.region], change.attribute, change.new, actor)
    for leader in changes.leaders:
        write_leader(session, regions[leader.region], leader.new, clock.now(), actor)


def add_region(session: Session, number: str, name: str, actor: str) -> None:
    session.add(RegionRow(number=number, name=name))
    session.flush()
    add_line(session, actor, "region.added", f"region {number}", new=name)


def rename_region(session: Session, region: RegionRow, name: str, actor: str) -> None:
    add_line(session, actor, "region.named", f"region {region.number}", region.name, name)
    region.name = name


def _write_value(
    session: Session, region: RegionRow, attribute: str, value: str, actor: str
) -> None:
    row = session.get(RegionAttributeRow, (region.id, attribute))
    old = None if row is None else row.value
    session.merge(RegionAttributeRow(region_id=key(region), name=attribute, value=value))
    subject = f"region {region.number}, {attribute}"
    add_line(session, actor, "region.attribute", subject, old, value)


def read_attributes(session: Session) -> dict[str, list[str]]:
    """Per attribute that any region has, its values in alphabetical order."""
    found: dict[str, list[str]] = defaultdict(list)
    pairs = select(RegionAttributeRow.name, RegionAttributeRow.value).distinct()
    for name, value in session.exec(pairs.order_by(col(RegionAttributeRow.value))):
        found[name].append(value)
    return dict(sorted(found.items()))


def _find_region(session: Session, number: str) -> RegionRow:
    """Raises InvalidDetails."""
    region = session.exec(select(RegionRow).where(RegionRow.number == number)).first()
    if region is None:
        raise InvalidDetails(
            [f"Er is geen regio {number} meer: het nummer is veranderd. Kies de regio opnieuw."]
        )
    return region


def _other_numbers(session: Session, *numbers: str) -> set[str]:
    return {*session.exec(select(RegionRow.number))} - {*numbers}


class Regions(Desk):
    """The verbs on the register."""

    @needs(Right.DO_FIELDWORK)
    def known(self) -> Register:
        """The register as it is, with who leads the regions."""
        with self._read() as session:
            return read_register(session)

    @needs(Right.DO_FIELDWORK)
    def export(self) -> Register:
        """The register as it is, to be written to a file; that is in the trail."""
        with self._write() as session:
            register = read_register(session)
            self._log(session, "register.exported", "register", new=str(len(register.regions)))
            return register

    @needs(Right.SEE_RESULTS, Right.DO_FIELDWORK)
    def attributes(self) -> dict[str, list[str]]:
        """Per attribute of the register, its values in alphabetical order."""
        with self._read() as session:
            return read_attributes(session)

    @needs(Right.DO_FIELDWORK)
    def preview(self, register: Register) -> RegisterChanges:
        """What taking over a register would change."""
        with self._read() as session:
            return find_register_changes(session, register)

    @needs(Right.DO_FIELDWORK)
    def keep_register(self, register: Register, approved: RegisterChanges | None = None) -> bool:
        """Add the regions that are new, and take over names, attributes and leaders of all in the
        register; what it does not name stays. All of it or nothing; False where nothing changed.

        `approved`: the changes as they were shown. Where they have become others, nothing is
        written and RegisterMoved raised.
        """
        with self._write() as session:
            changes = find_register_changes(session, register)
            if changes and approved is not None and changes != approved:
                raise RegisterMoved(changes)
            _write_changes(session, register, changes, self.person.name)
            return bool(changes)

    # One region

    @needs(Right.DO_FIELDWORK)
    def add(self, regions: Iterable[tuple[str, str]]) -> None:
        """Add regions as (registration number, name). Raises InvalidDetails."""
        with self._write() as session:
            taken = _other_numbers(session)
            for number, name in regions:
                check_region(number, name, taken)
                taken.add(number)
                add_region(session, number, name, self.person.name)

    @needs(Right.DO_FIELDWORK)
    def rename(self, number: str, name: str) -> None:
        """Raises InvalidDetails."""
        with self._write() as session:
            region, name = _find_region(session, number), on_one_line(name)
            check_region(number, name, _other_numbers(session, number))
            if name != region.name:
                rename_region(session, region, name, self.person.name)

    @needs(Right.DO_FIELDWORK)
    def renumber(self, number: str, new: str) -> None:
        """Another registration number for the same region: all that it did stays with it.

        Raises InvalidDetails.
        """
        with self._write() as session:
            region, new = _find_region(session, number), on_one_line(new)
            check_region(new, region.name, _other_numbers(session, number))
            if new != number:
                self._log(session, "region.renumbered", f"region {new}", number, new)
                region.number = new

    @needs(Right.DO_FIELDWORK)
    def set_leader(self, number: str, leader: Contact, on: date) -> None:
        """Who leads the region from a day on, or nobody who is known. With the same name it is
        the same person, whose address is changed. Raises InvalidDetails."""
        now = clock.now()
        leader = Contact(on_one_line(leader.name), leader.email.strip())
        check_leader(leader, on, local_day(now))
        since = now if on == local_day(now) else start_of_day(on)
        with self._write() as session:
            region = _find_region(session, number)
            write_leader(session, region, leader, since, self.person.name)

    # Regions that merge, split and end

    @needs(Right.DO_FIELDWORK)
    def successions(self) -> dict[int, Succession]:
        """Those that are recorded, by their key, the earliest first."""
        with self._read() as session:
            return successions.read_successions(session)

    @needs(Right.DO_FIELDWORK)
    def foresee(self, succession: Succession) -> Foresight:
        """What a succession would mean, were it recorded. Raises InvalidSuccession."""
        with self._read() as session:
            return successions.foresee(session, succession)

    @needs(Right.DO_FIELDWORK)
    def record_succession(self, succession: Succession) -> None:
        """Regions merge, split or end; the day on which a region ends is stored with it.

        Raises InvalidSuccession.
        """
        with self._write() as session:
            successions.record_succession(session, succession, self.person.name)

    @needs(Right.DO_FIELDWORK)
    def remove_succession(self, recorded: int) -> bool:
        """Take back what was recorded by mistake; False where it was taken back before."""
        with self._write() as session:
            return successions.remove_succession(session, recorded, self.person.name)

    @needs(Right.DO_FIELDWORK)
    def concerned_pairs(self, before: str, after: str) -> ConcernedWaves:
        """The pairs of two waves that a succession between them concerns.

        Raises UndatedWave, and NoResultFound where there is no such wave.
        """
        with self._read() as session:
            return successions.concerned_pairs(session, before, after)
