"""A person completes a mapping: what is chosen by hand is as good as what was proposed."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveys.definition import read_definition
from surveys.importing import (
    ItemSource,
    Table,
    WaveMapping,
    find_unused,
    group_values,
    propose,
    read_table,
)
from surveys.importing.editing import (
    connect,
    connect_option,
    leave_out,
    set_meaning,
    set_not_asked,
    set_region,
    set_separator,
    still_holds,
)
from surveys.items import MultipleItem
from tests.surveys.importing.files import convert, delimited, spss
from tests.surveys.importing.test_round_trip import RESPONSES, WAVE_2021, files

ALL_TYPES = read_definition(
    Path(__file__).parents[2] / "definitions" / "all_types.toml"
).questionnaire
MEER = ALL_TYPES.question("meer")


def table_of(header: list[str], *rows: list[str]) -> Table:
    return read_table("a.csv", delimited([header, *rows]))


@pytest.mark.parametrize("name", ["labels.xlsx", "spss.sav", "codes.csv", "long.csv"])
def test_a_mapping_made_by_hand_reads_what_a_proposed_one_reads(tmp_path: Path, name: str) -> None:
    table = read_table(name, files(tmp_path)[name])
    proposed = propose(table, WAVE_2021, RESPONSES).mapping
    made = WaveMapping(proposed.layout, proposed.region, proposed.item, proposed.value)
    for item, source in proposed.items.items():
        question = WAVE_2021.question(item)
        if isinstance(question, MultipleItem) and source.options:
            for code, column in source.options.items():
                made = connect_option(made, table, question, code, column)
        else:
            place = source.name or item if made.layout == "long" else source.column
            made = connect(made, table, WAVE_2021, item, place)
    assert convert(table, made, WAVE_2021, RESPONSES) == RESPONSES
    assert find_unused(table, made) == []


def test_a_column_that_is_given_a_question_is_left_out_no_more() -> None:
    table = table_of(["regio", "cijfer", "v2", "leeg"], ["01", "7", "8", ""])
    mapping = set_region(leave_out(WaveMapping(), ["regio", "v2", "cijfer"]), "regio")
    mapping = connect(mapping, table, ALL_TYPES, "cijfer", "v2")
    assert mapping.left_out == ("cijfer",)
    assert find_unused(table, mapping) == []
    mapping = set_not_asked(mapping, ["cijfer"])
    assert (mapping.items, mapping.not_asked) == ({}, ("cijfer",))
    assert find_unused(table, mapping) == ["v2"]
    assert connect(mapping, table, ALL_TYPES, "cijfer", "v2").not_asked == ()


def test_a_column_coded_the_other_way_round_changes_no_other_question(tmp_path: Path) -> None:
    scale = ALL_TYPES.scales[0]
    words = [choice.label for choice in scale.choices]
    labels = {
        "schaal": dict(enumerate(words, start=1)),
        "rij_een": dict(enumerate(reversed(words), start=1)),
    }
    columns = {"regio": ["01"], "schaal": [1.0], "rij_een": [1.0]}
    table = read_table("a.sav", spss(tmp_path / "a.sav", columns, variable_value_labels=labels))
    mapping = WaveMapping(region="regio")
    for item in ("schaal", "rij_een"):
        mapping = connect(mapping, table, ALL_TYPES, item, item)
    rest = [q.id for q in ALL_TYPES.questions if q.id not in mapping.items]
    found = convert(table, set_not_asked(mapping, rest), ALL_TYPES)["01"]
    assert (found["schaal"], found["rij_een"]) == (scale.codes[0], scale.codes[-1])


def test_values_are_shown_once_for_all_questions_on_a_scale() -> None:
    table = table_of(
        ["regio", "schaal", "rij_een", "cijfer", "kort", "getal"],
        ["01", "weinig", "?", "7", "tekst", "5"],
        ["02", "2", "", "99", "nvt", "heel veel"],
        ["03", "2", "weinig", "8", "", "1,5"],
    )
    mapping = WaveMapping(region="regio")
    for column in table.columns[1:]:
        mapping = connect(mapping, table, ALL_TYPES, column.name, column.name)
    scale, *others = group_values(table, mapping, ALL_TYPES, mapping.items)
    told = [(value.text, value.count, value.meaning) for value in scale.values]
    assert scale.scale == "mate"
    assert sorted(told) == [("", 1, ""), ("2", 2, "2"), ("?", 1, ""), ("weinig", 2, "1")]
    assert told[-1][0] == ""
    assert [value.text for value in scale.values if value.is_unknown] == ["?"]
    # of a grade, a text and a number only what does not stand for itself
    assert {group.item: [value.text for value in group.values] for group in others} == {
        "cijfer": ["99"],
        "kort": [""],
        "getal": ["heel veel"],
    }
    mapping = set_meaning(mapping, "mate", "", "?", "weet_niet")
    mapping = set_meaning(mapping, "", "cijfer", "99", "nvt")
    assert mapping.scales["mate"] == {"weinig": "1", "?": "weet_niet"}
    assert mapping.items["cijfer"].values == {"99": "nvt"}
    assert set_meaning(mapping, "mate", "", "?", "").scales["mate"] == {"weinig": "1"}


def test_options_of_a_question_are_gathered_from_columns_or_from_one_cell() -> None:
    assert isinstance(MEER, MultipleItem)
    table = table_of(["regio", "een", "twee", "samen"], ["01", "ja", "nee", "a/b"])
    mapping = connect_option(WaveMapping(region="regio"), table, MEER, "a", "een")
    mapping = connect_option(mapping, table, MEER, "b", "twee")
    assert mapping.items["meer"].options == {"a": "een", "b": "twee"}
    (group,) = group_values(table, mapping, ALL_TYPES, ["meer"])
    assert {value.text: value.meaning for value in group.values} == {
        "ja": "gekozen",
        "nee": "niet_gekozen",
    }
    mapping = connect_option(mapping, table, MEER, "b", "")
    assert mapping.items["meer"].options == {"a": "een"}
    assert "meer" not in connect_option(mapping, table, MEER, "a", "").items
    mapping = connect(mapping, table, ALL_TYPES, "meer", "samen")
    assert mapping.items["meer"] == ItemSource("samen", separator="/")
    (group,) = group_values(table, set_separator(mapping, "meer", ""), ALL_TYPES, ["meer"])
    assert [value.text for value in group.values if value.is_unknown] == ["a/b"]


def test_a_doubt_holds_until_the_column_is_another() -> None:
    table = table_of(["regio", "Een cijfer geven", "v9"], ["01", "7", "8"])
    found = propose(table, ALL_TYPES)
    (doubt,) = found.doubts
    assert still_holds(doubt, found.mapping)
    assert not still_holds(doubt, connect(found.mapping, table, ALL_TYPES, "cijfer", "v9"))
    assert not still_holds(doubt, set_not_asked(found.mapping, ["cijfer"]))
