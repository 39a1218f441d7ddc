"""Backup, restore, check, and an audit trail that cannot be changed."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner

from db.__main__ import app
from db.safekeeping import Unusable, back_up, find_faults, restore
from db.store import Store, open_store
from tests.db.scenes import begin, import_responses, invite, open_wave, rows, save

ROOT = Path(__file__).parents[2]
runner = CliRunner()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "kopie.sqlite"


@pytest.mark.parametrize("change", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_the_audit_trail(
    store: Store, raw: sqlite3.Connection, change: str
) -> None:
    open_wave(store, "01")
    before = rows(raw, "SELECT * FROM audit")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(change)
    raw.rollback()
    assert before
    assert rows(raw, "SELECT * FROM audit") == before


def test_a_backup_made_while_people_fill_in_is_whole(store: Store, file: Path, copy: Path) -> None:
    open_wave(store, "01")
    visit = invite(store)
    form = store.forms.begin(visit)
    going_on = threading.Event()
    stop = threading.Event()

    def fill_in() -> None:
        current = form
        grade = 0
        while not stop.is_set():
            grade = grade % 10 + 1
            current = save(store, visit, current, {"cijfer": str(grade)})
            going_on.set()

    writer = threading.Thread(target=fill_in)
    writer.start()
    going_on.wait()
    back_up(file, copy)
    stop.set()
    writer.join()
    kept = open_store(f"sqlite:///{copy}")
    found = kept.forms.find(visit)
    kept.close()
    assert found is not None
    assert found.answers["cijfer"] in [str(grade) for grade in range(1, 11)]
    assert list(find_faults(copy)) == []


def test_a_restored_database_holds_what_was_backed_up_and_keeps_what_was_there(
    store: Store, file: Path, copy: Path
) -> None:
    visit, form = begin(store)
    save(store, visit, form, {"cijfer": "7"})
    back_up(file, copy)
    form = store.forms.find(visit) or form
    save(store, visit, form, {"cijfer": "3"})
    kept = restore(copy, file)
    found = store.forms.find(visit)
    assert found is not None
    assert found.answers["cijfer"] == "7"
    assert kept is not None
    before = open_store(f"sqlite:///{kept}")
    was = before.forms.find(visit)
    before.close()
    assert was is not None
    assert was.answers["cijfer"] == "3"


def test_a_backup_never_replaces_a_file(store: Store, file: Path, copy: Path) -> None:
    open_wave(store, "01")
    copy.write_text("iets anders")
    with pytest.raises(FileExistsError):
        back_up(file, copy)
    assert copy.read_text() == "iets anders"


def damage(copy: Path, *statements: str) -> None:
    connection = sqlite3.connect(copy)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE questionnaire SET source = 'id = [' WHERE id = 1", "its definition has faults"),
        (
            "UPDATE questionnaire SET source = replace(source, 'title', 'title') || '# x'"
            ", content_hash = 'ab'",
            "not the one of its hash",
        ),
        ("DELETE FROM region", "orphan: row"),
        ("UPDATE alembic_version SET version_num = '9999'", "newer version of the monitor"),
        ("DROP TABLE alembic_version", "no database of the monitor"),
    ],
)
def test_a_damaged_backup_is_not_restored(
    store: Store, file: Path, copy: Path, statement: str, told: str
) -> None:
    begin(store)
    back_up(file, copy)
    damage(copy, "PRAGMA foreign_keys = OFF", statement)
    before = file.read_bytes()
    with pytest.raises(Unusable, match=told):
        restore(copy, file)
    assert file.read_bytes() == before


def test_what_is_no_database_is_not_restored(store: Store, file: Path, copy: Path) -> None:
    open_wave(store, "01")
    copy.write_bytes(b"geen database " * 100)
    with pytest.raises(Unusable, match="cannot be read as a database"):
        restore(copy, file)


def run(monkeypatch: pytest.MonkeyPatch, file: Path, *arguments: str):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    return runner.invoke(app, list(arguments))


def test_the_commands_back_up_check_and_restore(
    store: Store, file: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_wave(store, "01")
    assert "sound" in run(monkeypatch, file, "check").stdout
    assert run(monkeypatch, file, "backup", str(copy)).exit_code == 0
    again = run(monkeypatch, file, "backup", str(copy))
    assert (again.exit_code, again.stdout) == (2, "")
    assert "exists already" in again.stderr
    restored = run(monkeypatch, file, "restore", str(copy))
    assert restored.exit_code == 0
    assert "the database before is" in restored.stdout
    missing = run(monkeypatch, file, "restore", str(copy.with_name("nergens.sqlite")))
    assert (missing.exit_code, missing.stdout) == (2, "")


def test_check_tells_every_fault_with_exit_code_1(
    store: Store, file: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(store)
    back_up(file, copy)
    damage(
        copy,
        "PRAGMA foreign_keys = OFF",
        "DELETE FROM region",
        "UPDATE questionnaire SET source = 'id = ['",
    )
    result = run(monkeypatch, copy, "check")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "orphan" in result.stderr
    assert "definition has faults" in result.stderr


BREACHES = {
    "DELETE FROM answer WHERE response_id = 2 AND item IN ('kort', 'lang')": (
        "response 2: it is final, and 2 of its questions have no answer row"
    ),
    "UPDATE contact SET erased_at = '2024-01-01'": (
        "message 1: its contact was erased, the server's words were not"
    ),
    "INSERT INTO audit (at, actor, action, subject, new) "
    "VALUES ('2024-01-01', 'x', 'region.named', 'region 01', 'mail j.bos@school.nl')": (
        "(region.named) holds what looks like an e-mail address"
    ),
}


@pytest.fixture
def sound(store: Store, raw: sqlite3.Connection) -> sqlite3.Connection:
    """Region 1 began, 2 submitted; the first was mailed. Answers and names may hold an @."""
    visit, form = begin(store)
    save(store, visit, form, {"kort": "j.bos@school.nl"})
    store.regions.add([("02", "Techniek @ Noord")])
    import_responses(store, "2024", {"02": {"schaal": "3"}})
    raw.executescript(
        "INSERT INTO contact (region_id, since) VALUES (1, '2024-01-01');"
        "INSERT INTO message (invitation_id, contact_id, kind, number, state, message_id, "
        "queued_at, queued_by, tries, reply) VALUES "
        "(1, 1, 'invitation', 0, 'sent', 'x', '2024-01-01', '', 1, '250 <j.bos@school.nl> ok');"
    )
    return raw


@pytest.mark.parametrize("statement", BREACHES)
def test_check_tells_what_is_against_the_rules_and_a_backup_is_made_all_the_same(
    sound: sqlite3.Connection,
    file: Path,
    copy: Path,
    monkeypatch: pytest.MonkeyPatch,
    statement: str,
) -> None:
    assert run(monkeypatch, file, "check").exit_code == 0
    sound.execute(statement)
    sound.commit()
    result = run(monkeypatch, file, "check")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.strip().endswith(BREACHES[statement])
    assert run(monkeypatch, file, "backup", str(copy)).exit_code == 0
    assert run(monkeypatch, file, "restore", str(copy)).exit_code == 0


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE contact SET erased_at = '2024-01-01', name = 'J. Bos'", "contact"),
        ("UPDATE response SET state = 'klaar'", "response"),
    ],
)
def test_check_finds_what_a_constraint_forbids(
    sound: sqlite3.Connection, file: Path, statement: str, table: str
) -> None:
    sound.execute("PRAGMA ignore_check_constraints = ON")
    sound.execute(statement)
    sound.commit()
    assert f"integrity: CHECK constraint failed in {table}" in list(find_faults(file))


def test_the_nightly_lines_of_the_readme_run(store: Store, file: Path, tmp_path: Path) -> None:
    document = (ROOT / "docs/operation.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```cron\n(.*?)```", document, re.DOTALL)
    home = tmp_path / "home"
    python = home / "monitor/.venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} "$@"\n')
    python.chmod(0o755)
    old = home / "monitor/backups/2020-01-01.sqlite"
    old.parent.mkdir()
    old.touch()
    os.utime(old, (0, 0))
    open_wave(store, "01")
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{file}"}
    for line in block.splitlines():
        command = line.split(maxsplit=5)[5].replace("\\%", "%")  # cron wants % escaped
        done = subprocess.run(
            command, shell=True, cwd=home, env=environment, capture_output=True, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    (made,) = old.parent.iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\.sqlite", made.name)
    assert list(find_faults(made)) == []


def test_another_database_has_its_own_tools(monkeypatch: pytest.MonkeyPatch, copy: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/monitor")
    result = runner.invoke(app, ["backup", str(copy)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "pg_dump" in result.stderr
