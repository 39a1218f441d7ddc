"""Sending in the background of this process, and what it takes: a mail server and an address."""

from __future__ import annotations

import logging
import os
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock, Thread
from urllib.parse import urlsplit

import streamlit as st

from db.store import Store
from surveys.dutch import format_time
from surveys.mailing.app_address import InvalidAddress, read_app_address
from surveys.mailing.messages import AlreadySending
from surveys.mailing.sending import send_all
from surveys.mailing.smtp import NoPostbox, Outcome
from surveys.mailing.smtp_settings import InvalidSmtpSettings, SmtpSettings, read_smtp_settings
from surveys.pages.once import Once

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class MailSetup:
    """`settings` is None where no mail server is set; `faults`, in English, where what is set is
    wrong. `address`: of the app, for links."""

    settings: SmtpSettings | None
    faults: list[str]
    address: str


def read_mail_setup() -> MailSetup:
    """What the environment says; else the address at which the visitor sees the app."""
    settings, faults = None, []
    here = urlsplit(st.context.url or "")
    address = f"{here.scheme}://{here.netloc}"
    try:
        settings = read_smtp_settings(os.environ)
    except InvalidSmtpSettings as invalid:
        faults += invalid.faults
    try:
        address = read_app_address(os.environ) or address
    except InvalidAddress as invalid_address:
        faults.append(str(invalid_address))
    return MailSetup(None if faults else settings, faults, address)


class MailRun:
    """A round of mails. It goes on when the window that began it is closed; pages only look."""

    def __init__(self) -> None:
        self._thread: Thread | None = None
        self._beginning = Lock()
        self._found: Counter[Outcome] = Counter()
        self._trouble = ""
        self._total = 0
        self._ended_at: datetime | None = None

    def start(self, store: Store, settings: SmtpSettings, address: str) -> None:
        """Send what is queued; where a round is under way, it takes the new ones along."""
        with self._beginning:
            if self.is_running:
                return
            self._found, self._trouble, self._ended_at = Counter(), "", None
            self._total = store.outbox.count_left(datetime.now(UTC))
            # a daemon: what is being sent when the server stops is told as uncertain
            self._thread = Thread(target=self._send, args=(store, settings, address), daemon=True)
            self._thread.start()

    @property
    def is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    @property
    def progress(self) -> tuple[int, int]:
        """How many were tried, of how many."""
        done = self._found.total()
        return done, max(done, self._total)

    def wait(self) -> None:
        """Until the round is over."""
        if self._thread is not None:
            self._thread.join()

    def _send(self, store: Store, settings: SmtpSettings, address: str) -> None:
        try:
            for outcome in send_all(store.outbox, settings, address):
                self._found[outcome] += 1
        except NoPostbox as unreachable:
            self._trouble = unreachable.reason
        except AlreadySending:
            self._trouble = (
                "Er worden op dit moment al mails verstuurd, vanuit een ander programma."
            )
        except Exception as error:  # nobody else would hear of it
            # its text may hold an address
            _logger.error("sending mails stopped: %s", type(error).__name__)
            self._trouble = (
                "Er ging iets mis in de monitor. Meld het aan de beheerder, met het tijdstip."
            )
        self._ended_at = datetime.now(UTC)

    def tell(self) -> tuple[str, bool]:
        """How the last round in this process went, in Dutch, and whether it went on to its end;
        '' where there was none."""
        if self._ended_at is None:
            return "", True
        found = self._found
        again = found[Outcome.DEFERRED] + found[Outcome.NOT_SENT]
        counts = {
            "verstuurd": found[Outcome.ACCEPTED],
            "geweigerd": found[Outcome.REFUSED],
            "nog niet aangenomen": again,
            "onzeker of hij aankwam": found[Outcome.UNKNOWN],
        }
        told = ", ".join(f"{count} {words}" for words, count in counts.items() if count)
        ended = (
            f"Laatste ronde, klaar om {format_time(self._ended_at)}: {told or 'niets verstuurd'}."
        )
        trouble = f" {self._trouble} Wat nog niet verstuurd was, blijft wachten."
        return ended + (trouble if self._trouble else ""), not self._trouble


@Once
def mail_run() -> MailRun:
    """The one of this process."""
    return MailRun()
