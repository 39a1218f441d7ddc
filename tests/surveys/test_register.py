"""The register of regions: what is read from it, and every fault in it at once."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from surveys.example import REGIONS, read_example_register
from surveys.regions.contacts import Contact
from surveys.regions.register import (
    InvalidRegister,
    Register,
    parse_register,
    read_register,
    write_register,
)
from tests.surveys.strategies import LINE, steady

RIGHT = "region,naam,provincie,grootte\n01,Regio een,Drenthe,klein\n02,Regio twee,Zeeland,groot\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "register.csv"


def faults(file: Path, content: str | bytes) -> list[str]:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(InvalidRegister) as refused:
        read_register(file)
    assert str(refused.value) == "\n".join(map(str, refused.value.errors))
    assert all(error.dutch and error.dutch[-1] == "." for error in refused.value.errors)
    return [str(error) for error in refused.value.errors]


@pytest.mark.parametrize(
    "content",
    [
        RIGHT.encode(),
        RIGHT.replace(",", ";").encode(),
        b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode(),
        RIGHT.replace(",", " , ").encode() + b"\n",
        RIGHT.replace("Regio een", '"Regio een"').encode(),
    ],
    ids=["plain", "semicolons", "from Excel", "spaces and an empty line", "quotes"],
)
def test_a_register_is_read_however_it_was_saved(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert read_register(file) == Register(
        regions={
            "01": {"provincie": "Drenthe", "grootte": "klein"},
            "02": {"provincie": "Zeeland", "grootte": "groot"},
        },
        attributes=("provincie", "grootte"),
        names={"01": "Regio een", "02": "Regio twee"},
    )


def test_a_name_of_a_column_may_hold_the_other_separator() -> None:
    told = {
        b'region;"a, b; c";d, e, f\n01;x;y\n': ("a, b; c", "d, e, f"),
        b'region,"a; b, c",d; e; f\n01,x,y\n': ("a; b, c", "d; e; f"),
    }
    for content, attributes in told.items():
        register = parse_register(content, "register.csv")
        assert register == Register({"01": dict(zip(attributes, "xy", strict=True))}, attributes)


def test_names_are_optional_and_the_columns_may_stand_in_any_order(file: Path) -> None:
    file.write_text("provincie,region\nDrenthe,01\n", encoding="utf-8")
    assert read_register(file) == Register({"01": {"provincie": "Drenthe"}}, ("provincie",))


def test_the_members_of_every_value_of_an_attribute() -> None:
    provinces = {"1": "Zeeland", "2": "Drenthe", "3": "Zeeland", "4": "drenthe"}
    register = Register({n: {"provincie": name} for n, name in provinces.items()}, ("provincie",))
    members = register.members("provincie")
    assert members == {"Drenthe": {"2"}, "drenthe": {"4"}, "Zeeland": {"1", "3"}}
    assert list(members) == ["Drenthe", "drenthe", "Zeeland"]
    with pytest.raises(ValueError, match="no attribute 'grootte', only: provincie"):
        register.members("grootte")


def test_every_fault_of_a_register_is_told_at_once_with_its_row(file: Path) -> None:
    content = (
        "region,provincie,grootte,,provincie\n"
        "01,Drenthe,klein,x,Drenthe\n"
        "02,,klein,,Drenthe\n"
        ",Drenthe,klein,x,Drenthe\n"
        "\n"
        "01,Drenthe,klein,x,Drenthe\n"
        "03,Drenthe\n"
    )
    assert faults(file, content) == [
        "row 1: column 4 has no name",
        "row 1: column 5 is named 'provincie', as an earlier one is",
        "row 3: the value of provincie is empty",
        "row 4: the region is empty",
        "row 6: region '01' is in row 2 too",
        "row 7: has 2 values in place of 5",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", ["row 1: is empty, but should name the columns"]),
        ("\n01,Drenthe\n", ["row 1: is empty, but should name the columns"]),
        ("region,provincie\n", ["the register holds no regions"]),
        ("regio,provincie\n01,Drenthe\n", ["row 1: there is no column 'region'"]),
        (
            "region\n01\n01\n",
            [
                "row 1: there is no column with an attribute of the regions",
                "row 3: region '01' is in row 2 too",
            ],
        ),
        (
            "region,naam\n01,\n",
            [
                "row 1: there is no column with an attribute of the regions",
                "row 2: the value of naam is empty",
            ],
        ),
        (
            "region,provincie\n01,Fryslân\n".encode("latin-1"),
            ["the file is not UTF-8 text: save it as CSV UTF-8"],
        ),
        (
            'region,provincie\n01,"Drenthe\n02,Zeeland\n03,Zeeland\n',
            ["row 4: is not CSV (unexpected end of data)"],
        ),
        (
            'region,provincie\n01,\n02,"Dren"the\n',
            [
                "row 2: the value of provincie is empty",
                "row 3: is not CSV (',' expected after '\"')",
            ],
        ),
    ],
)
def test_a_file_that_is_no_register(file: Path, content: str | bytes, told: list[str]) -> None:
    assert faults(file, content) == told


def test_a_file_that_does_not_exist_is_not_an_invalid_one(file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_register(file)


cells = (
    st.text(LINE, min_size=1, max_size=8)
    .map(str.strip)
    .filter(lambda text: "@" not in text and text)
)


def _is_attribute(name: str) -> bool:
    return name.casefold() not in {"region", "naam", "programmaleider", "email", "e-mail"}


@st.composite
def registers(draw: st.DrawFn) -> Register:
    attributes = draw(st.lists(cells.filter(_is_attribute), min_size=1, max_size=3, unique=True))
    values = st.fixed_dictionaries(dict.fromkeys(attributes, cells))
    regions = draw(st.dictionaries(cells, values, min_size=1, max_size=5))
    named = draw(st.booleans())
    names = {region: draw(cells) for region in regions} if named else {}
    return Register(regions, tuple(attributes), names)


@steady
@given(registers())
def test_a_register_that_was_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, register: Register
) -> None:
    file = tmp_path_factory.getbasetemp() / "written.csv"
    with file.open("w", encoding="utf-8") as out:
        write_register(out, register)
    again = read_register(file)
    assert again == register
    for attribute in register.attributes:
        members = register.members(attribute)
        assert sorted(region for group in members.values() for region in group) == sorted(
            register.regions
        )


@steady
@given(st.text(max_size=60) | st.text('r;,"\n\r eginoa', max_size=60))
def test_any_text_is_a_register_or_told_to_be_faulty(
    tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "noise.csv"
    file.write_text("region," + content, encoding="utf-8", errors="replace")
    try:
        register = read_register(file)
    except InvalidRegister as invalid:
        register = None
        told = invalid.errors
    if register is None:
        assert told
    else:
        assert register.regions
        assert all(all(values.values()) for values in register.regions.values())


def test_the_example_register_holds_every_example_region_in_uneven_groups() -> None:
    register = read_example_register()
    assert register.names == dict(REGIONS)
    assert register.attributes == ("provincie", "grootte")
    assert set(register.regions) == set(register.names)
    sizes = {value: len(group) for value, group in register.members("provincie").items()}
    assert len(sizes) == 12
    assert sum(sizes.values()) == 78
    assert 3 <= sum(size < 5 for size in sizes.values()) < 12
    assert {*register.members("grootte")} == {"klein", "middel", "groot"}


def test_the_example_register_goes_through_a_file(file: Path) -> None:
    out = io.StringIO()
    write_register(out, read_example_register())
    file.write_text(out.getvalue(), encoding="utf-8")
    assert read_register(file) == read_example_register()


CONTACTS = """regionummer;regio;provincie;Programmaleider;E-mail
01;Noord;Drenthe;Anna  de Vries;anna@voorbeeld.nl
02;Zuid;Zeeland;;bram@voorbeeld.nl
03;Oost;Zeeland;Cees Smit;
04;West;Drenthe;;
"""


def test_leaders_are_read_and_are_no_attribute_and_are_not_written() -> None:
    register = parse_register(CONTACTS.encode(), "regio's.csv")
    assert register.contacts == {
        "01": Contact("Anna de Vries", "anna@voorbeeld.nl"),
        "02": Contact("", "bram@voorbeeld.nl"),
        "03": Contact("Cees Smit", ""),
    }
    assert register.attributes == ("provincie",)
    assert register.names == {"01": "Noord", "02": "Zuid", "03": "Oost", "04": "West"}
    out = io.StringIO()
    write_register(out, register)
    for text in (out.getvalue(), repr(register), repr(register.members("provincie"))):
        assert "Anna" not in text
        assert "@" not in text
    assert parse_register(out.getvalue().encode(), "x.csv").regions == register.regions


@pytest.mark.parametrize("title", ["e-mail", "email", "emailadres", "E-mailadres"])
def test_a_register_of_leaders_alone_needs_no_attribute(title: str) -> None:
    register = parse_register(f"nummer,{title}\n01,a@voorbeeld.nl\n".encode(), "x.csv")
    assert register == Register({"01": {}}, (), {}, {"01": Contact("", "a@voorbeeld.nl")})


def test_beside_a_column_region_other_numbers_and_names_are_attributes() -> None:
    register = parse_register(b"region,nummer,regio\n01,7,Oost\n", "x.csv")
    assert register == Register({"01": {"nummer": "7", "regio": "Oost"}}, ("nummer", "regio"))


def test_an_address_is_checked_and_never_repeated_or_kept_as_an_attribute(file: Path) -> None:
    content = (
        "region,e-mail,email,telefoon of mail\n"
        "01,anna,,06 12345678\n"
        "02,anna@voorbeeld.nl;bram@voorbeeld.nl,,020 1234567\n"
        "03,,c@voorbeeld.nl,of cees@voorbeeld.nl\n"
        "04,,,dirk@voorbeeld.nl\n"
    )
    told = faults(file, content)
    assert told == [
        "row 1: there is more than one column with e-mail addresses: e-mail, email",
        "row 2: the e-mail address is not one: write it as name@example.nl",
        "row 3: the e-mail address is not one: write it as name@example.nl",
        "row 4: 'telefoon of mail' holds an e-mail address: name that column 'e-mail' or remove it",
    ]
    with pytest.raises(InvalidRegister) as refused:
        read_register(file)
    dutch = [error.in_dutch for error in refused.value.errors]
    assert dutch[1] == "Rij 2: dit e-mailadres kan niet: er moet precies één @ in staan."
    assert not any("voorbeeld.nl" in line for line in (*told, *dutch))


def test_rows_of_nothing_but_separators_are_left_out() -> None:
    found = parse_register(b"region;provincie\n01;Drenthe\n;\n ; \n", "from Excel.csv")
    assert found.regions == {"01": {"provincie": "Drenthe"}}


HEADER = ["region", "naam", "provincie", "grootte"]


def workbook(rows: Sequence[Sequence[Any]]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return book


def as_bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_as_its_first_sheet_shows_it(tmp_path: Path) -> None:
    book = workbook([HEADER, ["01", "Een", "Drenthe", 4], [2, "Twee", "Zeeland", 4.0]])
    sheet = book.active
    sheet.append([3.0, " Drie ", "Zeeland", 2.5])
    sheet["A3"].number_format = sheet["A4"].number_format = "00"
    sheet["F9"].number_format = "0.00"  # laid out, and empty
    choices = DataValidation(type="list", formula1='"a,b"')
    sheet.add_data_validation(choices)
    choices.add("D2")
    book.create_sheet("tweede").append(["region", "naam"])
    path = tmp_path / "register.XLSX"
    path.write_bytes(as_bytes(book))
    assert read_register(path) == Register(
        {
            "01": {"provincie": "Drenthe", "grootte": "4"},
            "02": {"provincie": "Zeeland", "grootte": "4"},
            "03": {"provincie": "Zeeland", "grootte": "2,5"},
        },
        ("provincie", "grootte"),
        {"01": "Een", "02": "Twee", "03": "Drie"},
    )


def test_every_cell_that_is_no_text_or_number_is_told_with_its_place(file: Path) -> None:
    book = workbook(
        [
            HEADER,
            ["01", date(2024, 2, 1), "Drenthe", True],
            [],
            ["02", "Twee", "#N/A", "=A1&A2"],
            ["02", "Twee", None, "klein", None, "over"],
            ["03", datetime(2024, 2, 1, tzinfo=UTC).replace(tzinfo=None), timedelta(1), "groot"],
        ]
    )
    assert faults(file, as_bytes(book)) == [
        "row 2: cell B2 holds a date: format it as text and type the value anew",
        "row 2: cell D2 holds TRUE or FALSE: type a text, such as yes or no",
        "row 4: cell C4 holds an error: mend the formula or type the value",
        "row 4: cell D4 holds a formula without a result: save the workbook in Excel, or type "
        "the value",
        "row 5: there is a value in column 6, which has no name in row 1",
        "row 5: the value of provincie is empty",
        "row 5: region '02' is in row 4 too",
        "row 6: cell B6 holds a date: format it as text and type the value anew",
        "row 6: cell C6 holds a date: format it as text and type the value anew",
    ]


def with_part(content: bytes, part: str, change: tuple[bytes, bytes]) -> bytes:
    """The workbook with another text in one of its parts, as other programs may write it."""
    out = io.BytesIO()
    packed = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(io.BytesIO(content)) as old, packed as new:
        for name in old.namelist():
            text = old.read(name)
            if name == part:
                text = text.replace(b"<v></v>", b"<v />")  # with lxml or without
                assert change[0] in text
                text = text.replace(*change)
            new.writestr(name, text)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_of_a_formula_the_result_counts(file: Path) -> None:
    content = as_bytes(workbook([["region", "soort", "programmaleider"], ["01", "=1+3", "=A9"]]))
    computed = with_part(content, SHEET, (b"<f>1+3</f><v />", b"<f>1+3</f><v>4</v>"))
    told = faults(file, computed)
    assert [line[:36] for line in told] == ["row 2: cell C2 holds a formula witho"]
    empty = (b'<c r="C2"><f>A9</f><v />', b'<c r="C2" t="str"><f>A9</f><v></v>')
    register = parse_register(with_part(computed, SHEET, empty), "register.xlsx")
    assert register == Register({"01": {"soort": "4"}}, ("soort",))


def test_a_wrong_note_of_the_size_of_a_sheet_hides_no_rows(file: Path) -> None:
    content = as_bytes(workbook([["region", "soort"], ["01", "a"], ["02", "b"]]))
    small = with_part(content, SHEET, (b'<dimension ref="A1:B3"', b'<dimension ref="A1:A1"'))
    assert len(parse_register(small, "x.xlsx").regions) == 2


def test_control_characters_that_a_workbook_spells_out_are_read() -> None:
    book = workbook([["region", "soort"], ["01", "een_x000D_\ntwee"]])
    assert parse_register(as_bytes(book), "x.xlsx").regions["01"]["soort"] == "een\r\ntwee"


def texts_as_bytes(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of texts only, which stand apart from the sheet, as Excel has it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    return out.getvalue()


GOOD = texts_as_bytes([["region", "soort"], ["01", "a"]])
BROKEN = "the file is not a whole Excel workbook: open it in Excel and save it as .xlsx"
LOCKED = "the workbook has a password or is of before 2007: save it as .xlsx without a password"
TOO_LARGE = "the workbook is far too large: copy the table to a new workbook"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", BROKEN),
        (b"region,soort\n01,a\n", BROKEN),
        (GOOD[: len(GOOD) // 2], BROKEN),
        (GOOD[:-30], BROKEN),
        (with_part(GOOD, SHEET, (b"</sheetData>", b"")), BROKEN),
        (with_part(GOOD, SHEET, (b"<v>0</v>", b"<v>99</v>")), BROKEN),
        (with_part(GOOD, "[Content_Types].xml", (b"sheet.main+xml", b"other")), BROKEN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), LOCKED),
        (with_part(GOOD, SHEET, (b'<row r="2"', b'<row r="9999999999"')), TOO_LARGE),
        (with_part(GOOD, SHEET, (b"</worksheet>", bytes(30_000_000))), TOO_LARGE),
        (b"x" * 6_000_000, "the file is far too large for a register of regions"),
        (as_bytes(Workbook()), "row 1: is empty, but should name the columns"),
        (as_bytes(workbook([[], ["01", "a"]])), "row 1: is empty, but should name the columns"),
        (as_bytes(workbook([["region", "soort"]])), "the register holds no regions"),
    ],
)
def test_a_file_that_is_no_whole_workbook_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(InvalidRegister) as refused:
        parse_register(content, "register.xlsx")
    assert [str(error) for error in refused.value.errors] == [told]
    assert all(error.in_dutch.endswith(".") for error in refused.value.errors)


@steady
@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=4))
def test_a_damaged_workbook_is_read_or_refused(place: int, noise: bytes) -> None:
    damaged = GOOD[:place] + noise + GOOD[place + len(noise) :]
    try:
        register = parse_register(damaged, "register.xlsx")
    except InvalidRegister:
        return
    assert register.regions


# what no XML can hold
typed = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="@\ufffe\uffff"),
    min_size=1,
    max_size=12,
).filter(str.strip)
leaders = st.sampled_from(["", "anna@voorbeeld.nl", "b.smit@voorbeeld.nl"])


@steady
@given(
    st.lists(st.tuples(typed, typed, typed | st.just(""), leaders), min_size=1, max_size=5).filter(
        lambda rows: len({row[0].strip() for row in rows}) == len(rows)
    )
)
def test_any_text_survives_and_a_workbook_and_csv_give_the_same_register(
    rows: list[tuple[str, ...]],
) -> None:
    table = [("Nummer", "soort", "programmaleider", "e-mail"), *rows]
    text = io.StringIO()
    csv.writer(text).writerows(table)
    register = parse_register(texts_as_bytes(table), "register.xlsx")
    assert register == parse_register(text.getvalue().encode(), "register.csv")
    assert register.regions == {row[0].strip(): {"soort": row[1].strip()} for row in rows}
    assert register.contacts == {
        row[0].strip(): Contact(" ".join(row[2].split()), row[3])
        for row in rows
        if row[2].strip() or row[3]
    }


def test_no_column_but_that_of_the_leaders_holds_an_address(file: Path) -> None:
    content = "region,naam,x@voorbeeld.nl\n01,Jan <jan@voorbeeld.nl>,a\nb@voorbeeld.nl,Oost,a\n"
    assert faults(file, content) == [
        "row 1: column 3 has no usable name: it is too long or an e-mail address",
        "row 2: 'naam' holds an e-mail address: name that column 'e-mail' or remove it",
        "row 3: 'region' holds an e-mail address: name that column 'e-mail' or remove it",
    ]


def test_a_text_that_nobody_meant_is_refused(file: Path) -> None:
    content = f"region,naam,{'k' * 501}\n01,{'n' * 501},{'v' * 500}\n"
    assert faults(file, content) == [
        "row 1: column 3 has no usable name: it is too long or an e-mail address",
        "row 2: the value of column 2 has 501 signs: 500 at most",
    ]
