"""One region beside all regions: what may be read of the others, and what the charts and tables
say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import cycle, islice
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from analysis.disclosure import SMALLEST_PERCENTAGE, SUPPRESSED
from analysis.frames import tally_frame, tidy_frame
from analysis.results.own_region import OwnPart, lay_beside
from surveys.answers import MissingReason, Value
from surveys.definition import read_definition
from surveys.fieldwork import Wave, WaveState
from surveys.own_results import OwnResults
from surveys.previous import find_previous
from surveys.routing import settle
from tests.db.scenes import DEFINITIONS

NOW = read_definition(DEFINITIONS / "previous_answers.toml").questionnaire
THEN = read_definition(DEFINITIONS / "previous_answers_before.toml").questionnaire
WAVE = Wave("2024", WaveState.CLOSED, "", is_example=False)
OWN: dict[str, Value] = {
    "schaal": "veel",
    "rij_een": "weinig",
    "rij_twee": MissingReason.DONT_KNOW,
    "cijfer": "9",
    "uren": Decimal("7.5"),
    "bezig": "ja",
    "vormen": ("a", "c"),
    "lang": "<b>Omdat</b>",
}
BEFORE: dict[str, Value] = {"oude_schaal": "weinig", "cijfer": "6", "vormen": ("a", "oud")}

Answers = Mapping[str, Value]


def results(own: Answers, others: Sequence[Answers], before: Answers | None = None) -> OwnResults:
    """As the database gives them: the first region is the own one."""
    given = {f"{place:02}": settle(NOW, each) for place, each in enumerate([own, *others])}
    frames = [tidy_frame(NOW, asked) for asked in (given, {"00": given["00"]})]
    tallies, alone = map(tally_frame, frames)
    earlier = find_previous(NOW, THEN, settle(THEN, before)) if before else {}
    return OwnResults(
        region_name="Noord",
        wave=WAVE,
        questionnaire=NOW,
        answered=NOW,
        version=1,
        submitted_at=datetime(2024, 3, 3, tzinfo=UTC),
        answers=given["00"],
        tallies=[(*v, code, n) for v, tally in tallies.items() for code, n in tally.items()],
        own=[(*variable, *tally) for variable, tally in alone.items()],
        respondents=len(given),
        asked=78,
        earlier=earlier,
        earlier_wave="2021" if earlier else "",
    )


def some(number: int) -> list[Answers]:
    """Other regions, of which the answers differ."""
    turns: Any = {
        "schaal": cycle(["geen", "weinig", "veel"]),
        "rij_een": cycle(["enig"]),
        "rij_twee": cycle(["veel", "geen"]),
        "cijfer": cycle(["7", "8"]),
        "uren": cycle([Decimal(4), Decimal(5)]),
        "bezig": cycle(["nee"]),
        "vormen": cycle([("b",), ("a", "b")]),
    }
    columns = {item: list(islice(turn, number)) for item, turn in turns.items()}
    return [{item: column[place] for item, column in columns.items()} for place in range(number)]


def parts(found: OwnResults) -> list[OwnPart]:
    overview = lay_beside(found, date(2024, 6, 1))
    return [part for block in overview.blocks for part in block.parts]


def row_of(found: OwnResults, name: str) -> tuple[str, ...]:
    return next(row for part in parts(found) for row in part.table.rows if row[0] == name)


def data_of(part: OwnPart) -> list[dict[str, Any]]:
    """What the layers of the chart are drawn from."""
    if part.draw is None:
        return []
    layers = part.draw().layer
    return [row for drawn in layers for row in drawn.data.values]


# What may be read of the others


def test_nine_others_are_too_few_and_ten_are_enough() -> None:
    name = "Hoeveel opbrengst is er nu?"
    assert row_of(results(OWN, some(9)), name) == (name, "veel", SUPPRESSED)
    assert row_of(results(OWN, some(10)), name) == (name, "veel", "36% (4 van 11)", "11")


def test_who_gave_no_answer_is_not_among_the_regions_that_count() -> None:
    name = "Van het ander"
    assert row_of(results(OWN, some(9)), name)[-1] == SUPPRESSED
    assert row_of(results(OWN, some(10)), name) == (name, "Weet niet", "–", "10")


def test_alone_is_suppressed_and_not_unanswered() -> None:
    name = "Welk cijfer geeft u?"
    assert row_of(results(OWN, []), name) == (name, "9", SUPPRESSED)
    assert row_of(results({}, []), name) == (name, "Overgeslagen", "geen antwoorden")


@pytest.mark.parametrize(("others", "told"), [(3, "minder dan 5 andere"), (10, "11 van 78")])
def test_the_base_tells_no_small_number_of_others(others: int, told: str) -> None:
    assert told in lay_beside(results(OWN, some(others)), date(2024, 6, 1)).base


SCALE = st.sampled_from(["geen", "weinig", "enig", "veel", MissingReason.DONT_KNOW])
ANSWERED = st.fixed_dictionaries(
    {},
    optional={
        "schaal": SCALE,
        "rij_een": SCALE,
        "cijfer": st.sampled_from(["1", "6", "10"]),
        "uren": st.sampled_from([Decimal(1), Decimal("2.5")]),
        "vormen": st.sampled_from([("a",), ("b", "c"), MissingReason.NOT_APPLICABLE]),
        "bezig": st.sampled_from(["ja", "nee"]),
    },
)
ITEMS = {
    "Hoeveel opbrengst is er nu?": "schaal",
    "Van het een": "rij_een",
    "Welk cijfer geeft u?": "cijfer",
    "Hoeveel uur?": "uren",
    "Bent u bezig?": "bezig",
    **dict.fromkeys(("Vorm a", "Vorm b", "Vorm c"), "vormen"),
}


@settings(max_examples=40, phases=set(Phase) - {Phase.explain})
@given(st.lists(ANSWERED, min_size=1, max_size=14))
def test_no_figure_of_a_question_that_fewer_than_ten_others_answered(
    everyone: list[dict[str, Value]],
) -> None:
    own, *others = everyone
    for part in parts(results(own, others)):
        for row in part.table.rows:
            item = ITEMS.get(row[0], "")
            valid = sum(
                item in each and not isinstance(each[item], MissingReason) for each in others
            )
            is_told = row[-1] not in (SUPPRESSED, "geen antwoorden")
            assert is_told == (valid >= SMALLEST_PERCENTAGE)


# What is shown


def test_every_kind_of_question_is_told_beside_all_regions() -> None:
    found = results(OWN, some(10), BEFORE)
    told = {row[0]: row[1:] for part in parts(found) for row in part.table.rows}
    assert told["Hoeveel opbrengst is er nu?"] == ("veel", "een beetje", "36% (4 van 11)", "11")
    assert told["Welk cijfer geeft u?"] == ("9", "6", "7,6", "9% (1 van 11)", "11")
    assert told["Hoeveel uur?"] == ("7,5 uur", "4,8", "11")
    assert told["Bent u bezig?"] == ("Ja", "9% (1 van 11)", "11")
    assert told["Vorm a"] == ("gekozen", "gekozen", "55% (6 van 11)")
    assert told["Vorm b"] == ("niet gekozen", "–", "91% (10 van 11)")
    assert told["Voor het eerst?"] == ("Overgeslagen", "geen antwoorden")


def test_the_column_of_before_is_there_only_where_something_was_answered_then() -> None:
    has_before = {
        row[0]: "Uw regio in 2021" in part.table.headings
        for part in parts(results(OWN, some(10), BEFORE))
        for row in part.table.rows
    }
    assert has_before["Welk cijfer geeft u?"]
    assert has_before["Vorm b"]
    assert not has_before["Bent u bezig?"]


def test_another_wording_is_told_under_the_table() -> None:
    notes = [note for part in parts(results(OWN, some(10), BEFORE)) for note in part.notes]
    assert any(note.startswith("Hoeveel opbrengst is er nu?: ") for note in notes)


def test_open_answers_are_only_the_own_ones_as_they_were_written() -> None:
    others = [{**each, "lang": "Geheim"} for each in some(10)]
    (block,) = lay_beside(results(OWN, others), date(2024, 6, 1)).blocks
    assert block.texts == (("In een paar woorden?", "Overgeslagen"), ("Waarom?", "<b>Omdat</b>"))
    assert "Geheim" not in str(block)


def test_the_findings_follow_the_figures() -> None:
    findings = [part.finding for part in parts(results(OWN, some(10)))]
    assert "Het antwoord van uw regio is landelijk niet het meest gegeven" in findings
    assert "Het cijfer van uw regio ligt boven het landelijk gemiddelde" in findings
    assert "Uw regio koos 2 van de 3 antwoorden" in findings


# The charts


def part_with(found: OwnResults, name: str) -> OwnPart:
    return next(part for part in parts(found) if any(row[0] == name for row in part.table.rows))


def test_the_own_answer_is_marked_in_the_middle_of_its_part_of_the_bar() -> None:
    found = results(OWN, some(10), BEFORE)
    data = data_of(part_with(found, "Hoeveel opbrengst is er nu?"))
    bars = {row["answer"]: row for row in data if "low" in row}
    signs = {row["words"]: row for row in data if "words" in row}
    own, before = signs["uw regio: veel"], signs["in 2021: weinig"]
    assert own["at"] == pytest.approx((bars["veel"]["low"] + bars["veel"]["high"]) / 2)
    assert before["at"] == pytest.approx((bars["weinig"]["low"] + bars["weinig"]["high"]) / 2)
    assert own["shape"] != before["shape"]
    assert own["y"] < own["middle"] < before["y"]


def test_a_reason_for_no_answer_has_words_and_no_sign() -> None:
    data = data_of(part_with(results(OWN, some(10)), "Van het ander"))
    (told,) = [row for row in data if row.get("words") == "uw regio: Weet niet"][:1]
    assert told["code"] == ""


def test_grades_are_columns_with_the_own_grade_above_them() -> None:
    data = data_of(part_with(results(OWN, some(10), BEFORE), "Welk cijfer geeft u?"))
    told = {row["grade"]: row["told"] for row in data if "grade" in row}
    assert told[7] == "45% (5 van 11)"
    assert told[9] == "9% (1 van 11)"
    assert {row["words"]: row["at"] for row in data if "words" in row} == {
        "uw regio: 9": 9,
        "in 2021: 6": 6,
    }
    assert any("(landelijk gemiddeld 7,6)" in row["label"].replace("\n", " ") for row in data)


def test_chosen_options_are_marked_now_and_before() -> None:
    data = data_of(part_with(results(OWN, some(10), BEFORE), "Vorm a"))
    marked = {(row["label"], row["words"]) for row in data if "words" in row}
    assert marked == {
        ("Vorm a", "uw regio"),
        ("Vorm a", "uw regio in 2021"),
        ("Vorm c", "uw regio"),
    }


def test_what_is_suppressed_has_no_bar_and_no_sign_in_the_chart() -> None:
    for part in parts(results(OWN, some(9), BEFORE)):
        assert not [row for row in data_of(part) if "words" in row or "told" in row]
