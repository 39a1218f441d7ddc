"""The register of regions, and counts per group of regions."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.exc import IntegrityError

from db.fieldwork.regions import RegisterMoved
from db.store import Store
from surveys.fieldwork import WaveState
from surveys.regions.details import InvalidDetails
from surveys.regions.register import Register, parse_register
from surveys.regions.sheet import to_xlsx
from tests.db.scenes import ALL_TYPES, invite, open_wave, rows, save

FIRST = Register(
    {
        "01": {"provincie": "Drenthe", "grootte": "klein"},
        "02": {"provincie": "Drenthe", "grootte": "groot"},
        "03": {"provincie": "Utrecht", "grootte": "klein"},
    },
    ("provincie", "grootte"),
    {"01": "Noord", "02": "Oost", "03": "Midden"},
)


def test_new_regions_are_added_with_what_is_known_of_them(store: Store) -> None:
    store.regions.keep_register(FIRST)
    assert store.regions.attributes() == {
        "grootte": ["groot", "klein"],
        "provincie": ["Drenthe", "Utrecht"],
    }


def test_numbers_without_leading_zeros_are_counted_up_not_spelled(store: Store) -> None:
    content = "region,naam,provincie\n10,Tien,Drenthe\n9,Negen,Drenthe\n100,Honderd,Drenthe\n"
    store.regions.keep_register(parse_register(content.encode(), "regios.csv"))
    store.waves.add("2024", ALL_TYPES, state=WaveState.OPEN)
    told = ["9", "10", "100"]
    assert [*store.regions.known().regions] == told
    assert [region.number for region in store.monitoring.progress("2024")] == told
    assert [region.number for region in store.outbox.standings("2024")] == told


def test_a_later_register_changes_what_it_names_and_leaves_the_rest(
    store: Store, raw: sqlite3.Connection
) -> None:
    store.regions.keep_register(FIRST)
    later = Register({"01": {"provincie": "Groningen"}}, ("provincie",), {"01": "Noorden"})
    store.regions.keep_register(later)
    regions = rows(raw, "SELECT number, name FROM region ORDER BY number")
    assert regions == [("01", "Noorden"), ("02", "Oost"), ("03", "Midden")]
    assert store.regions.attributes()["provincie"] == ["Drenthe", "Groningen", "Utrecht"]
    changes = rows(raw, "SELECT action, subject, old, new FROM audit WHERE old IS NOT NULL")
    assert changes == [
        ("region.named", "region 01", "Noord", "Noorden"),
        ("region.attribute", "region 01, provincie", "Drenthe", "Groningen"),
    ]


def test_the_same_register_again_changes_nothing(store: Store, raw: sqlite3.Connection) -> None:
    store.regions.keep_register(FIRST)
    before = rows(raw, "SELECT * FROM audit")
    store.regions.keep_register(FIRST)
    assert rows(raw, "SELECT * FROM audit") == before


def test_a_register_is_kept_whole_or_not_at_all(store: Store) -> None:
    broken = Register({"01": {"provincie": "Drenthe"}, "02": {"provincie": ""}}, ("provincie",))
    with pytest.raises(IntegrityError):
        store.regions.keep_register(broken)
    assert store.regions.attributes() == {}


def test_an_attribute_that_some_regions_have_is_known_of_those(store: Store) -> None:
    store.regions.keep_register(FIRST)
    store.regions.keep_register(Register({"02": {"krimp": "ja"}}, ("krimp",)))
    known = store.regions.known()
    assert known.attributes == ("grootte", "krimp", "provincie")
    assert known.regions["01"] == FIRST.regions["01"]
    assert known.regions["02"] == {**FIRST.regions["02"], "krimp": "ja"}
    assert known.names == FIRST.names


def test_what_is_written_is_what_was_shown(store: Store, raw: sqlite3.Connection) -> None:
    shown = store.regions.preview(FIRST)
    store.regions.add([("02", "Oost")])
    before = rows(raw, "SELECT * FROM audit")
    with pytest.raises(RegisterMoved) as moved:
        store.regions.keep_register(FIRST, shown)
    assert rows(raw, "SELECT * FROM audit") == before
    assert moved.value.changes == store.regions.preview(FIRST) != shown
    assert store.regions.keep_register(FIRST, moved.value.changes)
    assert not store.regions.keep_register(FIRST, moved.value.changes)
    assert store.regions.known().regions == FIRST.regions


def test_a_download_is_in_the_trail_and_changes_nothing_when_it_is_read_again(
    store: Store, raw: sqlite3.Connection
) -> None:
    store.regions.keep_register(FIRST)
    again = parse_register(to_xlsx(store.regions.export()), "regios.xlsx")
    assert not store.regions.preview(again)
    (line,) = rows(raw, "SELECT subject, new FROM audit WHERE action = 'register.exported'")
    assert line == ("register", "3")


# By hand


def test_a_region_gets_another_name(store: Store, raw: sqlite3.Connection) -> None:
    store.regions.add([("01", "Noord")])
    store.regions.rename("01", " Noord-Oost ")
    store.regions.rename("01", "Noord-Oost")
    assert store.regions.known().names == {"01": "Noord-Oost"}
    lines = rows(raw, "SELECT subject, old, new FROM audit WHERE action = 'region.named'")
    assert lines == [("region 01", "Noord", "Noord-Oost")]


@pytest.mark.parametrize("number", ["02", "", " ", "x" * 501, "a@voorbeeld.nl"])
def test_a_number_that_cannot_be_is_refused(store: Store, number: str) -> None:
    store.regions.add([("01", "Noord"), ("02", "Oost")])
    with pytest.raises(InvalidDetails):
        store.regions.renumber("01", number)
    with pytest.raises(InvalidDetails):
        store.regions.add([("03", "Zuid"), (number.strip(), "West")])
    assert store.regions.known().names == {"01": "Noord", "02": "Oost"}


@pytest.mark.parametrize("name", ["", " ", "x" * 501, "Jan <jan@voorbeeld.nl>"])
def test_a_name_that_cannot_be_is_refused(store: Store, name: str) -> None:
    store.regions.add([("01", "Noord")])
    with pytest.raises(InvalidDetails):
        store.regions.rename("01", name)
    with pytest.raises(InvalidDetails, match="Er is geen regio 07 meer"):
        store.regions.rename("07", "Zuid")


def test_counts_of_a_group_are_of_its_regions_alone(store: Store) -> None:
    open_wave(store, "01", "02", "03")
    store.regions.keep_register(FIRST)
    for region, answer in (("01", "1"), ("02", "2"), ("03", "2")):
        visit = invite(store, region)
        form = save(store, visit, store.forms.begin(visit), {"schaal": answer})
        store.forms.submit(visit, form)
    drenthe, utrecht = ("provincie", "Drenthe"), ("provincie", "Utrecht")
    assert [store.counts.respondents("2024", group) for group in (None, drenthe, utrecht)] == [
        3,
        2,
        1,
    ]
    answers = {
        group: {row[3]: row[4] for row in store.counts.tallies("2024", group) if row[1] == "schaal"}
        for group in (drenthe, utrecht)
    }
    assert answers == {drenthe: {"1": 1, "2": 1}, utrecht: {"2": 1}}
    assert store.counts.regions_in_both("2024", "2024", drenthe) == 2
    moved = [row for row in store.counts.transitions("2024", "2024", drenthe) if row[1] == "schaal"]
    assert sorted(row[3:] for row in moved) == [("1", "1", 1), ("2", "2", 1)]
