"""Doing something as the only one: a lock that the system lets go of when its holder dies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Engine, text


class Taken(Exception):
    """Another thread or process has the turn."""


@contextmanager
def take_turn(engine: Engine, matter: str) -> Iterator[None]:
    """Have the turn for a matter until the block ends. Raises Taken, without waiting."""
    take = _take_in_sqlite if engine.dialect.name == "sqlite" else _take_in_server
    with take(engine, matter):
        yield


@contextmanager
def _take_in_sqlite(engine: Engine, matter: str) -> Iterator[None]:
    """The lock is on an empty file beside the database: the database itself stays free."""
    database = engine.url.database or ":memory:"
    file = database if database == ":memory:" else f"{database}-{matter}"
    with closing(
        sqlite3.connect(file, timeout=0, isolation_level=None, check_same_thread=False)
    ) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise Taken from None
        yield


@contextmanager
def _take_in_server(engine: Engine, matter: str) -> Iterator[None]:
    """An advisory lock of PostgreSQL goes with its connection."""
    with engine.connect() as connection:
        taken = text("SELECT pg_try_advisory_lock(hashtext(:matter))")
        if not connection.scalar(taken, {"matter": matter}):
            raise Taken
        try:
            yield
        finally:
            connection.invalidate()
