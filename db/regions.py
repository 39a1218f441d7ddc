"""The register of regions in the tables: names and attributes, as they were last told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlmodel import Session, col, select

from db.access import Desk, needs
from db.records import key
from db.tables import RegionAttributeRow, RegionRow
from db.trail import add_line
from surveys.register import Register
from surveys.roles import Right


def keep_register(session: Session, register: Register, actor: str) -> None:
    """Add the new regions; take over names and attributes. Every change is in the audit trail."""
    known = {row.number: row for row in session.exec(select(RegionRow))}
    for number, attributes in register.regions.items():
        name = register.names.get(number)
        region = known.get(number)
        if region is None:
            region = RegionRow(number=number, name=name or number)
            session.add(region)
            session.flush()
            add_line(session, actor, "region.added", f"region {number}", new=region.name)
        elif name and name != region.name:
            add_line(session, actor, "region.named", f"region {number}", region.name, name)
            region.name = name
        for attribute, value in attributes.items():
            _keep_value(session, region, attribute, value, actor)


def _keep_value(
    session: Session, region: RegionRow, attribute: str, value: str, actor: str
) -> None:
    row = session.get(RegionAttributeRow, (region.id, attribute))
    subject = f"region {region.number}, {attribute}"
    if row is None:
        session.add(RegionAttributeRow(region_id=key(region), name=attribute, value=value))
        add_line(session, actor, "region.attribute", subject, new=value)
    elif row.value != value:
        add_line(session, actor, "region.attribute", subject, row.value, value)
        row.value = value


def read_attributes(session: Session) -> dict[str, list[str]]:
    """Per attribute that any region has, its values in alphabetical order."""
    found: dict[str, list[str]] = defaultdict(list)
    pairs = select(RegionAttributeRow.name, RegionAttributeRow.value).distinct()
    for name, value in session.exec(pairs.order_by(col(RegionAttributeRow.value))):
        found[name].append(value)
    return dict(sorted(found.items()))


class Regions(Desk):
    """The verbs on the register."""

    @needs(Right.DO_FIELDWORK)
    def add(self, regions: Iterable[tuple[str, str]]) -> None:
        """Add regions as (registration number, name)."""
        with self._write() as session:
            for number, name in regions:
                session.add(RegionRow(number=number, name=name))
                self._log(session, "region.added", f"region {number}", new=name)

    @needs(Right.DO_FIELDWORK)
    def keep_register(self, register: Register) -> None:
        """Add the regions that are new, and take over names and attributes of all in the
        register; what it does not name stays. All of it or nothing."""
        with self._write() as session:
            keep_register(session, register, self.person.name)

    @needs(Right.SEE_RESULTS, Right.DO_FIELDWORK)
    def attributes(self) -> dict[str, list[str]]:
        """Per attribute of the register, its values in alphabetical order."""
        with self._read() as session:
            return read_attributes(session)
