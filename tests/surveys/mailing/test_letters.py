"""A letter is plain text with the headers it was given: no text can add one or lose one."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import parseaddr

import pytest
from hypothesis import example, given

from surveys.mailing.characters import clean_line, clean_lines
from surveys.mailing.letters import (
    Letter,
    Mailbox,
    UnusableAddress,
    check_address,
    new_message_id,
    write_letter,
)
from tests.hostile import LINES, OTHER_LINE_ENDS, hostile_text
from tests.surveys.strategies import steady

BUREAU = Mailbox("veldwerk@bureau.example", "Bureau Meetwerk")
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
    "Content-Language",
]


def letter_to(recipient: Mailbox, subject: str = "Onderwerp", body: str = "Tekst") -> Letter:
    return write_letter(
        sender=BUREAU,
        recipient=recipient,
        subject=subject,
        body=body,
        message_id="<5f0c@bureau.example>",
        written_at=datetime(2024, 3, 1, 9, 30, tzinfo=UTC),
    )


def test_a_letter_is_plain_text_in_dutch_with_the_name_and_date_it_was_given() -> None:
    letter = write_letter(
        sender=BUREAU,
        recipient=Mailbox("ann@regio.example", "Ann de Wit"),
        subject="Uitnodiging: één vragenlijst",
        body="Beste Ann,\n\nhttps://monitor.example/?uitnodiging=" + "x" * 80 + "\n",
        message_id="<5f0c@bureau.example>",
        written_at=datetime(2024, 3, 1, 9, 30, tzinfo=UTC),
        reply_to=Mailbox("vragen@bureau.example"),
    )
    read = message_from_bytes(bytes(letter.message), policy=default)
    assert (letter.sender, letter.recipient.address) == (BUREAU, "ann@regio.example")
    assert str(read["From"]) == "Bureau Meetwerk <veldwerk@bureau.example>"
    assert str(read["To"]) == "Ann de Wit <ann@regio.example>"
    assert str(read["Reply-To"]) == "vragen@bureau.example"
    assert read["Subject"] == "Uitnodiging: één vragenlijst"
    assert read["Date"].datetime == datetime(2024, 3, 1, 9, 30, tzinfo=UTC)
    assert read["Message-ID"] == "<5f0c@bureau.example>"
    assert read["Content-Language"] == "nl"
    assert "Auto-Submitted" not in read
    assert read.get_content_type() == "text/plain"
    assert read.get_content_charset() == "utf-8"
    assert not read.is_multipart()
    assert "\n\nhttps://monitor.example/?uitnodiging=" + "x" * 80 in unix(read.get_content())


def unix(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip("\n")


def decode(header: str) -> str:
    return str(make_header(decode_header(header)))


@steady
@given(hostile_text, hostile_text, hostile_text)
@example(OTHER_LINE_ENDS, LINES["mailboxes"], LINES["encoded word"])
@example("é" * 40 + ', "iemand" <x@elders.example>, ', ":" * 76, "." * 80)
def test_hostile_text_never_adds_a_header_or_an_address(name: str, subject: str, body: str) -> None:
    letter = letter_to(Mailbox("jan.de.boer@regio.example", name), subject, body)
    raw = bytes(letter.message)
    assert raw.isascii()
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    read = message_from_bytes(raw)
    assert read.keys() == HEADERS
    shown, address = parseaddr(read["To"].replace("\r\n", ""))
    assert address == "jan.de.boer@regio.example"
    whole = clean_line(name)
    assert decode(shown) == whole if len(whole) <= 100 else whole.startswith(decode(shown)[:-1])
    assert decode(read["Subject"].replace("\r\n", "")) == clean_line(subject)
    content = read.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert unix(content.decode()) == clean_lines(body).rstrip("\n")


@pytest.mark.parametrize(
    "address", ["ann@regio.example", "a.b+c_d'e@sub.regio-x.example", "1@x.nl", "A@X.NL"]
)
def test_ordinary_addresses_can_be_used(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "het is leeg"),
        ("ann", "er moet precies één @ in staan"),
        ("ann@x@y.nl", "er moet precies één @ in staan"),
        ("@x.nl", "het deel vóór de @ klopt niet"),
        (".ann@x.nl", "het deel vóór de @ klopt niet"),
        ("ann..b@x.nl", "het deel vóór de @ klopt niet"),
        ('"ann"@x.nl', "het deel vóór de @ klopt niet"),
        ("<ann@x.nl>", "het deel vóór de @ klopt niet"),
        ("ann@", "het deel achter de @ klopt niet"),
        ("ann@localhost", "het deel achter de @ klopt niet"),
        ("ann@x..nl", "het deel achter de @ klopt niet"),
        ("ann@-x.nl", "het deel achter de @ klopt niet"),
        ("ann@[127.0.0.1]", "het deel achter de @ klopt niet"),
        ("ann@127.0.0.1", "het deel achter de @ klopt niet"),
        ("ann@" + "x" * 64 + ".nl", "het deel achter de @ klopt niet"),
        ("a" * 65 + "@x.nl", "het is te lang"),
        ("ann@" + "x." * 130 + "nl", "het is te lang"),
        (" ann@x.nl", "er staat een spatie, komma of puntkomma in"),
        ("ann@x.nl, bob@x.nl", "er staat een spatie, komma of puntkomma in"),
        ("ann@x.nl\r\nBcc: b@x.nl", "er staat een spatie, komma of puntkomma in"),
        ("rené@x.nl", "het teken 'é' mag niet in een adres"),
        ("ann@coöp.nl", "het teken 'ö' mag niet in een adres"),
        ("ann\u202e@x.nl", "het teken 'U+202E' mag niet in een adres"),
        ("ann\0@x.nl", "het teken 'U+0000' mag niet in een adres"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(address: str, reason: str) -> None:
    with pytest.raises(UnusableAddress) as refused:
        Mailbox(address)
    assert refused.value.reason.startswith(f"Dit e-mailadres kan niet: {reason}")


def test_every_mail_gets_a_name_of_its_own_that_fits_in_its_header() -> None:
    sender = Mailbox("veldwerk@" + "lang." * 30 + "example")
    names = {new_message_id(sender) for _ in range(100)}
    assert len(names) == 100
    for name in names:
        letter = write_letter(
            sender=sender,
            recipient=BUREAU,
            subject="",
            body="",
            message_id=name,
            written_at=datetime(2024, 3, 1, tzinfo=UTC),
        )
        assert message_from_bytes(bytes(letter.message))["Message-ID"] == name


@pytest.mark.parametrize("name", ["", "5f0c", "<a@b>\r\nBcc: x@y.nl", "<a b@c>"])
def test_a_message_id_of_another_form_is_a_mistake(name: str) -> None:
    with pytest.raises(ValueError, match="not a message id"):
        write_letter(
            sender=BUREAU,
            recipient=BUREAU,
            subject="",
            body="",
            message_id=name,
            written_at=datetime(2024, 3, 1, tzinfo=UTC),
        )


@pytest.mark.parametrize("name", ["Ann de Wit", "één: " * 20, ""])
def test_a_long_address_stays_whole(name: str) -> None:
    address = "ann." + "x" * 60 + "@" + "regio." * 29 + "example"
    read = message_from_bytes(bytes(letter_to(Mailbox(address, name)).message))
    assert read["To"].split()[-1] in (address, f"<{address}>")
    assert decode(parseaddr(read["To"].replace("\r\n", ""))[0]) == name.strip()
