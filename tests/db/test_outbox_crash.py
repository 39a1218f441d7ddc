"""A sender that is killed at any moment: no mail comes twice, and none is lost unseen."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from db.store import Store
from surveys.monitoring.response import MailState
from tests.db.killable import Killable
from tests.db.mail_scenes import (
    INVITATION,
    SENDER,
    address_of,
    find_token,
    number_regions,
    open_mailing,
    read_mails,
    recipients,
)
from tests.surveys.mailing.servers import Mailroom, serve

MAILS = 200
MOMENTS = ("MAIL", "RCPT", "taken", "told")


class Watched(Mailroom):
    """Calls `strike` after so many times of a moment in the talk; 'taken' is after the mail is in
    and before the sender hears of it."""

    def __init__(self) -> None:
        super().__init__()
        self.strike: Callable[[], None] = lambda: None
        self.moment, self.left = "", 0

    def pass_moment(self, moment: str) -> None:
        self.left -= moment == self.moment
        if moment == self.moment and self.left == 0:
            self.strike()

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.pass_moment("MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.pass_moment("RCPT")
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self.pass_moment("taken")
        return answer


def send_and_kill(sender: Killable, room: Watched, moment: str, count: int) -> None:
    """One run, killed at the `count`-th time of this moment ('told': of the lines it prints), or
    run to its end where there is no such time."""
    room.strike, room.moment, room.left = sender.kill, moment, count
    for _ in sender.run():
        room.pass_moment("told")


def test_200_mails_of_a_sender_that_is_killed_again_and_again(store: Store, file: Path) -> None:
    chance = random.Random(7)  # noqa: S311
    numbers = number_regions(MAILS)
    open_mailing(store, *numbers)
    store.outbox.queue("2024", INVITATION, SENDER)
    room = Watched()
    killed = 0
    with serve(room) as port, Killable("mailing_work", f"sqlite:///{file}", str(port)) as sender:
        for moment in chance.sample(MOMENTS * 3, 12):
            send_and_kill(sender, room, moment, chance.randint(1, 12))
            killed += sender.exit_code == -9
        while sender.exit_code != 0:
            send_and_kill(sender, room, "", 0)
    assert killed == 12

    states = {m.number: m.state for m in store.outbox.messages("2024")}
    assert {*states} == {*numbers}
    assert {*states.values()} == {MailState.SENT, MailState.UNCERTAIN}
    uncertain = {number for number, state in states.items() if state is MailState.UNCERTAIN}
    assert len(uncertain) <= killed

    arrived = Counter(recipients(room))
    assert {*arrived.values()} == {1}
    assert {address_of(number) for number in numbers if number not in uncertain} <= {*arrived}
    assert max(Counter(mail["Message-ID"] for mail in read_mails(room)).values()) == 1
    for mail in read_mails(room):
        store.forms.visit(find_token(mail))  # what arrived can be used
