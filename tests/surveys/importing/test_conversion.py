"""A file with faults is refused with all of them, each with its place and what to do."""

from __future__ import annotations

import io
import re
import string
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from surveys.answers import MissingReason
from surveys.definition import read_definition
from surveys.importing import (
    DryRun,
    ItemSource,
    Table,
    WaveMapping,
    read_table,
    try_out,
)
from surveys.importing.fault_words import WORDS
from surveys.routing import settle
from tests.surveys.importing.files import convert, delimited, spss
from tests.surveys.strategies import answers

DEFINITIONS = Path(__file__).parents[2] / "definitions"
ALL_TYPES = read_definition(DEFINITIONS / "all_types.toml").questionnaire
HEADER = ["regio", *(question.id for question in ALL_TYPES.questions)]
WIDE = WaveMapping(
    region="regio",
    items={question.id: ItemSource(question.id) for question in ALL_TYPES.questions},
)
LONG = WaveMapping(
    "long",
    "regio",
    "vraag",
    "waarde",
    items={question.id: ItemSource() for question in ALL_TYPES.questions},
)


def wide(*rows: dict[str, str], header: list[str] = HEADER) -> Table:
    cells = [[row.get(name, "") for name in header] for row in rows]
    return read_table("a.csv", delimited([header, *cells]))


def right(region: str, **given: str) -> dict[str, str]:
    return {"regio": region, "schaal": "2", **given}


def told(run: DryRun) -> list[str]:
    for fault in run.faults:
        assert fault.sentence[0].isupper() or not fault.place.row
        assert fault.sentence != str(fault)
    return [str(fault) for fault in run.faults]


def with_source(item: str, source: ItemSource, mapping: WaveMapping = WIDE) -> WaveMapping:
    return replace(mapping, items={**mapping.items, item: source})


def test_a_right_file_gives_an_answer_to_every_question() -> None:
    given = right("1", rij_een="nvt", ja_nee="ja", getal="7,5", lang="=1+1", kort="niet_gevraagd")
    found = convert(wide(given), WIDE, ALL_TYPES, ["01", "02"])
    expected = {
        "schaal": "2",
        "rij_een": MissingReason.NOT_APPLICABLE,
        "ja_nee": "ja",
        "getal": Decimal("7.5"),
        "lang": "=1+1",
        "kort": "niet_gevraagd",  # a text, and not the reason
    }
    assert found == {"01": settle(ALL_TYPES, expected)}
    assert type(found["01"]["kort"]) is str


def test_all_faults_of_a_file_are_told_at_once() -> None:
    table = wide(
        right("01", getal="61", kort="x" * 21, cijfer="11"),
        right("03"),
        right("1"),
        {"regio": "02", "rij_een": "9", "lang": "wel"},
        {"kort": "zonder regio"},
    )
    run = try_out(table, WIDE, ALL_TYPES, {"01", "02"})
    grades = ", ".join(map(str, range(1, 11)))
    mend = "mend it, or say what it stands for"
    assert told(run) == [
        "row 2, column 'cijfer', region '01', question 'cijfer': '11' cannot be an answer here: "
        f"outside (expected: {grades}); {mend}",
        "row 2, column 'getal', region '01', question 'getal': '61' cannot be an answer here: "
        f"too high; {mend}",
        "row 2, column 'kort', region '01', question 'kort': 'xxxxxxxxxxxxxxxxxxxxx' cannot be an "
        f"answer here: too long; {mend}",
        "row 3, column 'regio': region '03' is not in the register; mend the number or add the "
        "region",
        "row 4, column 'regio': region '1' is in row 2 too; keep one of the two rows",
        "row 5, column 'rij_een', region '02', question 'rij_een': '9' cannot be an answer here: "
        f"unknown code (expected: 1, 2, 3); {mend}",
        "row 5, column 'schaal', region '02', question 'schaal': the question is required and has "
        "no answer; fill it in, or map the empty value",
        "row 5, column 'lang', region '02', question 'lang': the question is answered, but is not "
        "asked given the answer on 'ja_nee'; mend one of the two, or map the value to "
        "niet_gevraagd",
        "row 6, column 'regio': the row has answers, but no region; fill in its number",
    ]
    assert run.faults[1].sentence == (
        "Rij 2, kolom 'getal', regio '01', vraag 'getal': '61' kan hier geen antwoord zijn. "
        "Vul een getal in van 60 of minder. Of geef aan waar het voor staat."
    )


