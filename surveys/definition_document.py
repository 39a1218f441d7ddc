"""What a bare TOML document holds: sections, items, questions, scales and their codes.

Nothing here checks: whatever has the wrong shape is stepped over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from surveys.definition_errors import Place, describe_place

Table = dict[str, Any]


def tables_in(value: Any) -> list[Table]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def strings_in(value: Any) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list) else []


def placed_tables(table: Table, key: str, path: Place = ()) -> Iterator[tuple[Place, Table]]:
    """The tables in the list under a key, each with its place in the document."""
    entries = table.get(key)
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield (*path, key, number), entry


def named_items(document: Table) -> Iterator[tuple[str, Table]]:
    """Every item, with the name of its place."""
    for path, section in placed_tables(document, "sections"):
        for place, item in placed_tables(section, "items", path):
            yield describe_place(document, place), item


def questions_of_item(item: Table) -> list[Table]:
    """The questions that an item holds: the rows of a matrix, on its scale, or itself."""
    if item.get("type") != "matrix":
        return [item]
    return [
        {**row, "type": "scale", "scale": item.get("scale")} for row in tables_in(item.get("rows"))
    ]


def questions_of(section: Table) -> list[Table]:
    return [
        question for item in tables_in(section.get("items")) for question in questions_of_item(item)
    ]


def questions_by_id(document: Table) -> dict[str, Table]:
    """Every question by its id, in order; the first where an id is used twice."""
    questions: dict[str, Table] = {}
    for section in tables_in(document.get("sections")):
        for question in questions_of(section):
            questions.setdefault(str(question.get("id")), question)
    return questions


def scored_questions(section: Table) -> list[Table]:
    """What the score of a section is made of: its scale questions, or else its grades."""
    questions = questions_of(section)
    on_scales = [question for question in questions if question.get("type") == "scale"]
    return on_scales or [question for question in questions if question.get("type") == "grade"]


def score_of(section: Table) -> Table | None:
    score = section.get("score")
    return score if isinstance(score, dict) else None


def scales_by_id(document: Table) -> dict[str, Table]:
    return {str(scale.get("id")): scale for scale in reversed(tables_in(document.get("scales")))}


def choice_codes(entry: Table) -> list[str]:
    return [str(c["code"]) for c in tables_in(entry.get("choices")) if "code" in c]


def codes_of(document: Table, question: Table) -> list[str]:
    """The codes that a closed question can be answered with."""
    match question.get("type"):
        case "yes_no":
            return ["ja", "nee"]
        case "grade":
            low, high = bounds_of(question)
            if isinstance(low, int) and isinstance(high, int):
                return [str(grade) for grade in range(max(low, 0), min(high, 100) + 1)]
            return []
        case "multiple":
            return choice_codes(question)
        case _:
            return choice_codes(scales_by_id(document).get(str(question.get("scale")), {}))


def bounds_of(item: Table) -> tuple[Any, Any]:
    low, high = (1, 10) if item.get("type") == "grade" else (None, None)
    return item.get("minimum", low), item.get("maximum", high)


def repeated(entries: Iterable[Table], key: str) -> list[str]:
    """The values that stand under a key more than once."""
    times = Counter(str(entry[key]) for entry in entries if key in entry)
    return [value for value, count in times.items() if count > 1]
