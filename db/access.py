"""The way to the database: its sessions, and who may use which verb."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from db import trail, turns
from surveys.roles import NotPermitted, Person, Right


class Database:
    """The only one that opens a session."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(writes=True)
        # SQLite has one writer: threads that take turns wait shorter than in its busy handler
        is_sqlite = engine.dialect.name == "sqlite"
        self._turn = threading.Lock() if is_sqlite else nullcontext()

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()

    def clear_log(self) -> None:
        """Bring SQLite's write-ahead log over to the file and empty it: it still holds what was
        erased. Where others read for too long, it stays until a next time."""
        if self._engine.dialect.name == "sqlite":
            with self._turn, closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def take_turn(self, matter: str) -> AbstractContextManager[None]:
        """Do something as the only one, over threads and processes. Raises Taken."""
        return turns.take_turn(self._engine, matter)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, undone when it raises."""
        with self._turn, Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self._engine) as session:
            yield session


class Desk:
    """Verbs on one matter, as one person may use them. Every verb is one transaction: when it
    returns, what it wrote is committed."""

    def __init__(self, database: Database, person: Person) -> None:
        self._database = database
        self.person = person
        self._write = database.write
        self._read = database.read

    def _log(
        self,
        session: Session,
        action: str,
        subject: str,
        old: str | None = None,
        new: str | None = None,
    ) -> None:
        """A line in the audit trail, in the name of the person whose desk this is."""
        trail.add_line(session, self.person.name, action, subject, old, new)


_Desk = TypeVar("_Desk", bound=Desk)
_P = ParamSpec("_P")
_R = TypeVar("_R")

_Verb = Callable[Concatenate[_Desk, _P], _R]


def needs(*rights: Right) -> Callable[[_Verb[_Desk, _P, _R]], _Verb[_Desk, _P, _R]]:
    """A verb for persons with any of these rights; NotPermitted for others."""

    def guard(verb: _Verb[_Desk, _P, _R]) -> _Verb[_Desk, _P, _R]:
        @wraps(verb)
        def guarded(desk: _Desk, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
            if not any(desk.person.may(right) for right in rights):
                raise NotPermitted(desk.person, rights[0])
            return verb(desk, *args, **kwargs)

        marked: Any = guarded
        marked.rights = frozenset(rights)
        return guarded

    return guard


def rights_of(verb: Callable[..., Any]) -> frozenset[Right]:
    """The rights of which a verb asks one; none where it was not marked with `needs`."""
    return getattr(verb, "rights", frozenset())
