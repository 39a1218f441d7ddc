"""The page of the regions: taking over a file, changing by hand, regions that merge."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.store import Store
from surveys.fieldwork import WaveState
from surveys.plain_text import holds_invisible
from surveys.regions.contacts import Contact
from surveys.regions.register import Register, parse_register
from surveys.regions.sheet import to_xlsx
from surveys.regions.succession import Succession, SuccessionKind
from surveys.roles import ACCOUNT_ROLES, Person, Right, Role
from tests.db.scenes import ALL_TYPES, invite, save
from tests.hostile import HOSTILE

PAGE = Path(__file__).parents[3] / "surveys/pages/regions.py"
ANNA = Contact("Anna de Vries", "anna@voorbeeld.nl")
KNOWN = Register(
    {
        "01": {"provincie": "Drenthe"},
        "02": {"provincie": "Utrecht"},
        "03": {"provincie": "Zeeland"},
    },
    ("provincie",),
    {"01": "Noord", "02": "Midden", "03": "Zuid"},
    {"01": ANNA},
)


@pytest.fixture
def known(store: Store) -> Store:
    store.regions.keep_register(KNOWN)
    return store


def run(app: AppTest | None = None) -> AppTest:
    app = AppTest.from_file(str(PAGE), default_timeout=30) if app is None else app
    app.run()
    assert not app.exception
    return app


def upload(app: AppTest, content: bytes | str, name: str = "regios.csv") -> AppTest:
    given = content if isinstance(content, bytes) else content.encode()
    app.file_uploader[0].set_value((name, given, ""))
    return run(app)


def press(app: AppTest, label: str) -> AppTest:
    (button,) = (button for button in app.button if button.label == label)
    button.click()
    return run(app)


def fill(app: AppTest, label: str, value: str) -> None:
    (field,) = (field for field in app.text_input if field.label == label)
    field.set_value(value)


def choose(app: AppTest, label: str, value: object) -> AppTest:
    (field,) = (field for field in app.selectbox if field.label == label)
    field.set_value(value)
    return run(app)


def select(app: AppTest, label: str, *values: str) -> AppTest:
    (field,) = (field for field in app.multiselect if field.label == label)
    field.set_value([*values])
    return run(app)


def text_of(app: AppTest) -> str:
    html = (unescape(re.sub(r"<[^>]+>", " ", each.proto.body)) for each in app.get("html"))
    told = (
        *app.title,
        *app.subheader,
        *app.text,
        *app.success,
        *app.error,
        *app.warning,
        *app.info,
    )
    parts = [each.value.replace("\\", "") for each in told]
    return " ".join(" ".join([*html, *parts]).split())


def cells_of(app: AppTest) -> list[list[str]]:
    """The rows of the table of all regions, without its heading."""
    body = next(each.proto.body for each in app.get("html") if "De regio&#x27;s" in each.proto.body)
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', body, re.DOTALL)
    return [[unescape(cell) for cell in re.split(r"</t[hd]>(?:<td>)?", row)[:-1]] for row in rows]


# What is known


def test_the_table_has_all_that_is_known(known: Store) -> None:
    known.regions.record_succession(Succession(SuccessionKind.ENDED, date(2023, 1, 1), ("03",)))
    assert cells_of(run()) == [
        ["01 Noord", "Drenthe", "Anna de Vries", "anna@voorbeeld.nl", ""],
        ["02 Midden", "Utrecht", "", "", ""],
        ["03 Zuid", "Zeeland", "", "", "1 januari 2023"],
    ]


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("vries", ["01 Noord"]),
        ("MID utr", ["02 Midden"]),
        ("0", ["01 Noord", "02 Midden", "03 Zuid"]),
    ],
)
@pytest.mark.usefixtures("known")
def test_regions_are_found_by_all_that_is_known(sought: str, found: list[str]) -> None:
    app = run()
    fill(app, "Zoeken op nummer, naam, kenmerk of programmaleider", sought)
    assert [row[0] for row in cells_of(run(app))] == found


@pytest.mark.usefixtures("store")
def test_an_empty_register_says_how_to_begin() -> None:
    assert "Er zijn nog geen regio's. Lees een bestand in" in text_of(run())


@pytest.mark.parametrize("role", [*ACCOUNT_ROLES, Role.PROGRAMME_LEADER])
@pytest.mark.usefixtures("known")
def test_only_who_does_the_fieldwork_sees_the_register(role: Role) -> None:
    app = AppTest.from_file(str(PAGE), default_timeout=30)
    person = Person("account 1", role)
    app.session_state["person"] = person
    assert ("anna@voorbeeld.nl" in text_of(run(app))) is person.may(Right.DO_FIELDWORK)


# A file


def test_a_file_is_shown_first_and_then_taken_over(known: Store) -> None:
    content = (
        "region;naam;provincie;grootte;programmaleider;e-mail\n"
        "01;Noord;Groningen;klein;Bram;bram@voorbeeld.nl\n"
        "2;Midden;Utrecht;groot;;\n"
    )
    app = upload(run(), content)
    text = text_of(app)
    for told in (
        "Let op: nieuw is regio 2, maar er is al een regio met dat nummer",
        "Niet in het bestand, blijven zoals ze zijn: regio 02 en 03.",
        "Nieuw als kenmerk van de regio's: 'grootte'.",
        "Regio 2 (Midden) is nieuw.",
        "Regio 01: provincie wordt 'Groningen' (was 'Drenthe').",
        "programmaleider wordt Bram (was Anna de Vries)",
    ):
        assert told in text
    assert [group.label for group in app.expander][:3] == [
        "Nieuwe regio's: 1",
        "Kenmerken: 2",
        "Programmaleiders: 1",
    ]
    assert known.regions.known() == KNOWN
    app = press(app, "Overnemen")
    assert "Het bestand met 2 regio's is overgenomen" in text_of(app)
    assert known.regions.known().regions["2"] == {"provincie": "Utrecht", "grootte": "groot"}
    assert known.regions.known().contacts["01"] == Contact("Bram", "bram@voorbeeld.nl")
    assert "Wat er verandert" not in text_of(app)
    assert "is overgenomen" not in text_of(run(app))


def test_all_faults_of_a_file_are_told_and_nothing_can_be_taken_over(known: Store) -> None:
    app = upload(run(), "region,provincie\n01,\n<b>x</b>,Drenthe\n<b>x</b>,Drenthe\n")
    text = text_of(app)
    assert "er zijn 2 fouten. Er is niets veranderd." in text
    assert "Rij 2: de waarde van 'provincie' ontbreekt." in text
    assert "Rij 4: regio '<b>x</b>' staat ook in rij 3." in text
    assert "Overnemen" not in [button.label for button in app.button]
    assert known.regions.known() == KNOWN


@pytest.mark.parametrize("name", ["regios.csv", "regios.xlsx", "foto.jpg"])
@pytest.mark.usefixtures("store")
def test_a_file_that_is_no_register_is_refused_in_words(name: str) -> None:
    text = text_of(upload(run(), b"\x00\xff\xfe rommel \x80", name))
    assert "Dit bestand kan niet worden overgenomen" in text


@pytest.mark.usefixtures("store")
def test_thousands_of_faults_do_not_drown_the_page() -> None:
    text = text_of(upload(run(), "region,provincie\n" + ",Drenthe\n" * 900))
    assert "er zijn 900 fouten" in text
    assert "Rij 501: " in text
    assert "Rij 502: " not in text
    assert "En nog 400 andere fouten." in text


def test_a_register_that_changed_meanwhile_is_shown_anew(known: Store) -> None:
    app = upload(run(), "region,naam,provincie\n01,Noorden,Drenthe\n")
    known.regions.rename("01", "Het noorden")
    app = press(app, "Overnemen")
    text = text_of(app)
    assert "Er is niets overgenomen: het register is intussen veranderd." in text
    assert "Regio 01 heet voortaan 'Noorden' in plaats van 'Het noorden'." in text
    assert known.regions.known().names["01"] == "Het noorden"
    press(app, "Overnemen")
    assert known.regions.known().names["01"] == "Noorden"


def test_the_file_that_was_downloaded_changes_nothing(known: Store) -> None:
    app = upload(run(), to_xlsx(known.regions.export()), "regios.xlsx")
    assert "Alles in dit bestand is al bekend" in text_of(app)
    assert "Overnemen" not in [button.label for button in app.button]


# By hand


def test_a_region_is_changed_by_hand(known: Store) -> None:
    app = choose(run(), "Regio", "02")
    fill(app, "Naam van de regio", "Midden-Oost")
    app = press(app, "Naam opslaan")
    assert "Regio 02 heet nu Midden-Oost." in text_of(app)
    fill(app, "Programmaleider", "Bram")
    fill(app, "E-mailadres", "bram@voorbeeld.nl")
    app = press(app, "Programmaleider opslaan")
    fill(app, "Nummer van de regio", "22")
    app = press(app, "Nummer opslaan")
    assert "Regio 02 heeft nu nummer 22." in text_of(app)
    register = known.regions.known()
    assert register.names["22"] == "Midden-Oost"
    assert register.contacts["22"] == Contact("Bram", "bram@voorbeeld.nl")


def test_what_cannot_be_is_told_and_what_was_typed_stays(known: Store) -> None:
    app = choose(run(), "Regio", "02")
    fill(app, "Programmaleider", "Bram")
    fill(app, "E-mailadres", "geen adres")
    app = press(app, "Programmaleider opslaan")
    assert "Er is niets opgeslagen." in text_of(app)
    assert "Dit e-mailadres kan niet" in text_of(app)
    fields = {field.label: field.value for field in app.text_input}
    assert (fields["Programmaleider"], fields["E-mailadres"]) == ("Bram", "geen adres")
    fill(app, "Vanaf (dag-maand-jaar)", "morgen")
    assert "Vanaf: dit is geen datum." in text_of(press(app, "Programmaleider opslaan"))
    fill(app, "Nummer van de regio", "01")
    assert "Er is al een regio met nummer 01." in text_of(press(app, "Nummer opslaan"))
    assert known.regions.known() == KNOWN


def test_a_region_is_added(known: Store) -> None:
    app = run()
    fill(app, "Nummer van de nieuwe regio", "04")
    fill(app, "Naam van de nieuwe regio", "West")
    app = press(app, "Toevoegen")
    assert "Regio 04 is toegevoegd." in text_of(app)
    assert known.regions.known().names["04"] == "West"


# Regions that merge, split and stop


def answered_waves(store: Store) -> None:
    for wave, regions in (("2021", ("01", "02")), ("2024", ("01",))):
        store.waves.add(wave, ALL_TYPES, state=WaveState.OPEN)
        for region in regions:
            visit = invite(store, region, wave)
            form = save(store, visit, store.forms.begin(visit), {"schaal": "1"})
            store.forms.submit(visit, form)


def merge(app: AppTest, on: str = "1-1-2023") -> AppTest:
    fill(app, "Datum (dag-maand-jaar)", on)
    app = select(run(app), "Regio's van voor die datum", "01", "02")
    app = select(app, "Regio's vanaf die datum", "01")
    return press(app, "Laat zien wat dit betekent")


@pytest.fixture
def undated(known: Store, tmp_path: Path) -> Store:
    """Two waves with answers, as they are after an import: nobody saw them open here."""
    answered_waves(known)
    with closing(sqlite3.connect(tmp_path / "monitor.sqlite")) as raw:
        raw.execute("UPDATE wave SET opened_at = NULL")
        raw.commit()
    return known


def test_what_a_merger_means_is_shown_before_it_is_recorded(undated: Store) -> None:
    app = merge(run())
    text = text_of(app)
    assert "1 januari 2023: Regio 01 en 02 gaan samen verder als regio 01." in text
    assert "Daarna niet meer uitgenodigd: regio 02." in text
    assert "Tussen meting 2021 en meting 2024:" in text
    assert "Regio 02 ging op 1 januari 2023 op in regio 01: het paar vervalt." in text
    assert undated.regions.successions() == {}
    app = press(app, "Vastleggen")
    assert "Vastgelegd op 1 januari 2023" in text_of(app)
    assert [*undated.regions.known().ended_on] == ["02"]
    text = text_of(run(app))
    assert "Meting 2021: 1 januari 2021 (naar het jaartal in de naam)." in text
    assert "Regio 01 nam op 1 januari 2023 regio 02 op" in text


def test_a_merger_is_taken_back(known: Store) -> None:
    app = press(merge(run()), "Vastleggen")
    (recorded,) = known.regions.successions()
    app = choose(app, "Per vergissing vastgelegd", recorded)
    app = press(app, "Maak dit ongedaan")
    assert "Ongedaan gemaakt: Regio 01 en 02" in text_of(app)
    assert known.regions.successions() == {}


def test_what_is_not_filled_in_is_told_all_at_once(known: Store) -> None:
    text = text_of(press(run(), "Laat zien wat dit betekent"))
    assert "Datum: dit is geen datum." in text
    assert "Kies minstens twee regio's die samengaan." in text
    assert "Kies precies één regio die na het samengaan verdergaat." in text


def test_what_cannot_be_recorded_is_told(known: Store) -> None:
    assert "Datum: dit is geen datum." in text_of(merge(run(), "ooit"))
    app = merge(run(), "1-1-1950")
    assert "De datum 1 januari 1950 ligt meer dan 10 jaar terug." in text_of(app)
    assert "Vastleggen" not in [button.label for button in app.button]
    app = merge(run())
    app = select(app, "Regio's van voor die datum", "01")
    assert "Vastleggen" not in [button.label for button in app.button]  # that was not shown
    assert known.regions.successions() == {}


def test_a_region_that_stops_has_no_successor(known: Store) -> None:
    app = run()
    app.radio[0].set_value(SuccessionKind.ENDED)
    fill(app, "Datum (dag-maand-jaar)", "1-1-2023")
    app = select(run(app), "Regio's van voor die datum", "03")
    assert len(app.multiselect) == 1
    press(press(app, "Laat zien wat dit betekent"), "Vastleggen")
    assert [*known.regions.known().ended_on] == ["03"]


@pytest.mark.usefixtures("undated")
def test_waves_in_the_wrong_order_are_explained() -> None:
    app = choose(run(), "Eerdere meting", "2024")
    assert "Meting 2024 is niet eerder dan meting 2024." in text_of(app)


# Hostile text


def test_what_people_type_is_shown_as_it_is(store: Store) -> None:
    names = [" ".join(text.split())[:300].strip() for text in HOSTILE if not holds_invisible(text)]
    names = [name for name in names if "@" not in name]
    numbers = [f"<i>{place}</i> *{place}*" for place in range(len(names))]
    register = Register(
        {number: {"<u>soort</u>": name} for number, name in zip(numbers, names, strict=True)},
        ("<u>soort</u>",),
        dict(zip(numbers, names, strict=True)),
        {number: Contact(name) for number, name in zip(numbers, names, strict=True)},
    )
    app = upload(run(), to_xlsx(register), "regios.xlsx")
    shown = "".join(unescape(each.proto.body) for each in app.get("html"))
    told = [f"Regio {number} ({name}) is nieuw." for number, name in register.names.items()]
    assert [sentence for sentence in told if sentence not in shown] == []
    app = press(app, "Overnemen")
    assert [row[0] for row in cells_of(app)] == [
        f"{number} {name}" for number, name in register.names.items()
    ]
    raw = "".join(each.proto.body for each in app.get("html"))
    assert not re.search(r"<(script|b|i|u)>", raw)
    assert parse_register(to_xlsx(store.regions.known()), "x.xlsx") == register
