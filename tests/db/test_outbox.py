"""Invitations and reminders by mail: who gets one, and what it says."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from db.store import Store
from surveys.fieldwork import Mode, WaveState
from surveys.mailing.characters import clean_line
from surveys.mailing.smtp import Delivery, Outcome
from surveys.mailing.standing import IS_EXAMPLE, NO_SUCH_REGION
from surveys.mailing.texts import MailText
from surveys.monitoring.response import MailState, Stage
from surveys.regions.contacts import Contact
from surveys.regions.register import Register
from tests.db.mail_scenes import (
    ADDRESS,
    INVITATION,
    REMINDER,
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
    states,
    submit,
    tell_leaders,
    why_not,
)
from tests.db.scenes import ALL_TYPES, open_wave, rows
from tests.hostile import HOSTILE
from tests.surveys.mailing.servers import Mailroom, serve

# A whole round


def test_a_round_of_invitations_to_all_regions_with_a_server_in_every_mood(
    store: Store, clock: Clock, raw: sqlite3.Connection
) -> None:
    numbers = number_regions(78)
    open_mailing(store, *numbers)
    refused, deferred, unclear = numbers[3:7], numbers[20:23], numbers[40]
    room = Moody(
        address_of(unclear),
        refusals={address_of(n): f"550 5.1.1 <{address_of(n)}> unknown" for n in refused}
        | {address_of(n): "451 4.2.2 Mailbox full" for n in deferred},
    )
    with serve(room) as port:
        found = invite_by_mail(store, port)
        assert found == {
            Outcome.ACCEPTED: 70,
            Outcome.REFUSED: 4,
            Outcome.DEFERRED: 3,
            Outcome.UNKNOWN: 1,
        }
        room.refusals = {}
        assert deliver(store, port) == {Outcome.ACCEPTED: 3}
        assert deliver(store, port) == {}
    expected = dict.fromkeys(numbers, MailState.SENT)
    expected |= dict.fromkeys(refused, MailState.REFUSED) | {unclear: MailState.UNCERTAIN}
    assert states(store) == expected
    assert Counter(recipients(room)) == Counter(address_of(n) for n in numbers if n not in refused)
    assert len({mail["Message-ID"] for mail in read_mails(room)}) == 74
    said = {m.number: m.reply for m in store.outbox.messages("2024")}
    assert said[refused[0]] == f"550 5.1.1 <{address_of(refused[0])}> unknown"
    trail = " ".join(map(str, rows(raw, "SELECT actor, action, subject, old, new FROM audit")))
    assert "regio.example" not in trail
    assert "('command line', 'mail.queued', 'wave 2024, invitation', None, '78')" in trail


def test_a_mail_has_a_link_of_its_own_that_opens_the_region_and_is_stored_as_its_hash(
    store: Store, file: Path, room: Mailroom, port: int, clock: Clock
) -> None:
    open_mailing(store, "01", "02")
    invite_by_mail(store, port)
    clock.pass_days(1)
    assert why_not(store, REMINDER) is None
    deliver(store, port)
    first, other, reminder = read_mails(room)
    assert first["To"] == f"Leider 01 <{address_of('01')}>"
    assert first["From"] == f"{SENDER.name} <{SENDER.address}>"
    assert "Beste Leider 01," in first.get_content()
    assert reminder["Subject"].startswith("Herinnering")
    tokens = [find_token(mail) for mail in (first, other, reminder)]
    opened = [store.forms.visit(token).region_name for token in tokens]
    assert opened == ["Regio 01", "Regio 02", "Regio 01"]
    assert len({*tokens}) == 3
    stored = b"".join(part.read_bytes() for part in file.parent.glob("monitor.sqlite*"))
    assert not any(token.encode() in stored for token in tokens)


def test_hostile_names_reach_the_mail_as_plain_text(
    store: Store, room: Mailroom, port: int
) -> None:
    names = [text for text in HOSTILE if "\ud800" not in text]  # no database can store it
    numbers = number_regions(len(names))
    store.waves.add("2024", ALL_TYPES, state=WaveState.OPEN)
    named = dict(zip(numbers, names, strict=True))
    leaders = {number: Contact(named[number], address_of(number)) for number in numbers}
    store.regions.keep_register(Register({number: {} for number in numbers}, (), named, leaders))
    invite_by_mail(store, port)
    assert recipients(room) == [address_of(number) for number in numbers]
    for number, mail in zip(numbers, read_mails(room), strict=True):
        assert mail["Bcc"] is None
        assert [a.addr_spec for a in mail["To"].addresses] == [address_of(number)]
        assert opens(store, find_token(mail))
        name = clean_line(named[number])
        body = mail.get_content()
        assert f"Beste {name},\r\n" in body
        assert f"in de regio {name}. Wij" in body


# Who gets one


def test_an_invitation_goes_once(store: Store, port: int, clock: Clock) -> None:
    open_mailing(store, "01", "02")
    invite_by_mail(store, port, "01")
    told = store.outbox.queue("2024", INVITATION, SENDER)
    assert told == {"01": "De uitnodiging is al verstuurd, of kan verstuurd zijn.", "02": None}
    assert why_not(store, INVITATION, "02") == "Er staat al een mail klaar."
    assert why_not(store, INVITATION, "99") == NO_SUCH_REGION


def test_a_refused_invitation_can_go_again_to_another_address(store: Store, clock: Clock) -> None:
    open_mailing(store, "01")
    room = Mailroom({address_of("01"): "550 unknown"})
    with serve(room) as port:
        invite_by_mail(store, port)
        tell_leaders(store, {"01": Contact("Leider 01", "nieuw@regio.example")})
        assert invite_by_mail(store, port) == {Outcome.ACCEPTED: 1}
    assert recipients(room) == ["nieuw@regio.example"]


def test_an_example_wave_mails_nobody_and_gives_links(store: Store, clock: Clock) -> None:
    store.waves.add("2024", ALL_TYPES, state=WaveState.OPEN, is_example=True)
    store.regions.add([("01", "Regio 01")])
    tell_leaders(store, {"01": Contact("Ann", address_of("01"))})
    assert why_not(store, INVITATION) == IS_EXAMPLE
    assert store.outbox.invite("2024") == 1
    assert len(store.outbox.make_links("2024", ADDRESS)) == 1
    assert why_not(store, REMINDER) == IS_EXAMPLE
    assert store.outbox.messages("2024") == []


def test_a_refused_invitation_counts_nowhere_until_the_region_has_a_link(
    store: Store, clock: Clock
) -> None:
    def look() -> tuple[bool, bool, Stage, int]:
        """As the one page and the other tell it."""
        (standing,), (region,) = store.outbox.standings("2024"), store.monitoring.progress("2024")
        counts = store.monitoring.response_counts("2024")
        return standing.is_refused, region.invited, region.stage, counts.invited

    open_mailing(store, "01")
    with serve(Mailroom({address_of("01"): "550 unknown"})) as port:
        invite_by_mail(store, port)
    assert look() == (True, False, Stage.REFUSED, 0)
    assert why_not(store, REMINDER) == "De uitnodiging is geweigerd. Verstuur haar eerst opnieuw."
    assert why_not(store, INVITATION) is None
    assert look() == (False, True, Stage.INVITED, 1), "it is on its way"
    with serve(Mailroom({address_of("01"): "550 unknown"})) as port:
        deliver(store, port)
    assert look() == (True, False, Stage.REFUSED, 0)
    store.outbox.make_links("2024", ADDRESS)
    assert look() == (False, True, Stage.INVITED, 1), "by the sheet of links"
    assert why_not(store, REMINDER) is None


def test_reminders_go_to_those_who_have_not_submitted_and_not_without_end(
    store: Store, room: Mailroom, port: int, clock: Clock
) -> None:
    open_mailing(store, "01", "02", "03")
    invite_by_mail(store, port, "01", "02")
    submit(store, find_token(read_mails(room)[0]))
    early = store.outbox.queue("2024", REMINDER, SENDER)
    assert early["01"] == "De vragenlijst is al verzonden."
    assert early["02"] is not None
    assert early["02"].startswith("De vorige mail is minder dan 20 uur oud.")
    assert early["03"] == "Er is nog geen uitnodiging verstuurd."
    for turn in (1, 2, 3):
        clock.pass_days(1)
        assert why_not(store, REMINDER, "02") is None
        deliver(store, port)
        assert store.outbox.messages("2024")[0].turn == turn
    clock.pass_days(1)
    assert why_not(store, REMINDER, "02") == "Er zijn al 3 herinneringen verstuurd; meer mag niet."
    assert recipients(room)[2:] == [address_of("02")] * 3


def test_who_got_a_link_by_other_means_can_be_reminded(
    store: Store, port: int, clock: Clock
) -> None:
    open_mailing(store, "01")
    store.outbox.invite("2024")
    assert why_not(store, REMINDER) == "Er is nog geen uitnodiging verstuurd."
    store.outbox.make_links("2024", ADDRESS)
    assert why_not(store, REMINDER) is None
    assert deliver(store, port) == {Outcome.ACCEPTED: 1}


@pytest.mark.parametrize(
    ("state", "invitation", "reminder", "after_beginning"),
    [
        (WaveState.OPEN, None, None, None),
        (
            WaveState.CLOSING,
            "De meting wordt gesloten: uitnodigen kan niet meer.",
            "De meting wordt gesloten, en deze regio was nog niet begonnen.",
            None,
        ),
        (WaveState.CLOSED, *["De meting is gesloten."] * 3),
    ],
)
def test_the_wave_says_who_may_be_mailed(
    store: Store,
    port: int,
    clock: Clock,
    room: Mailroom,
    state: WaveState,
    invitation: str | None,
    reminder: str | None,
    after_beginning: str | None,
) -> None:
    open_mailing(store, "01", "02", "03")
    invite_by_mail(store, port, "02", "03")
    store.forms.begin(store.forms.visit(find_token(read_mails(room)[1])))
    clock.pass_days(1)
    store.waves.set_state("2024", state)
    assert why_not(store, INVITATION, "01") == invitation
    assert why_not(store, REMINDER, "02") == reminder
    assert why_not(store, REMINDER, "03") == after_beginning


def test_a_region_without_an_address_or_that_has_ended_gets_nothing(
    store: Store, raw: sqlite3.Connection, clock: Clock
) -> None:
    open_wave(store, "01", "02", "03", "04")
    tell_leaders(
        store,
        {
            "02": Contact("Leider 02", ""),
            "03": Contact("Leider 03", "geen adres"),
            "04": Contact("Leider 04", address_of("04")),
        },
    )
    raw.execute("UPDATE region SET ended_on = '2024-03-04' WHERE number = '04'")
    raw.commit()
    told = store.outbox.queue("2024", INVITATION, SENDER)
    unknown = "Van de programmaleider is geen e-mailadres bekend. Vul het in bij Regio's."
    assert told["01"] == told["02"] == unknown
    assert told["03"] is not None
    assert told["03"].startswith("Dit e-mailadres kan niet")
    assert told["04"] == "De regio is beëindigd."
    assert rows(raw, "SELECT count(*) FROM message") == [(0,)]
    assert rows(raw, "SELECT count(*) FROM invitation") == [(0,)]


def test_a_response_that_was_set_invalid_is_not_asked_for_again_by_mail(
    store: Store, room: Mailroom, port: int, clock: Clock
) -> None:
    open_mailing(store, "01")
    invite_by_mail(store, port)
    submit(store, find_token(read_mails(room)[0]))
    store.entries.set_invalid("01", "2024", "Ingevuld door een ander.")
    clock.pass_days(1)
    assert why_not(store, REMINDER) == "De inzending is ongeldig verklaard. Bel de regio."


def test_a_correction_in_progress_is_no_beginning_of_the_region(
    store: Store, room: Mailroom, port: int, clock: Clock
) -> None:
    open_mailing(store, "01")
    invite_by_mail(store, port)
    submit(store, find_token(read_mails(room)[0]))
    store.forms.begin(store.entries.visit("01", "2024", Mode.PAPER, "Verkeerd overgenomen."))
    (region,) = store.outbox.standings("2024")
    assert (region.submitted, region.has_begun) == (True, False)


# Between the queue and the server


def submits_meanwhile(store: Store, raw: sqlite3.Connection) -> None:
    submit(store, store.outbox.make_links("2024", ADDRESS)[0].link.split("=")[1])


def withdraws(store: Store, raw: sqlite3.Connection) -> None:
    store.invitations.withdraw("01", "2024")


def closes(store: Store, raw: sqlite3.Connection) -> None:
    store.waves.set_state("2024", WaveState.CLOSED)


def changes_leader(store: Store, raw: sqlite3.Connection) -> None:
    tell_leaders(store, {"01": Contact("Ander", "ander@regio.example")})


def erases(store: Store, raw: sqlite3.Connection) -> None:
    """Without the desk of privacy, which cancels what waits by itself."""
    raw.execute(
        "UPDATE contact SET name = NULL, email = NULL, erased_at = '2024-03-04 09:00:00.000000'"
    )
    raw.commit()


@pytest.mark.parametrize(
    ("happen", "reason"),
    [
        (submits_meanwhile, "De vragenlijst is al verzonden."),
        (withdraws, "De uitnodiging is ingetrokken."),
        (closes, "De meting is gesloten."),
        (changes_leader, "De regio heeft een andere programmaleider gekregen."),
        (erases, "De naam en het e-mailadres zijn gewist."),
    ],
)
def test_what_need_not_go_any_more_is_cancelled(
    store: Store, raw: sqlite3.Connection, room: Mailroom, port: int, clock: Clock, happen, reason
) -> None:
    open_mailing(store, "01", "02")
    assert why_not(store, INVITATION) is None
    happen(store, raw)
    assert deliver(store, port) == {}
    (message,) = store.outbox.messages("2024")
    assert (message.state, message.reply) == (MailState.CANCELLED, reason)
    assert room.received == []


def test_the_words_of_a_server_about_who_was_erased_meanwhile_are_not_kept(store: Store) -> None:
    open_mailing(store, "01")
    why_not(store, INVITATION)
    with store.outbox.sending() as begun_at:
        posting = store.outbox.take_next(begun_at)
        assert posting is not None
        (held,) = store.privacy.held()
        store.privacy.erase(held.contact)
        words = f"550 5.1.1 <{address_of('01')}> unknown"
        store.outbox.record(posting, Delivery(Outcome.REFUSED, words))
    assert store.outbox.messages("2024")[0].reply == "550 5.1.1"


def test_a_text_that_cannot_be_with_a_regions_fields_stops_only_that_mail(
    store: Store, room: Mailroom, port: int
) -> None:
    open_wave(store, "01", "02")
    tell_leaders(store, {n: Contact(name, address_of(n)) for n, name in NAMES.items()})
    store.mail_texts.keep("2024", INVITATION, MailText("{{ naam }}", "{{ link }}"))
    assert invite_by_mail(store, port) == {Outcome.REFUSED: 1, Outcome.ACCEPTED: 1}
    assert states(store) == {"01": MailState.REFUSED, "02": MailState.SENT}
    assert store.outbox.messages("2024")[1].reply == (
        "Onderwerp: is leeg na het invullen van de velden."
    )
    assert recipients(room) == [address_of("02")]


NAMES = {"01": "", "02": "Ann"}
