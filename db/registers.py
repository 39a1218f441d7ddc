"""The register of regions in the tables: names and attributes, as they were last told."""

from __future__ import annotations

from collections import defaultdict

from sqlmodel import Session, col, select

from db.records import key
from db.steps import add_audit
from db.tables import RegionAttributeRow, RegionRow
from surveys.register import Register


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
            add_audit(session, actor, "region.added", f"region {number}", new=region.name)
        elif name and name != region.name:
            add_audit(session, actor, "region.named", f"region {number}", region.name, name)
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
        add_audit(session, actor, "region.attribute", subject, new=value)
    elif row.value != value:
        add_audit(session, actor, "region.attribute", subject, row.value, value)
        row.value = value


def read_attributes(session: Session) -> dict[str, list[str]]:
    """Per attribute that any region has, its values in alphabetical order."""
    found: dict[str, list[str]] = defaultdict(list)
    pairs = select(RegionAttributeRow.name, RegionAttributeRow.value).distinct()
    for name, value in session.exec(pairs.order_by(col(RegionAttributeRow.value))):
        found[name].append(value)
    return dict(sorted(found.items()))
