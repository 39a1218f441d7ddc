"""A database of its own for every test."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.store import Store, open_store
from tests.db.mail_scenes import Clock
from tests.surveys.mailing.servers import Mailroom, serve


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "monitor.sqlite"


@pytest.fixture
def store(file: Path, empty_database: Path) -> Iterator[Store]:
    shutil.copy(empty_database, file)
    store = open_store(f"sqlite:///{file}")
    yield store
    store.close()


@pytest.fixture(scope="module")
def lasting_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One store for all examples of a property, each with regions of its own."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('db') / 'monitor.sqlite'}")
    yield store
    store.close()


@pytest.fixture
def raw(store: Store, file: Path) -> Iterator[sqlite3.Connection]:
    """The database without our code before it."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("db.clock.now", clock.now)
    return clock


@pytest.fixture
def room() -> Mailroom:
    return Mailroom()


@pytest.fixture
def port(room: Mailroom) -> Iterator[int]:
    """Of a mail server that takes what comes."""
    with serve(room) as port:
        yield port
