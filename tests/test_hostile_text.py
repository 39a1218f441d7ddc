"""Hostile text goes into every field and comes out of every file and mail as it was; what cannot be
kept is refused with a message. What the pages show of it is in tests/browser/test_hostile_pages.py.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.parser import BytesParser
from email.policy import compat32
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from typer import Typer
from typer.testing import CliRunner

from analysis.__main__ import app as analysis_app
from analysis.counts import WaveCounts, group_tallies
from analysis.disclosure import release
from analysis.export import to_csv as results_to_csv
from analysis.export import to_xlsx as results_to_xlsx
from analysis.levels import measure_distributions
from db.__main__ import app as db_app
from db.store import Store, open_store
from surveys.__main__ import app as surveys_app
from surveys.answers import AnswerError, validate
from surveys.consent import CONSENT_LENGTH, InvalidConsent, check_consent_text
from surveys.definition import read_definition
from surveys.dutch import local_day
from surveys.entries import REASON_LENGTH, EntryRefused, check_reason
from surveys.fieldwork import WaveState
from surveys.importing import parse_mapping, propose, read_table, try_out, write_mapping
from surveys.importing.faults import FaultyImport
from surveys.mailing.letters import UnusableAddress, check_address
from surveys.mailing.link_sheet import PersonalLink, make_link_sheet
from surveys.mailing.texts import InvalidMailText, MailKind, MailText
from surveys.monitoring.sheet import make_response_sheet
from surveys.plain_text import defang, escape_terminal, holds_invisible
from surveys.regions.contacts import Contact
from surveys.regions.details import InvalidDetails
from surveys.regions.register import (
    LONGEST,
    InvalidRegister,
    Register,
    holds_address,
    parse_register,
)
from surveys.regions.sheet import to_xlsx as register_to_xlsx
from surveys.sign_in import LONGEST_NAME, InvalidAccount, clean_name
from surveys.trail.export import to_csv as trail_to_csv
from surveys.trail.export import to_xlsx as trail_to_xlsx
from surveys.trail.query import TrailQuery
from surveys.trail.words import tell_value
from surveys.waves.states import WaveRefused, check_name, check_step
from tests.db.mail_scenes import deliver, read_mails
from tests.hostile import EXCEL_ESCAPES, HALF, HOSTILE, INVISIBLE, LINES, LONG, PARAGRAPHS
from tests.hostile_monitor import HostileMonitor
from tests.surveys.importing.files import delimited, spss, workbook
from tests.surveys.mailing.servers import Mailroom, serve

ROOT = Path(__file__).parents[1]
ALL_TYPES = read_definition(ROOT / "tests/definitions/all_types.toml")
ALWAYS_ASKED = read_definition(ROOT / "tests/definitions/previous_answers.toml").questionnaire
SHORT, LONG_TEXT = "kort", "lang"
NAMES = [text for text in LINES.values() if not holds_address(text)]
UNSHOWN = [*INVISIBLE.values(), HALF]
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.fixture(scope="module")
def monitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostileMonitor]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'monitor.sqlite'}")
    yield HostileMonitor(store)
    store.close()


@pytest.fixture
def store(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """With one region and one open wave; what the command line uses as well."""
    url = f"sqlite:///{shutil.copy(empty_database, tmp_path)}"
    monkeypatch.setenv("DATABASE_URL", url)
    store = open_store(url)
    store.regions.add([("01", "Regio 01")])
    store.waves.add("2024", ALL_TYPES, state=WaveState.OPEN)
    yield store
    store.close()


def without_turns(text: str) -> str:
    """As a mail has it: what turns the direction would turn round the link behind it."""
    return re.sub("[\u202a-\u202e\u2066-\u2069]", "", text)


def on_one_line(text: str) -> str:
    return " ".join(text.split())


# What is typed


def test_an_answer_is_kept_as_it_was_typed(store: Store) -> None:
    questionnaire = ALL_TYPES.questionnaire
    short, long = (questionnaire.question(item) for item in (SHORT, LONG_TEXT))
    visit = store.forms.visit(store.invitations.renew("01", "2024"))
    form = store.forms.begin(visit)
    for text in (*LINES.values(), *PARAGRAPHS.values()):
        kept = {LONG_TEXT: validate(questionnaire, long, text)}
        if "\n" not in text and len(text) <= short.max_length:  # type: ignore[union-attr]
            kept[SHORT] = validate(questionnaire, short, text)
        store.forms.save(visit, form, kept)
        form = store.forms.find(visit) or form
        assert set(kept.values()) == {text}
        assert {item: form.answers[item] for item in kept} == kept


@pytest.mark.parametrize("text", UNSHOWN)
def test_what_nobody_can_see_is_refused_in_every_field_of_running_text(text: str) -> None:
    question = ALL_TYPES.questionnaire.question(LONG_TEXT)
    with pytest.raises(AnswerError, match="onzichtbaar teken"):
        validate(ALL_TYPES.questionnaire, question, text)
    with pytest.raises(EntryRefused, match="onzichtbaar teken"):
        check_reason(text)
    with pytest.raises(WaveRefused, match="onzichtbaar teken"):
        check_step(WaveState.CLOSED, WaveState.OPEN, text)
    with pytest.raises(InvalidConsent, match="onzichtbaar teken"):
        check_consent_text(text)


def test_what_is_too_long_is_refused_with_its_length() -> None:
    questionnaire = ALL_TYPES.questionnaire
    for item in (SHORT, LONG_TEXT):
        with pytest.raises(AnswerError, match=f"{len(LONG.strip())} tekens lang"):
            validate(questionnaire, questionnaire.question(item), LONG)
    with pytest.raises(EntryRefused, match=f"tot {REASON_LENGTH} tekens"):
        check_reason(LONG)
    with pytest.raises(InvalidConsent, match=f"tot {CONSENT_LENGTH} tekens"):
        check_consent_text(LONG)


@pytest.mark.parametrize("text", [*LINES.values(), *PARAGRAPHS.values()])
def test_reasons_and_the_text_to_agree_to_are_kept_as_they_were_typed(text: str) -> None:
    assert check_reason(text) == text
    assert check_step(WaveState.CLOSED, WaveState.OPEN, text) == text
    assert check_consent_text(text) == text


def test_names_of_regions_and_leaders_are_kept_as_they_were_typed(store: Store) -> None:
    number = "01"
    for text in NAMES:
        store.regions.rename(number, text)
        store.regions.renumber(number, text)
        number = on_one_line(text)
        today = local_day(datetime.now(UTC))
        store.regions.set_leader(number, Contact(text, "a@voorbeeld.nl"), today)
        known = store.regions.known()
        assert known.names == {number: number}
        assert known.contacts[number].name == number


def test_names_that_cannot_be_kept_are_refused(store: Store) -> None:
    today = local_day(datetime.now(UTC))
    for text in (*UNSHOWN, "x" * (LONGEST + 1)):
        for change in (
            lambda text: store.regions.rename("01", text),
            lambda text: store.regions.renumber("01", text),
            lambda text: store.regions.set_leader("01", Contact(text), today),
        ):
            if len(text) <= LONGEST and not holds_invisible(on_one_line(text)):
                continue  # a sign that splits lines is a space in a name
            with pytest.raises(InvalidDetails, match=r"onzichtbaar teken|te veel tekens|te lang"):
                change(text)
    known = store.regions.known()
    assert (known.names, known.contacts) == ({"01": "Regio 01"}, {})


@pytest.mark.parametrize("text", HOSTILE)
def test_addresses_account_names_and_wave_names_are_kept_or_refused(text: str) -> None:
    with pytest.raises(UnusableAddress, match="Dit e-mailadres kan niet"):
        check_address(text)
    with pytest.raises(WaveRefused, match="Begin de naam met het jaar"):
        check_name(text, [])
    plain = text.strip().lower()
    if plain.isprintable() and " " not in plain and len(plain) <= LONGEST_NAME:
        assert clean_name(text) == plain
    else:
        with pytest.raises(InvalidAccount, match=r"geen spaties|meer dan"):
            clean_name(text)


def test_the_text_of_a_mail_is_kept_or_refused_with_the_fault(store: Store) -> None:
    kind = MailKind.INVITATION
    for text in (*LINES.values(), *PARAGRAPHS.values()):
        told = MailText("Uitnodiging", f"{text}\n{{{{ link }}}}")
        if re.search(r"\{[{%#]", text):
            with pytest.raises(InvalidMailText, match="Tekst, regel 1: "):
                store.mail_texts.keep("2024", kind, told)
        else:
            store.mail_texts.keep("2024", kind, told)
            assert store.mail_texts.read("2024", kind).body == without_turns(told.body)


def test_the_trail_is_searched_for_a_text_as_it_is(store: Store) -> None:
    """Not as a pattern, and not as SQL: each text finds the lines that hold it."""
    for text in NAMES:
        store.regions.rename("01", text)
    lines = store.trail.export(TrailQuery())
    for text in (*LINES.values(), *PARAGRAPHS.values(), *INVISIBLE.values()):
        sought = text.casefold()
        hits = [ln for ln in lines if sought in f"{ln.old}\0{ln.new}".casefold()]
        found = store.trail.find(TrailQuery(text=text)).lines
        assert [line.new for line in found] == [line.new for line in hits], text
        assert store.trail.find(TrailQuery(subject=text)).total == 0


# What is uploaded


def test_a_register_comes_in_as_it_is_in_the_file() -> None:
    texts = [*NAMES, *(text for text in PARAGRAPHS.values() if not holds_address(text))]
    rows = [["region", "naam", NAMES[0], "programmaleider", "e-mail"]]
    rows += [[f"{n:02} {text}", text, text, text, "a@b.nl"] for n, text in enumerate(texts)]
    for content, name in ((delimited(rows, ";"), "r.csv"), (workbook(rows), "r.xlsx")):
        register = parse_register(content, name)
        assert register.attributes == (NAMES[0],)
        assert [*register.names.values()] == texts
        assert [*register.regions] == [row[0] for row in rows[1:]]
        assert [each[NAMES[0]] for each in register.regions.values()] == texts
        told = [contact.name for contact in register.contacts.values()]
        assert told == [on_one_line(text) for text in texts]


def test_a_register_with_what_nobody_can_see_is_refused_with_every_place() -> None:
    texts = list(INVISIBLE.values())
    rows = [["region", "naam", "so\x1bort"]]
    rows += [[f"{n:02}", text, text] for n, text in enumerate(texts)]
    with pytest.raises(InvalidRegister) as refused:
        parse_register(delimited(rows), "r.csv")
    told = [error.in_dutch for error in refused.value.errors]
    assert told[0].startswith("Rij 1: in kolom 3 staat een onzichtbaar teken.")
    assert len(told) == 1 + 2 * len(texts)
    assert not any(sign in "".join(told) for sign in "\x00\x07\x1b\x7f\x9b")
    with pytest.raises(InvalidRegister, match="column 2 holds an invisible character"):
        parse_register(workbook([["region", "naam", "x"], ["01", "a\x1bb", "y"]]), "r.xlsx")


def test_an_earlier_wave_comes_in_as_it_is_in_the_file(tmp_path: Path) -> None:
    texts = [*LINES.values(), *PARAGRAPHS.values()]
    rows = [["regio", "lang"], *([f"{n:02}", text] for n, text in enumerate(texts))]
    columns = {"regio": [row[0] for row in rows[1:]], "lang": texts}
    regions = columns["regio"]
    for name, content in {
        "a.csv": delimited(rows, ";"),
        "a.xlsx": workbook(rows),
        "a.sav": spss(tmp_path / "a.sav", columns),
    }.items():
        table = read_table(name, content)
        mapping = propose(table, ALWAYS_ASKED, regions).mapping
        rest = [q.id for q in ALWAYS_ASKED.questions if q.id not in mapping.items]
        mapping = replace(mapping, not_asked=tuple(rest))
        assert parse_mapping(write_mapping(mapping)) == mapping
        found = try_out(table, mapping, ALWAYS_ASKED, regions)
        assert found.faults == ()
        assert [answers["lang"] for answers in found.responses.values()] == texts


def test_what_an_earlier_wave_cannot_keep_is_told_with_its_place() -> None:
    texts = [text for name, text in INVISIBLE.items() if name != "null"]
    rows = [["regio", "lang"], *([f"{n:02}", text] for n, text in enumerate(texts))]
    regions = [row[0] for row in rows[1:]]
    table = read_table("a.csv", delimited(rows))
    mapping = propose(table, ALWAYS_ASKED, regions).mapping
    found = try_out(table, mapping, ALWAYS_ASKED, regions)
    told = {fault.place.row: fault.sentence for fault in found.faults if fault.place.row}
    assert told.keys() == {*range(2, len(texts) + 2)}
    with pytest.raises(FaultyImport):
        read_table("a.csv", delimited([["regio", "lang"], ["01", "een\0twee"]]))


def test_a_mapping_of_hostile_columns_and_values_is_read_back() -> None:
    texts = [*LINES.values(), *PARAGRAPHS.values(), *INVISIBLE.values()]
    source = parse_mapping('[items.schaal]\ncolumn = "x"').items["schaal"]
    mapping = parse_mapping("")
    for text in texts:
        items = {"schaal": replace(source, column=text, values={text: "1"})}
        hostile = replace(mapping, region=text, left_out=(text,), items=items)
        assert parse_mapping(write_mapping(hostile, {"": [text], "schaal": [text]})) == hostile


# What goes out as a file


def cells_of(content: bytes) -> list[str]:
    """Every text in a workbook as Excel itself reads it; none is a formula or a link."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        strings = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))  # noqa: S314
        for name in archive.namelist():
            assert not name.endswith(".rels") or b"hyperlink" not in archive.read(name)
    book = load_workbook(io.BytesIO(content))
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert "f" not in kinds
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    texts = ("".join(t.text or "" for t in si.iter(f"{space}t")) for si in strings)
    return [re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), t) for t in texts]


