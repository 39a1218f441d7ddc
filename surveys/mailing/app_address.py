"""Where the app is, as the links in mails say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

_ADDRESS = re.compile(
    r"https?://(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?(/[a-z0-9/._~-]*)?",
    re.ASCII | re.IGNORECASE,
)
_HERE = ("localhost", "127.0.0.1", "::1")


class InvalidAddress(Exception):
    """The message is English."""


def read_app_address(environment: Mapping[str, str]) -> str | None:
    """What MONITOR_ADDRESS says, without a slash at its end; None where it is empty.

    Raises InvalidAddress.
    """
    address = environment.get("MONITOR_ADDRESS", "").strip()
    if not address:
        return None
    if not _ADDRESS.fullmatch(address):
        raise InvalidAddress(
            f"MONITOR_ADDRESS: {address!r} is not an address such as 'https://monitor.example.org'"
        )
    return address.rstrip("/")


def is_here_only(address: str) -> bool:
    """Whether links to this address open on this machine only."""
    return urlsplit(address).hostname in _HERE


def personal_link(address: str, token: str) -> str:
    return f"{address}/?uitnodiging={token}"
