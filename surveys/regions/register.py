"""The register of regions: what is known of each, such as its province, to compare groups by.

Also who leads it: personal data, which no attribute, no result and no written register shows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TextIO

from surveys.delimited import InvalidFile, RowError, split_rows
from surveys.mailing.letters import UnusableAddress, check_address
from surveys.plain_text import holds_invisible
from surveys.regions.contacts import Contact
from surveys.workbook import is_workbook, read_sheet

REGION, NAME = "region", "naam"
LEADER, EMAIL = "programmaleider", "e-mail"

# A file without a column `region` may call the number and the name by other names; beside
# `region` these are attributes, as any other column.
_OTHER_NUMBERS = ("regionummer", "nummer")
_NAMES, _OTHER_NAMES = (NAME,), (NAME, "regionaam", "regio")
_EMAILS = (EMAIL, "email", "emailadres", "e-mailadres")

_WITH_ADDRESS = re.compile(r"\S@\S+\.\w\w")

LONGEST = 500  # signs in a number, a name or a value
_MOST_BYTES = 5_000_000

Rows = Sequence[tuple[int, list[str]]]


class InvalidRegister(InvalidFile):
    """A register with faults."""


@dataclass(frozen=True)
class Register:
    """Per region number its value of every attribute, its name where the file has names, and its
    leader where one is told. The register that is stored also knows which regions end, and when;
    there a region need not have every attribute."""

    regions: Mapping[str, Mapping[str, str]]
    attributes: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict, repr=False)
    ended_on: Mapping[str, date] = field(default_factory=dict)

    def members(self, attribute: str) -> dict[str, frozenset[str]]:
        """The regions that have each value of an attribute, values in alphabetical order.

        ValueError where the register has no such attribute.
        """
        if attribute not in self.attributes:
            known = ", ".join(self.attributes)
            raise ValueError(f"the register has no attribute '{attribute}', only: {known}")
        groups: dict[str, set[str]] = {}
        for region, values in self.regions.items():
            groups.setdefault(values[attribute], set()).add(region)
        return {value: frozenset(groups[value]) for value in sorted(groups, key=_alphabetical)}


def _alphabetical(text: str) -> tuple[str, str]:
    return text.casefold(), text


def holds_address(text: str) -> bool:
    """Whether there is an e-mail address in a text, however it is written."""
    return _WITH_ADDRESS.search(text) is not None


def read_register(path: Path) -> Register:
    """Read the register of a CSV file or an Excel workbook, as `parse_register` does.

    OSError where the file cannot be read.
    """
    with path.open("rb") as file:
        return parse_register(file.read(_MOST_BYTES + 1), path.name)


def parse_register(content: bytes, name: str) -> Register:
    """The register in a file's bytes: CSV (comma or semicolon; UTF-8), or the first sheet of an
    Excel workbook. `name` is the file's, which tells what it should be.

    A column `region` with the number (or `regionummer`, `nummer`), perhaps `naam`,
    `programmaleider` and `e-mail`; every other column is an attribute, of which every region has
    a value. Raises InvalidRegister with every fault found.
    """
    if len(content) > _MOST_BYTES:
        raise InvalidRegister([_TOO_LARGE])
    errors: list[RowError] = []
    if is_workbook(content, name):
        found = list(read_sheet(content, errors))
    else:
        text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")
        found = list(split_rows(text, errors))
    if not found:
        raise InvalidRegister(errors)
    (_, names), *rows = found
    if not names:
        raise InvalidRegister([_NO_HEADER])
    columns = _Columns.find(names)
    filled = [(number, row) for number, row in rows if any(row)]
    errors += [*_check_columns(columns), *_check_rows(columns, filled)]
    if not filled and not errors:
        errors.append(_NO_REGIONS)
    if errors or columns.region is None:
        raise InvalidRegister(errors)
    return _make_register(columns, columns.region, [row for _, row in filled])


_TOO_LARGE = RowError(
    0,
    "the file is far too large for a register of regions",
    "Het bestand is veel te groot voor een register van regio's. Kies een ander bestand.",
)
_NO_HEADER = RowError(
    1,
    "is empty, but should name the columns",
    "deze rij is leeg, maar hoort de namen van de kolommen te bevatten. Vul die in.",
)
_NO_REGIONS = RowError(
    0,
    "the register holds no regions",
    "Het bestand bevat geen regio's. Zet iedere regio op een eigen rij onder de kolomnamen.",
)


@dataclass(frozen=True)
class _Columns:
    """What each column holds, by its place."""

    names: list[str]
    region: int | None
    name: int | None
    leaders: list[int]
    emails: list[int]

    @classmethod
    def find(cls, names: list[str]) -> _Columns:
        plain = [name.casefold() for name in names]
        usual = REGION in plain
        numbers = _places(plain, (REGION,) if usual else _OTHER_NUMBERS)
        titles = _places(plain, _NAMES if usual or not numbers else _OTHER_NAMES)
        return cls(
            names,
            numbers[0] if numbers else None,
            titles[0] if titles else None,
            _places(plain, (LEADER,)),
            _places(plain, _EMAILS),
        )

    @property
    def attributes(self) -> list[int]:
        taken = {self.region, self.name, *self.leaders, *self.emails}
        return [place for place in range(len(self.names)) if place not in taken]


def _places(columns: list[str], wanted: Sequence[str]) -> list[int]:
    """Where the columns of these names are: the first name's first."""
    return [place for name in wanted for place, column in enumerate(columns) if column == name]


