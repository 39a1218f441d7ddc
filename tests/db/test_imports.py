"""The answers of a file are taken over whole, once, and only where nobody fills in."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from sqlalchemy.exc import NoResultFound

from db.store import Store
from surveys.answers import Answers, MissingReason
from surveys.definition import Definition, read_definition
from surveys.fieldwork import Mode, ResponseState, WaveState
from surveys.importing import (
    DryRun,
    Imported,
    ImportRefused,
    InvalidWave,
    ItemSource,
    WaveMapping,
    read_table,
    try_out,
)
from surveys.roles import NotPermitted, Person, Role
from surveys.waves.states import WaveRefused
from tests.db.scenes import ALL_TYPES, DEFINITIONS, invite, open_wave, save
from tests.surveys.importing.files import delimited, workbook

MAPPING = WaveMapping(
    region="regio",
    items={question.id: ItemSource(question.id) for question in ALL_TYPES.questionnaire.questions},
)
HEADER = ["regio", *MAPPING.items]
HOSTILE = "=1+1 <b>*x*</b> \N{GRINNING FACE}"


def dry_run(**schaal: str) -> DryRun:
    """A file with these answers to 'schaal', by region as in r01, and the same text for all."""
    rows = [
        [region[1:], *({"schaal": value, "kort": "x"}.get(item, "") for item in MAPPING.items)]
        for region, value in schaal.items()
    ]
    table = read_table("a.csv", delimited([HEADER, *rows]))
    return try_out(table, MAPPING, ALL_TYPES.questionnaire)


@pytest.fixture
def desk(store: Store) -> Store:
    store.regions.add([(number, f"Regio {number}") for number in ("01", "02", "03")])
    return store.seen_by(Person("account 4", Role.EVALUATOR))


def dump(raw: sqlite3.Connection) -> list[str]:
    return [*raw.iterdump()]


def refused(desk: Store, wave: str, found: DryRun, definition: Definition = ALL_TYPES) -> str:
    """Why a file is refused: of a dry run and of the real one the same."""
    told = []
    for verb in (desk.imports.foresee, desk.imports.take):
        with pytest.raises(ImportRefused) as refusal:
            verb(wave, definition, found)
        assert refusal.value.message[-1] == "."
        told.append((refusal.value.code, refusal.value.regions))
    assert told[0] == told[1]
    code, regions = told[0]
    return ": ".join(filter(None, (code, ", ".join(regions))))


def answers_of(desk: Store, wave: str, region: str) -> Answers:
    (version,) = desk.entries.versions(region, wave)
    assert (version.mode, version.state) == (Mode.IMPORT, ResponseState.FINAL)
    return desk.entries.read(region, wave, version.number).answers


def lines(raw: sqlite3.Connection) -> list[tuple[str, ...]]:
    query = "SELECT actor, action, subject, old, new FROM audit WHERE actor = 'account 4'"
    return raw.execute(f"{query} ORDER BY id").fetchall()


def test_a_file_makes_a_wave_of_its_own_which_is_closed(
    desk: Store, raw: sqlite3.Connection
) -> None:
    found = dry_run(r01="2", r03="weet_niet")
    assert desk.imports.foresee("2018", ALL_TYPES, found) == Imported(2, is_new=True)
    assert desk.waves.all() == []
    assert desk.imports.take("2018", ALL_TYPES, found) == Imported(2, is_new=True)
    (wave,) = desk.waves.all()
    assert (wave.name, wave.state) == ("2018", WaveState.CLOSED)
    assert wave.closed_at is not None
    assert answers_of(desk, "2018", "01") == found.responses["01"]
    assert answers_of(desk, "2018", "03")["schaal"] is MissingReason.DONT_KNOW
    assert desk.entries.versions("02", "2018") == []
    assert lines(raw) == [
        ("account 4", "wave.added", "wave 2018", None, "planned"),
        (
            "account 4",
            "responses.imported",
            "wave 2018",
            None,
            f"2, file {found.source_hash}, mapping {found.mapping_hash}",
        ),
        ("account 4", "wave.state", "wave 2018", "planned", "closed"),
    ]
    kept = raw.execute("SELECT source_hash, mapping_hash, regions FROM imported_file").fetchall()
    assert kept == [(found.source_hash, found.mapping_hash, 2)]


def test_the_same_file_with_the_same_mapping_again_changes_nothing(
    desk: Store, raw: sqlite3.Connection
) -> None:
    found = dry_run(r01="2")
    desk.imports.take("2018", ALL_TYPES, found)
    desk.waves.set_state("2018", WaveState.OPEN, "Iemand kwam later")
    before = dump(raw)
    assert desk.imports.foresee("2018", ALL_TYPES, found) == Imported(1, is_new=False)
    assert desk.imports.take(" 2018 ", ALL_TYPES, found) == Imported(1, is_new=False)
    assert dump(raw) == before


def test_another_file_or_mapping_for_a_region_with_answers_is_refused_whole(
    desk: Store, raw: sqlite3.Connection
) -> None:
    desk.imports.take("2018", ALL_TYPES, dry_run(r01="2", r02="3"))
    before = dump(raw)
    assert refused(desk, "2018", dry_run(r03="1", r02="1", r01="2")) == "has_answers: 02, 01"
    other = replace(dry_run(r01="2", r02="3"), mapping_hash="0" * 64)
    assert refused(desk, "2018", other) == "has_answers: 01, 02"
    assert dump(raw) == before
    assert desk.imports.take("2018", ALL_TYPES, dry_run(r03="1")).is_new


def test_what_was_set_invalid_makes_room_for_a_better_file(desk: Store) -> None:
    desk.imports.take("2018", ALL_TYPES, dry_run(r01="2"))
    desk.entries.set_invalid("01", "2018", "Verkeerde kolom")
    desk.imports.take("2018", ALL_TYPES, dry_run(r01="3"))
    told = [(each.number, each.state) for each in desk.entries.versions("01", "2018")]
    assert told == [(2, ResponseState.FINAL), (1, ResponseState.INVALID)]
    assert desk.entries.read("01", "2018", 2).answers["schaal"] == "3"


def test_a_planned_wave_takes_a_file_and_is_closed_then(desk: Store) -> None:
    desk.waves.plan("2018", ALL_TYPES)
    desk.imports.take("2018", ALL_TYPES, dry_run(r01="2"))
    assert [wave.state for wave in desk.waves.all()] == [WaveState.CLOSED]


@pytest.mark.parametrize("state", [WaveState.OPEN, WaveState.CLOSING])
def test_a_wave_in_which_regions_fill_in_takes_no_file(
    store: Store, raw: sqlite3.Connection, state: WaveState
) -> None:
    store.regions.add([("01", "Regio 01")])
    store.waves.add("2024", ALL_TYPES, state=state)
    before = dump(raw)
    assert refused(store, "2024", dry_run(r01="2")) == "running"
    assert dump(raw) == before


def test_answers_in_progress_are_not_crossed(store: Store) -> None:
    open_wave(store, "01")
    visit = invite(store)
    save(store, visit, store.forms.begin(visit), {"schaal": "1"})
    store.waves.set_state("2024", WaveState.CLOSED)
    assert refused(store, "2024", dry_run(r01="2")) == "has_answers: 01"


ROUTING = read_definition(DEFINITIONS / "routing.toml")


def test_what_does_not_fit_is_refused_and_nothing_is_planned(
    desk: Store, raw: sqlite3.Connection
) -> None:
    desk.waves.plan("2019", ROUTING)
    before = dump(raw)
    assert refused(desk, "2018", dry_run(r01="2", r09="1", r08="1")) == "unknown_regions: 09, 08"
    assert refused(desk, "2018", replace(dry_run(r01="2"), responses={})) == "nothing"
    assert refused(desk, "2019", dry_run(r01="2")) == "questionnaire"
    with pytest.raises(WaveRefused):
        desk.imports.take("achttien", ALL_TYPES, dry_run(r01="2"))
    with pytest.raises(InvalidWave):
        desk.imports.take("2018", ALL_TYPES, dry_run(r01="9"))
    with pytest.raises(NoResultFound):
        desk.imports.definition("2018")
    assert dump(raw) == before


def test_two_sheets_of_one_workbook_are_two_files(desk: Store) -> None:
    rows = [[HEADER, [number, "2", *[""] * (len(HEADER) - 2)]] for number in ("01", "02")]
    content = workbook({"noord": rows[0], "zuid": rows[1]})
    schaal = next(item for item in MAPPING.items)
    mapping = replace(
        MAPPING,
        items={schaal: ItemSource(schaal)},
        not_asked=tuple(item for item in MAPPING.items if item != schaal),
    )
    for sheet in ("noord", "zuid"):
        table = read_table("a.xlsx", content, sheet)
        found = try_out(table, mapping, ALL_TYPES.questionnaire)
        assert found.faults == ()
        assert desk.imports.take("2018", ALL_TYPES, found).is_new


def test_the_definition_of_a_wave_is_the_one_in_use(desk: Store) -> None:
    desk.waves.plan("2018", ALL_TYPES)
    assert desk.imports.definition("2018").content_hash == ALL_TYPES.content_hash


def test_imported_answers_have_no_moments_of_filling_in(desk: Store) -> None:
    desk.imports.take("2018", ALL_TYPES, dry_run(r01="2"))
    (region,) = (each for each in desk.monitoring.progress("2018") if each.submission)
    assert region.submission is not None
    assert region.begun_at is None
    assert (region.submission.first_at, region.submission.took) == (None, None)
    assert region.submission.mode is Mode.IMPORT


def test_hostile_text_comes_in_as_it_is(desk: Store, raw: sqlite3.Connection) -> None:
    cells = [{"schaal": "1", "kort": HOSTILE, "regio": "01"}.get(name, "") for name in HEADER]
    table = read_table("a.csv", delimited([HEADER, cells]))
    desk.imports.take("2018", ALL_TYPES, try_out(table, MAPPING, ALL_TYPES.questionnaire))
    assert answers_of(desk, "2018", "01")["kort"] == HOSTILE
    assert not any(HOSTILE in str(line) for line in lines(raw))


@pytest.mark.parametrize("role", [Role.STEERING_GROUP, Role.ADMINISTRATOR, Role.PROGRAMME_LEADER])
def test_only_who_does_fieldwork_may_import(desk: Store, role: Role) -> None:
    imports = desk.seen_by(Person("account 9", role)).imports
    for verb in (imports.take, imports.foresee):
        with pytest.raises(NotPermitted):
            verb("2018", ALL_TYPES, dry_run(r01="2"))
    with pytest.raises(NotPermitted):
        imports.definition("2018")
