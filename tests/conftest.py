"""For every test: no property is about speed, so none has a deadline; and a database to copy."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from hypothesis import settings

from db.store import open_store

settings.register_profile("monitor", deadline=None)
settings.load_profile("monitor")


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every table and nothing in it, to copy: making the tables takes longer than most tests."""
    file = tmp_path_factory.mktemp("empty") / "monitor.sqlite"
    open_store(f"sqlite:///{file}").close()
    return file


def pytest_collection_finish() -> None:
    """What is imported by now stays: statsmodels collects garbage in each call of Holm's method,
    and would look through all of it."""
    gc.freeze()
