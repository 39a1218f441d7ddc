"""An older database is brought up to date with everything that was in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

import db.engine
from db.engine import connect, upgrade
from db.safekeeping import find_faults
from db.store import open_store
from surveys.fieldwork import WaveState, hash_token
from tests.db.scenes import ALL_TYPES

TOKEN = "een-oude-link"  # noqa: S105
MOMENT = "'2024-01-02 10:00:00'"
OLD_ROWS = f"""
INSERT INTO region (number, name) VALUES ('01', 'Regio 01');
INSERT INTO wave (name, state, questionnaire_id, is_example) VALUES ('2024', 'open', 1, 0);
INSERT INTO invitation (region_id, wave_id, token_hash, created_at)
    VALUES (1, 1, '{hash_token(TOKEN)}', {MOMENT});
INSERT INTO response (region_id, wave_id, questionnaire_id, state, version, revision, begun_at)
    VALUES (1, 1, 1, 'draft', 1, 2, {MOMENT});
INSERT INTO answer (response_id, questionnaire_id, item, kind, code)
    VALUES (1, 1, 'schaal', 'scale', '2');
INSERT INTO answer (response_id, questionnaire_id, item, kind) VALUES (1, 1, 'meer', 'multiple');
INSERT INTO answer_choice (response_id, questionnaire_id, item, kind, code)
    VALUES (1, 1, 'meer', 'multiple', 'a');
INSERT INTO audit (at, actor, action, subject) VALUES ({MOMENT}, 'x', 'y', 'z');
"""  # noqa: S608


@pytest.fixture
def old_database(file: Path) -> Path:
    """A database of the version before links stood apart, with a response under way."""
    store = open_store(f"sqlite:///{file.with_name('newest.sqlite')}")
    store.waves.add("2024", ALL_TYPES, state=WaveState.OPEN)
    store.close()
    engine = connect(f"sqlite:///{file}")
    config = Config()
    config.set_main_option("script_location", str(Path(db.engine.__file__).parent / "migrations"))
    with engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
    engine.dispose()
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("ATTACH ? AS newest", [str(file.with_name("newest.sqlite"))])
        for table in ("questionnaire", "question", "permitted_code", "scored_code"):
            raw.execute(f"INSERT INTO {table} SELECT * FROM newest.{table}")  # noqa: S608
        raw.executescript(OLD_ROWS)
        raw.commit()
    return file


def test_an_older_database_keeps_its_responses_links_and_trail(old_database: Path) -> None:
    store = open_store(f"sqlite:///{old_database}")
    visit = store.forms.visit(TOKEN)
    form = store.forms.find(visit)
    assert form is not None
    assert dict(form.answers) == {"schaal": "2", "meer": ("a",)}
    store.forms.save(visit, form, {"schaal": "3"})
    store.close()
    with closing(sqlite3.connect(old_database)) as raw:
        assert raw.execute("SELECT action FROM audit ORDER BY id LIMIT 1").fetchone() == ("y",)
    assert list(find_faults(old_database)) == []


def test_references_are_watched_again_after_an_upgrade(file: Path) -> None:
    engine = connect(f"sqlite:///{file}")
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()
