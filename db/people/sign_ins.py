"""Signing in: who has an account, for how long, and how often a wrong password may be tried."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from db import clock
from db.access import Desk, needs
from db.people import attempts
from db.people.passwords import hash_password, is_outdated, is_right
from db.responses.records import key
from db.settings import read_setting
from db.tables import AccountRow, SignInRow
from db.trail import add_line
from surveys.roles import Person, Right, Role
from surveys.settings import REST
from surveys.sign_in import (
    CLIENT_LIMIT,
    LONGEST_PASSWORD,
    NAME_LIMIT,
    SHARED_NAME_LIMIT,
    InvalidAccount,
    SignInRefused,
    clean_name,
    client_subject,
    has_rested,
    hash_secret,
    name_from_client_subject,
    name_subject,
    new_secret,
)

_logger = logging.getLogger(__name__)

_TOUCHED = timedelta(minutes=1)  # how exactly it is known when someone was last seen


class SignIns(Desk):
    """The verbs at the door, for every visitor."""

    @needs(*Right)
    def are_on(self) -> bool:
        """Whether there are accounts, also where none of them can be used."""
        with self._read() as session:
            return session.scalars(select(col(AccountRow.id)).limit(1)).first() is not None

    @needs(*Right)
    def begin(self, name: str, password: str, client: str) -> str:
        """Sign in with a password, from the address `client`. Returns the secret for the
        browser's cookie. Raises SignInRefused, or TooManyAttempts, also for the right password."""
        try:
            name = clean_name(name)
        except InvalidAccount:
            name = ""
        guesser = name_from_client_subject(name, client)
        subjects = (
            (guesser, NAME_LIMIT),
            (name_subject(name), SHARED_NAME_LIMIT),
            (client_subject(client), CLIENT_LIMIT),
        )
        with self._read() as session:
            for subject, limit in subjects:
                attempts.require_patience(session, attempts.ACCOUNT, subject, limit)
            account = _by_name(session, name)
            password_hash = account.password_hash if account is not None else None
        right = is_right(password_hash, password[: LONGEST_PASSWORD + 1])
        with self._write() as session:
            for subject, limit in subjects:
                attempts.require_patience(session, attempts.ACCOUNT, subject, limit)
            account = _by_name(session, name)
            if right and account is not None and account.password_hash == password_hash:
                if is_outdated(account.password_hash or ""):
                    account.password_hash = hash_password(password)
                attempts.forget_failures(session, attempts.ACCOUNT, guesser)
                return self._let_in(session, account, new_secret())
            subject_in_trail = f"account {account.id}" if account else "unknown account"
            self._log(session, "sign_in.failed", subject_in_trail)
            for subject, limit in subjects:
                if attempts.note_failure(session, attempts.ACCOUNT, subject, limit):
                    self._log(session, "sign_in.throttled", subject_in_trail)
                    _logger.warning("wrong passwords: %s is refused for a while", subject[:12])
        raise SignInRefused

    @needs(*Right)
    def recognise(self, secret: str, *, acts: bool = True) -> Person | None:
        """Who holds this secret; None where it is unknown, or the sign-in has ended. Who acts,
        rests no longer."""
        now = clock.now()
        with self._read() as session:
            row = session.get(SignInRow, hash_secret(secret))
            account = None if row is None else session.get(AccountRow, row.account_id)
            if row is None or account is None or row.ended_at or account.disabled_at:
                return None
            rested = has_rested(row.seen_at, now, read_setting(session, REST))
            person = _to_person(account)
        if rested or (acts and now - row.seen_at >= _TOUCHED):
            with self._write() as session:
                fresh = session.get_one(SignInRow, row.key_hash)
                if rested:
                    fresh.ended_at = fresh.ended_at or now
                else:
                    fresh.seen_at = max(fresh.seen_at, now)
        return None if rested else person

    @needs(*Right)
    def recognise_member(self, email: str, secret: str, *, acts: bool = True) -> Person | None:
        """Who the organisation signed in with this address and this secret; None where that sign-in
        has ended. Raises SignInRefused where the address has no account."""
        with self._read() as session:
            account = _by_name(session, email.strip().lower())
            row = session.get(SignInRow, hash_secret(secret))
        if account is None or (row is not None and row.account_id != account.id):
            raise SignInRefused
        if row is None:
            with suppress(IntegrityError), self._write() as session:  # another window was first
                self._let_in(session, account, secret)
        return self.recognise(secret, acts=acts)

    @needs(*Right)
    def end(self, secret: str) -> None:
        """Sign out; a secret that is unknown or has ended is no fault."""
        with self._write() as session:
            row = session.get(SignInRow, hash_secret(secret))
            if row is not None and row.ended_at is None:
                row.ended_at = clock.now()
                actor = f"account {row.account_id}"
                add_line(session, actor, "signed_out", actor)

    def _let_in(self, session: Session, account: AccountRow, secret: str) -> str:
        now = clock.now()
        session.add(
            SignInRow(
                key_hash=hash_secret(secret), account_id=key(account), begun_at=now, seen_at=now
            )
        )
        actor = f"account {account.id}"
        add_line(session, actor, "signed_in", actor)
        return secret


def _by_name(session: Session, name: str) -> AccountRow | None:
    """The account that may be used under this name."""
    return session.scalars(
        select(AccountRow).where(
            col(AccountRow.name) == name, col(AccountRow.disabled_at).is_(None)
        )
    ).first()


def _to_person(account: AccountRow) -> Person:
    return Person(f"account {account.id}", Role(account.role), account.name or "")
