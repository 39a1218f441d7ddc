"""The mail server's settings: all that is wrong is told at once, and no password is shown."""

from __future__ import annotations

import pytest

from surveys.mailing.letters import Mailbox
from surveys.mailing.smtp_settings import (
    InvalidSmtpSettings,
    Security,
    SmtpSettings,
    read_smtp_settings,
)

LEAST = {"SMTP_HOST": "mail.bureau.example", "MAIL_FROM": "veldwerk@bureau.example"}


def read(**settings: str) -> SmtpSettings:
    found = read_smtp_settings(LEAST | settings)
    assert found is not None
    return found


def faults(**settings: str) -> list[str]:
    with pytest.raises(InvalidSmtpSettings) as refused:
        read_smtp_settings(LEAST | settings)
    assert str(refused.value) == "\n".join(refused.value.faults)
    return refused.value.faults


def test_without_a_host_there_is_no_mail_server() -> None:
    assert read_smtp_settings({}) is None
    assert read_smtp_settings({"SMTP_HOST": " ", "SMTP_PORT": "nonsense"}) is None


def test_a_host_and_a_sender_are_enough() -> None:
    assert read() == SmtpSettings(
        "mail.bureau.example",
        587,
        Security.STARTTLS,
        "",
        "",
        Mailbox("veldwerk@bureau.example"),
        None,
    )


def test_everything_can_be_set() -> None:
    found = read(
        SMTP_PORT="2525",
        SMTP_SECURITY="TLS",
        SMTP_USER="bureau",
        SMTP_PASSWORD=" geheim ",  # noqa: S106
        MAIL_FROM='"Bureau, Meetwerk" <veldwerk@bureau.example>',
        MAIL_REPLY_TO="Vragen één < vragen@bureau.example >",
    )
    assert (found.port, found.security) == (2525, Security.TLS)
    assert (found.user, found.password) == ("bureau", " geheim ")
    assert found.sender == Mailbox("veldwerk@bureau.example", "Bureau, Meetwerk")
    assert found.reply_to == Mailbox("vragen@bureau.example", "Vragen één")
    assert "geheim" not in repr(found)


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_every_kind_of_security_has_its_usual_port(security: str, port: int) -> None:
    assert read(SMTP_HOST="localhost", SMTP_SECURITY=security).port == port


@pytest.mark.parametrize("host", ["localhost", "LocalHost.", "127.0.0.1", "127.8.8.8", "::1"])
def test_a_server_on_this_machine_may_go_without_encryption(host: str) -> None:
    assert read(SMTP_HOST=host, SMTP_SECURITY="none").security is Security.NONE


@pytest.mark.parametrize("host", ["mail.bureau.example", "10.0.0.1", "0.0.0.0", "localhost.nl"])  # noqa: S104
def test_any_other_server_may_not(host: str) -> None:
    (fault,) = faults(SMTP_HOST=host, SMTP_SECURITY="none")
    assert fault.startswith("SMTP_SECURITY: 'none' is only for a server on this machine")


@pytest.mark.parametrize("port", ["0", "65536", "x", "-1", "25.0", "９", "9" * 5_000])
def test_a_port_is_a_number_in_range(port: str) -> None:
    (fault,) = faults(SMTP_PORT=port)
    assert fault.startswith("SMTP_PORT: ")


@pytest.mark.parametrize("host", ["mail server", "mail:25", "a..b", "http://x", "x" * 64, "é.nl"])
def test_a_host_is_a_name_or_an_address(host: str) -> None:
    (fault,) = faults(SMTP_HOST=host)
    assert fault.startswith("SMTP_HOST: ")


def test_all_faults_come_at_once_without_the_password() -> None:
    found = faults(
        SMTP_PORT="many",
        SMTP_SECURITY="ssl",
        SMTP_PASSWORD="géheim",  # noqa: S106
        MAIL_FROM="",
        MAIL_REPLY_TO="vragen@bureau",
    )
    assert found == [
        "SMTP_SECURITY: 'ssl' is not one of: starttls, tls, none",
        "SMTP_PORT: 'many' is not a whole number from 1 to 65535",
        "SMTP_USER: is not set; give both SMTP_USER and SMTP_PASSWORD, or neither",
        "SMTP_PASSWORD: has a sign that cannot be sent; use printable ASCII only",
        "MAIL_FROM: is not set; give the address that mail comes from",
        "MAIL_REPLY_TO: 'vragen@bureau' is not an address such as 'Name <name@example.org>'",
    ]
    assert faults(SMTP_USER="bureau") == [
        "SMTP_PASSWORD: is not set; give both SMTP_USER and SMTP_PASSWORD, or neither"
    ]
