"""A file of any kind becomes one table, or a fault that says what is wrong with it and where."""

from __future__ import annotations

import datetime
import hashlib
import io
import struct
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from surveys.importing import UnreadableFile, read_file, read_table
from surveys.importing.table import MAX_BYTES, MAX_ROWS, name_columns
from surveys.spreadsheet import format_number
from tests.surveys.importing.files import delimited, spss, workbook

ROWS = [["regio", "v1"], ["01", 4], ["02", 7.5]]


def faults(name: str, content: bytes, sheet: str | None = None) -> list[str]:
    with pytest.raises(UnreadableFile) as refused:
        read_table(name, content, sheet)
    assert all(fault.sentence for fault in refused.value.faults)
    return [str(fault) for fault in refused.value.faults]


def cells(content: bytes, name: str = "a.xlsx") -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in read_table(name, content).rows]


def test_numbers_of_a_workbook_are_read_as_a_person_sees_them() -> None:
    assert cells(workbook(ROWS)) == [(2, ("01", "4")), (3, ("02", "7,5"))]


def test_the_number_of_a_region_keeps_the_nought_that_its_layout_shows() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        layout = book.add_format({"num_format": "00"})
        sheet.write_row(0, 0, ["regio", "v1"])
        sheet.write_number(1, 0, 1, layout)
        sheet.write_number(2, 0, 12, layout)
        sheet.write_column(1, 1, [4, 5])
    assert cells(file.getvalue()) == [(2, ("01", "4")), (3, ("12", "5"))]


@pytest.mark.parametrize(
    ("number", "shown"),
    [(4.0, "4"), (-0.0, "0"), (0.1 + 0.2, "0,3"), (1e20, "1" + "0" * 20), (1.125, "1,125")],
)
def test_a_number_is_written_without_what_is_not_there(number: float, shown: str) -> None:
    assert format_number(number) == shown


@pytest.mark.parametrize(
    ("content", "number"),
    [
        (b"regio,v1\n01,4\n\n02,\n", 4),
        (b"\xef\xbb\xbfregio;v1\r\n01;4\r\n;\r\n02;\r\n", 4),
        (b'regio;"Voldoende, en goed"\n01;4\n02;\n', 3),
        (b"regio;Voldoende, en goed\n01;4\n02;\n", 3),
    ],
    ids=["comma", "from Excel", "comma in quotes", "comma in a name"],
)
def test_a_csv_file_is_read_however_it_was_saved(content: bytes, number: int) -> None:
    assert cells(content, "a.csv") == [(2, ("01", "4")), (number, ("02", ""))]


def test_rows_keep_their_number_beside_empty_rows_and_a_late_header() -> None:
    table = read_table("a.xlsx", workbook([[], ["regio", "", "v1"], [], ["01", "", 4]]))
    assert [column.name for column in table.columns] == ["regio", "v1"]
    assert [column.letter for column in table.columns] == ["A", "C"]
    assert [(row.number, row.cells) for row in table.rows] == [(4, ("01", "4"))]


def test_columns_with_one_name_or_none_are_told_apart_by_their_letter() -> None:
    rows = [["regio", "Docenten", "Docenten", ""], ["01", 1, 2, 3]]
    columns = read_table("a.xlsx", workbook(rows)).columns
    names = ["regio", "Docenten", "Docenten (kolom C)", "kolom D"]
    assert [column.name for column in columns] == names
    assert columns[2].label == "Docenten"


@given(st.lists(st.sampled_from(["", "a", "a (kolom B)", "kolom A"]), max_size=30))
def test_names_of_columns_are_unique(headers: list[str]) -> None:
    columns = name_columns(headers)
    assert len({column.name for column in columns}) == len(headers)
    assert name_columns([""] * 703)[-1].letter == "AAA"


def test_the_first_sheet_is_read_unless_another_is_asked_for() -> None:
    content = workbook({"Uitleg": [["a"], ["1"]], "Data": ROWS})
    assert read_table("a.xlsx", content).sheets == ("Uitleg", "Data")
    assert read_table("a.xlsx", content).sheet == "Uitleg"
    assert read_table("a.xlsx", content, "Data").columns[0].name == "regio"
    told = "there is no sheet 'data'; the sheets are: 'Uitleg', 'Data'"
    assert faults("a.xlsx", content, "data") == [told]


def test_cells_that_hold_no_value_are_told_with_their_place() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Blad1")
        sheet.write_row(0, 0, ["regio", "v1", "v2", "v3"])
        sheet.write_row(1, 0, ["01"])
        date = book.add_format({"num_format": "d-m-yyyy"})
        sheet.write_datetime(1, 1, datetime.datetime(2021, 3, 4), date)  # noqa: DTZ001
        sheet.write_formula(1, 2, "=NA()", None, "#N/A")
        sheet.write_formula(1, 3, "=1+1", None, 2)
    table = read_table("a.xlsx", file.getvalue())
    assert [str(fault).split(";")[0] for fault in table.faults] == [
        "sheet 'Blad1', row 2, column 'v1': '2021-03-04 00:00:00' is a date",
        "sheet 'Blad1', row 2, column 'v2': '#N/A' is an error of the spreadsheet",
    ]
    assert table.faults[1].sentence.startswith(
        "Blad 'Blad1', rij 2, kolom 'v2': '#N/A' is een fout"
    )
    assert table.rows[0].cells[3] == "2"


