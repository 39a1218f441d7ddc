"""What is typed of one region: its number, its name, who leads it. As strict as for a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from surveys.mailing.letters import UnusableAddress, check_address
from surveys.plain_text import holds_invisible
from surveys.regions.contacts import Contact
from surveys.regions.register import LONGEST, holds_address


class InvalidDetails(Exception):
    """Details that a region cannot have; `faults` holds all that is wrong, in Dutch. They may
    quote what was typed: show them as plain text, and keep them out of logs."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


def on_one_line(text: str) -> str:
    """What was typed, with single spaces between its words."""
    return " ".join(text.split())


def check_region(number: str, name: str, taken: Collection[str]) -> None:
    """Raise InvalidDetails unless a region could have this number and name. `taken`: the numbers
    of all other regions, those that have ended included."""
    faults = [*_check_text("het regionummer", number), *_check_text("de naam", name)]
    if number in taken:
        faults.append(f"Er is al een regio met nummer {number}. Kies een ander nummer.")
    _refuse(faults)


def check_leader(contact: Contact, on: date, today: date) -> None:
    """Raise InvalidDetails unless someone could lead a region from this day on."""
    faults = []
    if len(contact.name) > LONGEST:
        faults.append(f"De naam is te lang: gebruik hoogstens {LONGEST} tekens.")
    elif holds_invisible(contact.name):
        faults.append("Er staat een onzichtbaar teken in de naam. Typ de naam opnieuw.")
    if contact.email:
        try:
            check_address(contact.email)
        except UnusableAddress as unusable:
            faults.append(unusable.reason)
    if on > today:
        faults.append(
            "De datum ligt in de toekomst. Leg de nieuwe programmaleider vast vanaf de dag zelf: "
            "tot dan gaat de post naar wie het nu is."
        )
    _refuse(faults)


def _check_text(what: str, text: str) -> Iterator[str]:
    if not text:
        yield f"Vul {what} in."
    elif len(text) > LONGEST:
        yield f"Er staan te veel tekens in {what}: gebruik er hoogstens {LONGEST}."
    elif holds_invisible(text):
        yield f"Er staat een onzichtbaar teken in {what}. Typ het opnieuw."
    elif holds_address(text):
        yield f"Er staat een e-mailadres in {what}. Vul dat in bij de programmaleider."


def _refuse(faults: Collection[str]) -> None:
    if faults:
        raise InvalidDetails(faults)
