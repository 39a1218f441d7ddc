"""When the score of a section may be compared: the same questions, on the same scale."""

from __future__ import annotations

from typing import Any

import pytest

from surveys.comparability import Match, match_concepts
from surveys.items import ScaleItem
from surveys.questionnaire import Score
from tests.surveys.small_versions import HALVED, OF_2021, OF_2024, change, matched, version


def score_over(*changes: dict[str, Any], score: int = 2, **questions: int) -> Match:
    """The match of a score over a and b, both on four answers, in 2021 and what is given now."""
    before = version("2021", {"a": 4, "b": 4}, score=2)
    after = version("2024", questions, *changes, since="2021", score=score)
    return matched(before, after)["score"]


def test_a_score_of_the_same_questions_is_compared() -> None:
    match = score_over(change("identical", "a", "b"), a=4, b=4)
    assert (match.refusal, match.footnote, match.recode) == ("", "", None)
    assert isinstance(match.before, Score)
    assert isinstance(match.after, Score)


def test_the_order_of_its_questions_does_not_matter_to_a_score() -> None:
    assert score_over(change("identical", "a", "b"), b=4, a=4).refusal == ""


def test_a_score_over_a_reworded_question_gets_a_footnote() -> None:
    match = score_over(
        change("identical", "a"), change("reworded", "b", note="Nu met bbl."), a=4, b=4
    )
    assert match.refusal == ""
    assert match.footnote == (
        "Een of meer vragen van de blokscore waren in 2021 anders geformuleerd. Nu met bbl."
    )


def test_a_score_that_counts_from_another_number_of_answers_says_so() -> None:
    match = score_over(change("identical", "a", "b"), score=1, a=4, b=4)
    assert match.refusal == ""
    assert match.footnote == (
        "De blokscore telt in 2021 vanaf 2 beantwoorde vragen, in 2024 vanaf 1."
    )


@pytest.mark.parametrize(
    ("changes", "questions"),
    [
        ([change("identical", "a", "b"), change("new", "c")], {"a": 4, "b": 4, "c": 4}),
        ([change("identical", "a"), change("dropped", "b")], {"a": 4}),
        (
            [change("identical", "a"), change("dropped", "b"), change("new", "c")],
            {"a": 4, "c": 4},
        ),
    ],
    ids=["more", "fewer", "another"],
)
def test_a_score_of_other_questions_is_not_compared(
    changes: list[dict[str, Any]], questions: dict[str, int]
) -> None:
    match = score_over(*changes, score=1, **questions)
    assert match.refusal == "De blokscore bestaat in 2021 uit andere vragen."


def test_a_score_over_a_rescaled_question_is_not_compared() -> None:
    match = score_over(change("rescaled", "a", "b", recode=HALVED), a=2, b=2)
    assert match.refusal == (
        "De blokscore is niet te vergelijken door de vraag 'a'. "
        "Die is omgezet naar een andere schaal."
    )
    assert match.recode is None


def test_a_score_over_a_question_that_is_not_compared_is_not_compared_either() -> None:
    match = score_over(change("identical", "a"), change("new", "b"), a=4, b=4)
    assert match.refusal == (
        "De blokscore is niet te vergelijken door de vraag 'b'. Voor het eerst gevraagd in 2024."
    )


def test_a_score_of_a_version_that_was_not_declared_is_not_compared() -> None:
    before = version("2021", {"a": 4}, score=1)
    after = version("2024", {"a": 4}, score=1)
    assert "zegt niet hoe deze vraag" in matched(before, after)["score"].refusal


def test_a_score_of_grades_is_compared_between_equal_bounds_only() -> None:
    before = version("2021", {"a": 10}, score=1, grades=True)
    same = change("identical", "a")
    equal = version("2024", {"a": 10}, same, since="2021", score=1, grades=True)
    lower = version("2024", {"a": 5}, same, since="2021", score=1, grades=True)
    assert matched(before, equal)["score"].refusal == ""
    assert "De antwoordschaal verschilt" in matched(before, lower)["score"].refusal


def test_a_score_that_one_of_the_versions_lacks_is_not_compared() -> None:
    same = change("identical", "a")
    with_score = version("2021", {"a": 4}, score=1)
    without = version("2024", {"a": 4}, same, since="2021")
    assert matched(with_score, without)["score"].refusal == "De blokscore bestaat niet in 2024."
    later = version("2024", {"a": 4}, same, since="2021", score=1)
    plain = version("2021", {"a": 4})
    assert matched(plain, later)["score"].refusal == "De blokscore bestaat niet in 2021."
    assert matched(plain, later)["a"].refusal == ""


def test_a_question_is_never_compared_with_a_score_on_the_same_concept() -> None:
    before = version("2021", {"a": 4, "score": 4})
    changes = [change("identical", "a"), change("dropped", "score")]
    after = version("2024", {"a": 4}, *changes, since="2021", score=1)
    match = matched(before, after)["score"]
    assert isinstance(match.before, ScaleItem)
    assert match.refusal == "De blokscore bestaat niet in 2021."


def test_a_score_over_three_versions_joins_what_the_steps_say() -> None:
    first = version("2019", {"a": 4}, score=1)
    second = version("2021", {"a": 4}, change("reworded", "a"), since="2019", score=1)
    third = version("2024", {"a": 4}, change("reworded", "a"), since="2021", score=1)
    assert matched(first, second, third)["score"].footnote == (
        "Een of meer vragen van de blokscore waren in 2019 anders geformuleerd."
    )
    lacking = version("2021", {"a": 4}, change("reworded", "a"), since="2019")
    match = matched(first, lacking, third)["score"]
    assert match.refusal == "De blokscore bestaat niet in 2021."


def test_a_score_stands_behind_the_questions_of_its_section() -> None:
    concepts = [match.concept for match in match_concepts(OF_2021, OF_2024)]
    assert concepts[8] == "urgentie_score"
    scores = {
        match.concept: match.refusal
        for match in match_concepts(OF_2021, OF_2024)
        if isinstance(match.after, Score)
    }
    assert scores == dict.fromkeys(
        ("urgentie_score", "opbrengsten_score", "rapportcijfers_score"), ""
    )
