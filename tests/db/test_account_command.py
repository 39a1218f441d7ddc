"""`python -m db account`: the first account, and a new password for who cannot get in."""

from __future__ import annotations

from pathlib import Path

import pytest
from argon2 import PasswordHasher
from typer.testing import CliRunner, Result

from db import __main__ as command_line
from db.people import passwords
from db.store import Store
from surveys.roles import VISITOR, Role
from surveys.sign_in import NAME_LIMIT, SignInRefused

PASSWORD, OTHER = "een lang wachtwoord", "een ander wachtwoord"


@pytest.fixture
def secret(file: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with a password, while the command line works on the test's own database."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(1, 8, 1))
    path = tmp_path / "wachtwoord"
    path.write_text(f"{PASSWORD}\r\nniet dit\n", encoding="utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command_line.app, ["account", *map(str, arguments)])


def test_the_first_account_is_made_and_can_sign_in(store: Store, secret: Path) -> None:
    result = run("Beheer@bureau.example", "--role", "beheerder", "--password-file", secret)
    assert result.exit_code == 0, result.output
    assert result.output == "account 1 can sign in as beheer@bureau.example (beheerder)\n"
    assert store.seen_by(VISITOR).sign_ins.begin("beheer@bureau.example", PASSWORD, "192.0.2.1")


def test_the_password_is_asked_twice_without_echo(
    store: Store, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter([PASSWORD, PASSWORD, PASSWORD, OTHER])
    monkeypatch.setattr(command_line, "getpass", lambda prompt: next(typed))
    assert run("beheer", "--role", "beheerder").exit_code == 0
    result = run("beheer")
    assert result.exit_code == 2
    assert "the two passwords differ" in result.output
    assert PASSWORD not in result.output


def test_who_is_locked_out_gets_a_new_password(store: Store, secret: Path) -> None:
    store.accounts.add("reserve", Role.ADMINISTRATOR, OTHER)
    store.accounts.add("beheer", Role.ADMINISTRATOR, OTHER)
    door = store.seen_by(VISITOR).sign_ins
    for _ in range(NAME_LIMIT.failures):
        with pytest.raises(SignInRefused):
            door.begin("beheer", "fout wachtwoord", "192.0.2.1")
    store.accounts.disable(2)
    result = run("beheer", "--password-file", secret)
    assert result.output == "account 2 can sign in as beheer (beheerder)\n"
    assert door.begin("beheer", PASSWORD, "192.0.2.1")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["beheer"], "a new account needs one"),
        (["beheer", "--role", "evaluator"], "--role beheerder"),
        (["beheer", "--role", "eigenaar"], "--role is one of stuurgroep, evaluator, beheerder"),
        (["beheer", "--role", "koning"], "--role is one of stuurgroep, evaluator, beheerder"),
        (["  ", "--role", "beheerder"], "the name is empty"),
        (["twee woorden", "--role", "beheerder"], "a space"),
        (["x" * 255, "--role", "beheerder"], "more than 254"),
        ([PASSWORD.replace(" ", "-"), "--role", "beheerder"], None),
    ],
)
def test_what_is_wrong_is_told_in_plain_english(
    store: Store, secret: Path, arguments: list[str], told: str | None
) -> None:
    result = run(*arguments, "--password-file", secret)
    assert result.exit_code == (0 if told is None else 2)
    assert told is None or told in result.output
    assert len(store.accounts.all()) == (told is None)


def test_only_roles_that_an_account_can_have_are_on_offer() -> None:
    offered = run("--help").output
    assert all(role in offered for role in ("stuurgroep", "evaluator", "beheerder"))
    assert "eigenaar" not in offered
    assert "programmaleider" not in offered


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"kort\n", "at least 12"),
        (b"x" * 129, "more than 128"),
        (b"beheer-beheer\n", "the name itself"),
        (b"\xff\xfe\x00\n", "UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_a_password_that_cannot_be_used_is_told(
    store: Store, secret: Path, content: bytes | None, told: str
) -> None:
    secret.unlink() if content is None else secret.write_bytes(content)
    result = run("beheer-beheer", "--role", "beheerder", "--password-file", secret)
    assert result.exit_code == 2
    assert told in result.output
    assert store.accounts.all() == []
