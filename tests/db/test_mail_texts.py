"""Around the mails: the sheet of links, the texts, and the command that sends."""

from __future__ import annotations

import io
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from db.__main__ import app
from db.store import Store
from surveys.fieldwork import WaveState
from surveys.mailing.default_texts import DEFAULT_TEXTS
from surveys.mailing.letters import Mailbox
from surveys.mailing.link_sheet import make_link_sheet
from surveys.mailing.messages import NotMailable
from surveys.mailing.texts import InvalidMailText, MailText
from surveys.regions.contacts import Contact
from tests.db.mail_scenes import (
    ADDRESS,
    INVITATION,
    REMINDER,
    SENDER,
    Clock,
    address_of,
    deliver,
    find_token,
    invite_by_mail,
    open_mailing,
    opens,
    read_mails,
    submit,
    tell_leaders,
    why_not,
)
from tests.db.scenes import open_wave, rows
from tests.surveys.mailing.servers import Mailroom, serve

# The sheet of links


def test_without_mail_a_sheet_has_a_working_link_for_each_region_that_may_answer(
    store: Store, raw: sqlite3.Connection
) -> None:
    open_mailing(store, "01", "02", "03")
    assert store.outbox.invite("2024", ["01", "02"]) == 2
    assert store.outbox.invite("2024", ["01", "02"]) == 0
    first = store.outbox.make_links("2024", ADDRESS)
    submit(store, first[1].link.split("=")[1])
    again = store.outbox.make_links("2024", ADDRESS)
    assert [link.number for link in again] == ["01"]
    sheet = load_workbook(io.BytesIO(make_link_sheet(again))).active
    assert sheet is not None
    shown = [cell.value for cell in sheet[4]]
    assert shown[:4] == ["01", "Regio 01", "Leider 01", address_of("01")]
    assert all(opens(store, str(link).split("=")[1]) for link in (shown[4], first[0].link))
    lines = rows(raw, "SELECT action, new FROM audit WHERE subject = 'wave 2024' AND id > 1")
    assert lines == [("invitations.made", "2"), ("links.made", "2"), ("links.made", "1")]


def test_a_wave_that_closes_invites_nobody(store: Store) -> None:
    open_mailing(store, "01")
    for state in (WaveState.CLOSING, WaveState.CLOSED):
        store.waves.set_state("2024", state)
        with pytest.raises(NotMailable, match="uitnodigen kan niet meer"):
            store.outbox.invite("2024")
        assert store.outbox.make_links("2024", ADDRESS) == []


def test_an_expired_invitation_gets_no_mail_and_no_link(store: Store, clock: Clock) -> None:
    open_mailing(store, "01")
    store.invitations.renew("01", "2024", expires_at=clock.now() + timedelta(hours=1))
    clock.pass_days(1)
    assert why_not(store, REMINDER) == "De uitnodiging is verlopen. Maak eerst een nieuwe link."
    assert store.outbox.make_links("2024", ADDRESS) == []


# Texts


def test_a_wave_has_the_usual_texts_until_it_gets_its_own(
    store: Store, raw: sqlite3.Connection, room: Mailroom, port: int
) -> None:
    open_mailing(store, "01")
    own = MailText("Meting {{ meting }}: Jan belt u", "Regio {{ regio }}\r\n{{ link }}\n")
    assert store.mail_texts.read("2024", REMINDER) == DEFAULT_TEXTS[REMINDER]
    store.mail_texts.keep("2024", INVITATION, own)
    store.mail_texts.keep("2024", INVITATION, own)
    kept = MailText(own.subject, "Regio {{ regio }}\n{{ link }}")
    assert store.mail_texts.read("2024", INVITATION) == kept
    invite_by_mail(store, port)
    (mail,) = read_mails(room)
    assert mail["Subject"] == "Meting 2024: Jan belt u"
    assert mail.get_content().startswith(f"Regio Regio 01\r\n{ADDRESS}/?")
    store.mail_texts.reset("2024", INVITATION)
    assert store.mail_texts.read("2024", INVITATION) == DEFAULT_TEXTS[INVITATION]
    changes = rows(raw, "SELECT subject, old, new FROM audit WHERE action = 'mail.text'")
    assert [(subject, "Jan" in f"{old}{new}") for subject, old, new in changes] == [
        ("wave 2024, invitation", False)
    ] * 2
    assert changes[0][1] == changes[1][2] == "standaardtekst"


