"""Comparisons over more than two versions: what every step says, joined."""

from __future__ import annotations

import pytest

from surveys.comparability import match_concepts
from surveys.questionnaire import Questionnaire
from tests.surveys.small_versions import HALVED, OF_2021, OF_2024, change, matched, version

FIRST = version("2019", {"a": 4})


def test_identical_twice_is_compared_without_a_footnote() -> None:
    second = version("2021", {"a": 4}, change("identical", "a"), since="2019")
    third = version("2024", {"a": 4}, change("identical", "a"), since="2021")
    match = matched(FIRST, second, third)["a"]
    assert (match.refusal, match.footnote, match.recode) == ("", "", None)
    assert match.before is FIRST.question("v_a")
    assert match.after is third.question("v_a")


def test_rescaled_twice_goes_through_both_recodes() -> None:
    """Eight answers become four, and these two."""
    first = version("2019", {"a": 8})
    to_four = {str(code): str((code + 1) // 2) for code in range(1, 9)}
    second = version(
        "2021",
        {"a": 4},
        change("rescaled", "a", recode=to_four, note="Eerst acht."),
        since="2019",
    )
    third = version(
        "2024", {"a": 2}, change("rescaled", "a", recode=HALVED, note="Toen vier."), since="2021"
    )
    match = matched(first, second, third)["a"]
    assert match.refusal == ""
    assert match.recode == {code: "1" if code <= "4" else "2" for code in "12345678"}
    assert match.footnote == (
        "De antwoorden van 2019 zijn omgezet naar de huidige antwoordschaal. Eerst acht. Toen vier."
    )


@pytest.mark.parametrize("rescaled_in", ["2021", "2024"])
def test_rescaled_once_goes_through_that_recode_and_names_the_first_wave(rescaled_in: str) -> None:
    sizes = {"2019": 4, "2021": 4, "2024": 2} | {rescaled_in: 2}
    recoded, same = change("rescaled", "a", recode=HALVED), change("identical", "a")
    versions = [
        version(wave, {"a": size}, recoded if wave == rescaled_in else same, since=since)
        for (wave, size), since in zip(sizes.items(), ["", "2019", "2021"], strict=True)
    ]
    match = matched(*versions)["a"]
    assert (match.refusal, match.recode) == ("", HALVED)
    assert match.footnote == "De antwoorden van 2019 zijn omgezet naar de huidige antwoordschaal."


def test_reworded_then_rescaled_says_both() -> None:
    second = version("2021", {"a": 4}, change("reworded", "a"), since="2019")
    third = version("2024", {"a": 2}, change("rescaled", "a", recode=HALVED), since="2021")
    match = matched(FIRST, second, third)["a"]
    assert match.recode == HALVED
    assert match.footnote == (
        "De vraag was in 2019 anders geformuleerd. "
        "De antwoorden van 2019 zijn omgezet naar de huidige antwoordschaal."
    )


def test_reworded_twice_says_so_once() -> None:
    second = version("2021", {"a": 4}, change("reworded", "a"), since="2019")
    third = version("2024", {"a": 4}, change("reworded", "a"), since="2021")
    match = matched(FIRST, second, third)["a"]
    assert match.footnote == "De vraag was in 2019 anders geformuleerd."


def test_dropped_and_then_asked_anew_is_not_compared() -> None:
    first = version("2019", {"a": 4, "b": 4})
    second = version(
        "2021", {"a": 4}, change("identical", "a"), change("dropped", "b"), since="2019"
    )
    third = version(
        "2024", {"a": 4, "b": 4}, change("identical", "a"), change("new", "b"), since="2021"
    )
    match = matched(first, second, third)["b"]
    assert match.before is not None
    assert match.after is not None
    assert match.refusal == "Niet meer gevraagd in 2021."


@pytest.mark.parametrize("new_in", ["2021", "2024"])
def test_a_refusal_names_the_wave_in_which_a_question_was_new(new_in: str) -> None:
    same, new = change("identical", "a"), change("new", "b", note="Op verzoek.")
    second = (
        version("2021", {"a": 4, "b": 4}, same, new, since="2019")
        if new_in == "2021"
        else version("2021", {"a": 4}, same, since="2019")
    )
    later = change("identical", "a", "b") if new_in == "2021" else change("identical", "a")
    changes = [later] if new_in == "2021" else [later, new]
    third = version("2024", {"a": 4, "b": 4}, *changes, since="2021")
    match = matched(FIRST, second, third)["b"]
    assert match.before is None
    assert match.refusal == f"Voor het eerst gevraagd in {new_in}. Op verzoek."


@pytest.mark.parametrize("dropped_in", ["2021", "2024"])
def test_a_refusal_names_the_wave_in_which_a_question_was_dropped(dropped_in: str) -> None:
    gone = change("dropped", "b")
    first = version("2019", {"a": 4, "b": 4})
    if dropped_in == "2021":
        second = version("2021", {"a": 4}, change("identical", "a"), gone, since="2019")
        third = version("2024", {"a": 4}, change("identical", "a"), since="2021")
    else:
        second = version("2021", {"a": 4, "b": 4}, change("identical", "a", "b"), since="2019")
        third = version("2024", {"a": 4}, change("identical", "a"), gone, since="2021")
    match = matched(first, second, third)["b"]
    assert match.after is None
    assert match.refusal == f"Niet meer gevraagd in {dropped_in}."


def test_what_only_the_version_in_between_asked_is_left_out() -> None:
    second = version(
        "2021", {"a": 4, "b": 4}, change("identical", "a"), change("new", "b"), since="2019"
    )
    third = version(
        "2024", {"a": 4}, change("identical", "a"), change("dropped", "b"), since="2021"
    )
    assert list(matched(FIRST, second, third)) == ["a"]


def test_versions_further_apart_are_not_compared_without_those_in_between() -> None:
    second = version("2021", {"a": 4}, change("identical", "a"), since="2019")
    third = version("2024", {"a": 4}, change("identical", "a"), since="2021")
    assert "zegt niet hoe deze vraag" in matched(FIRST, third)["a"].refusal
    assert matched(FIRST, second, third)["a"].refusal == ""


@pytest.mark.parametrize(
    "versions", [(OF_2021, OF_2021, OF_2024), (OF_2021, OF_2024, OF_2024)], ids=["first", "last"]
)
def test_a_wave_more_with_the_same_questionnaire_changes_nothing(
    versions: tuple[Questionnaire, ...],
) -> None:
    assert match_concepts(*versions) == match_concepts(OF_2021, OF_2024)


def test_one_version_is_no_comparison() -> None:
    with pytest.raises(ValueError, match="two versions"):
        match_concepts(OF_2021)
