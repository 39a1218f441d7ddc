"""The work that is killed in test_outbox_crash.py: a round of mails."""

from __future__ import annotations

from db.store import open_store
from surveys.mailing.sending import send_all
from tests.db.killable import tell
from tests.db.mail_scenes import ADDRESS, settings_for


def work(url: str, port: str) -> None:
    for outcome in send_all(open_store(url).outbox, settings_for(int(port)), ADDRESS):
        tell(outcome)
