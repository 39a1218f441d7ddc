"""What becomes of mails: taken, refused, tried again, uncertain; and never twice."""

from __future__ import annotations

import sqlite3

import pytest

from db.store import Store
from surveys.mailing.messages import MOST_TRIES, AlreadySending, NotMailable
from surveys.mailing.sending import send_all
from surveys.mailing.smtp import Delivery, NoPostbox, Outcome
from surveys.monitoring.response import MailState
from tests.db.mail_scenes import (
    ADDRESS,
    INVITATION,
    SENDER,
    Clock,
    Moody,
    address_of,
    deliver,
    find_token,
    invite_by_mail,
    number_regions,
    open_mailing,
    opens,
    read_mails,
    recipients,
    settings_for,
    states,
    submit,
    why_not,
)
from tests.db.scenes import rows
from tests.surveys.mailing.servers import HANG_UP, Mailroom, ScriptedServer, serve

# What is tried again


def test_a_deferred_mail_waits_for_a_next_round_and_not_for_ever(
    store: Store, clock: Clock
) -> None:
    open_mailing(store, "01")
    room = Mailroom({address_of("01"): "451 later"})
    tokens = []
    with serve(room) as port:
        why_not(store, INVITATION)
        for attempt in range(1, MOST_TRIES + 1):
            assert deliver(store, port) == {Outcome.DEFERRED: 1}
            (message,) = store.outbox.messages("2024")
            tokens.append(message.tries)
            is_last = attempt == MOST_TRIES
            assert message.state is (MailState.REFUSED if is_last else MailState.QUEUED)
        assert deliver(store, port) == {}
    assert tokens == [1, 2, 3, 4, 5]
    assert message.reply == "451 later"


def test_the_link_of_a_mail_that_did_not_go_does_not_work(
    store: Store, raw: sqlite3.Connection
) -> None:
    open_mailing(store, "01")
    why_not(store, INVITATION)
    with store.outbox.sending() as begun_at:
        posting = store.outbox.take_next(begun_at)
        assert posting is not None
        assert opens(store, posting.token)
        store.outbox.record(posting, Delivery(Outcome.REFUSED, "550 no"))
    assert not opens(store, posting.token)


def test_a_server_that_says_it_closes_is_called_again_for_the_rest(
    store: Store, clock: Clock
) -> None:
    open_mailing(store, *number_regions(5))
    room = Mailroom({address_of("002"): "421 4.3.2 Closing"})
    with serve(room) as port:
        found = invite_by_mail(store, port)
    assert found == {Outcome.ACCEPTED: 4, Outcome.DEFERRED: 1}
    assert states(store)["002"] is MailState.QUEUED


def test_without_a_server_everything_stays_queued(store: Store, clock: Clock) -> None:
    open_mailing(store, "01", "02")
    store.outbox.queue("2024", INVITATION, SENDER)
    with serve(Mailroom()) as port:
        pass
    with pytest.raises(NoPostbox, match="is niet te bereiken"):
        deliver(store, port)
    assert [(m.state, m.tries) for m in store.outbox.messages("2024")] == [
        (MailState.QUEUED, 0),
        (MailState.QUEUED, 0),
    ]


def test_a_line_that_breaks_at_once_stops_the_round_after_one_mail(
    store: Store, clock: Clock
) -> None:
    open_mailing(store, "01", "02")
    store.outbox.queue("2024", INVITATION, SENDER)
    with (
        ScriptedServer({"MAIL": HANG_UP}).running() as server,
        pytest.raises(NoPostbox, match="brak af voordat"),
    ):
        deliver(store, server.port)
    assert [m.tries for m in reversed(store.outbox.messages("2024"))] == [1, 0]
    room = Mailroom()
    with serve(room) as port:
        deliver(store, port)
    # the one that was tried has not held up the other
    assert recipients(room) == [address_of("02"), address_of("01")]


# Who dies, and who comes beside


def test_what_was_being_sent_when_the_sender_died_is_uncertain(
    store: Store, room: Mailroom, port: int, clock: Clock
) -> None:
    open_mailing(store, "01", "02")
    store.outbox.queue("2024", INVITATION, SENDER)
    with store.outbox.sending() as begun_at:
        posting = store.outbox.take_next(begun_at)  # and no more is heard of it
    assert posting is not None
    assert deliver(store, port) == {Outcome.ACCEPTED: 1}
    assert states(store) == {"01": MailState.UNCERTAIN, "02": MailState.SENT}
    assert recipients(room) == [address_of("02")]
    assert opens(store, posting.token)  # it may have arrived


def test_of_two_who_send_at_once_one_waits_for_another_time(
    store: Store, port: int, clock: Clock
) -> None:
    open_mailing(store, "01", "02")
    store.outbox.queue("2024", INVITATION, SENDER)
    round_one = send_all(store.outbox, settings_for(port), ADDRESS)
    assert next(round_one) is Outcome.ACCEPTED
    with pytest.raises(AlreadySending):
        deliver(store, port)
    assert list(round_one) == [Outcome.ACCEPTED]
    assert deliver(store, port) == {}


def test_an_uncertain_mail_goes_again_when_the_evaluator_says_so(
    store: Store, raw: sqlite3.Connection, clock: Clock
) -> None:
    open_mailing(store, "01")
    room = Moody(address_of("01"))
    with serve(room) as port:
        assert invite_by_mail(store, port) == {Outcome.UNKNOWN: 1}
        assert deliver(store, port) == {}
        (message,) = store.outbox.messages("2024")
        assert message.state is MailState.UNCERTAIN
        assert message.reply.startswith("De verbinding met de mailserver brak af")
        room.hung_up_on = ()
        store.outbox.resend(message.id, SENDER)
        with pytest.raises(NotMailable, match="niet meer onzeker"):  # a double click
            store.outbox.resend(message.id, SENDER)
        assert deliver(store, port) == {Outcome.ACCEPTED: 1}
    new, old = store.outbox.messages("2024")
    assert (old.state, old.reply) == (MailState.CANCELLED, "Toch opnieuw verstuurd.")
    assert (new.state, new.turn) == (MailState.SENT, 0)
    assert rows(raw, "SELECT subject FROM audit WHERE action = 'mail.resent'") == [
        (f"message {message.id}",)
    ]


def test_an_uncertain_mail_to_who_submitted_does_not_go_again(store: Store, clock: Clock) -> None:
    open_mailing(store, "01")
    room = Moody(address_of("01"))
    with serve(room) as port:
        invite_by_mail(store, port)
    submit(store, find_token(read_mails(room)[0]))
    with pytest.raises(NotMailable, match="al verzonden"):
        store.outbox.resend(store.outbox.messages("2024")[0].id, SENDER)
    assert states(store) == {"01": MailState.UNCERTAIN}
