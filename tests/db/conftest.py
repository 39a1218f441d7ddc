"""A database of its own for every test."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.store import Store, open_store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "monitor.sqlite"


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
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