def test_a_formula_that_was_never_worked_out_is_a_fault_and_an_empty_outcome_is_not() -> None:
    book = openpyxl.Workbook()
    book.active.append(["regio", "v1"])  # type: ignore[union-attr]
    book.active.append(["01", "=1+1"])  # type: ignore[union-attr]
    file = io.BytesIO()
    book.save(file)
    (fault,) = read_table("a.xlsx", file.getvalue()).faults
    assert (fault.code, fault.place.row, fault.place.column) == ("formula", 2, "v1")
    worked = io.BytesIO()
    with xlsxwriter.Workbook(worked) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["regio", "v1"])
        sheet.write_row(1, 0, ["01"])
        sheet.write_formula(1, 1, '=""', None, "x")
    # an empty text as an outcome, as Excel itself writes it
    emptied = rewritten(worked.getvalue(), "sheet1.xml", b"<v>x</v>", b"<v></v>")
    assert read_table("a.xlsx", emptied).faults == ()
    assert cells(emptied) == [(2, ("01", ""))]


def test_an_spss_file_brings_its_labels_and_missing_values(tmp_path: Path) -> None:
    content = spss(
        tmp_path / "a.sav",
        {"regio": ["01", "02", "03"], "v1": [1, 99, None], "v2": ["é", "x", "=1+1"]},
        column_labels={"v1": "Sterk, uniek én gezamenlijk"},
        variable_value_labels={"v1": {1: "geïntegreerd", 98: "weet niet"}},
        missing_ranges={"v1": [{"lo": 90, "hi": 99}, 7], "v2": ["x"]},
    )
    table = read_table("a.sav", content)
    one = table.column("v1")
    assert one.label == "Sterk, uniek én gezamenlijk"
    assert one.value_labels == {"1": "geïntegreerd", "98": "weet niet"}
    assert one.user_missing == {"98", "99"}
    assert table.column("v2").user_missing == {"x"}
    assert [row.cells for row in table.rows] == [
        ("01", "1", "é"),
        ("02", "99", "x"),
        ("03", "", "=1+1"),
    ]
    assert table.count_values("v1") == {"1": 1, "99": 1}


def test_a_date_in_an_spss_file_is_told(tmp_path: Path) -> None:
    days = [datetime.date(2021, 3, 4), None]
    content = spss(tmp_path / "a.sav", {"regio": ["01", "02"], "dag": days})
    (fault,) = read_table("a.sav", content).faults
    assert str(fault).startswith("row 1, column 'dag': '2021-03-04' is a date")


def encrypted_workbook() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60 * 2**20))
    return file.getvalue()


def other_archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("brief.txt", "tekst")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.ods", b"x", "is not .xlsx, .csv or .sav"),
        ("a.xlsx", b" \n", "is empty"),
        ("a.xlsx", b"regio,v1\n01,4\n", "is named .xlsx, but holds something else"),
        ("a.xlsx", encrypted_workbook(), "is encrypted or of an old kind"),
        ("a.xlsx", bomb(), "is too large: when it is unpacked"),
        ("a.xlsx", other_archive(), "is named .xlsx, but holds something else"),
        ("a.xlsx", workbook(ROWS)[:900], "cannot be read as .xlsx"),
        ("a.xlsx", workbook([["regio", "v1"]]), "sheet 'Blad1': there are no rows"),
        ("a.csv", workbook(ROWS), "is named .csv, but holds something else"),
        ("a.csv", b"$FL2" + bytes(50), "is named .csv, but holds something else"),
        ("a.csv", "a,b\n1,2\n".encode("utf-16"), "is named .csv, but holds something else"),
        ("a.csv", b"regio,v1\n", "there are no rows"),
        ("a.csv", b"regio,v1\n01,\xe9\n", "the file is not UTF-8 text"),
        ("a.csv", b"a\n" * (MAX_ROWS + 2), f"is too large: more than {MAX_ROWS} rows"),
        ("a.csv", b"a" * (MAX_BYTES + 1), "is too large: in bytes"),
        ("a.sav", workbook(ROWS), "is named .sav, but holds something else"),
        ("a.sav", b"\x1c" + bytes(7) + b"ENCRYPTEDSAV" + bytes(99), "is encrypted"),
        ("a.sav", b"$FL2" + bytes(999), "cannot be read as .sav"),
    ],
)
def test_a_file_that_is_not_a_table_is_refused_in_words(
    name: str, content: bytes, told: str
) -> None:
    (fault,) = faults(name, content)
    assert fault.startswith(told)


def test_every_row_of_a_csv_file_that_is_at_fault_is_told() -> None:
    assert faults("a.csv", b"regio,v1\n01\n02,1,2\n") == [
        "row 2: has 1 values in place of 2",
        "row 3: has 3 values in place of 2",
    ]


