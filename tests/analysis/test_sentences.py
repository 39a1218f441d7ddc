"""Released figures as sentences: the words follow the outcome."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from analysis.decision import CHANGED, EQUIVALENT, NOT_SHOWN, NOT_TESTABLE
from analysis.results.block import Block, list_blocks
from analysis.results.sentences import tell_change_of, tell_response
from analysis.settings import INDEPENDENT
from tests.analysis.conftest import example_waves
from tests.analysis.tables import comparison, comparisons, release_figures

URGENCY, _, _, GRADES, _ = list_blocks(example_waves()[1].questionnaire)


def tell(block: Block = URGENCY, **values: Any) -> str:
    table = release_figures([comparison(42, **values)])
    return tell_change_of(table.rows[0], block)


def test_the_published_change_in_the_words_of_the_steering_group() -> None:
    row = next(row for row in comparisons("urgentie") if row.concept == "techniekdocenten")
    assert tell_change_of(release_figures([row]).rows[0], URGENCY) == (
        "De urgentie van voldoende techniekdocenten steeg van 57% naar 88% (24 naar 37 van de 42 "
        "regio's); die verandering is groter dan toeval."
    )


def test_a_grade_is_told_with_its_regions() -> None:
    row = next(row for row in comparisons("rapportcijfers") if row.concept == "regiobelang")
    told = tell_change_of(release_figures([row]).rows[0], GRADES)
    assert told.startswith("Het rapportcijfer voor '")
    assert "steeg van 6,9 naar 7,4 (42 regio's); die verandering is groter dan toeval." in told


@pytest.mark.parametrize(
    ("outcome", "verb", "words"),
    [
        (CHANGED, "steeg", "die verandering is groter dan toeval."),
        (NOT_SHOWN, "ging", "een verandering is niet aangetoond."),
        (EQUIVALENT, "ging", "een verandering die ertoe doet, is uitgesloten (gelijkwaardig)."),
        (NOT_TESTABLE, "ging", "niet te toetsen."),
    ],
)
def test_the_words_follow_the_outcome(outcome: str, verb: str, words: str) -> None:
    told = tell(outcome=outcome)
    assert f"{verb} van 57% naar 88% (24 naar 37 van de 42 regio's); {words}" in told
    assert "geen verandering" not in told


def test_what_fell_is_told_to_fall() -> None:
    told = tell(
        outcome=CHANGED, change=-13 / 42, value_before=37 / 42, value_after=24 / 42,
        count_before=37, count_after=24,
    )  # fmt: skip
    assert "daalde van 88% naar 57% (37 naar 24 van de 42 regio's)" in told


def test_what_prints_alike_is_not_said_to_move() -> None:
    told = tell(outcome=NOT_SHOWN, value_before=0.57, value_after=0.571, change=0.001)
    assert "was in 2021 en in 2024 57%" in told
    assert "een verandering is niet aangetoond" in told


def test_other_regions_are_counted_apart() -> None:
    values = {"outcome": NOT_SHOWN, "design": INDEPENDENT, "n_before": 40, "n_after": 44}
    told = tell_change_of(release_figures([comparison(0, **values)]).rows[0], URGENCY)
    assert "(24 van 40 en 37 van 44 regio's)" in told


@pytest.mark.parametrize(("n_pairs", "told"), [(4, "onderdrukt"), (9, "onderdrukt")])
def test_what_is_suppressed_has_no_figures(n_pairs: int, told: str) -> None:
    sentence = tell_change_of(
        release_figures([replace(comparison(n_pairs), n_before=50, n_after=50)]).rows[0], URGENCY
    )
    assert told in sentence
    assert "%" not in sentence


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("De aansluiting met mbo", "De urgentie van de aansluiting met mbo"),
        ("(Her)inrichting van het aanbod", "De urgentie van (her)inrichting van het aanbod"),
        ("MBO en vmbo", "De urgentie van MBO en vmbo"),
    ],
)
def test_a_subject_reads_as_the_beginning_of_a_sentence(question: str, subject: str) -> None:
    assert URGENCY.tell_subject(question) == subject


def test_the_response_is_told_as_a_share_where_it_is_known() -> None:
    assert tell_response(51, 78, "2024") == "In 2024 antwoordden 51 van 78 regio's, 65%."
    assert tell_response(51, None, "2021") == "In 2021 antwoordden 51 regio's."
    assert tell_response(3, 78, "2021") == "In 2021 antwoordden minder dan 5 regio's."
