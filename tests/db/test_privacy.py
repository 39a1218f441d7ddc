"""Erasing names and addresses: whose, when, and that nothing of them remains."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import NoResultFound
from typer.testing import CliRunner

from db.__main__ import app
from db.safekeeping import find_breaches, find_faults
from db.store import Store
from surveys.erasing import WaveNotClosed
from surveys.fieldwork import WaveState
from surveys.roles import NotPermitted, Person, Role
from surveys.settings import RETENTION
from tests.db.scenes import ALL_TYPES, begin, open_wave, rows, save

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ANSWER_TABLES = ("answer", "answer_choice", "previous_answer", "response")


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.clock.now", lambda: NOW)


@pytest.fixture
def put(raw: sqlite3.Connection) -> Callable[..., int]:
    """Put a row in a table; its key."""

    def put_row(table: str, **values: object) -> int:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        done = raw.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", [*values.values()])  # noqa: S608
        raw.commit()
        return int(done.lastrowid or 0)

    return put_row


@pytest.fixture
def add_contact(put: Callable[..., int]) -> Callable[..., int]:
    def add(
        region: int = 1, since: str = "2020-01-01", until: str | None = None, who: str = "bos"
    ) -> int:
        person = {"name": f"J. {who.title()}", "email": f"{who}@school.nl"}
        return put("contact", region_id=region, since=since, until=until, **person)

    return add


@pytest.fixture
def add_wave(store: Store, raw: sqlite3.Connection) -> Callable[..., int]:
    """A wave of these regions, closed on a day or open."""

    def add(name: str, closed_on: str | None = None, regions: tuple[int, ...] = (1,)) -> int:
        state = WaveState.CLOSED if closed_on else WaveState.OPEN
        store.waves.add(name, ALL_TYPES, state=state)
        ((wave,),) = rows(raw, f"SELECT id FROM wave WHERE name = '{name}'")  # noqa: S608
        raw.execute("UPDATE wave SET closed_at = ? WHERE id = ?", (closed_on, wave))
        for region in regions:
            raw.execute(
                "INSERT INTO invitation (region_id, wave_id, created_at) VALUES (?, ?, ?)",
                (region, wave, f"{int(name) - 1}-12-01"),
            )
        raw.commit()
        return int(wave)

    return add


@pytest.fixture
def add_message(put: Callable[..., int]) -> Callable[..., int]:
    def add(contact: int, invitation: int = 1, number: int = 0, **values: object) -> int:
        usual = {"state": "sent", "queued_by": "account 2", "tries": 1, "queued_at": "2024-01-01"}
        kind = "reminder" if number else "invitation"
        place = {"contact_id": contact, "invitation_id": invitation, "number": number, "kind": kind}
        identity = {"message_id": f"<{invitation}-{number}@bureau.nl>"}
        return put("message", **{**usual, **place, **identity, **values})

    return add


def names(raw: sqlite3.Connection) -> list[str]:
    return [email for (email,) in rows(raw, "SELECT email FROM contact WHERE email IS NOT NULL")]


# One person


def test_a_person_is_erased_and_the_row_stays(
    store: Store,
    raw: sqlite3.Connection,
    add_contact: Callable[..., int],
    add_wave: Callable[..., int],
    add_message: Callable[..., int],
) -> None:
    store.regions.add([("01", "Regio 01")])
    contact = add_contact()
    add_wave("2024")
    add_message(contact, reply="550 5.1.1 <bos@school.nl> J. Bos is weg")
    add_message(contact, number=1, state="queued")
    (held,) = store.privacy.held()
    assert (held.region, held.name, held.email) == ("01", "J. Bos", "bos@school.nl")
    assert store.privacy.erase(contact) is True
    assert store.privacy.held() == []
    moment = "2026-11-22 10:00:00.000000"
    assert rows(raw, "SELECT id, name, email, until, erased_at FROM contact") == [
        (contact, None, None, moment, moment)
    ]
    assert rows(raw, "SELECT contact_id, state, reply FROM message") == [
        (contact, "sent", "550 5.1.1"),
        (contact, "cancelled", None),
    ]
    last = rows(raw, "SELECT actor, action, subject, old, new FROM audit ORDER BY id DESC")[0]
    assert last == ("command line", "contact.erased", f"contact {contact}", None, "op verzoek")
    assert store.privacy.erase(contact) is False
    assert store.privacy.erase(99) is False
    assert len(rows(raw, "SELECT * FROM audit WHERE action = 'contact.erased'")) == 1


def test_another_leader_can_follow_who_was_erased(
    store: Store, raw: sqlite3.Connection, add_contact: Callable[..., int]
) -> None:
    store.regions.add([("01", "Regio 01")])
    store.privacy.erase(add_contact(who="bos"))
    add_contact(who="dijk", since="2026-12-01")
    assert [held.email for held in store.privacy.held()] == ["dijk@school.nl"]


def test_answers_are_the_same_to_the_byte(
    store: Store, raw: sqlite3.Connection, add_contact: Callable[..., int]
) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"meer": ("a",), "kort": "Vraag het J. Bos", "schaal": "3"})
    contact = add_contact()

    def answers() -> list[tuple[object, ...]]:
        return [row for table in ANSWER_TABLES for row in rows(raw, f"SELECT * FROM {table}")]  # noqa: S608

    before = answers()
    assert len(before) >= 4
    store.privacy.erase(contact)
    assert answers() == before
    assert names(raw) == []


# A wave


def test_of_a_wave_those_who_are_needed_for_another_stay(
    store: Store,
    raw: sqlite3.Connection,
    add_contact: Callable[..., int],
    add_wave: Callable[..., int],
    add_message: Callable[..., int],
) -> None:
    store.regions.add([(f"0{n}", f"Regio 0{n}") for n in range(1, 6)])
    add_contact(1, who="alleen-2024")
    add_contact(2, who="ook-2027")
    before = add_contact(3, who="gemaild", until="2024-06-01")
    add_contact(3, who="opvolger", since="2025-06-01")
    add_contact(4, who="buiten")
    add_contact(5, who="eerder", until="2022-01-01")
    add_wave("2024", "2024-12-31", regions=(1, 2, 3))
    add_wave("2027", None, regions=(2, 3))
    ((invitation,),) = rows(raw, "SELECT id FROM invitation WHERE region_id = 3 AND wave_id = 1")
    add_message(before, invitation)
    found = store.privacy.of_wave("2024")
    assert [held.email for held in found.erasable] == ["alleen-2024@school.nl", "gemaild@school.nl"]
    assert [(held.email, waves) for held, waves in found.needed] == [
        ("ook-2027@school.nl", ["2027"])
    ]
    assert store.privacy.erase_wave("2024") == 2
    assert sorted(names(raw)) == [
        "buiten@school.nl",
        "eerder@school.nl",
        "ook-2027@school.nl",
        "opvolger@school.nl",
    ]
    assert store.privacy.erase_wave("2024") == 0
    told = rows(raw, "SELECT subject, new FROM audit WHERE action = 'contact.erased'")
    assert told == [("contact 1", "meting 2024"), (f"contact {before}", "meting 2024")]


def test_a_wave_that_is_not_closed_keeps_its_contacts(
    store: Store,
    raw: sqlite3.Connection,
    add_contact: Callable[..., int],
    add_wave: Callable[..., int],
) -> None:
    store.regions.add([("01", "Regio 01")])
    add_contact()
    add_wave("2024")
    with pytest.raises(WaveNotClosed, match="nog niet gesloten"):
        store.privacy.erase_wave("2024")
    with pytest.raises(NoResultFound):
        store.privacy.erase_wave("1999")
    assert names(raw) == ["bos@school.nl"]


# After a set time: six months before 22 November 2026 is 22 May

DUE = {
    # what became of the contact: until, days on which waves closed (None: open), due
    "wave closed long ago": (None, ["2026-05-22"], True),
    "wave closed lately": (None, ["2026-05-23"], False),
    "one wave lately, one long ago": (None, ["2024-05-01", "2026-05-23"], False),
    "one wave open": (None, ["2024-05-01", None], False),
    "never asked": (None, [], False),
    "ended long ago": ("2026-05-22", [], True),
    "ended lately": ("2026-05-23", [], False),
    "ended lately, wave closed long ago": ("2026-05-23", ["2024-05-01"], True),
    "ended long ago, its region goes on": ("2023-01-01", [None], True),
}


@pytest.mark.parametrize("case", DUE)
def test_who_is_due(
    store: Store,
    raw: sqlite3.Connection,
    add_contact: Callable[..., int],
    add_wave: Callable[..., int],
    case: str,
) -> None:
    until, closings, is_due = DUE[case]
    store.regions.add([("01", "Regio 01")])
    add_contact(until=until)
    for year, closed_on in enumerate(closings, start=2024):
        add_wave(str(year), closed_on)
    assert [held.email for held in store.privacy.due()] == ["bos@school.nl"] * is_due
    assert store.privacy.erase_due() == is_due
    assert names(raw) == ["bos@school.nl"] * (not is_due)
    assert store.privacy.due() == []


def test_who_came_after_the_closing_is_not_due(
    store: Store, add_contact: Callable[..., int], add_wave: Callable[..., int]
) -> None:
    """A new register is taken over before its wave is planned."""
    store.regions.add([("01", "Regio 01")])
    add_wave("2024", "2024-06-01")
    add_contact(since="2026-11-01")
    assert store.privacy.due() == []


def test_who_was_mailed_as_an_extra_is_kept_as_long_as_that_wave(
    store: Store,
    raw: sqlite3.Connection,
    add_contact: Callable[..., int],
    add_wave: Callable[..., int],
    add_message: Callable[..., int],
) -> None:
    store.regions.add([("01", "Regio 01"), ("02", "Regio 02")])
    contact = add_contact(2)
    add_wave("2024", "2024-06-01", regions=(1,))
    add_message(contact, 1)
    assert [held.contact for held in store.privacy.due()] == [contact]
    raw.execute("UPDATE wave SET state = 'open'")  # opened again: closed_at is of before
    raw.commit()
    assert store.privacy.due() == []


def test_the_time_is_the_one_of_the_setting(store: Store, add_contact: Callable[..., int]) -> None:
    store.regions.add([("01", "Regio 01")])
    add_contact(until="2026-05-22")
    store.settings.change(RETENTION, 7)
    assert store.privacy.due() == []
    store.settings.change(RETENTION, 1)
    assert len(store.privacy.due()) == 1


def test_the_nightly_command_tells_how_many(
    store: Store,
    raw: sqlite3.Connection,
    file: Path,
    add_contact: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{file}")
    store.regions.add([("01", "Regio 01")])
    add_contact(until="2020-01-01", who="bos")
    add_contact(until="2020-01-01", who="dijk")
    add_contact(who="kamp")
    for told in ("2 persons", "0 persons"):
        result = CliRunner().invoke(app, ["erase-due"])
        assert (result.exit_code, result.stderr) == (0, "")
        assert result.stdout == f"erased the name and address of {told}\n"
    assert names(raw) == ["kamp@school.nl"]
    told = rows(raw, "SELECT DISTINCT actor, new FROM audit WHERE action = 'contact.erased'")
    assert told == [("command line", "bewaartermijn")]


# Nothing remains


def test_nothing_of_who_was_erased_remains_in_the_files(
    store: Store,
    raw: sqlite3.Connection,
    file: Path,
    add_wave: Callable[..., int],
) -> None:
    """So many that pages are split, freed and used again; every third one stays."""
    regions = range(1, 121)
    store.regions.add([(f"{n:03}", f"Regio {n}") for n in regions])
    add_wave("2024", regions=tuple(regions))
    raw.execute("PRAGMA secure_delete = ON")  # as every connection of ours
    for n in regions:
        raw.execute(
            "INSERT INTO contact (id, region_id, name, email, since) VALUES (?, ?, ?, ?, ?)",
            (n, n, f"Naam{n:03} " * 20, f"adres{n:03}@school.nl", "2020-01-01"),
        )
        raw.execute(
            "INSERT INTO message (invitation_id, contact_id, kind, number, state, message_id, "
            "queued_at, queued_by, tries, reply) "
            "VALUES (?, ?, 'invitation', 0, 'sent', ?, '2024-01-01', '', 1, ?)",
            (n, n, f"<{n}@bureau.nl>", f"550 <adres{n:03}@school.nl> Naam{n:03} " * 30),
        )
    raw.execute("UPDATE contact SET name = name || ' ' || name WHERE id % 2")
    raw.commit()

    def content() -> bytes:
        return b"".join(part.read_bytes() for part in file.parent.glob("monitor.sqlite*"))

    gone = [n for n in regions if n % 3]
    assert all(f"adres{n:03}@".encode() in content() for n in gone)
    for n in gone:
        assert store.privacy.erase(n)
    left = content()
    assert [
        n for n in gone if f"adres{n:03}".encode() in left or f"Naam{n:03}".encode() in left
    ] == []
    assert all(f"adres{n:03}@".encode() in left for n in regions if n not in gone)
    assert list(find_faults(file)) == list(find_breaches(file)) == []


def test_nothing_of_an_account_that_was_erased_remains_in_the_files(
    store: Store, file: Path
) -> None:
    for name in ("j.dijk@bureau.nl", "a.kamp@bureau.nl"):
        store.accounts.add(name, Role.ADMINISTRATOR, None)
    store.accounts.erase(1)
    left = b"".join(part.read_bytes() for part in file.parent.glob("monitor.sqlite*"))
    assert b"a.kamp@bureau.nl" in left
    assert b"j.dijk" not in left


# Who may


@pytest.mark.parametrize("role", [Role.PROGRAMME_LEADER, Role.STEERING_GROUP, Role.ADMINISTRATOR])
def test_only_who_does_the_fieldwork_may_see_or_erase(
    store: Store, raw: sqlite3.Connection, add_contact: Callable[..., int], role: Role
) -> None:
    open_wave(store, "01")
    contact = add_contact(until="2020-01-01")
    desk = store.seen_by(Person("account 3", role)).privacy
    for verb in (
        desk.held,
        desk.due,
        desk.erase_due,
        lambda: desk.erase(contact),
        lambda: desk.of_wave("2024"),
        lambda: desk.erase_wave("2024"),
    ):
        with pytest.raises(NotPermitted):
            verb()
    assert names(raw) == ["bos@school.nl"]
