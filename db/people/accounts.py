"""Accounts: who may sign in, with which role."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from db import clock
from db.access import Desk, needs
from db.people import attempts
from db.people.passwords import hash_password
from db.responses.records import key
from db.tables import AccountRow, SignInRow
from surveys.roles import ACCOUNT_ROLES, Right, Role
from surveys.sign_in import Account, check_password, clean_name, name_subject, refuse_account


class Accounts(Desk):
    """The administrator's verbs. While there are accounts, an administrator can sign in."""

    @needs(Right.ADMINISTER)
    def all(self) -> list[Account]:
        """Every account, those that were erased last."""
        with self._read() as session:
            rows = session.scalars(
                select(AccountRow).order_by(col(AccountRow.name).is_(None), col(AccountRow.name))
            )
            return [_to_account(row) for row in rows]

    @needs(Right.ADMINISTER)
    def add(self, name: str, role: Role, password: str | None) -> Account:
        """Without a password for who signs in through the organisation. Raises InvalidAccount."""
        name = clean_name(name)
        password_hash = None if password is None else _hash_checked(name, password)
        try:
            with self._write() as session:
                return _to_account(self._add(session, name, role, password_hash))
        except IntegrityError:
            raise refuse_account("name_taken") from None

    @needs(Right.ADMINISTER)
    def provide(self, name: str, role: Role | None, password: str) -> Account:
        """See to it that this name can sign in with this password: a new account, or one that
        is there, also if it was disabled; it keeps its role where none is given. Raises
        InvalidAccount."""
        name = clean_name(name)
        password_hash = _hash_checked(name, password)
        with self._write() as session:
            row = session.scalars(select(AccountRow).where(col(AccountRow.name) == name)).first()
            if row is None:
                row = self._add(session, name, role, password_hash)
            else:
                self._enable(session, row)
                self._change_role(session, row, Role(row.role) if role is None else role)
                self._set_password(session, row, password_hash)
            return _to_account(row)

    @needs(Right.ADMINISTER)
    def change_role(self, account_id: int, role: Role) -> None:
        """Ends its sign-ins. Raises InvalidAccount."""
        with self._write() as session:
            self._change_role(session, _account_row(session, account_id), role)

    @needs(Right.ADMINISTER)
    def set_password(self, account_id: int, password: str) -> None:
        """Ends its sign-ins, and forgets the wrong passwords. Raises InvalidAccount."""
        with self._read() as session:
            name = _account_row(session, account_id).name
        password_hash = _hash_checked(name or "", password)
        with self._write() as session:
            self._set_password(session, _account_row(session, account_id), password_hash)

    @needs(Right.ADMINISTER)
    def disable(self, account_id: int) -> None:
        """Ends its sign-ins. Raises InvalidAccount."""
        with self._write() as session:
            row = _account_row(session, account_id)
            if row.disabled_at is None:
                _require_another_administrator(session, row)
                row.disabled_at = clock.now()
                _end_sign_ins(session, row)
                self._log(session, "account.disabled", f"account {row.id}")

    @needs(Right.ADMINISTER)
    def enable(self, account_id: int) -> None:
        """Let it sign in again. Raises InvalidAccount."""
        with self._write() as session:
            self._enable(session, _account_row(session, account_id))

    @needs(Right.ADMINISTER)
    def erase(self, account_id: int) -> None:
        """Forget the name and the password; the row stays, for the audit trail speaks of it.
        Raises InvalidAccount."""
        with self._write() as session:
            row = _account_row(session, account_id)
            if row.disabled_at is None:
                _require_another_administrator(session, row)
            row.disabled_at = row.disabled_at or clock.now()
            row.name = row.password_hash = None
            _end_sign_ins(session, row)
            self._log(session, "account.erased", f"account {row.id}")
        self._database.clear_log()

    def _add(
        self, session: Session, name: str, role: Role | None, password_hash: str | None
    ) -> AccountRow:
        if role not in ACCOUNT_ROLES:
            raise refuse_account("role")
        if role is not Role.ADMINISTRATOR and _is_empty(session):
            raise refuse_account("first")
        row = AccountRow(name=name, role=role, password_hash=password_hash, made_at=clock.now())
        session.add(row)
        session.flush()
        self._log(session, "account.added", f"account {row.id}", None, role)
        return row

    def _change_role(self, session: Session, row: AccountRow, role: Role) -> None:
        if role not in ACCOUNT_ROLES:
            raise refuse_account("role")
        if row.role != role:
            _require_another_administrator(session, row)
            self._log(session, "account.role", f"account {row.id}", row.role, role)
            row.role = role
            _end_sign_ins(session, row)

    def _set_password(self, session: Session, row: AccountRow, password_hash: str) -> None:
        row.password_hash = password_hash
        _end_sign_ins(session, row)
        attempts.forget_failures(session, attempts.ACCOUNT, name_subject(row.name or ""))
        self._log(session, "account.password", f"account {row.id}")

    def _enable(self, session: Session, row: AccountRow) -> None:
        if row.disabled_at is not None:
            row.disabled_at = None
            self._log(session, "account.enabled", f"account {row.id}")


def _to_account(row: AccountRow) -> Account:
    return Account(
        id=key(row),
        name=row.name,
        role=Role(row.role),
        has_password=row.password_hash is not None,
        made_at=row.made_at,
        disabled_at=row.disabled_at,
    )


def _hash_checked(name: str, password: str) -> str:
    check_password(name, password)
    return hash_password(password)


def _is_empty(session: Session) -> bool:
    return session.scalars(select(AccountRow).limit(1)).first() is None


def _account_row(session: Session, account_id: int) -> AccountRow:
    row = session.get(AccountRow, account_id)
    if row is None:
        raise refuse_account("absent")
    if row.name is None:
        raise refuse_account("erased")
    return row


def _require_another_administrator(session: Session, row: AccountRow) -> None:
    """Raise InvalidAccount where this is the last administrator who can sign in."""
    others = session.scalar(
        select(func.count())
        .select_from(AccountRow)
        .where(
            col(AccountRow.role) == Role.ADMINISTRATOR,
            col(AccountRow.disabled_at).is_(None),
            col(AccountRow.id) != row.id,
        )
    )
    if row.role == Role.ADMINISTRATOR and row.disabled_at is None and not others:
        raise refuse_account("last")


def _end_sign_ins(session: Session, row: AccountRow) -> None:
    session.connection().execute(
        update(SignInRow)
        .where(col(SignInRow.account_id) == row.id, col(SignInRow.ended_at).is_(None))
        .values(ended_at=clock.now())
    )
