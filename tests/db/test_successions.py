"""Regions that merge, split and end in the database, and the pairs of waves that concerns."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta

import pytest

from db.store import Store
from surveys.dutch import local_day
from surveys.fieldwork import WaveState
from surveys.regions.succession import InvalidSuccession, Succession, SuccessionKind
from surveys.waves.days import UndatedWave
from tests.db.scenes import ALL_TYPES, invite, open_wave, rows, save

MERGE, SPLIT, ENDED = SuccessionKind
TODAY = local_day(datetime.now(UTC))
DAY = date(TODAY.year - 1, 1, 1)
TAKEN_UP = Succession(MERGE, DAY, ("01", "02"), ("01",))


@pytest.fixture
def regions(store: Store) -> Store:
    store.regions.add([(f"0{number}", f"Regio {number}") for number in range(1, 6)])
    return store


def ends(raw: sqlite3.Connection) -> dict[str, str]:
    return dict(rows(raw, "SELECT number, ended_on FROM region WHERE ended_on IS NOT NULL"))


def active(store: Store) -> list[str]:
    """The regions that a wave of today would invite."""
    store.waves.add("nu", ALL_TYPES, state=WaveState.OPEN)
    return [standing.number for standing in store.outbox.standings("nu") if not standing.ended]


def add_undated(store: Store, raw: sqlite3.Connection, *waves: str) -> None:
    """Waves as they are after an import: nobody saw them open here."""
    for wave in waves:
        store.waves.add(wave, ALL_TYPES, state=WaveState.OPEN)
    raw.execute("UPDATE wave SET opened_at = NULL")
    raw.commit()


def answer(store: Store, wave: str, *numbers: str) -> None:
    for number in numbers:
        visit = invite(store, number, wave)
        form = save(store, visit, store.forms.begin(visit), {"schaal": "1"})
        store.forms.submit(visit, form)


def test_a_region_that_is_taken_up_ends(regions: Store, raw: sqlite3.Connection) -> None:
    regions.regions.record_succession(TAKEN_UP)
    assert ends(raw) == {"02": str(DAY)}
    assert regions.regions.known().ended_on == {"02": DAY}
    assert [*regions.regions.successions().values()] == [TAKEN_UP]
    lines = rows(raw, "SELECT action, subject, old, new FROM audit ORDER BY id DESC LIMIT 2")
    assert lines == [
        ("region.ended", "region 02", None, str(DAY)),
        ("succession.recorded", "succession 1", None, f"{DAY}: 01, 02 → 01"),
    ]
    assert active(regions) == ["01", "03", "04", "05"]


def test_a_region_that_will_end_is_active_until_then(regions: Store) -> None:
    tomorrow = TODAY + timedelta(1)
    regions.regions.record_succession(Succession(SPLIT, tomorrow, ("03",), ("04", "05")))
    regions.regions.record_succession(Succession(ENDED, TODAY, ("01",)))
    assert active(regions) == ["02", "03", "04", "05"]
    assert [*regions.regions.successions().values()][1].successors == ("04", "05")


def test_what_was_recorded_by_mistake_is_taken_back(
    regions: Store, raw: sqlite3.Connection
) -> None:
    regions.regions.record_succession(TAKEN_UP)
    (recorded,) = regions.regions.successions()
    assert regions.regions.remove_succession(recorded)
    assert not regions.regions.remove_succession(recorded)
    assert ends(raw) == {}
    assert regions.regions.successions() == {}
    lines = rows(raw, "SELECT action, subject, old, new FROM audit ORDER BY id DESC LIMIT 2")
    assert lines == [
        ("region.ended", "region 02", str(DAY), None),
        ("succession.removed", "succession 1", f"{DAY}: 01, 02 → 01", None),
    ]
    regions.regions.record_succession(TAKEN_UP)
    assert ends(raw) == {"02": str(DAY)}


def test_every_fault_is_told_and_nothing_recorded(regions: Store, raw: sqlite3.Connection) -> None:
    before = rows(raw, "SELECT * FROM audit")
    impossible = Succession(MERGE, date(1990, 1, 1), ("01",), ("88", "99"))
    with pytest.raises(InvalidSuccession) as refused:
        regions.regions.record_succession(impossible)
    assert len(refused.value.faults) == 5
    with pytest.raises(InvalidSuccession):
        regions.regions.foresee(impossible)
    regions.regions.record_succession(TAKEN_UP)
    with pytest.raises(InvalidSuccession, match="al vastgelegd"):
        regions.regions.record_succession(TAKEN_UP)
    with pytest.raises(InvalidSuccession, match="Regio 02 is al beëindigd"):
        regions.regions.record_succession(Succession(ENDED, TODAY, ("02",)))
    assert len(regions.regions.successions()) == 1
    assert len(rows(raw, "SELECT * FROM audit")) == len(before) + 2


def test_a_region_with_another_number_keeps_all_that_it_did(
    regions: Store, raw: sqlite3.Connection
) -> None:
    open_wave(regions)
    visit = invite(regions, "02")
    regions.regions.record_succession(TAKEN_UP)
    regions.regions.renumber("02", " B2 ")
    regions.regions.renumber("B2", "B2")
    assert regions.forms.begin(visit).response_id
    assert regions.regions.known().names["B2"] == "Regio 2"
    assert next(iter(regions.regions.successions().values())).ending == ("B2",)
    assert rows(raw, "SELECT subject, old, new FROM audit WHERE action = 'region.renumbered'") == [
        ("region B2", "02", "B2")
    ]


def test_pairs_between_two_waves(regions: Store, raw: sqlite3.Connection) -> None:
    before, after = f"Meting {DAY.year - 1}", f"Meting {TODAY.year}"
    add_undated(regions, raw, before, after)
    answer(regions, before, "01", "02", "03")
    answer(regions, after, "01", "03")
    foreseen = regions.regions.foresee(TAKEN_UP)
    told = [
        "Regio 01 nam op 1 januari {} regio 02 op: het paar blijft, maar vergelijkt een andere "
        "samenstelling.",
        "Regio 02 ging op 1 januari {} op in regio 01: het paar vervalt.",
    ]
    expected = [sentence.format(DAY.year) for sentence in told]
    (waves,) = foreseen.waves
    assert [pair.sentence for pair in waves.pairs] == expected
    assert regions.regions.concerned_pairs(before, after).pairs == ()
    regions.regions.record_succession(TAKEN_UP)
    found = regions.regions.concerned_pairs(before, after)
    assert [pair.sentence for pair in found.pairs] == expected
    assert (found.before.on, found.after.on) == (date(DAY.year - 1, 1, 1), date(TODAY.year, 1, 1))


def test_only_waves_on_both_sides_are_concerned(regions: Store, raw: sqlite3.Connection) -> None:
    add_undated(regions, raw, str(DAY.year - 3), str(DAY.year - 2), str(TODAY.year), "eerste")
    for wave in regions.waves.all():
        answer(regions, wave.name, "01")
    foreseen = regions.regions.foresee(TAKEN_UP)
    assert [(waves.before.wave, waves.after.wave) for waves in foreseen.waves] == [
        (str(DAY.year - 3), str(TODAY.year)),
        (str(DAY.year - 2), str(TODAY.year)),
    ]
    assert foreseen.undated == ("eerste",)
    with pytest.raises(UndatedWave, match="Van meting eerste is niet bekend"):
        regions.regions.concerned_pairs("eerste", str(TODAY.year))
    with pytest.raises(UndatedWave, match="is niet eerder dan"):
        regions.regions.concerned_pairs(str(TODAY.year), str(DAY.year - 3))
