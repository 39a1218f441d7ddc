"""What a process makes once, whoever asks and whatever a visitor has emptied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import streamlit as st

from db.store import Store
from surveys.pages.once import Once
from surveys.pages.parts.mail_run import mail_run
from surveys.pages.storage import whole_store

MANY = 8


@pytest.fixture
def _database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """None yet: opening it takes a while, as the tables are made."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'monitor.sqlite'}")
    whole_store.clear()
    yield
    whole_store().close()
    whole_store.clear()


@pytest.mark.usefixtures("_database")
def test_all_who_come_first_at_the_same_moment_get_the_same_one() -> None:
    come = Barrier(MANY)

    def use(_: int) -> Store:
        come.wait()
        return whole_store()

    with ThreadPoolExecutor(MANY) as pool:
        assert set(pool.map(use, range(MANY))) == {whole_store()}


def test_what_failed_is_tried_again() -> None:
    faults = [OSError("the disk is full")]

    def make() -> str:
        if faults:
            raise faults.pop()
        return "made"

    once = Once(make)
    with pytest.raises(OSError, match="full"):
        once()
    assert once() == once() == "made"


@pytest.mark.usefixtures("_database")
@pytest.mark.parametrize("of_this_process", [whole_store, mail_run])
def test_a_visitor_who_has_the_caches_emptied_empties_not_these(
    of_this_process: Callable[[], object],
) -> None:
    before = of_this_process()
    st.cache_data.clear()  # what Streamlit does when a window sends it `clear_cache`
    st.cache_resource.clear()
    assert of_this_process() is before
