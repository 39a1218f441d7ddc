"""Backup, restore and check of the embedded database; of another one its own tools do that."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from surveys.definition import InvalidDefinition, parse_definition

_HERE = Path(__file__).parent
_BUSY_TIMEOUT = 10.0  # seconds


class NotEmbedded(Exception):
    """The database is not a file of SQLite."""


class Unusable(Exception):
    """A backup that may not be restored; `faults` says why."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def database_file(url: str) -> Path:
    """The file of an embedded database. Raises NotEmbedded."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        raise NotEmbedded(f"{parsed.get_backend_name()} has tools of its own, such as pg_dump")
    return Path(str(parsed.database))


def back_up(file: Path, target: Path) -> None:
    """Copy the database as it is at one moment, also while people are filling in.

    The copy is checked and only then gets its name. FileExistsError where the target exists,
    FileNotFoundError without a database, Unusable where the copy has faults.
    """
    if target.exists():
        raise FileExistsError(target)
    if not file.exists():
        raise FileNotFoundError(file)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        _copy(file, part)
        if faults := list(find_faults(part)):
            raise Unusable(faults)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def restore(source: Path, file: Path) -> Path | None:
    """Put a backup in the place of the database, in one transaction; the answer is where the
    present database was kept (None if there was none).

    Raises Unusable, and leaves everything as it is, where the backup has faults or is of a newer
    version of the monitor. FileNotFoundError without a backup.
    """
    if not source.exists():
        raise FileNotFoundError(source)
    if faults := list(find_faults(source)):
        raise Unusable(faults)
    kept = _free_name(file) if file.exists() else None
    if kept:
        _copy(file, kept)
    file.parent.mkdir(parents=True, exist_ok=True)
    _copy(source, file)
    return kept


def _free_name(file: Path) -> Path:
    number = 1
    while (name := file.with_name(f"{file.name}.before-restore-{number}")).exists():
        number += 1
    return name


def _copy(source: Path, target: Path) -> None:
    with (
        closing(_open(source)) as old,
        closing(sqlite3.connect(target, timeout=_BUSY_TIMEOUT)) as new,
    ):
        old.backup(new)


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_TIMEOUT)


def find_faults(file: Path) -> Iterator[str]:
    """What is wrong with a database: pages, constraints, orphans, version, definitions."""
    try:
        with closing(_open(file)) as connection:
            yield from _find_faults(connection)
    except sqlite3.DatabaseError as error:
        yield f"it cannot be read as a database ({error})"


def _find_faults(connection: sqlite3.Connection) -> Iterator[str]:
    for (told,) in connection.execute("PRAGMA integrity_check"):
        if told != "ok":
            yield f"integrity: {told}"
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"orphan: row {row} of {table} refers to nothing in {parent}"
    tables = {
        name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
    }
    if "alembic_version" not in tables:
        yield "version: it is no database of the monitor"
        return
    known = {script.revision for script in _scripts().walk_revisions()}
    versions = [version for (version,) in connection.execute("SELECT * FROM alembic_version")]
    yield from (
        f"version: {version} is not known here; it is of a newer version of the monitor"
        for version in versions
        if version not in known
    )
    query = "SELECT id, content_hash, source FROM questionnaire ORDER BY id"
    for number, content_hash, source in connection.execute(query):
        try:
            found = parse_definition(source).content_hash
        except InvalidDefinition as invalid:
            yield f"questionnaire {number}: its definition has faults ({invalid.errors[0]})"
            continue
        if found != content_hash:
            yield f"questionnaire {number}: its definition is not the one of its hash"


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(_HERE / "migrations"))
    return ScriptDirectory.from_config(config)
