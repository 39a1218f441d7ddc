"""What becomes of a letter: a real server says yes or no, and connections break anywhere."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from surveys.mailing.letters import Letter, Mailbox, new_message_id, write_letter
from surveys.mailing.smtp import Delivery, NoPostbox, Outcome, open_postbox
from surveys.mailing.smtp_settings import SmtpSettings, read_smtp_settings
from tests.surveys.mailing.servers import (
    HANG_UP,
    Mailroom,
    ScriptedServer,
    make_certificate,
    serve,
)

BUREAU = Mailbox("veldwerk@bureau.example", "Bureau Meetwerk")
PASSWORD = "zeer-geheim"  # noqa: S105


def letter_to(address: str, body: str = "Beste één,\n\nTekst") -> Letter:
    return write_letter(
        sender=BUREAU,
        recipient=Mailbox(address, "Ann de Wit"),
        subject="Onderwerp",
        body=body,
        message_id=new_message_id(BUREAU),
        written_at=datetime(2024, 3, 1, 9, 30, tzinfo=UTC),
    )


ANN = letter_to("ann@regio.example")


def settings(port: int, security: str = "none", **more: str) -> SmtpSettings:
    found = read_smtp_settings(
        {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(port),
            "SMTP_SECURITY": security,
            "MAIL_FROM": BUREAU.address,
            **more,
        }
    )
    assert found is not None
    return found


def send(port: int, *letters: Letter) -> list[Delivery]:
    with open_postbox(settings(port)) as postbox:
        return [postbox.send(letter) for letter in letters]


def explain_refusal(account: SmtpSettings) -> str:
    with pytest.raises(NoPostbox) as refused, open_postbox(account):
        pass
    assert str(refused.value) == refused.value.reason
    return refused.value.reason


# A real server


def test_a_letter_arrives_as_it_was_written() -> None:
    room = Mailroom()
    body = "Beste één,\n.\n..\n.begin\n\nFrom hier\n" + "x" * 2_000
    with serve(room) as port:
        (delivery,) = send(port, letter_to("ann@regio.example", body))
    assert delivery == Delivery(Outcome.ACCEPTED, "250 2.0.0 Taken as number 1")
    (envelope,) = room.received
    assert envelope.mail_from == BUREAU.address
    assert envelope.rcpt_tos == ["ann@regio.example"]
    content = envelope.content
    assert isinstance(content, bytes)
    read = message_from_bytes(content, policy=default)
    assert read["Subject"] == "Onderwerp"
    assert read.get_content().replace("\r\n", "\n") == body + "\n"


def test_a_refused_or_deferred_recipient_does_not_stop_the_next_letter() -> None:
    room = Mailroom(
        {
            "weg@regio.example": "550 5.1.1 <weg@regio.example> unknown",
            "vol@regio.example": "451 4.2.2 Mailbox full, later",
        }
    )
    with serve(room) as port:
        found = send(port, letter_to("weg@regio.example"), letter_to("vol@regio.example"), ANN)
    assert found == [
        Delivery(Outcome.REFUSED, "550 5.1.1 <weg@regio.example> unknown"),
        Delivery(Outcome.DEFERRED, "451 4.2.2 Mailbox full, later"),
        Delivery(Outcome.ACCEPTED, "250 2.0.0 Taken as number 1"),
    ]
    assert [envelope.rcpt_tos for envelope in room.received] == [["ann@regio.example"]]


def check_password(*arguments: object) -> AuthResult:
    account = arguments[-1]
    assert isinstance(account, LoginPassword)
    right = (account.login, account.password) == (b"bureau", PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@pytest.fixture
def guarded() -> Iterator[tuple[Mailroom, int]]:
    """A server that asks for a password; aiosmtpd warns that it does so without TLS."""
    room = Mailroom()
    with (
        pytest.warns(UserWarning, match="Requiring AUTH while not requiring TLS"),
        serve(
            room, auth_required=True, auth_require_tls=False, authenticator=check_password
        ) as port,
    ):
        yield room, port


def test_a_server_that_asks_for_a_password_gets_it(guarded: tuple[Mailroom, int]) -> None:
    room, port = guarded
    account = settings(port, SMTP_USER="bureau", SMTP_PASSWORD=PASSWORD)
    with open_postbox(account) as postbox:
        assert postbox.send(ANN).outcome is Outcome.ACCEPTED
    assert len(room.received) == 1


def test_a_wrong_password_is_told_and_never_shown(
    guarded: tuple[Mailroom, int], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _, port = guarded
    wrong = settings(port, SMTP_USER="bureau", SMTP_PASSWORD="fout-en-geheim")  # noqa: S106
    reason = explain_refusal(wrong)
    assert reason == (
        f"De mailserver 127.0.0.1:{port} weigert de gebruikersnaam of het wachtwoord. "
        "De melding: 535 5.7.8 Authentication credentials invalid"
    )
    assert "fout-en-geheim" not in caplog.text + repr(wrong) + reason


def test_a_server_that_knows_no_passwords_is_told() -> None:
    with serve(Mailroom()) as port:
        account = settings(port, SMTP_USER="bureau", SMTP_PASSWORD=PASSWORD)
        assert "kan niet wat is ingesteld" in explain_refusal(account)


def test_a_server_that_wants_a_password_refuses_who_gives_none(
    guarded: tuple[Mailroom, int],
) -> None:
    (delivery,) = send(guarded[1], ANN)
    assert delivery == Delivery(Outcome.REFUSED, "530 5.7.0 Authentication required")


# Encryption


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate that this machine trusts."""
    certificate, context = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return context


