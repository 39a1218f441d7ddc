"""Accounts and signing in: who is let in, for how long, and who guesses."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from db.people import passwords
from db.store import Store
from surveys.roles import VISITOR, Person, Role
from surveys.settings import REST
from surveys.sign_in import (
    CLIENT_LIMIT,
    NAME_LIMIT,
    REMEMBERED,
    SHARED_NAME_LIMIT,
    InvalidAccount,
    SignInRefused,
    TooManyAttempts,
)
from tests.db.scenes import rows

PASSWORD, OTHER = "een lang wachtwoord", "een ander wachtwoord"
HERE, THERE = "192.0.2.1", "192.0.2.2"
Clock = Callable[[timedelta], None]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost little: what they cost is not tested here."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(1, 8, 1))


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def advance(step: timedelta) -> None:
        nonlocal now
        now += step

    monkeypatch.setattr("db.clock.now", lambda: now)
    return advance


@pytest.fixture
def door(store: Store) -> Store:
    """The store as a visitor sees it, with two accounts: beheer and eva."""
    store.accounts.add("beheer", Role.ADMINISTRATOR, PASSWORD)
    store.accounts.add("Eva@bureau.example", Role.EVALUATOR, PASSWORD)
    return store.seen_by(VISITOR)


def guess(door: Store, times: int, name: str = "eva@bureau.example", client: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            door.sign_ins.begin(name, "fout wachtwoord", client)


def fault_of(verb: Callable[..., object], *args: object) -> str:
    with pytest.raises(InvalidAccount) as refused:
        verb(*args)
    return refused.value.code


# Being let in


def test_the_right_password_lets_in_with_the_role_of_the_account(door: Store) -> None:
    secret = door.sign_ins.begin(" EVA@bureau.example", PASSWORD, HERE)
    assert door.sign_ins.recognise(secret) == Person(
        "account 2", Role.EVALUATOR, "eva@bureau.example"
    )


@pytest.mark.parametrize(
    ("name", "password"),
    [("eva@bureau.example", OTHER), ("niemand", PASSWORD), ("", PASSWORD), ("a b\x00", "x" * 5000)],
)
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(
    door: Store, name: str, password: str
) -> None:
    with pytest.raises(SignInRefused):
        door.sign_ins.begin(name, password, HERE)


def test_an_account_without_a_password_is_not_opened_with_one(store: Store, door: Store) -> None:
    store.accounts.add("lid@bureau.example", Role.STEERING_GROUP, None)
    for password in ("", "None", PASSWORD):
        with pytest.raises(SignInRefused):
            door.sign_ins.begin("lid@bureau.example", password, HERE)


def test_an_unknown_secret_is_nobodys(door: Store) -> None:
    assert door.sign_ins.recognise("verzonnen") is None
    assert door.sign_ins.recognise("") is None


def test_sign_in_is_on_once_there_is_an_account_also_a_disabled_one(store: Store) -> None:
    door = store.seen_by(VISITOR).sign_ins
    assert not door.are_on()
    store.accounts.add("beheer", Role.ADMINISTRATOR, PASSWORD)
    assert door.are_on()


def test_a_hash_with_old_parameters_is_made_anew_at_the_next_sign_in(
    door: Store, raw: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "SELECT password_hash FROM account WHERE id = 2"
    before = rows(raw, query)
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(2, 8, 1))
    door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE)
    assert rows(raw, query) != before
    door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE)


# How long


def test_signing_out_ends_it_for_this_browser_only(door: Store) -> None:
    here, there = (door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE) for _ in range(2))
    door.sign_ins.end(here)
    door.sign_ins.end("verzonnen")
    assert door.sign_ins.recognise(here) is None
    assert door.sign_ins.recognise(there) is not None


def test_who_rests_too_long_must_sign_in_again(door: Store, pass_time: Clock) -> None:
    secret = door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE)
    for _ in range(4):  # who acts, stays
        pass_time(timedelta(minutes=REST.default - 1))
        assert door.sign_ins.recognise(secret) is not None
    pass_time(timedelta(minutes=REST.default))
    assert door.sign_ins.recognise(secret) is None
    pass_time(timedelta(minutes=-REST.default))  # nor does it come back
    assert door.sign_ins.recognise(secret) is None


def test_a_page_that_runs_by_itself_does_not_keep_its_visitor_signed_in(
    door: Store, pass_time: Clock
) -> None:
    secret = door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE)
    for _ in range(REST.default - 1):
        pass_time(timedelta(minutes=1))
        assert door.sign_ins.recognise(secret, acts=False) is not None
    pass_time(timedelta(minutes=1))
    assert door.sign_ins.recognise(secret, acts=False) is None


def test_the_time_of_rest_is_a_setting(store: Store, door: Store, pass_time: Clock) -> None:
    store.settings.change(REST, 5)
    secret = door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE)
    pass_time(timedelta(minutes=5))
    assert door.sign_ins.recognise(secret) is None


@pytest.mark.parametrize(
    "step",
    [
        lambda store: store.accounts.disable(2),
        lambda store: store.accounts.erase(2),
        lambda store: store.accounts.set_password(2, OTHER),
        lambda store: store.accounts.change_role(2, Role.STEERING_GROUP),
        lambda store: store.accounts.provide("eva@bureau.example", None, OTHER),
    ],
    ids=["disable", "erase", "password", "role", "command line"],
)
def test_a_change_of_the_account_ends_its_sign_ins(
    store: Store, door: Store, step: Callable[[Store], None]
) -> None:
    secret = door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE)
    step(store)
    assert door.sign_ins.recognise(secret) is None


def test_a_disabled_account_is_refused_until_it_is_enabled(store: Store, door: Store) -> None:
    store.accounts.disable(2)
    with pytest.raises(SignInRefused):
        door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE)
    store.accounts.enable(2)
    assert door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE)


# Who guesses


def test_after_five_wrong_passwords_the_right_one_is_refused_too(
    door: Store, pass_time: Clock
) -> None:
    guess(door, NAME_LIMIT.failures)
    with pytest.raises(TooManyAttempts) as refused:
        door.sign_ins.begin("EVA@bureau.example", PASSWORD, HERE)
    assert refused.value.seconds == NAME_LIMIT.wait.total_seconds()
    assert door.sign_ins.begin("beheer", PASSWORD, HERE)  # only this name
    pass_time(NAME_LIMIT.wait)
    assert door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE)


def test_a_stranger_does_not_keep_a_name_locked(door: Store) -> None:
    guess(door, NAME_LIMIT.failures)
    assert door.sign_ins.begin("eva@bureau.example", PASSWORD, THERE)


def test_a_name_that_many_clients_guess_is_refused_for_a_minute(
    door: Store, pass_time: Clock
) -> None:
    for number in range(SHARED_NAME_LIMIT.failures):
        guess(door, 1, client=f"198.51.100.{number}")
    with pytest.raises(TooManyAttempts) as refused:
        door.sign_ins.begin("eva@bureau.example", PASSWORD, THERE)
    assert refused.value.seconds == 60
    pass_time(timedelta(minutes=1))
    assert door.sign_ins.begin("eva@bureau.example", PASSWORD, THERE)


def test_guesses_at_the_same_moment_are_all_counted(door: Store) -> None:
    def outcome(_: int) -> type[Exception]:
        try:
            door.sign_ins.begin("eva@bureau.example", "fout wachtwoord", HERE)
        except (SignInRefused, TooManyAttempts) as refused:
            return type(refused)
        raise AssertionError

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(outcome, range(50)))
    assert outcomes.count(SignInRefused) == NAME_LIMIT.failures


def test_the_right_password_forgets_the_wrong_ones_before_it(door: Store) -> None:
    for _ in range(2):
        guess(door, NAME_LIMIT.failures - 1)
        assert door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE)


def test_a_name_that_has_no_account_is_slowed_down_alike(door: Store) -> None:
    guess(door, NAME_LIMIT.failures, "niemand")
    with pytest.raises(TooManyAttempts):
        door.sign_ins.begin("niemand", PASSWORD, HERE)


def test_who_tries_many_names_is_refused_by_client(door: Store, pass_time: Clock) -> None:
    for number in range(CLIENT_LIMIT.failures):
        guess(door, 1, f"naam{number}")
    with pytest.raises(TooManyAttempts):
        door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE)
    assert door.sign_ins.begin("eva@bureau.example", PASSWORD, THERE)
    pass_time(CLIENT_LIMIT.wait)
    assert door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE)


def test_a_new_password_takes_the_refusal_away(store: Store, door: Store) -> None:
    for number in range(SHARED_NAME_LIMIT.failures - NAME_LIMIT.failures):
        guess(door, 1, client=f"198.51.100.{number}")
    guess(door, NAME_LIMIT.failures)
    store.accounts.set_password(2, OTHER)
    assert door.sign_ins.begin("eva@bureau.example", OTHER, HERE)


def test_failures_are_forgotten_after_a_day(
    door: Store, pass_time: Clock, raw: sqlite3.Connection
) -> None:
    guess(door, 3)
    pass_time(REMEMBERED + timedelta(seconds=1))
    guess(door, 1)
    # of the name from the client, of the name, of the client
    assert rows(raw, "SELECT count(*) FROM failed_attempt") == [(3,)]


def test_guessing_is_in_the_trail_and_the_log_without_a_name_or_an_address(
    door: Store, raw: sqlite3.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    guess(door, NAME_LIMIT.failures)
    guess(door, 1, "wachtwoord-in-het-verkeerde-veld")
    lines = rows(raw, "SELECT actor, action, subject FROM audit WHERE action LIKE 'sign_in%'")
    assert lines == [
        *[("visitor", "sign_in.failed", "account 2")] * NAME_LIMIT.failures,
        ("visitor", "sign_in.throttled", "account 2"),
        ("visitor", "sign_in.failed", "unknown account"),
    ]
    assert "is refused for a while" in caplog.text
    everything = caplog.text + "\n".join(raw.iterdump())
    for private in (HERE, "verkeerde-veld", "fout wachtwoord"):
        assert private not in everything


# What the administrator may not do


def test_the_first_account_is_an_administrators(store: Store) -> None:
    assert fault_of(store.accounts.add, "eva", Role.EVALUATOR, PASSWORD) == "first"
    assert fault_of(store.accounts.provide, "eva", Role.EVALUATOR, PASSWORD) == "first"
    assert store.accounts.all() == []


@pytest.mark.parametrize("role", [Role.OWNER, Role.PROGRAMME_LEADER])
def test_an_account_cannot_be_an_owner_or_a_programme_leader(store: Store, role: Role) -> None:
    assert fault_of(store.accounts.add, "eva", role, PASSWORD) == "role"
    store.accounts.add("beheer", Role.ADMINISTRATOR, PASSWORD)
    assert fault_of(store.accounts.change_role, 1, role) == "role"


@pytest.mark.parametrize(
    "step",
    [
        lambda store: store.accounts.disable(1),
        lambda store: store.accounts.erase(1),
        lambda store: store.accounts.change_role(1, Role.EVALUATOR),
        lambda store: store.accounts.provide("beheer", Role.EVALUATOR, OTHER),
    ],
    ids=["disable", "erase", "role", "command line"],
)
def test_the_last_administrator_stays(
    store: Store, door: Store, step: Callable[[Store], None]
) -> None:
    store.accounts.add("reserve", Role.ADMINISTRATOR, PASSWORD)
    store.accounts.disable(3)
    assert fault_of(step, store) == "last"
    assert door.sign_ins.begin("beheer", PASSWORD, HERE)
    store.accounts.enable(3)
    step(store)


def test_two_accounts_cannot_have_one_name(store: Store, door: Store) -> None:
    assert fault_of(store.accounts.add, "EVA@BUREAU.example", Role.EVALUATOR, None) == "name_taken"


def test_an_erased_account_leaves_its_number_and_nothing_else(
    store: Store, door: Store, raw: sqlite3.Connection
) -> None:
    door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE)
    store.accounts.erase(2)
    erased = store.accounts.all()[-1]
    assert (erased.id, erased.name, erased.has_password) == (2, None, False)
    assert "eva@bureau" not in "\n".join(raw.iterdump())
    assert fault_of(store.accounts.enable, 2) == "erased"
    assert fault_of(store.accounts.enable, 9) == "absent"
    assert store.accounts.add("eva@bureau.example", Role.EVALUATOR, None).id == 3


def test_every_change_is_in_the_trail_without_name_or_password(
    store: Store, door: Store, raw: sqlite3.Connection
) -> None:
    store.accounts.change_role(2, Role.STEERING_GROUP)
    store.accounts.set_password(2, OTHER)
    store.accounts.disable(2)
    store.accounts.enable(2)
    store.accounts.erase(2)
    lines = rows(raw, "SELECT action, subject, old, new FROM audit ORDER BY id")
    assert lines == [
        ("account.added", "account 1", None, "beheerder"),
        ("account.added", "account 2", None, "evaluator"),
        ("account.role", "account 2", "evaluator", "stuurgroep"),
        ("account.password", "account 2", None, None),
        ("account.disabled", "account 2", None, None),
        ("account.enabled", "account 2", None, None),
        ("account.erased", "account 2", None, None),
    ]


def test_neither_password_nor_secret_is_stored(door: Store, raw: sqlite3.Connection) -> None:
    secret = door.sign_ins.begin("eva@bureau.example", PASSWORD, HERE)
    everything = "\n".join(raw.iterdump())
    assert PASSWORD not in everything
    assert secret not in everything
    assert "$argon2id$" in everything


# Through the organisation


def test_a_member_is_the_account_with_their_address_until_it_ends(
    store: Store, door: Store, pass_time: Clock
) -> None:
    members = door.sign_ins
    person = members.recognise_member("EVA@bureau.example", "koekje")
    assert person is not None
    assert person.role is Role.EVALUATOR
    pass_time(timedelta(minutes=REST.default))
    assert members.recognise_member("eva@bureau.example", "koekje") is None
    assert members.recognise_member("eva@bureau.example", "nieuw koekje") is not None
    members.end("nieuw koekje")
    assert members.recognise_member("eva@bureau.example", "nieuw koekje") is None


def test_a_member_without_an_account_or_with_that_of_another_is_refused(door: Store) -> None:
    with pytest.raises(SignInRefused):
        door.sign_ins.recognise_member("niemand@bureau.example", "koekje")
    door.sign_ins.recognise_member("eva@bureau.example", "koekje")
    with pytest.raises(SignInRefused):
        door.sign_ins.recognise_member("beheer", "koekje")
