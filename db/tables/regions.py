"""The register of regions, what became of them, and who leads them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, func, text
from sqlmodel import Field, SQLModel, col

from db.tables.base import Moment, one_of


class RegionRow(SQLModel, table=True):
    """A region: the unit that is followed over the waves."""

    __tablename__ = "region"

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    name: str
    ended_on: date | None = None


# Numbers are text: the shorter first, so that 9 comes before 10.
BY_NUMBER = (func.length(RegionRow.number), col(RegionRow.number))


class RegionAttributeRow(SQLModel, table=True):
    """What the register says of a region, such as its province."""

    __tablename__ = "region_attribute"
    __table_args__ = (CheckConstraint("name <> '' AND value <> ''", name="filled"),)

    region_id: int = Field(primary_key=True, foreign_key="region.id")
    name: str = Field(primary_key=True)
    value: str


class SuccessionRow(SQLModel, table=True):
    """Regions that merged, split or ended on a date."""

    __tablename__ = "succession"
    __table_args__ = (CheckConstraint(one_of("kind", ("merge", "split", "ended")), name="kind"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    happened_on: date


class SuccessionPartRow(SQLModel, table=True):
    """A region in a succession: one that was there before it, or one that goes on after it."""

    __tablename__ = "succession_part"
    __table_args__ = (CheckConstraint(one_of("side", ("predecessor", "successor")), name="side"),)

    succession_id: int = Field(primary_key=True, foreign_key="succession.id")
    region_id: int = Field(primary_key=True, foreign_key="region.id")
    side: str = Field(primary_key=True)


class ContactRow(SQLModel, table=True):
    """The leader of a region for a time: the only place with names and addresses of leaders.
    Erasing empties both and leaves the row, so that messages still say to whom they went."""

    __tablename__ = "contact"
    __table_args__ = (
        Index(
            "uq_contact_current",
            "region_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        CheckConstraint(
            "erased_at IS NULL OR (name IS NULL AND email IS NULL)", name="erased_is_empty"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    region_id: int = Field(foreign_key="region.id", index=True)
    name: str | None = None
    email: str | None = None
    since: datetime = Field(sa_type=Moment)
    until: datetime | None = Field(default=None, sa_type=Moment)
    erased_at: datetime | None = Field(default=None, sa_type=Moment)
