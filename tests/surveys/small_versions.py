"""Small versions of one questionnaire, each with what it says of the version before."""

from __future__ import annotations

from typing import Any

from surveys.comparability import Match, match_concepts
from surveys.definition import DEFINITIONS, parse_definition, read_definition
from surveys.questionnaire import Questionnaire
from tests.surveys.strategies import write_toml

OF_2021 = read_definition(DEFINITIONS / "sto_programmaleiders_2021.toml").questionnaire
OF_2024 = read_definition(DEFINITIONS / "sto_programmaleiders_2024.toml").questionnaire

HALVED = {"1": "1", "2": "1", "3": "2", "4": "2"}  # four answers become two


def change(status: str, *concepts: str, **more: Any) -> dict[str, Any]:
    return {"section": "blok", "status": status, "concepts": list(concepts)} | more


def version(
    wave: str,
    questions: dict[str, int],
    *changes: dict[str, Any],
    since: str = "",
    score: int = 0,
    grades: bool = False,
) -> Questionnaire:
    """A version with a question per concept on a scale of so many answers (or grades), and
    a score where a minimum is given. `since`: the version that the changes are since."""
    scales = [
        {"id": f"schaal_{size}", "choices": [{"code": i + 1, "label": "X"} for i in range(size)]}
        for size in sorted(set(questions.values()))
    ]
    items: list[dict[str, Any]] = [
        {"type": "scale", "id": f"v_{name}", "concept": name, "text": name, "scale": f"schaal_{n}"}
        for name, n in questions.items()
    ]
    if grades:
        items = [
            {"type": "grade", "id": name, "concept": name, "text": name, "maximum": n}
            for name, n in questions.items()
        ]
    section: dict[str, Any] = {"id": "blok", "title": "Blok", "items": items}
    if score:
        section["score"] = {"id": "s", "concept": "score", "text": "Geheel", "minimum": score}
    document: dict[str, Any] = {"id": "reeks", "version": wave, "wave": wave, "title": "Reeks"}
    document |= {"scales": scales, "sections": [section]}
    if since:
        document["comparability"] = {"previous": since, "changes": list(changes)}
    return parse_definition(write_toml(document)).questionnaire


def matched(*versions: Questionnaire) -> dict[str, Match]:
    return {match.concept: match for match in match_concepts(*versions)}
