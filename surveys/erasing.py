"""Erasing names and addresses: whose there are, until when they are kept, what stays of a reply."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import datetime

# An answer of a mail server begins with '550' or '550 5.1.1'; the words after it quote addresses.
_REPLY_CODE = re.compile(r"[245]\d\d(?:[ -][245]\.\d{1,3}\.\d{1,3})?(?!\w)")


@dataclass(frozen=True)
class HeldContact:
    """A contact whose name or address is kept. `until`: since when it is no longer the leader."""

    contact: int
    region: str
    region_name: str
    name: str
    email: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class WaveContacts:
    """Who was asked in a wave: those who can be erased, and those who are needed for other waves
    that are not closed, with the names of these."""

    erasable: list[HeldContact]
    needed: list[tuple[HeldContact, list[str]]]


class WaveNotClosed(Exception):
    """A wave whose contacts are still needed; the message is Dutch."""

    def __init__(self, wave: str) -> None:
        super().__init__(
            f"Meting {wave} is nog niet gesloten: de contacten zijn nog nodig. Sluit de meting "
            "eerst, of wis één persoon."
        )


def retention_limit(now: datetime, months: int) -> datetime:
    """What ended at this moment or before has been kept for `months`; 31 May minus three months
    is the last day of February."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))


def clean_reply(reply: str | None) -> str | None:
    """What may stay of a mail server's answer: its code, without the words."""
    found = _REPLY_CODE.match(reply or "")
    return found[0] if found else None