def test_an_answer_at_fault_does_not_make_faults_of_what_hangs_on_it() -> None:
    (fault,) = told(try_out(wide(right("01", ja_nee="misschien", lang="wel")), WIDE, ALL_TYPES))
    assert "'misschien'" in fault


def test_a_row_without_any_answer_is_left_out_and_told() -> None:
    run = try_out(wide(right("01"), {"regio": "02"}), WIDE, ALL_TYPES)
    assert list(run.responses) == ["01"]
    assert run.silent == ("02",)
    assert run.faults == ()


def test_what_the_file_says_of_a_missing_answer_goes_before_the_conditions() -> None:
    values = {"-": "niet_gevraagd", "": "overgeslagen"}
    mapping = with_source("schaal", ItemSource("schaal", values=values))
    rows = ({"regio": "01", "schaal": "-", "kort": "a"}, {"regio": "02", "kort": "a"})
    found = convert(wide(*rows), mapping, ALL_TYPES)
    assert found["01"]["schaal"] is MissingReason.NOT_ASKED
    assert found["02"]["schaal"] is MissingReason.SKIPPED


def test_a_value_is_read_as_its_question_says_and_else_as_its_scale_says() -> None:
    scales = {"mate": {"weinig": "1", "?": "weet_niet"}}
    mapping = with_source("rij_een", ItemSource("rij_een", values={"?": "3"}))
    table = wide(right("01", schaal="weinig", rij_een="?", rij_twee="?"))
    found = convert(table, replace(mapping, scales=scales), ALL_TYPES)["01"]
    shown = [found[item] for item in ("schaal", "rij_een", "rij_twee")]
    assert shown == ["1", "3", MissingReason.DONT_KNOW]


OPTIONS = ItemSource(options={"a": "m_a", "b": "m_b", "geen": "m_g"})
IN_OPTIONS = with_source("meer", OPTIONS)


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        (("1", "0", ""), ("a",)),
        (("1", "1", "0"), ("a", "b")),
        (("", "", ""), MissingReason.SKIPPED),
        (("0", "0", "0"), MissingReason.SKIPPED),
        (("weet_niet", "weet_niet", "weet_niet"), MissingReason.DONT_KNOW),
        (("nvt", "", "0"), MissingReason.NOT_APPLICABLE),
        (("1", "0", "1"), "exclusive"),
        (("1", "nvt", ""), "a reason for no answer"),
        (("2", "", ""), "neither chosen nor not chosen"),
    ],
)
def test_options_in_columns_of_their_own(cells: tuple[str, str, str], answer: object) -> None:
    row = right("01", **dict(zip(("m_a", "m_b", "m_g"), cells, strict=True)))
    header = [*(name for name in HEADER if name != "meer"), "m_a", "m_b", "m_g"]
    run = try_out(wide(row, header=header), IN_OPTIONS, ALL_TYPES)
    if isinstance(answer, str) and not isinstance(answer, MissingReason):
        (fault,) = told(run)
        assert answer in fault
    else:
        assert run.responses["01"]["meer"] == answer
        assert run.faults == ()


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("b | a", ("a", "b")),
        ("Optie a", ("a",)),
        ("nvt", MissingReason.NOT_APPLICABLE),
        ("", MissingReason.SKIPPED),
        ("a|a", "repeated"),
        ("a|c", "unknown code"),
        ("a|nvt", "a reason for no answer"),
    ],
)
def test_options_in_one_column(cell: str, answer: object) -> None:
    source = ItemSource("meer", separator="|", values={"Optie a": "a"})
    run = try_out(wide(right("01", meer=cell)), with_source("meer", source), ALL_TYPES)
    if isinstance(answer, str) and not isinstance(answer, MissingReason):
        (fault,) = told(run)
        assert answer in fault
    else:
        assert run.responses["01"]["meer"] == answer


