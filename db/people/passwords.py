"""Passwords: kept as an argon2 hash, and checked against it."""

from __future__ import annotations

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
# A hash takes 64 MB: who sends many passwords at once must not fill the memory.
_turn = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    with _turn:
        return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; takes as long where there is none to compare with."""
    with _turn:
        try:
            _hasher.verify(password_hash or _nobodys(), password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether the parameters have changed since it was made."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe())
