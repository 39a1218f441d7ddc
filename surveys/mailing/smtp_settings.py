"""The mail server to use, from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address

from surveys.mailing.letters import Mailbox, UnusableAddress


class Security(StrEnum):
    """TLS: from the start. NONE: only to this machine itself."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
_HOST = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?", re.ASCII | re.IGNORECASE)
_NAMED_ADDRESS = re.compile(r'(?:"([^"]*)"|([^"<>]*))\s*<([^<>]*)>')


@dataclass(frozen=True)
class SmtpSettings:
    """`user` is empty where the server asks for none; the password is never shown."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    sender: Mailbox
    reply_to: Mailbox | None


class InvalidSmtpSettings(Exception):
    """Settings with faults; `faults` holds all of them, in English, without any password."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_smtp_settings(environment: Mapping[str, str]) -> SmtpSettings | None:
    """What SMTP_HOST, SMTP_PORT, SMTP_SECURITY, SMTP_USER, SMTP_PASSWORD, MAIL_FROM and
    MAIL_REPLY_TO say; None where SMTP_HOST is empty. Raises InvalidSmtpSettings."""
    found = {name: environment.get(name, "").strip() for name in _NAMES}
    host = found["SMTP_HOST"]
    if not host:
        return None
    faults: list[str] = []
    security = _read_security(found["SMTP_SECURITY"], host, faults)
    port = _read_port(found["SMTP_PORT"], security, faults)
    password = environment.get("SMTP_PASSWORD", "")  # spaces may belong to it
    if not _is_address(host) and not _HOST.fullmatch(host):
        faults.append(f"SMTP_HOST: {host!r} is not the name or address of a server")
    _check_account(found["SMTP_USER"], password, faults)
    if not found["MAIL_FROM"]:
        faults.append("MAIL_FROM: is not set; give the address that mail comes from")
    sender = _read_mailbox("MAIL_FROM", found["MAIL_FROM"], faults)
    reply_to = _read_mailbox("MAIL_REPLY_TO", found["MAIL_REPLY_TO"], faults)
    if faults or sender is None:
        raise InvalidSmtpSettings(faults)
    return SmtpSettings(host, port, security, found["SMTP_USER"], password, sender, reply_to)


_NAMES = ("SMTP_HOST", "SMTP_PORT", "SMTP_SECURITY", "SMTP_USER", "MAIL_FROM", "MAIL_REPLY_TO")


def _read_security(text: str, host: str, faults: list[str]) -> Security:
    try:
        security = Security(text.lower() or Security.STARTTLS)
    except ValueError:
        faults.append(f"SMTP_SECURITY: {text!r} is not one of: {', '.join(Security)}")
        return Security.STARTTLS
    if security is Security.NONE and not _is_this_machine(host):
        faults.append(
            "SMTP_SECURITY: 'none' is only for a server on this machine (localhost); "
            "links would be readable on the way"
        )
    return security


def _is_this_machine(host: str) -> bool:
    return host.lower().rstrip(".") == "localhost" or (
        _is_address(host) and ip_address(host).is_loopback
    )


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _read_port(text: str, security: Security, faults: list[str]) -> int:
    if not text:
        return _PORTS[security]
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        faults.append(f"SMTP_PORT: {text!r} is not a whole number from 1 to 65535")
        return _PORTS[security]
    return int(text)


def _check_account(user: str, password: str, faults: list[str]) -> None:
    if bool(user) != bool(password):
        missing = "SMTP_PASSWORD" if user else "SMTP_USER"
        faults.append(f"{missing}: is not set; give both SMTP_USER and SMTP_PASSWORD, or neither")
    for name, value in (("SMTP_USER", user), ("SMTP_PASSWORD", password)):
        if not value.isascii() or not value.isprintable():
            faults.append(f"{name}: has a sign that cannot be sent; use printable ASCII only")


def _read_mailbox(name: str, text: str, faults: list[str]) -> Mailbox | None:
    """'Name <address>' or an address alone; None where it is empty or no address."""
    if not text:
        return None
    named = _NAMED_ADDRESS.fullmatch(text)
    try:
        if named is None:
            return Mailbox(text)
        return Mailbox(named[3].strip(), (named[1] or named[2] or "").strip())
    except UnusableAddress:
        faults.append(f"{name}: {text!r} is not an address such as 'Name <name@example.org>'")
        return None
