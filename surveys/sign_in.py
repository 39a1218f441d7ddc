"""Signing in: the rules for names and passwords, for who guesses, and for a time of rest."""

from __future__ import annotations

import hashlib
import ipaddress
import math
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from surveys.roles import Role

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 128
LONGEST_NAME = 254  # of an e-mail address


@dataclass(frozen=True)
class Account:
    """Who may sign in; `name` is None once it was erased. Without a password only through the
    organisation's own sign-in."""

    id: int
    name: str | None
    role: Role
    has_password: bool
    made_at: datetime
    disabled_at: datetime | None

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None


class InvalidAccount(Exception):
    """A name or a password that cannot be used, or a step that the accounts do not allow. `code`
    says which rule; the message is Dutch."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


_FAULTS = {
    "name_missing": "Vul een naam in om mee aan te melden.",
    "name_long": f"De naam heeft meer dan {LONGEST_NAME} tekens.",
    "name_characters": "In de naam mogen geen spaties en onzichtbare tekens staan.",
    "name_taken": "Er is al een account met deze naam.",
    "short": f"Het wachtwoord moet minstens {SHORTEST_PASSWORD} tekens hebben.",
    "long": f"Het wachtwoord mag hooguit {LONGEST_PASSWORD} tekens hebben.",
    "is_name": "Het wachtwoord mag niet de naam zijn.",
    "role": "Deze rol kan een account niet hebben.",
    "first": "Het eerste account moet dat van een beheerder zijn.",
    "last": "Dit is de laatste beheerder die zich kan aanmelden. Maak eerst een andere.",
    "erased": "Dit account is gewist.",
    "absent": "Dit account is er niet.",
}


def refuse_account(code: str) -> InvalidAccount:
    return InvalidAccount(code, _FAULTS[code])


def clean_name(name: str) -> str:
    """The name as it is stored and looked for: trimmed, in lower case. Raises InvalidAccount."""
    cleaned = name.strip().lower()
    if not cleaned:
        raise refuse_account("name_missing")
    if len(cleaned) > LONGEST_NAME:
        raise refuse_account("name_long")
    if not cleaned.isprintable() or any(sign.isspace() for sign in cleaned):
        raise refuse_account("name_characters")
    return cleaned


def check_password(name: str, password: str) -> None:
    """Long enough, and not the name; nothing is asked of its signs. Raises InvalidAccount."""
    if len(password) < SHORTEST_PASSWORD:
        raise refuse_account("short")
    if len(password) > LONGEST_PASSWORD:
        raise refuse_account("long")
    if password.strip().lower() == name:
        raise refuse_account("is_name")


class SignInRefused(Exception):
    """The name or the password is wrong; which of the two is not told."""


# Who guesses


@dataclass(frozen=True)
class Limit:
    """So many failures `within` a time, and the next are refused for `wait`; twice as long each
    time that the limit is reached again on the same day, up to `longest_wait`."""

    failures: int
    within: timedelta
    wait: timedelta
    longest_wait: timedelta = timedelta(hours=1)


REMEMBERED = timedelta(hours=24)  # a failure; then it is deleted
LINK_LIMIT = Limit(20, timedelta(minutes=10), timedelta(minutes=10))
NAME_LIMIT = Limit(5, timedelta(minutes=15), timedelta(minutes=1))  # of a name, by one client
# Of a name, by anyone: no stranger may keep it locked.
SHARED_NAME_LIMIT = Limit(50, timedelta(minutes=15), timedelta(minutes=1), timedelta(minutes=1))
CLIENT_LIMIT = Limit(20, timedelta(minutes=15), timedelta(minutes=1))


def refused_until(failures: Iterable[datetime], limit: Limit) -> datetime | None:
    """Until when the next attempt is refused, after these failures, oldest first; None where the
    limit was never reached."""
    until, wait = None, limit.wait
    recent: list[datetime] = []
    for moment in failures:
        recent = [before for before in recent if moment - before < limit.within] + [moment]
        if len(recent) >= limit.failures:
            until = moment + wait
            wait = min(wait * 2, limit.longest_wait)
            recent = []
    return until


class TooManyAttempts(Exception):
    """Refused for a while, whatever was tried; `seconds` are left."""

    def __init__(self, until: datetime, now: datetime) -> None:
        self.seconds = max(1, math.ceil((until - now).total_seconds()))
        minutes = math.ceil(self.seconds / 60)
        self.wait = "1 minuut" if minutes == 1 else f"{minutes} minuten"
        super().__init__(f"refused for {self.seconds} seconds")


def client_subject(address: str) -> str:
    """What is kept of who tried: a hash of the address, or of its network where one visitor has
    a whole network of addresses (IPv6)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return _hash(f"client {address}")
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return _hash(f"client {parsed.ipv4_mapped}")
        return _hash(f"client {ipaddress.ip_network((parsed, 64), strict=False)}")
    return _hash(f"client {parsed}")


def name_subject(name: str) -> str:
    return _hash(f"name {name}")[:32]


def name_from_client_subject(name: str, client: str) -> str:
    """Begins with the subject of the name, which everything of the name is found by."""
    return name_subject(name) + client_subject(client)[:32]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# Being signed in


def new_secret() -> str:
    """What the browser's cookie holds while someone is signed in: 256 bits."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    return _hash(secret)


def has_rested(seen_at: datetime, now: datetime, rest_minutes: int) -> bool:
    """Whether nothing was done for so long that one must sign in again."""
    return now - seen_at >= timedelta(minutes=rest_minutes)
