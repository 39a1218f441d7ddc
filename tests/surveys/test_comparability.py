"""Which answers of two waves may be compared, with which footnote, and why others may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from surveys.comparability import Match, match_concepts
from surveys.definition import DEFINITIONS, parse_definition, read_definition

OURS = Path(__file__).parents[1] / "definitions"
BEFORE = (OURS / "wave_before.toml").read_text(encoding="utf-8")
AFTER = (OURS / "references.toml").read_text(encoding="utf-8")
OF_2021 = read_definition(DEFINITIONS / "sto_programmaleiders_2021.toml").questionnaire
OF_2024 = read_definition(DEFINITIONS / "sto_programmaleiders_2024.toml").questionnaire


def compare(before: str = BEFORE, after: str = AFTER) -> dict[str, Match]:
    matches = match_concepts(
        parse_definition(before).questionnaire, parse_definition(after).questionnaire
    )
    return {match.concept: match for match in matches}


def changed(source: str, old: str, new: str) -> str:
    assert old in source
    return source.replace(old, new, 1)


def test_an_identical_question_is_compared_without_a_footnote() -> None:
    match = compare()["rij_een"]
    assert (match.refusal, match.footnote, match.recode) == ("", "", None)
    assert match.before is not None
    assert match.after is not None
    assert match.before.id == match.after.id == "rij_een"


def test_a_reworded_question_is_compared_with_a_footnote() -> None:
    match = compare()["cijfer"]
    assert match.refusal == ""
    assert match.footnote == "De vraag was in 2021 anders geformuleerd."


def test_a_rescaled_question_is_compared_through_its_recode_with_a_footnote() -> None:
    match = compare()["oordeel"]
    assert match.refusal == ""
    assert match.recode == {"1": "1", "2": "1", "3": "2", "4": "3"}
    assert match.footnote == (
        "De antwoorden van 2021 zijn omgezet naar de huidige antwoordschaal. "
        "De schaal had vier antwoorden."
    )


def test_a_new_question_is_not_compared() -> None:
    match = {m.concept: m for m in match_concepts(OF_2021, OF_2024)}["nieuwe_fase"]
    assert match.before is None
    assert match.refusal == (
        "Voor het eerst gevraagd in 2024. "
        "De nieuwe fase 2025-2029 was in 2021 nog niet aan de orde."
    )


def test_a_dropped_question_is_not_compared() -> None:
    match = compare()["vroeger"]
    assert match.after is None
    assert match.refusal == "Niet meer gevraagd in 2024."


def test_a_concept_that_is_declared_new_is_not_compared_though_it_was_asked() -> None:
    after = changed(AFTER, 'status = "reworded"', 'status = "new"')
    assert compare(after=after)["cijfer"].refusal == "Voor het eerst gevraagd in 2024."


def test_a_version_that_was_not_declared_is_not_compared() -> None:
    matches = compare(before=changed(BEFORE, 'version = "1"', 'version = "1a"'))
    asked_twice = [match for match in matches.values() if match.before and match.after]
    assert len(asked_twice) == 7
    for match in asked_twice:
        assert match.refusal.startswith("De vragenlijst van 2024 (versie 2) zegt niet hoe")
        assert match.refusal.endswith("2021 (versie 1a).")


def test_a_recode_that_forgets_a_code_is_refused_and_names_it() -> None:
    matches = compare(after=changed(AFTER, "3 = 2, 4 = 3 }", "4 = 3 }"))
    assert matches["oordeel"].refusal.startswith("De omzetting zegt niets over antwoordcode(s) 3.")


@pytest.mark.parametrize("status", ["identical", "reworded"])
def test_another_scale_without_a_recode_is_refused(status: str) -> None:
    recode = "recode = { 1 = 1, 2 = 1, 3 = 2, 4 = 3 }\n"
    after = changed(AFTER, recode, "").replace('"rescaled"', f'"{status}"')
    refusal = compare(after=after)["oordeel"].refusal
    assert refusal.startswith("De antwoordschaal verschilt en er is geen omzetting.")


def test_another_range_of_grades_is_another_scale() -> None:
    after = changed(AFTER, "maximum = 10", "maximum = 5")
    assert "antwoordschaal verschilt" in compare(after=after)["cijfer"].refusal


def test_another_type_is_another_scale() -> None:
    before = changed(BEFORE, 'type = "grade"', 'type = "number"')
    assert "antwoordschaal verschilt" in compare(before=before)["cijfer"].refusal


def test_numbers_are_compared_in_the_same_unit_only() -> None:
    hours = 'type = "number"\nunit = "uur"'
    before = changed(BEFORE, 'type = "grade"', hours)
    after = changed(AFTER, 'type = "grade"', hours)
    assert compare(before, after)["cijfer"].refusal == ""
    days = changed(after, '"uur"', '"dagen"')
    assert "antwoordschaal verschilt" in compare(before, days)["cijfer"].refusal


def test_texts_are_never_compared() -> None:
    assert "uitleg" not in compare()


def test_an_index_follows_its_item() -> None:
    match = compare()["vormen_index"]
    assert (match.section, match.refusal) == ("tweede", "")
    assert match.footnote == "De vraag was in 2021 anders geformuleerd."
    after = changed(AFTER, 'status = "reworded"', 'status = "new"')
    assert compare(after=after)["vormen_index"].refusal == "Voor het eerst gevraagd in 2024."


def test_an_index_with_other_levels_is_not_compared() -> None:
    after = changed(AFTER, 'label = "wel", minimum = 1', 'label = "wel", minimum = 2')
    assert "antwoordschaal verschilt" in compare(after=after)["vormen_index"].refusal


def test_an_index_over_answers_that_were_recoded_is_not_compared() -> None:
    rescaled = """
[[comparability.changes]]
section = "tweede"
status = "rescaled"
concepts = ["vormen"]
recode = { a = "b", b = "a", geen = "geen" }
note = "Zie bijlage."
"""
    matches = compare(after=changed(AFTER, '"vormen", "cijfer"', '"cijfer"') + rescaled)
    assert matches["vormen_index"].refusal == (
        "De antwoorden die deze index telt, zijn veranderd sinds 2021. Zie bijlage."
    )
    assert matches["vormen"].refusal == (
        "Omzetten kan alleen bij een vraag met één antwoord uit een lijst. Zie bijlage."
    )


def test_an_index_that_is_gone_is_not_compared() -> None:
    start, end = AFTER.index("[[indexes]]"), AFTER.index("[comparability]")
    match = compare(after=AFTER[:start] + AFTER[end:])["vormen_index"]
    assert match.refusal == "Niet meer gevraagd in 2024."


def test_two_waves_with_one_questionnaire_compare_everything() -> None:
    matches = compare(BEFORE, BEFORE)
    assert len(matches) == 8
    assert {(match.refusal, match.footnote) for match in matches.values()} == {("", "")}


def test_the_waves_of_2021_and_2024_compare_but_for_what_is_new_or_dropped() -> None:
    matches = match_concepts(OF_2021, OF_2024)
    refused = {(match.section, match.concept) for match in matches if match.refusal}
    assert refused == {("aandacht", "nieuwe_fase"), ("aandacht", "regioplan")}
    footnotes = {match.concept for match in matches if match.footnote}
    assert footnotes == {"borging_bezig"}
    assert {match.concept for match in matches} >= {"borging_vormen", "borging_index"}


def test_what_was_dropped_stands_behind_what_is_asked() -> None:
    concepts = [match.concept for match in match_concepts(OF_2021, OF_2024)]
    assert concepts[-1] == "regioplan"
    assert concepts[0] == "techniekdocenten"
