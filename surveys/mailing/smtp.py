"""Mail on its way: one letter at a time, and what became of it.

The steps of SMTP are taken one by one, not by smtplib's `sendmail`, because one border matters: a
server may only take a mail after the line with a single dot that ends it. A connection that breaks
before that line has sent nothing; one that breaks after it may have, and is never tried again.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from surveys.mailing.characters import clean_line
from surveys.mailing.letters import Letter
from surveys.mailing.smtp_settings import Security, SmtpSettings

TIMEOUT = 30.0  # seconds without a word from the server
_MAX_WORDS = 500  # characters kept of what a server says

_START_OF_CONTENT = 354
_CLOSING = 421  # what a server says before it hangs up

_BROKEN_BEFORE = "De verbinding met de mailserver brak af voordat de mail verstuurd was."
_BROKEN_AFTER = (
    "De verbinding met de mailserver brak af toen de mail net verstuurd was. De mail kan zijn "
    "aangekomen."
)


class Outcome(StrEnum):
    """REFUSED: for good (5xx). DEFERRED: for now (4xx). NOT_SENT: the connection broke in time.
    UNKNOWN: the mail went out, the answer never came: it may or may not have been taken."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DEFERRED = "deferred"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Delivery:
    """`words`: the server's own, with their code, or Dutch ones where it said nothing. Servers
    like to repeat the address, so the words are personal data."""

    outcome: Outcome
    words: str


class NoPostbox(Exception):
    """The mail server could not be reached or did not let us in. Nothing was sent.

    `reason` is Dutch, `english` the same for the command line; both have the server's words, and
    never the password.
    """

    def __init__(self, reason: str, english: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.english = english


@contextmanager
def open_postbox(settings: SmtpSettings) -> Iterator[Postbox]:
    """A connection to the mail server, signed in. Raises NoPostbox."""
    smtp = _connect(settings)
    try:
        yield Postbox(smtp)
    finally:
        with suppress(smtplib.SMTPException):
            smtp.quit()
        smtp.close()


class Postbox:
    """Where letters are put in, one by one. Once the connection broke, no letter is sent any more:
    each is NOT_SENT, until a new postbox is opened."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    @property
    def is_open(self) -> bool:
        """Whether the connection was whole when it was last used."""
        return self._smtp.sock is not None

    def send(self, letter: Letter) -> Delivery:
        """Send one letter. Raises nothing that a server or a network can cause."""
        content = _end_with_dot(bytes(letter.message))
        try:
            refusal = self._announce(letter)
            if refusal is None:
                self._smtp.send(content)
        except smtplib.SMTPException:
            self._smtp.close()
            return Delivery(Outcome.NOT_SENT, _BROKEN_BEFORE)
        if refusal is not None:
            self._start_over()
            return refusal
        return self._finish()

    def _announce(self, letter: Letter) -> Delivery | None:
        """Up to where the content may come; the server's refusal, if it does not want it."""
        code, words = self._smtp.mail(letter.sender.address)
        if not _is_yes(code):
            return self._refuse(code, words)
        code, words = self._smtp.rcpt(letter.recipient.address)
        if not _is_yes(code):
            return self._refuse(code, words)
        code, words = self._smtp.docmd("DATA")
        return None if code == _START_OF_CONTENT else self._refuse(code, words)

    def _finish(self) -> Delivery:
        """Send the dot; from here on the mail may have been taken."""
        try:
            self._smtp.send(b".\r\n")
            code, words = self._smtp.getreply()
        except smtplib.SMTPException:
            self._smtp.close()
            return Delivery(Outcome.UNKNOWN, _BROKEN_AFTER)
        if _is_yes(code):
            return Delivery(Outcome.ACCEPTED, _quote(code, words))
        if 400 <= code < 600:
            refusal = self._refuse(code, words)
            self._start_over()
            return refusal
        self._smtp.close()
        return Delivery(Outcome.UNKNOWN, _quote(code, words))

    def _refuse(self, code: int, words: bytes) -> Delivery:
        if code == _CLOSING:
            self._smtp.close()
        outcome = Outcome.REFUSED if 500 <= code < 600 else Outcome.DEFERRED
        return Delivery(outcome, _quote(code, words))

    def _start_over(self) -> None:
        """Make the server forget a letter it did not want, so that the next can follow."""
        try:
            self._smtp.rset()
        except smtplib.SMTPException:
            self._smtp.close()


def _end_with_dot(content: bytes) -> bytes:
    """Content as it is sent, without its last line, the dot: RFC 5321, 4.5.2."""
    return re.sub(rb"(?m)^\.", b"..", content.rstrip(b"\r\n") + b"\r\n")


def _is_yes(code: int) -> bool:
    return 200 <= code < 300


def _quote(code: int, words: bytes | str) -> str:
    text = words if isinstance(words, str) else words.decode("utf-8", "replace")
    return clean_line(f"{code} {text}" if code > 0 else text, _MAX_WORDS)


# The connection


def _connect(settings: SmtpSettings) -> smtplib.SMTP:
    try:
        smtp = _greet(settings)
        try:
            _enter(smtp, settings)
        except BaseException:
            smtp.close()
            raise
    # smtplib's own are OSErrors too; a challenge that is no base64 is a ValueError.
    except (OSError, ValueError) as error:
        raise _explain(error, settings) from None
    return smtp


def _greet(settings: SmtpSettings) -> smtplib.SMTP:
    if settings.security is Security.TLS:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=TIMEOUT, context=context)
    return smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT)


def _enter(smtp: smtplib.SMTP, settings: SmtpSettings) -> None:
    if settings.security is Security.STARTTLS:
        smtp.starttls(context=ssl.create_default_context())
    smtp.ehlo_or_helo_if_needed()
    if smtp.sock is not None:  # else the dot would wait until the server has noted the content
        smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if settings.user:
        smtp.login(settings.user, settings.password)


def _explain(error: Exception, settings: SmtpSettings) -> NoPostbox:
    match error:
        case smtplib.SMTPAuthenticationError():
            what = "weigert de gebruikersnaam of het wachtwoord"
            english = "refuses the user name or the password"
        case smtplib.SMTPResponseException():
            what, english = "weigert de verbinding", "refuses the connection"
        case smtplib.SMTPNotSupportedError():
            what = "kan niet wat is ingesteld (STARTTLS, of een gebruikersnaam)"
            english = "cannot do what is set (STARTTLS, or a user name)"
        case ssl.SSLCertVerificationError():
            what, english = "heeft geen geldig certificaat", "has no valid certificate"
        case _:
            what = "is niet te bereiken, of geeft geen goed antwoord"
            english = "cannot be reached, or gives no good answer"
    if isinstance(error, smtplib.SMTPResponseException):
        words = _quote(error.smtp_code, error.smtp_error)
    else:
        words = clean_line(str(error), _MAX_WORDS)
    server = f"{settings.host}:{settings.port}"
    return NoPostbox(
        f"De mailserver {server} {what}. De melding: {words}",
        f"the mail server {server} {english}: {words}",
    )
