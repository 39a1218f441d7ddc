"""One mail to one person: plain text, nothing that follows the reader."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_string
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import uuid4

from surveys.mailing.characters import clean_line, clean_lines

_AS_WRITTEN = SMTP.clone(refold_source="none")
_MAX_NAME = 100  # characters of a name in a header; some servers refuse very long headers

# RFC 5321, without quoted names, addresses between [ ] and SMTPUTF8: few servers take them.
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", re.ASCII | re.IGNORECASE)
_PLAIN_NAME = re.compile(r"[a-z0-9 '-]{1,60}", re.ASCII | re.IGNORECASE)
_PLAIN_SUBJECT = re.compile(r"[ -~]{0,60}")
_MESSAGE_ID = re.compile(r"<[a-z0-9.-]+@[a-z0-9.-]+>", re.ASCII | re.IGNORECASE)


class UnusableAddress(Exception):
    """An e-mail address that no mail can go to; `reason` says why, in Dutch."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_address(address: str) -> None:
    """Raise UnusableAddress unless `address` is one plain address, such as 'naam@voorbeeld.nl'."""
    reason = _find_reason(address)
    if reason:
        raise UnusableAddress(f"Dit e-mailadres kan niet: {reason}.")


def _find_reason(address: str) -> str | None:
    if not address:
        return "het is leeg"
    if any(sign.isspace() or sign in ",;" for sign in address):
        return "er staat een spatie, komma of puntkomma in. Vul één adres in, zonder naam"
    strange = next((sign for sign in address if not "!" <= sign <= "~"), None)
    if strange is not None:
        shown = strange if strange.isprintable() else f"U+{ord(strange):04X}"
        return f"het teken '{shown}' mag niet in een adres. Gebruik letters zonder accent"
    local, at, domain = address.rpartition("@")
    if not at or "@" in local:
        return "er moet precies één @ in staan"
    if len(local) > 64 or len(address) > 254:
        return "het is te lang"
    if not _LOCAL.fullmatch(local):
        return "het deel vóór de @ klopt niet"
    labels = domain.split(".")
    known = all(_LABEL.fullmatch(label) and len(label) <= 63 for label in labels)
    if len(labels) < 2 or not known or labels[-1].isdigit():
        return "het deel achter de @ klopt niet"
    return None


@dataclass(frozen=True)
class Mailbox:
    """Where mail goes to or comes from. UnusableAddress where no mail can; any name will do."""

    address: str
    name: str = ""

    def __post_init__(self) -> None:
        check_address(self.address)


def new_message_id(sender: Mailbox) -> str:
    """The name of a mail, to be stored with it: a server that gets the mail twice can tell."""
    return f"<{uuid4()}@{sender.address.rpartition('@')[2]}>"


@dataclass(frozen=True)
class Letter:
    """A mail with the addresses on its envelope; `bytes(letter.message)` is what is sent."""

    sender: Mailbox
    recipient: Mailbox
    message: EmailMessage


def write_letter(
    *,
    sender: Mailbox,
    recipient: Mailbox,
    subject: str,
    body: str,
    message_id: str,
    written_at: datetime,
    reply_to: Mailbox | None = None,
) -> Letter:
    """A mail ready to be sent. `written_at` is aware; `message_id` is as new_message_id makes it.

    There is no 'Auto-Submitted': a person sends these, and should hear it when a programme
    leader is away or has left.
    """
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError(f"not a message id: {message_id!r}")
    headers = {
        "From": _encode_mailbox(sender),
        "To": _encode_mailbox(recipient),
        "Subject": _encode(clean_line(subject), _PLAIN_SUBJECT),
        "Date": format_datetime(written_at),
        "Message-ID": message_id,
    }
    if reply_to is not None:
        headers["Reply-To"] = _encode_mailbox(reply_to)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    message = message_from_string(head, policy=_AS_WRITTEN)
    message.set_content(clean_lines(body), charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = "nl"
    return Letter(sender, recipient, message)


def _encode_mailbox(mailbox: Mailbox) -> str:
    name = clean_line(mailbox.name, _MAX_NAME)
    return f"{_encode(name, _PLAIN_NAME)}\r\n <{mailbox.address}>" if name else mailbox.address


def _encode(text: str, plain: re.Pattern[str]) -> str:
    """The text as it is where it is `plain`, else as encoded words of RFC 2047.

    Header does that; EmailMessage loses quotes and spaces where it folds long names.
    """
    if plain.fullmatch(text) and "=?" not in text:
        return text
    return Header(text, "utf-8", maxlinelen=60).encode(linesep="\r\n")
