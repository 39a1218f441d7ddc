"""The mails of a wave, as the log shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from surveys.monitoring.response import MailState

MOST_TRIES = 5


@dataclass(frozen=True)
class Message:
    """A mail to a region. `turn` 0 is the invitation, 1 and up are reminders. `reply`: the mail
    server's words, which may hold an address, or why the mail was cancelled."""

    id: int
    number: str
    region: str
    turn: int
    state: MailState
    queued_at: datetime
    tried_at: datetime | None
    done_at: datetime | None
    tries: int
    reply: str


class NotMailable(Exception):
    """Nothing is mailed or made; `reason` says why, in Dutch."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AlreadySending(Exception):
    """Mails are being sent at this moment, here or by another process."""

    def __init__(self) -> None:
        super().__init__("mails are being sent already; try again when that is done")
