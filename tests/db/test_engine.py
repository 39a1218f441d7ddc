"""The connection and its settings, and the migrations that make the tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

from db.engine import connect, database_url, upgrade
from db.store import Store
from tests.db.scenes import ALL_TYPES, open_wave

ROOT = Path(__file__).parents[2]


@pytest.fixture
def engine(file: Path) -> Iterator[Engine]:
    engine = connect(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("journal_mode", "wal"),
        ("foreign_keys", 1),
        ("busy_timeout", 10_000),
        ("synchronous", 2),  # FULL
        ("secure_delete", 1),
    ],
)
def test_every_fresh_connection_has_the_settings(
    engine: Engine, setting: str, value: str | int
) -> None:
    with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            assert connection.scalar(text(f"PRAGMA {setting}")) == value


def test_the_database_is_the_one_of_database_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////elders/monitor.sqlite")
    assert database_url() == "sqlite:////elders/monitor.sqlite"


def test_without_database_url_it_is_kept_in_the_data_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    default = f"sqlite:///{ROOT / 'data' / 'monitor.sqlite'}"
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert database_url() == default
    monkeypatch.setenv("DATABASE_URL", "")
    assert database_url() == default


def test_the_folder_of_the_database_is_made(tmp_path: Path) -> None:
    file = tmp_path / "nieuw" / "map" / "monitor.sqlite"
    engine = connect(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    assert file.exists()


def test_migrated_tables_are_the_tables_of_the_code(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_migrated_constraints_are_the_constraints_of_the_code(
    engine: Engine, tmp_path: Path
) -> None:
    upgrade(engine)
    made = connect(f"sqlite:///{tmp_path / 'made.sqlite'}")
    SQLModel.metadata.create_all(made)
    assert constraints(engine) == constraints(made)
    made.dispose()


def constraints(engine: Engine) -> dict[str, list[str]]:
    """Checks, unique constraints, indexes with their conditions, and foreign keys per table."""
    found = inspect(engine)
    return {
        table: sorted(
            str(constraint)
            for constraint in [
                *found.get_check_constraints(table),
                *found.get_unique_constraints(table),
                *found.get_foreign_keys(table),
            ]
        )
        + sorted(
            f"{index['name']} {index['column_names']} {index['unique']} "
            f"{index.get('dialect_options', {}).get('sqlite_where')}"
            for index in found.get_indexes(table)
        )
        for table in SQLModel.metadata.tables
    }


def test_upgrading_again_changes_nothing_and_keeps_the_data(
    store: Store, file: Path, raw: sqlite3.Connection
) -> None:
    open_wave(store, "01")
    before = list(raw.iterdump())
    engine = connect(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    assert list(raw.iterdump()) == before
    assert [wave.questionnaire_hash for wave in store.waves.all()] == [ALL_TYPES.content_hash]