def long(*rows: tuple[str, str, str]) -> Table:
    return read_table("a.csv", delimited([["regio", "vraag", "waarde"], *rows]))


def test_a_long_file_has_a_row_per_answer() -> None:
    table = long(("01", "schaal", "2"), ("01", "meer", "b"), ("01", "meer", "a"), ("2", "V9", "3"))
    mapping = with_source("schaal", ItemSource(name="V9"), LONG)
    told_once = told(try_out(table, mapping, ALL_TYPES))
    assert len(told_once) == 2  # 'schaal' is no name here, so that 01 lacks a required answer
    right_names = long(
        ("01", "V9", "2"), ("01", "meer", "b"), ("01", "meer", "a"), ("2", "V9", "3")
    )
    found = convert(right_names, mapping, ALL_TYPES, ["01", "02"])
    assert found["01"] == settle(ALL_TYPES, {"schaal": "2", "meer": ("a", "b")})
    assert found["02"] == settle(ALL_TYPES, {"schaal": "3"})


def test_faults_of_a_long_file() -> None:
    table = long(
        ("01", "schaal", "2"),
        ("01", "schaal", "2"),
        ("01", "v8", "2"),
        ("02", "v8", "2"),
        ("01", "v9", "2"),
        ("", "schaal", "2"),
    )
    assert told(try_out(table, replace(LONG, left_out=("v9",)), ALL_TYPES)) == [
        "row 3, region '01', question 'schaal': the question is answered in row 2 too; keep one "
        "of the two rows",
        "row 4, column 'vraag': 'v8' is not a question that is mapped; choose its question or "
        "leave it out",
        "row 7, column 'regio': the row has answers, but no region; fill in its number",
    ]


def test_columns_with_data_are_mapped_or_left_out_on_purpose() -> None:
    table = wide(
        right("01", tijd="12:00", opmerking="x"), header=[*HEADER, "tijd", "opmerking", "leeg"]
    )
    assert told(try_out(table, WIDE, ALL_TYPES)) == [
        f"column '{name}': holds data, but is not mapped; choose its question or leave it out"
        for name in ("tijd", "opmerking")
    ]
    run = try_out(table, replace(WIDE, left_out=("tijd", "opmerking", "weg")), ALL_TYPES)
    assert run.faults == ()
    assert run.left_out == ("tijd", "opmerking")


def test_faults_of_a_mapping_are_told_beside_the_file() -> None:
    items: dict[str, ItemSource] = {
        **WIDE.items,
        "rij_een": ItemSource("schaal"),
        "rij_twee": ItemSource("rij_twee", options={"a": "x"}),
        "meer": ItemSource(options={"z": "meer"}),
        "ja_nee": ItemSource("janee", values={"1": "yes"}),
        "cijfer": ItemSource(),
        "getal": ItemSource("getal", name="g"),
        "erbij": ItemSource("kort"),
    }
    del items["lang"]
    mapping = WaveMapping(
        items=items,
        scales={"maat": {}, "mate": {"x": "7"}},
        not_asked=("kort",),
        left_out=("kort",),
    )
    faults = told(try_out(wide(right("01")), mapping, ALL_TYPES))
    assert {re.sub(r".*?: ", "", fault, count=1).split(";")[0] for fault in faults} >= {
        "the question has a column and is listed as not asked",
        "the column is used for question 'schaal' and for question 'rij_een'",
        "the question has a column and columns per option",
        "options and a separator are for a question with several answers only",
        "the question has no option 'z'",
        "the file has no column 'janee'",
        "no column is chosen for the question",
        "the column is both used and left out",
    }
    assert any("no column is named for the region" in fault for fault in faults)
    assert any("no scale 'maat'" in fault for fault in faults)
    assert any("'x' stands for '7', which is unknown" in fault for fault in faults)
    assert any("'1' stands for 'yes', which is unknown" in fault for fault in faults)
    assert any("no question 'erbij'" in fault for fault in faults)
    assert any("for a long file only" in fault for fault in faults)


