"""The audit trail: searched, taken out, and never changed."""

from __future__ import annotations

import ast
import csv
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from db.access import Desk
from db.safekeeping import back_up, find_faults, restore
from db.store import Store, open_store
from surveys.roles import NotPermitted, Person, Role
from surveys.trail.export import MOST_ROWS, to_csv, to_xlsx
from surveys.trail.query import HIDDEN, PAGE_SIZE, TrailLine, TrailQuery, tell_query
from surveys.trail.words import ACTIONS, tell_actor, tell_subject, tell_value
from tests.db.scenes import begin, on_disk, open_wave, rows, save

ROOT = Path(__file__).parents[2]
ADMINISTRATOR = Person("account 3", Role.ADMINISTRATOR)
EVALUATOR = Person("account 2", Role.EVALUATOR)
TRIED = (
    "INSERT OR REPLACE INTO audit (id, at, actor, action, subject) VALUES (1, '', 'x', 'x', 'x')"
)


def add_lines(store: Store, *lines: tuple[str, str, str | None, str | None]) -> None:
    """Lines of (action, subject, old, new)."""
    desk = Desk(store._database, store.person)
    with store._database.write() as session:
        for action, subject, old, new in lines:
            desk._log(session, action, subject, old, new)


def subjects(store: Store, **asked: object) -> list[str]:
    return [line.subject for line in store.trail.find(TrailQuery(**asked)).lines]


# Searching


def test_the_newest_line_comes_first_with_all_that_it_holds(store: Store) -> None:
    open_wave(store, "01")
    (region, wave) = store.trail.find(TrailQuery()).lines
    assert (wave.actor, wave.action, wave.subject) == ("command line", "wave.added", "wave 2024")
    assert (region.subject, region.old, region.new) == ("region 01", None, "Regio 01")
    assert wave.at <= region.at


def test_lines_come_by_pages_of_fifty_with_how_many_there_are(store: Store) -> None:
    add_lines(
        store, *(("region.added", f"region {n}", None, None) for n in range(2 * PAGE_SIZE + 3))
    )
    pages = [store.trail.find(TrailQuery(), number) for number in (1, 2, 3)]
    assert [len(page.lines) for page in pages] == [50, 50, 3]
    assert {page.total for page in pages} == {103}
    told = [line.subject for page in pages for line in page.lines]
    assert told == [f"region {n}" for n in reversed(range(103))]
    beyond = store.trail.find(TrailQuery(), 9)
    assert (beyond.number, beyond.lines) == (3, pages[2].lines)
    assert store.trail.find(TrailQuery(), -1).number == 1


def test_nothing_found_is_one_empty_page(store: Store) -> None:
    page = store.trail.find(TrailQuery())
    assert (page.lines, page.total, page.number) == ([], 0, 1)