def rows_of(content: bytes) -> list[list[str]]:
    """A CSV file for Excel, of which no cell would be run."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    for cell in (cell for row in rows for cell in row if not re.fullmatch(r"-?[\d,]+", cell)):
        assert not cell.startswith(FORMULAS), cell
    assert len({len(row) for row in rows}) == 1
    return rows


def test_the_trail_goes_out_as_it_is(monitor: HostileMonitor) -> None:
    lines = monitor.desk.trail.export(TrailQuery())
    told = {tell_value(line.action, text) for line in lines for text in (line.old, line.new)}
    assert len(monitor.written.find("\n".join(told))[0]) > 50
    assert {text.strip() for text in told} <= {
        cell.strip() for cell in cells_of(trail_to_xlsx(lines))
    }
    cells = {cell for row in rows_of(trail_to_csv(lines)) for cell in row}
    assert {text for text in told if defang(text) not in cells} == set()


def test_the_register_goes_out_as_it_is_and_comes_in_again(monitor: HostileMonitor) -> None:
    register = monitor.desk.regions.export()
    content = register_to_xlsx(register)
    told = [*register.names.values(), *register.attributes, *register.regions]
    told += [contact.name for contact in register.contacts.values()]
    told += [value for values in register.regions.values() for value in values.values()]
    assert {*told} <= {*cells_of(content)}
    again = parse_register(content, "r.xlsx")
    assert (again.regions, again.names) == (register.regions, register.names)
    for number, contact in register.contacts.items():
        assert again.contacts[number] == Contact(on_one_line(contact.name), contact.email)


def test_the_response_sheet_and_the_sheet_of_links_go_out_as_they_are(
    monitor: HostileMonitor,
) -> None:
    now = datetime.now(UTC)
    regions = monitor.desk.monitoring.progress("2024")
    sheet = cells_of(make_response_sheet(regions, "2024", now))
    assert {region.name for region in regions} <= {*sheet}
    assert {region.province for region in regions if region.province} <= {*sheet}
    links = monitor.desk.outbox.make_links("2024", "https://monitor.example")
    cells = cells_of(make_link_sheet(links))
    for link in links:
        assert on_one_line(without_turns(link.name)) in cells
        assert link.link in cells


def test_words_that_excel_reads_as_signs_are_written_as_they_are() -> None:
    register = Register({"01": {"a": EXCEL_ESCAPES}}, ("a",), {"01": EXCEL_ESCAPES})
    link = PersonalLink("01", EXCEL_ESCAPES, EXCEL_ESCAPES, "", "")
    for content in (register_to_xlsx(register), make_link_sheet([link])):
        assert EXCEL_ESCAPES in cells_of(content)


@pytest.mark.parametrize("section", ["urgentie", "opbrengsten", "borging"])
def test_results_go_out_as_they_are(monitor: HostileMonitor, section: str) -> None:
    store, definition = monitor.desk, monitor.definitions["2024"]
    counts = WaveCounts(
        wave="2024",
        questionnaire=definition.questionnaire,
        tallies=group_tallies(store.counts.tallies("2024")),
        respondents=store.counts.respondents("2024"),
        asked=None,
    )
    title = definition.questionnaire.title
    rows = measure_distributions(counts, section)
    table = release(rows, title=title, base=title, method=title, source=title)
    for text in (
        "\n".join(cells_of(results_to_xlsx(table))),
        "\n".join(cell for row in rows_of(results_to_csv(table)) for cell in row),
    ):
        found, changed = monitor.written.find(text)
        assert len(found) >= 3
        assert changed == []


# What goes out as a mail


def test_mails_carry_the_texts_as_they_are_and_nothing_more(
    monitor: HostileMonitor,
) -> None:
    room = Mailroom()
    with serve(room) as port:
        deliver(monitor.store, port)
    register = monitor.desk.regions.known()
    mails = read_mails(room)
    assert len(mails) == len(monitor.numbers[:8]) - 1  # of the region that ended nothing goes out
    for mail, envelope in zip(mails, room.received, strict=True):
        assert mail.get_content_type() == "text/plain"
        assert set(mail.keys()) == {
            "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
            "Content-Transfer-Encoding", "Content-Language",
        }  # fmt: skip
        (number,) = (
            number
            for number, contact in register.contacts.items()
            if contact.email == envelope.rcpt_tos[0]
        )
        assert len(envelope.rcpt_tos) == 1
        raw = BytesParser(policy=compat32).parsebytes(bytes(envelope.content))
        name = on_one_line(without_turns(register.contacts[number].name))
        decoded = str(make_header(decode_header(raw["To"])))
        assert decoded == f"{name} <{envelope.rcpt_tos[0]}>"
        content = mail.get_content()
        found, changed = monitor.written.find(content)
        assert len(found) >= 2
        assert changed == []
        hostile = [text for text in LINES.values() if text in monitor.mail_body]
        assert [text for text in hostile if without_turns(text) not in content] == []


# What is told on the command line, and at the door


COMMANDS: list[tuple[Typer, list[str]]] = [
    (db_app, ["link", "*", "2024"]),
    (db_app, ["link", "01", "*"]),
    (db_app, ["account", "*", "--role", "beheerder", "--password-file", "*"]),
    (db_app, ["register", "*"]),
    (db_app, ["restore", "*"]),
    (db_app, ["example", "*"]),
    (surveys_app, ["check", "*"]),
    (surveys_app, ["difference", "*", "*"]),
    (surveys_app, ["import", "*", "--wave", "*", "--mapping", "*"]),
    (analysis_app, ["compare", "--questionnaire", "*", "--answers", "*", "--before", "*"]),
]


@pytest.mark.parametrize(("app", "words"), COMMANDS, ids=lambda part: str(part)[:30])
def test_no_argument_brings_a_command_down_or_writes_to_the_terminal(
    store: Store, app: Typer, words: list[str]
) -> None:
    for text in (*LINES.values(), "\x1b[31mrood\x07", "een\ntwee", "\udcff", "x" * 5000, ""):
        given = [word.replace("*", text) for word in words]
        result = CliRunner().invoke(app, given)
        assert result.exception is None or isinstance(result.exception, SystemExit), (given, result)
        assert result.exit_code == 2, (given, result.stdout)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", result.stderr), given


def test_a_file_that_is_refused_writes_nothing_but_its_faults(store: Store, tmp_path: Path) -> None:
    texts = ["\x1b[31mrood", "een\ntwee", "\u202eom"]
    rows = [["region", "naam", "x"], *([text, "a", "b"] for text in (*texts, *texts))]
    file = tmp_path / "register.csv"
    file.write_bytes(delimited(rows))
    result = CliRunner().invoke(db_app, ["register", str(file)])
    assert result.exit_code == 2
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", result.stderr)
    assert r"region '\x1b[31mrood' is in row 2 too" in result.stderr
    assert r"region 'een twee'" in result.stderr


@pytest.mark.parametrize("text", HOSTILE)
def test_a_line_for_a_terminal_is_one_line_that_moves_nothing(text: str) -> None:
    line = escape_terminal(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", line)
    line.encode()
    if text in NAMES and "\u202e" not in text and "\u200f" not in text:
        assert line == on_one_line(text)


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.values: dict[str | None, str | None] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        if tag == "input":
            self.values[given.get("name")] = given.get("value")


def test_the_sign_in_page_gives_a_name_back_as_a_name() -> None:
    from surveys.pages.entrance.sign_in import _form

    usual = _Fields()
    usual.feed(bytes(_form("eva", "fout").body).decode())
    for text in LINES.values():
        page = _Fields()
        page.feed(bytes(_form(text, text).body).decode())
        assert page.tags == usual.tags
        assert page.values["naam"] == text
