"""A proposal finds what is clear, marks what is doubtful, and leaves the rest to a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from surveys.definition import DEFINITIONS, parse_definition, read_definition
from surveys.importing import ItemSource, Proposal, propose, read_table
from surveys.importing.matching import normalise
from tests.surveys.importing.files import delimited, spss

ALL_TYPES = read_definition(Path(__file__).parents[2] / "definitions" / "all_types.toml")
QUESTIONS = ALL_TYPES.questionnaire
WAVE_2021 = read_definition(DEFINITIONS / "sto_programmaleiders_2021.toml").questionnaire


def proposal(header: list[str], *rows: list[str], regions: tuple[str, ...] = ()) -> Proposal:
    return propose(read_table("a.csv", delimited([header, *rows], ";")), QUESTIONS, regions)


def codes(found: Proposal) -> list[str]:
    return [doubt.code for doubt in found.doubts]


def test_texts_are_compared_without_case_accents_and_signs() -> None:
    assert normalise("  Eén, (Her)inrichting\n& MBO-3/4! ") == "een her inrichting mbo 3 4"


@pytest.mark.parametrize(
    "name", ["cijfer", "CIJFER", "Een cijfer", "een  cijfer?", "Getypte vragen: Een cijfer"]
)
def test_a_column_is_known_by_id_text_or_section(name: str) -> None:
    found = proposal(["regio", name], ["01", "7"])
    assert found.mapping.items == {"cijfer": ItemSource(" ".join(name.split()))}
    assert found.doubts == ()


def test_a_reworded_text_is_proposed_with_doubt_and_another_text_is_not() -> None:
    rows = (["01", "1", "2"],)
    header = ["regio", "Uitwerken van de regioplannen", "Hoeveel leerlingen heeft u?"]
    table = read_table("a.csv", delimited([header, *rows]))
    found = propose(table, WAVE_2021)
    assert found.mapping.items["aandacht_regioplan"].column == header[1]
    assert codes(found) == ["doubtful_column"]
    assert found.unmatched_columns == (header[2],)
    assert "borging_hoe" in found.unmatched_items
    assert str(found.doubts[0]).startswith(f"column '{header[1]}', question 'aandacht_regioplan'")


def test_rows_of_a_matrix_are_known_with_its_text_on_either_side() -> None:
    for name in ("Een matrix [Rij twee]", "Rij twee - Een matrix", "Een matrix Rij twee"):
        found = proposal(["regio", name], ["01", "2"])
        assert found.mapping.items == {"rij_twee": ItemSource(name)}
        assert found.doubts == ()


def test_each_column_and_each_question_is_used_once() -> None:
    found = proposal(["regio", "Een cijfer", "cijfer"], ["01", "7", "8"])
    assert found.mapping.items["cijfer"] == ItemSource("cijfer")
    assert found.unmatched_columns == ("Een cijfer",)


@pytest.mark.parametrize(
    ("values", "meant", "doubts"),
    [
        (["1", "2"], {}, []),
        (["Weinig", "VEEL"], {"Weinig": "1", "VEEL": "3"}, []),
        (["Weet ik niet", "n.v.t."], {"Weet ik niet": "weet_niet", "n.v.t.": "nvt"}, []),
        (["geen antwoord"], {"geen antwoord": "overgeslagen"}, []),
        (["enigzins"], {"enigzins": "2"}, ["doubtful_value"]),
        (["99"], {}, ["unknown_value"]),
        (["0", "1", "2"], {"0": "1", "1": "2", "2": "3"}, ["ordered_values"]),
    ],
)
def test_values_of_a_scale(values: list[str], meant: dict[str, str], doubts: list[str]) -> None:
    found = proposal(["regio", "schaal"], *([f"{n}", v] for n, v in enumerate(values)))
    assert dict(found.mapping.scales.get("mate", {})) == meant
    assert codes(found) == doubts


@pytest.mark.parametrize(
    ("values", "meant", "doubts"),
    [
        (["Ja", "NEE"], {"Ja": "ja", "NEE": "nee"}, []),
        (["true", "false"], {"true": "ja", "false": "nee"}, []),
        (["1", "0"], {"1": "ja", "0": "nee"}, ["ordered_values"]),
        (["1", "2"], {"1": "ja", "2": "nee"}, ["ordered_values"]),
    ],
)
def test_values_of_yes_or_no(values: list[str], meant: dict[str, str], doubts: list[str]) -> None:
    found = proposal(["regio", "ja_nee"], *([f"{n}", v] for n, v in enumerate(values)))
    assert found.mapping.items["ja_nee"].values == meant
    assert codes(found) == doubts


def test_answers_that_differ_in_signs_only_are_told_apart() -> None:
    scale = (
        '[[scales]]\nid = "s"\nchoices = [{ code = 1, label = "--" }, { code = 2, label = "++" }]'
    )
    item = 'type = "scale"\nid = "v"\nconcept = "v"\ntext = "Hoe?"\nscale = "s"'
    definition = parse_definition(
        'id = "x"\nversion = "1"\nwave = "1"\ntitle = "X"\n'
        f'{scale}\n[[sections]]\nid = "b"\ntitle = "B"\n[[sections.items]]\n{item}\n'
    )
    table = read_table("a.csv", delimited([["regio", "v"], ["01", "++"], ["02", "+"]]))
    found = propose(table, definition.questionnaire)
    assert found.mapping.scales == {"s": {"++": "2"}}
    assert codes(found) == ["unknown_value"]


def test_a_value_with_two_meanings_on_one_scale_stays_with_its_questions(tmp_path: Path) -> None:
    columns = {"regio": ["01"], "schaal": [1], "rij_een": [1]}
    labels = {"schaal": {1: "weinig", 2: "enigszins"}, "rij_een": {1: "veel", 2: "enigszins"}}
    found = from_spss(tmp_path, columns, variable_value_labels=labels)
    assert found.mapping.scales == {}
    assert found.mapping.items["schaal"].values == {}
    assert found.mapping.items["rij_een"].values == {"1": "3"}
    assert found.doubts == ()


def from_spss(folder: Path, columns: dict[str, Any], **about: Any) -> Proposal:
    return propose(read_table("a.sav", spss(folder / "a.sav", columns, **about)), QUESTIONS)


def test_labels_of_spss_say_what_is_missing(tmp_path: Path) -> None:
    found = from_spss(
        tmp_path,
        {"regio": ["01", "02"], "getal": [7, 99], "kort": ["a", "-"], "cijfer": [7, 98]},
        variable_value_labels={"getal": {99: "weet niet"}, "kort": {"-": "geen antwoord"}},
        missing_ranges={"getal": [99], "kort": ["-"], "cijfer": [98]},
    )
    items = found.mapping.items
    assert items["getal"].values == {"99": "weet_niet"}
    assert items["kort"].values == {"-": "overgeslagen"}
    assert items["cijfer"].values == {"98": "overgeslagen"}
    assert [(doubt.code, doubt.place.item) for doubt in found.doubts] == [
        ("doubtful_value", "cijfer")
    ]


def test_a_reason_that_a_question_does_not_offer_is_doubtful(tmp_path: Path) -> None:
    about = {"variable_value_labels": {"kort": {"-": "weet niet"}}}
    found = from_spss(tmp_path, {"regio": ["01"], "kort": ["-"]}, **about)
    assert found.mapping.items["kort"].values == {"-": "overgeslagen"}
    assert codes(found) == ["reason_not_offered"]


def test_a_multiple_item_in_columns_of_its_options() -> None:
    header = ["regio", "Meer antwoorden: Optie a", "Meer antwoorden: Optie b"]
    found = proposal(header, ["01", "Optie a", "aangevinkt"], ["02", "", "?"])
    source = found.mapping.items["meer"]
    assert source.options == {"a": header[1], "b": header[2]}
    assert source.values == {"Optie a": "gekozen", "aangevinkt": "gekozen"}
    assert codes(found) == ["unknown_value", "no_option_column"]


@pytest.mark.parametrize("sign", [";", "|", ",", "\n"])
def test_a_multiple_item_in_one_column(sign: str) -> None:
    found = proposal(["regio", "meer"], ["01", f"Optie a{sign}Optie b"], ["02", "Weet niet"])
    source = found.mapping.items["meer"]
    assert source.separator == sign
    assert source.values == {"Optie a": "a", "Optie b": "b", "Weet niet": "weet_niet"}
    assert found.doubts == ()


def test_the_region_is_known_by_its_name_or_by_its_numbers() -> None:
    assert proposal(["Regio-nr.", "cijfer"], ["01", "7"]).mapping.region == "Regio-nr."
    rows = (["7", "1"], ["7", "2"])
    assert proposal(["cijfer", "wie"], *rows, regions=("01", "02")).mapping.region == "wie"
    assert proposal(["cijfer", "wie"], *rows).mapping.region == ""


def test_a_long_file_is_known_by_its_questions() -> None:
    rows = (["01", "Een schaal", "veel"], ["01", "cijfer", "7"], ["01", "iets", "x"])
    found = proposal(["regio", "stelling", "antwoord"], *rows)
    assert (found.mapping.layout, found.mapping.item, found.mapping.value) == (
        "long",
        "stelling",
        "antwoord",
    )
    assert found.mapping.items["schaal"].name == "Een schaal"
    assert found.mapping.items["cijfer"].name == ""
    assert found.mapping.scales == {"mate": {"veel": "3"}}


def test_in_a_file_of_answers_an_open_question_can_be_not_asked() -> None:
    rows = (["01", "ja_nee", "nee"], ["01", "lang", "niet_gevraagd"], ["02", "kort", "nvt"])
    found = proposal(["region", "item", "value"], *rows).mapping.items
    assert found["lang"].values == {"niet_gevraagd": "niet_gevraagd"}
    assert found["kort"].values == {}


def test_doubts_are_remarks_for_the_mapping_file() -> None:
    found = proposal(["regio", "schaal", "extra"], ["01", "99", "x"])
    assert "unknown" not in found.remarks[""]
    assert found.remarks[""][0] == "no question was found for: extra"
    assert found.remarks["schaal"][0].startswith("column 'schaal', question 'schaal': nothing is")
