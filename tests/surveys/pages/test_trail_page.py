"""The page of the audit trail, run without a browser."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from db.store import Store
from db.trail import add_line
from surveys.pages.visitor import OWNER
from surveys.roles import Person, Role
from surveys.trail.query import PAGE_SIZE, TrailQuery
from tests.db.scenes import begin, open_wave, save
from tests.surveys.pages.browser_cookies import sign_in

PAGE = Path(__file__).parents[3] / "surveys/pages/trail.py"
ADMINISTRATOR = Person("account 3", Role.ADMINISTRATOR)


def run(person: Person | None = OWNER) -> AppTest:
    """The page for this person; None: for who is signed in."""
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    if person is not None:
        app.session_state["person"] = person
    app.run()
    assert not app.exception
    return app


def search(app: AppTest, **typed: str) -> AppTest:
    for key, value in typed.items():
        kind = app.selectbox if key in ("wie", "wat") else app.text_input
        kind(key=key).set_value(value)
    app.button[0].click().run()
    assert not app.exception
    return app


def lines_of(app: AppTest) -> list[list[str]]:
    """Per line of the table the text of its cells."""
    html = "".join(each.proto.body for each in app.get("html"))
    rows = re.findall(r"<tr>(<td.*?)</tr>", html)
    return [
        [
            unescape(re.sub(r"<[^>]+>", "", cell.replace("<br>", " | ")))
            for cell in re.findall(r"<td.*?>(.*?)</td>", row)
        ]
        for row in rows
    ]


def told(app: AppTest) -> str:
    return " ".join(each.value for each in (*app.title, *app.text, *app.error, *app.subheader))


@pytest.mark.parametrize("role", [Role.PROGRAMME_LEADER, Role.STEERING_GROUP])
def test_others_are_refused(store: Store, role: Role) -> None:
    open_wave(store, "01")
    app = run(Person("account 9", role))
    assert app.title[0].value == "Deze pagina is niet voor u"
    assert not app.get("html")


@pytest.mark.usefixtures("store")
def test_an_empty_trail_says_so() -> None:
    app = run()
    assert "Er zijn geen regels gevonden." in told(app)
    assert not app.get("download_button")


def test_lines_read_as_dutch(store: Store) -> None:
    open_wave(store, "01")
    region, wave = lines_of(run())
    assert re.fullmatch(r"\d+ \w+ \d{4}, \d\d\.\d\d uur \| opdrachtregel", wave[0])
    assert wave[1:] == ["Meting gepland | meting 2024", "nieuw: open"]
    assert region[1:] == ["Regio toegevoegd | regio 01", "nieuw: Regio 01"]


def test_what_is_asked_is_what_is_shown(store: Store) -> None:
    open_wave(store, "01", "02")
    store.invitations.renew("01", "2024")
    assert len(lines_of(search(run(), wat="region.added"))) == 2
    assert len(lines_of(search(run(), wie="command line", waarover="meting 2024"))) == 2
    assert lines_of(search(run(), tekst="regio 02"))[0][1] == "Regio toegevoegd | regio 02"
    assert lines_of(search(run(), van="1-1-2020", tot="1 januari 2021")) == []
    assert len(lines_of(search(run(), van="1-1-2020", tot="31/12/2999"))) == 4


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"van": "31-2-2024"}, ["Van: dit is geen datum. Typ bijvoorbeeld 3-11-2026."]),
        ({"van": "gisteren", "tot": "00-1-2024"}, ["Van: dit", "Tot en met: dit"]),
        ({"van": "2-1-2024", "tot": "1-1-2024"}, ["De eerste dag komt na de laatste."]),
    ],
)
def test_faulty_days_are_all_told_and_nothing_is_shown(
    store: Store, typed: dict[str, str], error: list[str]
) -> None:
    open_wave(store, "01")
    app = search(run(), **typed)
    assert len(app.error) == len(error)
    assert all(each.value.startswith(part) for each, part in zip(app.error, error, strict=True))
    assert lines_of(app) == []


def test_pages_are_turned_and_a_new_search_begins_at_the_first(store: Store) -> None:
    open_wave(store, *(f"{n:03}" for n in range(PAGE_SIZE + 10)))
    app = run()
    assert "61 regels gevonden" in told(app)
    assert len(lines_of(app)) == PAGE_SIZE
    pages = next(box for box in app.selectbox if box.label.startswith("Bladzijde"))
    pages.set_value(2).run()
    assert "Dit is bladzijde 2 van 2." in told(app)
    assert lines_of(app)[-1][1] == "Meting gepland | meting 2024"
    search(app, waarover="regio")
    assert "60 regels gevonden, de nieuwste eerst. Dit is bladzijde 1 van 2." in told(app)


def test_text_of_people_is_shown_as_it_is(store: Store) -> None:
    hostile = "<img src=x onerror=alert(1)> **vet** \u202eom =1+1 😀"
    with store._database.write() as session:
        for text in (hostile, "a" * 500):
            add_line(session, "account 3", "region.named", "region 01", None, text)
    app = run()
    long, plain = lines_of(app)
    assert plain[2] == f"nieuw: {hostile}"
    assert "<img" not in "".join(each.proto.body for each in app.get("html"))
    assert long[2].endswith("… (nog 100 tekens: zie de download)")


def test_the_administrator_sees_no_answers(store: Store) -> None:
    visit, form = begin(store)
    save(store, visit, form, {"kort": "geheim"})
    assert lines_of(run())[0][2] == "nieuw: geheim"
    app = run(ADMINISTRATOR)
    saved = "Antwoord bewaard | inzending 1, kort, regio 01, meting 2024"
    assert lines_of(app)[0][1:] == [saved, "niet zichtbaar"]
    assert "Er zijn geen regels gevonden." in told(search(app, tekst="geheim"))


def test_a_download_holds_all_that_was_found_and_is_told_in_the_trail(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_wave(store, *(f"{n:03}" for n in range(PAGE_SIZE + 10)))
    made: dict[str, Callable[[], bytes]] = {}

    def keep_button(label: str, *, data: Callable[[], bytes], **_: object) -> None:
        made[label] = data

    monkeypatch.setattr("streamlit.download_button", keep_button)
    sign_in(store, Role.ADMINISTRATOR, monkeypatch)
    search(run(None), wat="region.added")
    taken = TrailQuery(action="trail.exported")
    assert store.trail.find(taken).total == 0  # a file is made only when it is asked for
    content = made["Regels (CSV)"]().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
    assert len(rows) == 1 + PAGE_SIZE + 10
    assert rows[1][1:] == ["opdrachtregel", "Regio toegevoegd", "regio 059", "", "Regio 059"]
    sheet = load_workbook(io.BytesIO(made["Regels (Excel)"]())).active
    assert sheet.max_row == len(rows)
    assert [(line.actor, line.new) for line in store.trail.find(taken).lines] == [
        ("account 2 (eva)", "60 regels; wat region.added")
    ] * 2
