"""A file made at the click, on a page drawn before: who may have it is asked at the click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.store import Store
from surveys.roles import NotPermitted, Role
from surveys.trail.query import TrailQuery
from tests.db.mail_scenes import open_mailing
from tests.db.scenes import import_responses
from tests.surveys.pages.browser_cookies import PASSWORD, sign_in

PAGES = Path(__file__).parents[3] / "surveys/pages"
FILES = [
    ("trail.py", "logboek-csv"),
    ("trail.py", "logboek-xlsx"),
    ("fieldwork.py", "antwoorden-csv"),
    ("fieldwork.py", "antwoorden-xlsx"),
    ("regions.py", "register-xlsx"),
    ("invitations.py", "links-xlsx"),
]

Made = dict[str, Callable[[], bytes]]


@pytest.fixture
def store(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """With a wave of two invited regions, of which one answered."""
    monkeypatch.setenv("MONITOR_ADDRESS", "http://127.0.0.1:8501")
    open_mailing(store, "01", "02")
    store.outbox.invite("2024")
    import_responses(store, "2024", {"01": {"schaal": "1"}})
    return store


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """Per key of a button on the page what makes its file."""
    found: Made = {}

    def keep_button(_label: str, *, data: Callable[[], bytes], key: str, **_: object) -> None:
        found[key] = data

    monkeypatch.setattr("streamlit.download_button", keep_button)
    return found


def run(page: str) -> None:
    app = AppTest.from_file(str(PAGES / page), default_timeout=30).run()
    assert not app.exception


def lines(store: Store) -> int:
    return store.trail.find(TrailQuery()).total


def sign_out(store: Store, secret: str) -> None:
    store.sign_ins.end(secret)


def disable(store: Store, secret: str) -> None:
    store.accounts.disable(2)


def change_password(store: Store, secret: str) -> None:
    store.accounts.set_password(2, f"{PASSWORD}, nieuw")


def change_role(store: Store, secret: str) -> None:
    store.accounts.change_role(2, Role.STEERING_GROUP)


@pytest.mark.parametrize(("page", "key"), FILES)
def test_who_is_signed_in_gets_the_file_and_it_is_told_in_the_trail(
    store: Store, made: Made, monkeypatch: pytest.MonkeyPatch, page: str, key: str
) -> None:
    sign_in(store, Role.EVALUATOR, monkeypatch)
    run(page)
    before = lines(store)
    assert made[key]()
    assert lines(store) > before
    assert store.trail.find(TrailQuery()).lines[0].actor.startswith("account 2")


@pytest.mark.parametrize("end", [sign_out, disable, change_password, change_role])
@pytest.mark.parametrize(("page", "key"), FILES)
def test_who_may_no_longer_gets_no_file_from_a_page_drawn_before(
    store: Store,
    made: Made,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    key: str,
    end: Callable[[Store, str], None],
) -> None:
    secret = sign_in(store, Role.EVALUATOR, monkeypatch)
    run(page)
    end(store, secret)
    before = lines(store)
    with pytest.raises(NotPermitted):
        made[key]()
    assert lines(store) == before  # nothing was made either, such as links


@pytest.mark.parametrize(("page", "key"), FILES)
def test_who_sits_at_the_machine_gets_no_file_once_there_are_accounts(
    store: Store, made: Made, page: str, key: str
) -> None:
    run(page)
    assert made[key]()
    store.accounts.add("beheer", Role.ADMINISTRATOR, PASSWORD)
    with pytest.raises(NotPermitted):
        made[key]()
