"""The connection to the database, and the migrations that bring it up to date."""

from __future__ import annotations

import os
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

_HERE = Path(__file__).parent
DEFAULT_URL = f"sqlite:///{_HERE.parent / 'data' / 'monitor.sqlite'}"
_BUSY_TIMEOUT = 10_000  # milliseconds that a writer waits for another


def database_url() -> str:
    """DATABASE_URL, or the embedded database under data/."""
    return os.environ.get("DATABASE_URL") or DEFAULT_URL


def connect(url: str) -> Engine:
    """An engine with the settings that the monitor counts on. Makes the folder of a file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, hide_parameters=True)  # an error is logged; people are not
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SQLiteConnection, record: Any) -> None:
    connection.isolation_level = None  # _begin_sqlite begins, not the driver
    for pragma in (
        f"busy_timeout = {_BUSY_TIMEOUT}",
        "journal_mode = WAL",
        "synchronous = FULL",  # 'opgeslagen' also holds when the power goes
        "foreign_keys = ON",
        "secure_delete = ON",  # what is erased does not linger in the file
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # a writer takes its lock at once: one that has read first could not wait for another
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def upgrade(engine: Engine) -> None:
    """Run the migrations that this database has not had yet."""
    config = Config()
    config.set_main_option("script_location", str(_HERE / "migrations"))
    with engine.execution_options(writes=True).connect() as connection:
        _keep_references(connection, False)  # a table that is made anew would take its rows along
        with connection.begin():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        _keep_references(connection, True)


def _keep_references(connection: Connection, kept: bool) -> None:
    """SQLite watches references or not; it can be told between transactions only."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.dbapi_connection
        driver.execute(f"PRAGMA foreign_keys = {'ON' if kept else 'OFF'}")  # type: ignore[union-attr]
