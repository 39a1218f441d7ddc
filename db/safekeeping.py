"""Backup, restore and check of the embedded database; of another one its own tools do that."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from surveys.definition import InvalidDefinition, parse_definition
from surveys.regions.register import holds_address
from surveys.trail.query import ANSWER_ACTIONS

_HERE = Path(__file__).parent
_BUSY_TIMEOUT = 10.0  # seconds
_TRAIL_TRIGGERS = {f"audit_refuses_{change}" for change in ("update", "delete", "replace")}
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


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
    """To read only. Not by mode=ro: SQLite then does not look at CHECK constraints."""
    name = f"{file.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(name, uri=True, timeout=_BUSY_TIMEOUT)
    connection.execute("PRAGMA query_only = ON")
    return connection


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
    versions = _versions(connection)
    yield from (
        f"version: {version} is not known here; it is of a newer version of the monitor"
        for version in versions
        if version not in known
    )
    if versions == [_scripts().get_current_head()]:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for missing in sorted(_TRAIL_TRIGGERS - {name for (name,) in triggers}):
            yield f"audit: its lines can be changed, for there is no trigger {missing}"
    query = "SELECT id, content_hash, source FROM questionnaire ORDER BY id"
    for number, content_hash, source in connection.execute(query):
        try:
            found = parse_definition(source).content_hash
        except InvalidDefinition as invalid:
            yield f"questionnaire {number}: its definition has faults ({invalid.errors[0]})"
            continue
        if found != content_hash:
            yield f"questionnaire {number}: its definition is not the one of its hash"


def find_breaches(file: Path) -> Iterator[str]:
    """What is there against the rules of the monitor, in a sound database of this version: final
    responses with questions left open, and personal data where it may not be. No damage: a copy
    that has it is made and restored as any other."""
    with closing(_open(file)) as connection:
        if _versions(connection) != [_scripts().get_current_head()]:
            return
        for number, count in connection.execute(_LEFT_OPEN):
            yield f"response {number}: it is final, and {count} of its questions have no answer row"
        for number, reply in connection.execute(_REPLIES):
            if _ADDRESS.search(reply):
                yield f"message {number}: its contact was erased, the server's words were not"
        for number, item, text in connection.execute(_CLEARED):
            if holds_address(text):
                yield f"response {number}: what is shown of {item} has what looks like an address"
        for number, action, *texts in connection.execute(_LINES):
            if any(_ADDRESS.search(text or "") for text in texts):
                yield f"audit: line {number} ({action}) holds what looks like an e-mail address"


_LEFT_OPEN = """
    SELECT response.id, count(*) FROM response
    JOIN question ON question.questionnaire_id = response.questionnaire_id
    LEFT JOIN answer ON answer.response_id = response.id AND answer.item = question.item
    WHERE response.state = 'final' AND answer.item IS NULL GROUP BY response.id
"""
_REPLIES = """
    SELECT message.id, reply FROM message JOIN contact ON contact.id = message.contact_id
    WHERE contact.erased_at IS NOT NULL AND reply IS NOT NULL
"""
_CLEARED = "SELECT response_id, item, text FROM cleared_answer WHERE instr(text, '@')"
_LINES = f"""
    SELECT id, action, actor, subject, old, new FROM audit
    WHERE action NOT LIKE '{ANSWER_ACTIONS}%'
    AND instr(actor || subject || coalesce(old, '') || coalesce(new, ''), '@') ORDER BY id
"""  # noqa: S608


def _versions(connection: sqlite3.Connection) -> list[str]:
    return [version for (version,) in connection.execute("SELECT * FROM alembic_version")]


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(_HERE / "migrations"))
    return ScriptDirectory.from_config(config)