def _make_register(columns: _Columns, region: int, rows: list[list[str]]) -> Register:
    places = columns.attributes
    contacts = {row[region]: _read_contact(columns, row) for row in rows}
    return Register(
        {row[region]: {columns.names[place]: row[place] for place in places} for row in rows},
        tuple(columns.names[place] for place in places),
        {} if columns.name is None else {row[region]: row[columns.name] for row in rows},
        {number: contact for number, contact in contacts.items() if contact},
    )


def _read_contact(columns: _Columns, row: list[str]) -> Contact:
    name, email = (row[places[0]] if places else "" for places in (columns.leaders, columns.emails))
    return Contact(" ".join(name.split()), email)


def _check_columns(columns: _Columns) -> Iterator[RowError]:
    if columns.region is None:
        yield RowError(
            1,
            f"there is no column '{REGION}'",
            "er is geen kolom met het nummer van de regio. "
            f"Noem die kolom {REGION}, regionummer of nummer.",
        )
    if not (any(columns.names[place] for place in columns.attributes) or columns.emails):
        yield RowError(
            1,
            "there is no column with an attribute of the regions",
            "er is geen kolom met een kenmerk van de regio's. Voeg er een toe, zoals provincie.",
        )
    for place, column in enumerate(columns.names):
        if not column:
            yield RowError(
                1,
                f"column {place + 1} has no name",
                f"kolom {place + 1} heeft geen naam. Vul de naam in of haal de kolom weg.",
            )
        elif _is_double(columns, place):
            yield RowError(
                1,
                f"column {place + 1} is named '{column}', as an earlier one is",
                f"kolom {place + 1} heet '{column}', net als een kolom ervoor. "
                "Geef een van de twee een andere naam of haal die weg.",
            )
        elif len(column) > LONGEST or holds_address(column):
            yield RowError(
                1,
                f"column {place + 1} has no usable name: it is too long or an e-mail address",
                f"de naam van kolom {place + 1} is te lang of een e-mailadres. "
                "Geef de kolom een korte naam.",
            )
        elif holds_invisible(column):
            yield _is_invisible(1, place)
    emails = [columns.names[place] for place in columns.emails]
    if len({name.casefold() for name in emails}) > 1:
        yield RowError(
            1,
            f"there is more than one column with e-mail addresses: {', '.join(emails)}",
            f"er is meer dan één kolom met e-mailadressen: {', '.join(emails)}. Houd er één over.",
        )


def _is_double(columns: _Columns, place: int) -> bool:
    """Whether an earlier column has the same name: for those with a meaning in any case."""
    name, before = columns.names[place], columns.names[:place]
    if place in columns.attributes and name.casefold() not in (REGION, NAME):
        return name in before
    return name.casefold() in [other.casefold() for other in before]


def _check_rows(columns: _Columns, rows: Rows) -> Iterator[RowError]:
    rows_of_regions: dict[str, int] = {}
    for number, row in rows:
        yield from _check_values(columns, number, row)
        region = "" if columns.region is None else row[columns.region]
        first = rows_of_regions.setdefault(region, number)
        if region and first != number:
            yield RowError(
                number,
                f"region '{region}' is in row {first} too",
                f"regio '{region}' staat ook in rij {first}. Haal een van de twee rijen weg.",
            )
    for place in {*range(len(columns.names))} - {*columns.leaders, *columns.emails}:
        found = next((number for number, row in rows if holds_address(row[place])), None)
        if found:
            yield _is_personal(found, columns.names[place])


def _check_values(columns: _Columns, number: int, row: list[str]) -> Iterator[RowError]:
    for place, (column, value) in enumerate(zip(columns.names, row, strict=True)):
        if len(value) > LONGEST:
            yield RowError(
                number,
                f"the value of column {place + 1} has {len(value)} signs: {LONGEST} at most",
                f"de waarde in kolom {place + 1} heeft {len(value)} tekens. Maak die korter: "
                f"hoogstens {LONGEST}.",
            )
        elif holds_invisible(value):
            yield _is_invisible(number, place)
        elif place in columns.emails:
            yield from _check_email(number, value)
        elif value or not column or place in columns.leaders:
            continue
        elif place == columns.region:
            yield RowError(number, "the region is empty", "het regionummer ontbreekt. Vul het in.")
        else:
            yield RowError(
                number,
                f"the value of {column} is empty",
                f"de waarde van '{column}' ontbreekt. Vul die in, eventueel met: onbekend.",
            )


def _is_invisible(row: int, place: int) -> RowError:
    return RowError(
        row,
        f"column {place + 1} holds an invisible character: type the text anew",
        f"in kolom {place + 1} staat een onzichtbaar teken. Typ de tekst opnieuw.",
    )


def _check_email(row: int, email: str) -> Iterator[RowError]:
    try:
        if email:
            check_address(email)
    except UnusableAddress as unusable:
        # without the address: it is personal, and messages are kept and passed on
        reason = unusable.reason[:1].lower() + unusable.reason[1:]
        yield RowError(row, "the e-mail address is not one: write it as name@example.nl", reason)


def _is_personal(row: int, column: str) -> RowError:
    return RowError(
        row,
        f"'{column}' holds an e-mail address: name that column '{EMAIL}' or remove it",
        f"in '{column}' staat een e-mailadres. Noem die kolom {EMAIL}, zodat de adressen apart "
        "worden bewaard, of haal de kolom weg.",
    )


def write_register(file: TextIO, register: Register) -> None:
    """Write a register as `read_register` reads it, without who leads the regions."""
    writer = csv.writer(file, lineterminator="\n")
    with_names = [NAME] if register.names else []
    writer.writerow([REGION, *with_names, *register.attributes])
    for region, values in register.regions.items():
        named = [register.names[region]] if register.names else []
        writer.writerow([region, *named, *(values[name] for name in register.attributes)])