def test_a_faulty_text_is_refused_with_all_its_faults(store: Store) -> None:
    open_mailing(store, "01")
    with pytest.raises(InvalidMailText) as refused:
        store.mail_texts.keep("2024", INVITATION, MailText("", "{{ naam | upper }}"))
    assert len(refused.value.faults) == 3
    assert store.mail_texts.read("2024", INVITATION) == DEFAULT_TEXTS[INVITATION]


def test_the_fields_are_those_of_the_region_now(store: Store, clock: Clock) -> None:
    open_wave(store, "01")
    store.waves.change("2024", "2024", date(2024, 4, 1))
    tell_leaders(store, {"01": Contact("Ann", "ann@regio.example")})
    fields = store.outbox.fields("2024", "01")
    assert (fields.naam, fields.regio, fields.nummer) == ("Ann", "Regio 01", "01")
    assert fields.sluit_op == datetime(2024, 3, 31, 22, tzinfo=UTC)


# The command line


runner = CliRunner()


def mail(monkeypatch: pytest.MonkeyPatch, file: Path, **environment: str):
    for name in ("SMTP_HOST", "SMTP_PORT", "SMTP_SECURITY", "MAIL_FROM", "MONITOR_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    return runner.invoke(app, ["mail"], env=environment)


def test_the_command_sends_what_is_queued_and_counts(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_mailing(store, "01", "02", "03")
    store.outbox.queue("2024", INVITATION, SENDER)
    room = Mailroom({address_of("02"): "550 unknown", address_of("03"): "451 later"})
    with serve(room) as port:
        environment = {
            "SMTP_HOST": "localhost",
            "SMTP_PORT": str(port),
            "SMTP_SECURITY": "none",
            "MAIL_FROM": SENDER.address,
            "MONITOR_ADDRESS": f"{ADDRESS}/",
        }
        found = mail(monkeypatch, file, **environment)
    assert (found.exit_code, found.stderr) == (0, "")
    assert found.stdout == "sent 1, refused 1, to be tried again 1, uncertain 0\n"
    assert opens(store, find_token(read_mails(room)[0]))
    gone = mail(monkeypatch, file, **environment)
    assert (gone.exit_code, gone.stdout) == (2, "")
    assert gone.stderr.startswith(f"the mail server localhost:{port} cannot be reached")


def test_the_command_tells_every_fault_in_the_settings(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unset = mail(monkeypatch, file)
    assert (unset.exit_code, unset.stdout) == (2, "")
    assert unset.stderr.splitlines() == [
        "SMTP_HOST: is not set; no mail can be sent",
        "MONITOR_ADDRESS: is not set; give the address of the app, for the links in the mails",
    ]
    faulty = mail(
        monkeypatch, file, SMTP_HOST="mail.example", SMTP_PORT="x", MONITOR_ADDRESS="monitor"
    )
    assert (faulty.exit_code, faulty.stdout) == (2, "")
    told = [line.split(":")[0] for line in faulty.stderr.splitlines()]
    assert told == ["SMTP_PORT", "MAIL_FROM", "MONITOR_ADDRESS"]


def test_the_command_does_not_send_beside_another(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.outbox.sending():
        found = mail(
            monkeypatch,
            file,
            SMTP_HOST="localhost",
            SMTP_SECURITY="none",
            MAIL_FROM=SENDER.address,
            MONITOR_ADDRESS=ADDRESS,
        )
    assert (found.exit_code, found.stdout) == (2, "")
    assert "already" in found.stderr


def test_a_sender_without_a_name_signs_with_its_address(
    store: Store, room: Mailroom, port: int
) -> None:
    open_mailing(store, "01")
    store.outbox.queue("2024", INVITATION, Mailbox("x@y.example"))
    deliver(store, port)
    (mail,) = read_mails(room)
    assert mail["Message-ID"].endswith("@y.example>")