def test_a_period_is_of_dutch_days_both_included(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 29 February begins at 23.00 and ends at 23.00 in UTC
    for moment in ("28T22:59:59", "28T23:00:00", "29T22:59:59", "29T23:00:00"):
        at = datetime.fromisoformat(f"2024-02-{moment}").replace(tzinfo=UTC)
        monkeypatch.setattr("db.clock.now", lambda at=at: at)
        add_lines(store, ("region.added", moment, None, None))
    day = date(2024, 2, 29)
    assert subjects(store, since=day, until=day) == ["29T22:59:59", "28T23:00:00"]
    assert subjects(store, since=day) == ["29T23:00:00", "29T22:59:59", "28T23:00:00"]
    assert subjects(store, until=day) == ["29T22:59:59", "28T23:00:00", "28T22:59:59"]


def test_lines_are_found_by_who_what_and_whereabout(store: Store) -> None:
    add_lines(store.seen_by(EVALUATOR), ("wave.state", "wave 2024", "planned", "open"))
    add_lines(
        store, ("wave.state", "wave 2027", "planned", "open"), ("wave.added", "Wave 9", None, "9")
    )
    assert subjects(store, actor="account 2") == ["wave 2024"]
    assert subjects(store, action="wave.state") == ["wave 2027", "wave 2024"]
    assert subjects(store, subject="WAVE 20") == ["wave 2027", "wave 2024"]
    assert subjects(store, subject="meting 2027") == ["wave 2027"]
    assert subjects(store, text="plan", action="wave.state", actor="account 2") == ["wave 2024"]
    assert subjects(store, text="9") == ["Wave 9"]


TYPED = st.text(st.sampled_from("ab%_/\\'\""), min_size=1, max_size=4)
KEPT = st.text(st.sampled_from("abAB%_/\\'\"é\n"), max_size=9)


@on_disk
@given(text=TYPED, kept=KEPT)
def test_a_text_is_looked_for_as_it_is_typed_in_any_case(
    lasting_store: Store, text: str, kept: str
) -> None:
    mark = f"mark {lasting_store.trail.find(TrailQuery()).total}"
    lines = (kept, None), (None, f"x{text}y"), (f"x{text.upper()}y", None)
    add_lines(lasting_store, *(("region.named", mark, *line) for line in lines))
    found = lasting_store.trail.find(TrailQuery(text=text, subject=mark)).lines
    expected = [line for line in lines if text in (line[0] or line[1] or "").lower()]
    assert [(line.old, line.new) for line in reversed(found)] == expected


def test_a_region_is_found_with_all_that_was_done_to_its_answers(store: Store) -> None:
    visit, form = begin(store, "1")
    save(store, visit, form, {"schaal": 2})
    begin(store, "2", wave="2027")
    add_lines(store, ("answer.saved", "response 99, region", None, "1"))
    (number,) = {
        line.subject.split(",")[0]
        for line in store.trail.find(TrailQuery(action="answer.saved", subject="regio 1")).lines
    }
    saved = f"{number}, schaal, region 1, wave 2024"
    assert saved in subjects(store, subject="regio 1")
    assert saved in subjects(store, subject="Regio 1, meting 2024")
    assert saved not in subjects(store, subject="regio 1, meting 2027")
    assert saved not in subjects(store, subject="regio 2")
    assert tell_subject(saved) == f"inzending {number.split()[1]}, schaal, regio 1, meting 2024"


def test_the_choices_are_what_the_trail_holds(store: Store) -> None:
    for number in (10, 9):
        add_lines(
            store.seen_by(Person(f"account {number}", Role.EVALUATOR)), ("b", "x", None, None)
        )
    add_lines(store, ("a", "x", None, None))
    choices = store.trail.choices()
    assert choices.actions == ["a", "b"]
    assert [*choices.actors] == ["account 9", "account 10", "command line"]


def test_accounts_have_the_name_that_they_have_now(store: Store, raw: sqlite3.Connection) -> None:
    raw.execute(
        "INSERT INTO account (id, name, role, made_at, disabled_at) VALUES "
        "(2, 'j.bos@bureau.nl', 'evaluator', '2024-01-01', NULL), "
        "(3, NULL, 'beheerder', '2024-01-01', '2024-02-01')"
    )
    raw.commit()
    for person in (EVALUATOR, ADMINISTRATOR, Person("account 4", Role.EVALUATOR)):
        add_lines(store.seen_by(person), ("account.made", "account 2", None, None))
    lines = store.trail.find(TrailQuery()).lines
    assert [line.actor for line in lines] == [
        "account 4",
        "account 3 (gewist)",
        "account 2 (j.bos@bureau.nl)",
    ]
    assert {line.subject for line in lines} == {"account 2 (j.bos@bureau.nl)"}
    assert store.trail.choices().actors["account 2"] == "account 2 (j.bos@bureau.nl)"
    raw.execute("UPDATE account SET name = 'anders' WHERE id = 2")
    raw.commit()
    assert store.trail.find(TrailQuery(actor="account 2")).lines[0].actor == "account 2 (anders)"
    assert rows(raw, "SELECT count(*) FROM audit WHERE actor LIKE '%(%'") == [(0,)]


# Who may see what


@pytest.mark.parametrize("role", [Role.PROGRAMME_LEADER, Role.STEERING_GROUP])
def test_others_may_not_read_it(store: Store, role: Role) -> None:
    desk = store.seen_by(Person("visitor", role)).trail
    for verb in (desk.choices, lambda: desk.find(TrailQuery()), lambda: desk.export(TrailQuery())):
        with pytest.raises(NotPermitted):
            verb()


def test_the_administrator_does_not_see_or_find_what_regions_answered(store: Store) -> None:
    visit, form = begin(store)
    form = save(store, visit, form, {"kort": "geheim antwoord"})
    save(store, visit, form, {"kort": None})
    desk = store.seen_by(ADMINISTRATOR).trail
    saved = TrailQuery(action="answer.saved")
    for lines in (desk.find(saved).lines, desk.export(saved)):
        assert [(line.old, line.new) for line in lines] == [(HIDDEN, HIDDEN)] * 2
    assert desk.find(TrailQuery(text="geheim")).total == 0
    assert desk.export(TrailQuery(text="geheim")) == []
    assert desk.find(TrailQuery(text="Regio 01")).total == 1  # other lines are found
    assert store.seen_by(EVALUATOR).trail.find(TrailQuery(text="geheim")).total == 2


# Taking it out


def test_an_export_has_all_lines_and_is_a_line_itself(store: Store) -> None:
    add_lines(store, *(("region.added", f"region {n}", None, None) for n in range(PAGE_SIZE + 1)))
    asked = TrailQuery(since=date(2020, 1, 1), until=date(2099, 12, 31), subject="region")
    lines = store.seen_by(EVALUATOR).trail.export(asked)
    assert len(lines) == PAGE_SIZE + 1
    (told,) = store.trail.find(TrailQuery(action="trail.exported")).lines
    assert (told.actor, told.subject, told.old) == ("account 2", "trail", None)
    assert told.new == "51 regels; van 2020-01-01; tot en met 2099-12-31; waarover 'region'"


def test_what_was_looked_for_could_be_a_name_and_is_not_kept() -> None:
    asked = TrailQuery(actor="account 2", action="wave.state", subject="Jansen", text="Jansen")
    told = tell_query(asked, 0)
    assert "Jansen" not in told
    assert told == (
        "0 regels; wie account 2; wat wave.state; waarover een zoektekst; "
        "met een zoektekst in oud of nieuw"
    )
    assert tell_query(TrailQuery(), 1) == "1 regel"


HOSTILE = [
    "=1+1",
    "@SUM(A1)",
    "-2+3",
    '{=cmd|"/c calc"!A0}',
    "https://example.org",
    "a;b\nc\td",
    "\u202eomgekeerd",
    "😀" * 3,
    "<b>vet</b>",
    "\x01",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_comes_out_as_it_is_and_is_never_run(text: str) -> None:
    at = datetime(2024, 7, 1, 22, 30, 5, tzinfo=UTC)
    line = TrailLine(at, "account 2 (=A1)", "answer.saved", "response 1, kort", None, text)
    content = to_csv([line]).decode("utf-8-sig")
    heading, cells = csv.reader(io.StringIO(content, newline=""), delimiter=";")
    assert heading == ["Moment", "Wie", "Wat", "Waarover", "Oud", "Nieuw"]
    assert cells[0] == "02-07-2024 00:30:05"  # Dutch time
    assert cells[1:5] == ["account 2 (=A1)", "Antwoord bewaard", "inzending 1, kort", ""]
    assert cells[5] in (text, f"'{text}")
    assert not cells[5].startswith(("=", "+", "-", "@"))
    sheet = load_workbook(io.BytesIO(to_xlsx([line]))).active
    assert sheet["A2"].value == datetime(2024, 7, 2, 0, 30, 5)  # noqa: DTZ001
    assert sheet["F2"].data_type == "s"
    assert sheet["F2"].hyperlink is None
    assert sheet["F2"].value.replace("_x0001_", "\x01") == text


def test_a_text_that_is_too_long_for_a_cell_says_so() -> None:
    at = datetime(2024, 7, 1, tzinfo=UTC)
    lines = [
        TrailLine(at, "x", "x", "x", "a" * 32_767, "😀" * 20_000),
        TrailLine(at, "x", "x", "x", "a" * 32_768, None),
    ]
    sheet = load_workbook(io.BytesIO(to_xlsx(lines))).active
    assert sheet["E2"].value == "a" * 32_767
    for cell in (sheet["F2"].value, sheet["E3"].value):
        assert cell.endswith("[…ingekort: in het CSV-bestand staat alles]")
        assert len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert "😀" * 20_000 in to_csv(lines).decode()


def test_more_lines_than_a_sheet_has_are_refused_not_dropped() -> None:
    line = TrailLine(datetime(2024, 7, 1, tzinfo=UTC), "x", "x", "x", None, None)
    with pytest.raises(ValueError, match="do not fit"):
        to_xlsx([line] * (MOST_ROWS + 1))


# Dutch words


def written_actions() -> Iterator[tuple[str, str]]:
    """(place, action) of every line that the code writes to the trail."""
    for file in sorted((ROOT / "db").glob("**/*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or file.name == "access.py":
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name in ("_log", "add_line"):  # after the session, or after session and actor
                argument = call.args[1 if name == "_log" else 2]
                for action in texts_of(argument, tree) or [f"? {ast.unparse(argument)}"]:
                    yield f"{file.name}:{call.lineno}", action


def texts_of(argument: ast.expr, tree: ast.Module) -> list[str]:
    """The texts that an argument can have: its own, or those of the variable that it is."""
    values: list[ast.expr] = [argument]
    if isinstance(argument, ast.Name):
        values = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == argument.id
        ]
    parts = [part for value in values for part in ast.walk(value)]
    constants = [part.value for part in parts if isinstance(part, ast.Constant)]
    return [value for value in constants if isinstance(value, str)]


def test_every_action_that_is_written_has_dutch_words() -> None:
    found = list(written_actions())
    assert len(found) > 15
    assert [(place, action) for place, action in found if action not in ACTIONS] == []


def test_the_trail_reads_as_dutch() -> None:
    assert tell_subject("region 01, wave 2024") == "regio 01, meting 2024"
    assert tell_subject("region 01, region") == "regio 01, regio"
    assert tell_subject("rest_minutes") == "Afmelden na een tijd zonder gebruik"
    assert tell_subject("response 3, wave_item") == "inzending 3, wave_item"
    assert tell_actor("invitation 5") == "uitnodiging 5"
    assert tell_actor("owner") == "deze computer"
    assert tell_value("wave.state", "closing") == "wordt gesloten"
    assert tell_value("response.begun", "paper") == "papier"
    assert tell_value("wave.renamed", "closed") == "closed"  # people named it so
    assert tell_value("region.named", None) == ""


# Append-only

CHANGES = [
    "UPDATE audit SET actor = 'x'",
    "UPDATE OR REPLACE audit SET id = 2 WHERE id = 1",
    "DELETE FROM audit",
    TRIED,
    TRIED.replace("INSERT OR REPLACE", "REPLACE"),
    TRIED.replace("(id,", "(rowid,"),
    TRIED.replace("INSERT OR REPLACE", "INSERT OR IGNORE"),
    TRIED.replace("INSERT OR REPLACE", "INSERT") + " ON CONFLICT (id) DO UPDATE SET actor = 'x'",
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("recursive", ["OFF", "ON"])
def test_no_statement_changes_a_line_also_not_after_a_restore(
    store: Store, file: Path, tmp_path: Path, change: str, recursive: str
) -> None:
    open_wave(store, "01")
    back_up(file, tmp_path / "kopie.sqlite")
    restored = tmp_path / "terug.sqlite"
    restore(tmp_path / "kopie.sqlite", restored)
    open_store(f"sqlite:///{restored}").close()
    for place in (file, restored):
        with closing(sqlite3.connect(place)) as raw:
            raw.execute(f"PRAGMA recursive_triggers = {recursive}")
            before = rows(raw, "SELECT * FROM audit")
            assert len(before) == 2
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                raw.execute(change)
            raw.commit()
            assert rows(raw, "SELECT * FROM audit") == before


@pytest.mark.parametrize("change", ["update", "delete", "replace"])
def test_check_tells_that_the_trail_can_be_changed(
    store: Store, file: Path, raw: sqlite3.Connection, change: str
) -> None:
    raw.execute(f"DROP TRIGGER audit_refuses_{change}")
    raw.commit()
    (fault,) = find_faults(file)
    assert f"there is no trigger audit_refuses_{change}" in fault