def test_a_missing_value_of_spss_is_not_read_without_its_meaning(tmp_path: Path) -> None:
    about = {"missing_ranges": {"getal": [9]}}
    columns = {"regio": ["01", "02"], "schaal": [1, 2], "getal": [8, 9]}
    table = read_table("a.sav", spss(tmp_path / "a.sav", columns, **about))
    absent = tuple(q.id for q in ALL_TYPES.questions if q.id not in columns)
    items = {"schaal": ItemSource("schaal"), "getal": ItemSource("getal")}
    mapping = WaveMapping(region="regio", items=items, not_asked=absent)
    (fault,) = told(try_out(table, mapping, ALL_TYPES))
    assert fault.startswith(
        "row 2, column 'getal', region '02', question 'getal': '9' is a missing"
    )
    meant = with_source("getal", ItemSource("getal", values={"9": "weet_niet"}), mapping)
    found = convert(table, meant, ALL_TYPES)
    assert found["02"]["getal"] is MissingReason.DONT_KNOW
    assert found["01"]["kort"] is MissingReason.NOT_ASKED


def test_a_cell_without_a_value_counts_only_where_it_is_used() -> None:
    table = read_table("a.xlsx", error_cell())
    absent = tuple(item for item in HEADER[1:] if item not in ("schaal", "getal"))
    items = {"schaal": ItemSource("schaal")}
    left_out = WaveMapping(
        region="regio", items=items, not_asked=(*absent, "getal"), left_out=("getal",)
    )
    assert told(try_out(table, left_out, ALL_TYPES)) == []
    used = replace(left_out, items={**items, "getal": ItemSource("getal")}, left_out=())
    (fault,) = told(try_out(table, replace(used, not_asked=absent), ALL_TYPES))
    assert fault.startswith("sheet 'Blad1', row 2, column 'getal': '#N/A' is an error")


def error_cell() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        sheet = made.add_worksheet("Blad1")
        sheet.write_row(0, 0, ["regio", "schaal", "getal"])
        sheet.write_row(1, 0, ["01", 2])
        sheet.write_formula(1, 2, "=NA()", None, "#N/A")
    return file.getvalue()


def test_the_hashes_of_file_and_mapping_are_told() -> None:
    table = wide(right("01"))
    run = try_out(table, WIDE, ALL_TYPES)
    assert run.source_hash == table.source_hash
    assert run.mapping_hash == WIDE.content_hash
    assert re.fullmatch("[0-9a-f]{64}", run.mapping_hash)


def test_every_sentence_of_the_catalogue_names_the_same_things_in_both_languages() -> None:
    dutch_names = {"wat": "what", "vorm": "shape", "rol": "role", "eerste": "first"}
    for english, dutch in WORDS.values():
        names = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (english, dutch)
        ]
        translated = {dutch_names.get(name, name) for name in names[1]}
        only_english = {"suffix", "reason", "message", "known", "second"}
        assert translated - {"dutch", "tweede"} <= names[0]
        assert names[0] - translated <= only_english


@given(st.data())
def test_answers_of_every_type_come_back(data: st.DataObject) -> None:
    given = {**data.draw(answers(ALL_TYPES)), "schaal": "1"}
    settled = settle(ALL_TYPES, given)
    cells = {
        item: "|".join(value) if isinstance(value, tuple) else str(value)
        for item, value in settled.items()
        if value not in (MissingReason.SKIPPED, MissingReason.NOT_ASKED)
    }
    mapping = with_source("meer", ItemSource("meer", separator="|"))
    found = convert(wide({"regio": "01", **cells}), mapping, ALL_TYPES)
    assert found == {"01": settled}


@given(st.lists(st.lists(st.sampled_from(["", "01", "2", "a", "nvt", "x" * 30]), max_size=10)))
def test_no_content_of_cells_is_more_than_refused(rows: list[list[str]]) -> None:
    full = [(row + [""] * len(HEADER))[: len(HEADER)] for row in rows]
    table = read_table("a.csv", delimited([HEADER, ["9"] * len(HEADER), *full]))
    run = try_out(table, WIDE, ALL_TYPES, ["01", "02"])
    assert len(told(run)) >= 1
    for response in run.responses.values():
        assert list(response) == [question.id for question in ALL_TYPES.questions]