def test_starttls_encrypts_before_anything_is_told(certified: ssl.SSLContext) -> None:
    room = Mailroom()
    options = {"tls_context": certified, "require_starttls": True, "auth_required": True}
    with serve(room, authenticator=check_password, **options) as port:
        account = settings(port, "starttls", SMTP_USER="bureau", SMTP_PASSWORD=PASSWORD)
        with open_postbox(account) as postbox:
            assert postbox.send(ANN).outcome is Outcome.ACCEPTED
        assert send(port, ANN)[0].words.startswith("530 Must issue a STARTTLS")
    assert len(room.received) == 1


def test_tls_from_the_start(certified: ssl.SSLContext) -> None:
    room = Mailroom()
    with serve(room, ssl_context=certified) as port, open_postbox(settings(port, "tls")) as postbox:
        assert postbox.send(ANN).outcome is Outcome.ACCEPTED
    assert len(room.received) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_knows_is_refused(tmp_path: Path, security: str) -> None:
    _, context = make_certificate(tmp_path)
    options = {"tls_context" if security == "starttls" else "ssl_context": context}
    with serve(Mailroom(), **options) as port:
        reason = explain_refusal(settings(port, security))
    assert "heeft geen geldig certificaat" in reason
    assert "self-signed" in reason


def test_a_server_without_starttls_gets_nothing() -> None:
    with serve(Mailroom()) as port:
        reason = explain_refusal(settings(port, "starttls"))
    assert "kan niet wat is ingesteld" in reason
    assert "STARTTLS extension not supported" in reason


# Connections that break


def send_scripted(script: dict[str, bytes], *letters: Letter) -> tuple[list[Delivery], int]:
    """What became of the letters, and how many the server took in whole."""
    with ScriptedServer(script).running() as server:
        found = send(server.port, *letters)
    return found, server.taken


def test_no_server_at_all() -> None:
    with serve(Mailroom()) as port:
        pass
    assert "is niet te bereiken" in explain_refusal(settings(port))


@pytest.mark.parametrize(
    ("step", "words", "reason"),
    [
        ("hello", HANG_UP, "is niet te bereiken, of geeft geen goed antwoord"),
        ("hello", b"554 No mail from you", "weigert de verbinding. De melding: 554 No mail"),
        ("hello", b"nonsense", "weigert de verbinding"),
        ("EHLO", HANG_UP, "is niet te bereiken, of geeft geen goed antwoord"),
    ],
)
def test_a_server_that_does_not_let_us_in(step: str, words: bytes, reason: str) -> None:
    with ScriptedServer({step: words}).running() as server:
        assert reason in explain_refusal(settings(server.port))


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_break_before_the_content_is_safe_to_try_again(step: str) -> None:
    found, taken = send_scripted({step: HANG_UP}, ANN, ANN)
    assert [delivery.outcome for delivery in found] == [Outcome.NOT_SENT] * 2
    assert taken == 0


def test_a_break_within_the_content_is_safe_to_try_again() -> None:
    message = EmailMessage(policy=SMTP)
    # More than the network holds on its own, so that the break is met before the end.
    message.set_payload(("x" * 70 + "\r\n") * 300_000)
    found, taken = send_scripted({"content": HANG_UP}, Letter(BUREAU, ANN.recipient, message))
    assert [delivery.outcome for delivery in found] == [Outcome.NOT_SENT]
    assert taken == 0


def test_a_break_after_the_content_leaves_it_unknown_and_is_never_repeated() -> None:
    found, taken = send_scripted({".": HANG_UP}, ANN, ANN)
    assert [delivery.outcome for delivery in found] == [Outcome.UNKNOWN, Outcome.NOT_SENT]
    assert "kan zijn aangekomen" in found[0].words
    assert taken == 1


@pytest.mark.parametrize("words", [b"nonsense", b"354 Go on", b"250 " + b"x" * 10_000])
def test_an_answer_to_the_content_that_says_nothing_leaves_it_unknown(words: bytes) -> None:
    found, _ = send_scripted({".": words}, ANN, ANN)
    assert [delivery.outcome for delivery in found] == [Outcome.UNKNOWN, Outcome.NOT_SENT]


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "."])
@pytest.mark.parametrize(
    ("words", "outcome"),
    [(b"550 5.7.1 Not you", Outcome.REFUSED), (b"451 4.3.0 Not now", Outcome.DEFERRED)],
)
def test_a_refusal_at_any_step_has_the_servers_words(
    step: str, words: bytes, outcome: Outcome
) -> None:
    found, _ = send_scripted({step: words}, ANN, ANN)
    assert found == [Delivery(outcome, words.decode())] * 2


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "."])
def test_a_server_that_says_it_closes_gets_no_more(step: str) -> None:
    found, _ = send_scripted({step: b"421 4.3.2 Closing"}, ANN, ANN)
    assert [delivery.outcome for delivery in found] == [Outcome.DEFERRED, Outcome.NOT_SENT]


def test_a_break_after_a_refusal_does_not_hide_the_refusal() -> None:
    found, _ = send_scripted({"RCPT": b"550 No", "RSET": HANG_UP}, ANN, ANN)
    assert [delivery.outcome for delivery in found] == [Outcome.REFUSED, Outcome.NOT_SENT]


def test_the_servers_words_come_on_one_line_without_control_characters() -> None:
    found, _ = send_scripted({"RCPT": b"550-5.1.1 No\r\n550 such\x1b[31m \xc3\xa9\xff"}, ANN)
    assert found == [Delivery(Outcome.REFUSED, "550 5.1.1 No such [31m é\ufffd")]


def test_a_break_at_the_goodbye_changes_nothing() -> None:
    found, taken = send_scripted({"QUIT": HANG_UP}, ANN)
    assert (found[0].outcome, taken) == (Outcome.ACCEPTED, 1)
