"""Who leads a region: kept apart from all else, one person at a time, never in the trail."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta

import pytest

from db.store import Store
from surveys.dutch import local_day
from surveys.regions.contacts import Contact
from surveys.regions.details import InvalidDetails
from surveys.regions.register import Register
from tests.db.scenes import rows

ANNA, BRAM = Contact("Anna", "anna@voorbeeld.nl"), Contact("Bram", "bram@voorbeeld.nl")
TODAY = local_day(datetime.now(UTC))


def told(**leaders: Contact) -> Register:
    """A register of regions that are each called as their number."""
    numbers = {name.strip("_"): leader for name, leader in leaders.items()}
    return Register({number: {"a": "x"} for number in numbers}, ("a",), {}, numbers)


def contacts(raw: sqlite3.Connection) -> list[tuple[object, ...]]:
    return rows(raw, "SELECT id, name, email, until IS NULL FROM contact ORDER BY id")


def trail(raw: sqlite3.Connection) -> list[tuple[object, ...]]:
    return rows(
        raw, "SELECT action, subject, old, new FROM audit WHERE action LIKE 'leader%' ORDER BY id"
    )


def test_a_register_brings_leaders(store: Store, raw: sqlite3.Connection) -> None:
    store.regions.keep_register(told(_01=ANNA, _02=Contact("", "x@voorbeeld.nl"), _03=Contact()))
    known = store.regions.known()
    assert known.contacts == {"01": ANNA, "02": Contact("", "x@voorbeeld.nl")}
    assert trail(raw) == [
        ("leader.added", "contact 1, region 01", None, None),
        ("leader.added", "contact 2, region 02", None, None),
    ]


def test_another_person_begins_where_the_one_before_ends(
    store: Store, raw: sqlite3.Connection
) -> None:
    store.regions.keep_register(told(_01=ANNA))
    store.regions.keep_register(told(_01=BRAM))
    assert contacts(raw) == [
        (1, "Anna", "anna@voorbeeld.nl", 0),
        (2, "Bram", "bram@voorbeeld.nl", 1),
    ]
    assert rows(raw, "SELECT since FROM contact WHERE id = 2") == rows(
        raw, "SELECT until FROM contact WHERE id = 1"
    )
    assert trail(raw)[-1] == ("leader.changed", "contact 2, region 01", "contact 1", None)


def test_a_new_name_without_an_address_does_not_get_the_address_before(store: Store) -> None:
    store.regions.keep_register(told(_01=ANNA))
    store.regions.keep_register(told(_01=Contact("Bram")))
    assert store.regions.known().contacts["01"] == Contact("Bram", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ANNA, Contact("Anna", "a.devries@voorbeeld.nl")),
        (ANNA, Contact("", "a.devries@voorbeeld.nl")),
        (Contact("Anna"), ANNA),
        (Contact("", "anna@voorbeeld.nl"), ANNA),
    ],
)
def test_another_address_is_the_same_person(
    store: Store, raw: sqlite3.Connection, before: Contact, after: Contact
) -> None:
    store.regions.keep_register(told(_01=before))
    store.regions.keep_register(told(_01=after))
    assert contacts(raw) == [(1, "Anna", after.email, 1)]
    assert trail(raw)[-1] == ("leader.corrected", "contact 1, region 01", None, None)


def test_another_address_without_any_name_may_be_another_person(
    store: Store, raw: sqlite3.Connection
) -> None:
    store.regions.keep_register(told(_01=Contact("", "anna@voorbeeld.nl")))
    store.regions.keep_register(told(_01=Contact("", "bram@voorbeeld.nl")))
    assert [row[2:] for row in contacts(raw)] == [
        ("anna@voorbeeld.nl", 0),
        ("bram@voorbeeld.nl", 1),
    ]


def test_what_a_register_does_not_tell_of_a_leader_stays(
    store: Store, raw: sqlite3.Connection
) -> None:
    store.regions.keep_register(told(_01=ANNA))
    before = rows(raw, "SELECT * FROM audit"), contacts(raw)
    for same in (told(_01=ANNA), told(_01=Contact("Anna")), told(_01=Contact())):
        assert not store.regions.keep_register(same)
    assert (rows(raw, "SELECT * FROM audit"), contacts(raw)) == before


def test_a_leader_who_was_erased_is_added_anew(store: Store, raw: sqlite3.Connection) -> None:
    store.regions.keep_register(told(_01=ANNA))
    store.privacy.erase(1)
    assert store.regions.known().contacts == {}
    store.regions.keep_register(told(_01=ANNA))
    assert contacts(raw) == [(1, None, None, 0), (2, "Anna", "anna@voorbeeld.nl", 1)]
    assert trail(raw)[-1][0] == "leader.added"


# By hand


def test_a_leader_is_set_from_a_day_on(store: Store, raw: sqlite3.Connection) -> None:
    store.regions.add([("01", "Noord")])
    store.regions.set_leader("01", Contact(" Anna  de \t Vries ", " anna@voorbeeld.nl "), TODAY)
    assert store.regions.known().contacts["01"] == Contact("Anna de Vries", "anna@voorbeeld.nl")
    store.regions.set_leader("01", BRAM, date(2024, 3, 1))
    store.regions.set_leader("01", BRAM, TODAY)
    assert len(contacts(raw)) == 2
    # nobody led the region before they did
    assert rows(raw, "SELECT count(*) FROM contact WHERE until < since") == [(0,)]


def test_a_first_leader_may_have_begun_long_ago(store: Store, raw: sqlite3.Connection) -> None:
    store.regions.add([("01", "Noord")])
    store.regions.set_leader("01", ANNA, date(2024, 3, 1))
    assert rows(raw, "SELECT since FROM contact")[0][0].startswith("2024-02-29 23:00")


def test_an_empty_leader_is_nobody(store: Store, raw: sqlite3.Connection) -> None:
    store.regions.add([("01", "Noord")])
    store.regions.set_leader("01", Contact(), TODAY)
    assert contacts(raw) == []
    store.regions.set_leader("01", ANNA, TODAY)
    store.regions.set_leader("01", Contact(" ", ""), TODAY)
    assert store.regions.known().contacts == {}
    assert contacts(raw) == [(1, "Anna", "anna@voorbeeld.nl", 0)]
    assert trail(raw)[-1] == ("leader.ended", "contact 1, region 01", None, None)


def test_every_fault_of_a_leader_is_told_and_nothing_written(
    store: Store, raw: sqlite3.Connection
) -> None:
    store.regions.add([("01", "Noord")])
    with pytest.raises(InvalidDetails) as refused:
        store.regions.set_leader("01", Contact("x" * 501, "geen adres"), TODAY + timedelta(1))
    assert [fault.split(":")[0] for fault in refused.value.faults] == [
        "De naam is te lang",
        "Dit e-mailadres kan niet",
        "De datum ligt in de toekomst. Leg de nieuwe programmaleider vast vanaf de dag zelf",
    ]
    with pytest.raises(InvalidDetails, match="Er is geen regio 99 meer"):
        store.regions.set_leader("99", ANNA, TODAY)
    assert contacts(raw) == []


def test_no_name_or_address_of_a_leader_reaches_the_trail(
    store: Store, raw: sqlite3.Connection
) -> None:
    store.regions.keep_register(told(_01=ANNA, _02=ANNA))
    store.regions.set_leader("01", BRAM, TODAY)
    store.regions.set_leader("02", Contact("Anna", "andere@voorbeeld.nl"), TODAY)
    store.regions.export()
    lines = rows(
        raw, "SELECT group_concat(subject || coalesce(old, '') || coalesce(new, '')) FROM audit"
    )
    assert not any(word in lines[0][0] for word in ("Anna", "Bram", "@"))