def test_a_file_that_was_cut_off_anywhere_is_refused_or_read(tmp_path: Path) -> None:
    files = {
        "a.sav": spss(tmp_path / "a.sav", {"regio": ["01", "02"], "v1": [1, 2]}),
        "a.xlsx": workbook(ROWS),
    }
    for name, content in files.items():
        for length in range(0, len(content), 97):
            assert len(faults(name, content[:length])) == 1


@pytest.mark.parametrize("part", ["sheet1", "sharedStrings", "workbook", "styles"])
def test_a_workbook_with_a_damaged_part_is_refused_in_words(part: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(ROWS))) as whole, zipfile.ZipFile(file, "w") as made:
        for name in whole.namelist():
            content = whole.read(name)
            made.writestr(name, content[: len(content) // 2] if part in name else content)
    (fault,) = faults("a.xlsx", file.getvalue())
    assert fault.startswith("cannot be read as .xlsx")


def test_a_file_that_crashes_its_library_is_refused_and_ends_nothing_else(tmp_path: Path) -> None:
    labels = {"variable_value_labels": {"v1": {1: "a"}}}
    content = spss(tmp_path / "a.sav", {"regio": ["01"], "v1": [1]}, **labels)
    # the record that ties labels to variables names one far beyond the last
    right, wrong = (struct.pack("<iii", 4, 1, index) for index in (2, 2**30))
    assert content.count(right) == 1
    (fault,) = faults("a.sav", content.replace(right, wrong))
    assert fault.startswith("cannot be read as .sav")


def test_the_number_of_cases_that_an_spss_file_claims_is_not_believed(tmp_path: Path) -> None:
    content = spss(tmp_path / "a.sav", {"regio": ["01", "02"]})
    number = struct.pack("<iiiiqq", 7, 16, 8, 2, 1, 2)  # also at 80, before there were so many
    assert content.count(number) == 1
    told = {}
    for claimed in (2_000_000, 100, -1):
        changed = content.replace(number, struct.pack("<iiiiqq", 7, 16, 8, 2, 1, claimed))
        told[claimed] = changed[:80] + struct.pack("<i", claimed) + changed[84:]
    assert faults("a.sav", told[2_000_000])[0].startswith("is too large")
    assert faults("a.sav", told[100])[0].startswith("cannot be read as .sav")
    assert len(read_table("a.sav", told[-1]).rows) == 2


def rewritten(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with another text in one part."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(file, "w") as made:
        for name in whole.namelist():
            text = whole.read(name)
            assert part not in name or old in text
            made.writestr(name, text.replace(old, new) if part in name else text)
    return file.getvalue()


def test_a_row_far_beyond_the_last_is_not_waited_for() -> None:
    content = rewritten(workbook(ROWS), "sheet1.xml", b'<row r="3"', b'<row r="300000000"')
    (fault,) = faults("a.xlsx", content)
    assert fault.startswith("is too large")


def test_what_a_workbook_says_of_its_own_size_is_not_believed() -> None:
    content = rewritten(workbook(ROWS), "sheet1.xml", b'ref="A1:B3"', b'ref="A1:XFD1048576"')
    assert cells(content) == cells(workbook(ROWS))


def test_the_hash_is_of_the_bytes_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(delimited(ROWS))
    assert read_file(path).source_hash == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"cannot be read .No such file"):
        read_file(tmp_path / "no.csv")


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx"]))
def test_no_content_is_more_than_refused(content: bytes, name: str) -> None:
    for start in (b"", b"PK\x03\x04"):
        with suppress(UnreadableFile):
            read_table(name, start + content)


def test_reading_a_csv_file_loads_no_libraries_for_other_files() -> None:
    code = (
        "import sys; from surveys.importing import read_table\n"
        "read_table('a.csv', b'a,b\\n1,2\\n')\n"
        "sys.exit(' '.join({'numpy', 'pandas', 'pyreadstat', 'openpyxl'} & set(sys.modules)) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert result.returncode == 0, result.stderr


def test_reading_an_spss_file_does_without_pandas(tmp_path: Path) -> None:
    spss(tmp_path / "a.sav", {"regio": ["01"]})
    code = (
        "import sys; from pathlib import Path; from surveys.importing import read_file\n"
        f"read_file(Path({str(tmp_path / 'a.sav')!r}))\n"
        "sys.exit('pandas' if 'pandas' in sys.modules else 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert result.returncode == 0, result.stderr


def test_hostile_text_stays_as_it_is(tmp_path: Path) -> None:
    texts: list[Any] = [
        "=1+1", "@SUM(A1)", "<b>vet</b>", "**vet**", "a\nb", "‮omgekeerd", "😀", "é" * 999, "_x000A_"
    ]  # fmt: skip
    rows = [["regio", "tekst"], *([f"{n:02d}", text] for n, text in enumerate(texts))]
    columns = {"regio": [row[0] for row in rows[1:]], "tekst": texts}
    for name, content in {
        "a.csv": delimited(rows, ";"),
        "a.xlsx": workbook(rows[:-1]),
        "a.sav": spss(tmp_path / "a.sav", columns),
    }.items():
        found = [text for _, (_, text) in cells(content, name)]
        assert found == texts[: len(found)]
        assert len(found) >= len(texts) - 1
