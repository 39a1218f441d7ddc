"""A database of its own for every test, which the page uses as well."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.store import Store
from surveys.pages.storage import whole_store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "monitor.sqlite"


@pytest.fixture
def store(file: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Empty."""
    shutil.copy(empty_database, file)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    whole_store.clear()
    yield whole_store()
    whole_store().close()
    whole_store.clear()
