"""What a definition file must get right beyond its shape: ids and what refers to them.

The checks read the bare TOML document and step over whatever has the wrong shape
(that is reported apart), so that one run reports every fault of a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from surveys.definition_document import (
    Table,
    bounds_of,
    choice_codes,
    codes_of,
    named_items,
    placed_tables,
    questions_by_id,
    questions_of,
    questions_of_item,
    repeated,
    scales_by_id,
    score_of,
    scored_questions,
    strings_in,
    tables_in,
)
from surveys.definition_errors import DefinitionError, Place, describe_place
from surveys.items import MAIN_LANGUAGE

RESERVED_CODES = frozenset({"weet_niet", "nvt", "overgeslagen", "niet_gevraagd"})
_TYPES_WITH_CODES = {"scale", "multiple", "yes_no", "grade"}
_TYPES_WITH_STEPS = {"scale", "matrix", "grade"}
_TYPES_OF_TEXT = {"short_text", "long_text"}
_TRANSLATED = {"title", "introduction", "label", "text", "help", "unit", "note"}


def check_references(document: Table) -> list[DefinitionError]:
    """Every fault in ids, references, conditions, previous answers, shares, indexes and scores."""
    return [
        *_check_languages(document),
        *_check_duplicates(document),
        *_check_scales(document),
        *_check_items(document),
        *_check_conditions(document),
        *_check_previous(document),
        *_check_indexes(document),
        *_check_scores(document),
    ]


def _check_languages(document: Table) -> Iterator[DefinitionError]:
    """Texts that are a table with a string per language; the main one is checked elsewhere."""
    languages = strings_in(document.get("languages", [MAIN_LANGUAGE]))
    if MAIN_LANGUAGE not in languages:
        yield DefinitionError(
            "questionnaire", f"'languages' has no '{MAIN_LANGUAGE}'", "add the main language"
        )
    remaining: list[tuple[Place, Any]] = [((), document)]
    while remaining:
        path, node = remaining.pop(0)
        if isinstance(node, list):
            remaining += [((*path, number), entry) for number, entry in enumerate(node)]
        elif isinstance(node, dict) and path and path[-1] in _TRANSLATED:
            where = describe_place(document, path)
            for language, text in node.items():
                if language not in languages:
                    yield DefinitionError(
                        where, f"unknown language '{language}'", "mend it or add it to 'languages'"
                    )
                elif language != MAIN_LANGUAGE and not (isinstance(text, str) and text.strip()):
                    yield DefinitionError(
                        where, f"no text in language '{language}'", "fill it in or remove it"
                    )
        elif isinstance(node, dict):
            remaining += [((*path, key), entry) for key, entry in node.items()]


def _check_duplicates(document: Table) -> Iterator[DefinitionError]:
    rename = "give each its own id"
    sections = tables_in(document.get("sections"))
    for name in ("sections", "scales"):
        for double in repeated(tables_in(document.get(name)), "id"):
            yield DefinitionError(name, f"id '{double}' is used more than once", rename)
    items = [item for _, item in named_items(document)]
    asked = [question for section in sections for question in questions_of(section)]
    matrices = [item for item in items if item.get("type") == "matrix"]
    indexes = tables_in(document.get("indexes"))
    scores = [score for section in sections if (score := score_of(section))]
    for double in repeated([*asked, *matrices, *indexes, *scores], "id"):
        yield DefinitionError("items", f"id '{double}' is used more than once", rename)
    for path, section in placed_tables(document, "sections"):
        for double in repeated(_entries_with_concepts(section, indexes), "concept"):
            yield DefinitionError(
                describe_place(document, path),
                f"concept '{double}' is used more than once",
                "a concept stands once in a section: name the second one differently",
            )


def _entries_with_concepts(section: Table, indexes: list[Table]) -> list[Table]:
    """The questions of a section, with its score and the indexes that are reported in it."""
    questions = questions_of(section)
    ids = [str(question.get("id")) for question in questions]
    score = score_of(section)
    reported = [index for index in indexes if str(index.get("item")) in ids]
    return [*questions, *reported, *([score] if score else [])]


def _check_choices(where: str, choices: Any) -> Iterator[DefinitionError]:
    for double in repeated(tables_in(choices), "code"):
        yield DefinitionError(where, f"code '{double}' is used more than once", "renumber them")
    for code in sorted(RESERVED_CODES.intersection(str(c.get("code")) for c in tables_in(choices))):
        yield DefinitionError(
            where, f"code '{code}' is reserved for missing answers", "choose another code"
        )


def _check_scales(document: Table) -> Iterator[DefinitionError]:
    for path, scale in placed_tables(document, "scales"):
        where = describe_place(document, path)
        yield from _check_choices(where, scale.get("choices"))
        for double in repeated(tables_in(scale.get("shares")), "id"):
            yield DefinitionError(where, f"share '{double}' is named twice", "rename one of them")
        known = choice_codes(scale)
        for place, share in placed_tables(scale, "shares", path):
            codes = share.get("codes")
            where = describe_place(document, place)
            if codes == []:
                yield DefinitionError(where, "names no code", "list the codes that count")
            yield from unknown_codes(where, "", strings_in(codes), known, "the scale")


def unknown_codes(
    where: str, what: str, codes: Iterable[str], known: list[str], owner: str
) -> Iterator[DefinitionError]:
    """Nothing where no code is known: then the fault lies there, and is reported there."""
    for code in codes:
        if known and code not in known:
            yield DefinitionError(
                where,
                f"{what}names code '{code}', which {owner} does not have",
                f"use one of: {', '.join(known)}",
            )


def _check_items(document: Table) -> Iterator[DefinitionError]:
    scales = scales_by_id(document)
    for where, item in named_items(document):
        if "scale" in item and str(item["scale"]) not in scales:
            known = ", ".join(scales) or "none are defined"
            yield DefinitionError(where, f"unknown scale '{item['scale']}'", f"use one of: {known}")
        yield from _check_choices(where, item.get("choices"))
        low, high = bounds_of(item)
        if isinstance(low, int | float) and isinstance(high, int | float) and low >= high:
            yield DefinitionError(
                where, f"minimum {low} is not below maximum {high}", "swap or mend them"
            )


def _check_conditions(document: Table) -> Iterator[DefinitionError]:
    questions = questions_by_id(document)
    order = list(questions)
    for where, item in named_items(document):
        condition = item.get("condition")
        if not isinstance(condition, dict) or "item" not in condition:
            continue
        asked = str(condition["item"])
        own = [str(question.get("id")) for question in questions_of_item(item)]
        if asked not in questions:
            yield DefinitionError(
                where, f"condition on unknown item '{asked}'", "name an earlier item"
            )
            continue
        if asked in own:
            yield DefinitionError(where, "condition on itself", "name an earlier item")
        elif own and own[0] in questions and order.index(asked) > order.index(own[0]):
            yield DefinitionError(
                where,
                f"condition on later item '{asked}'",
                "move the item behind the one it depends on",
            )
        if str(questions[asked].get("type")) not in _TYPES_WITH_CODES:
            yield DefinitionError(
                where, f"condition on item '{asked}', which has no codes", "name a closed item"
            )
            continue
        codes, known = strings_in(condition.get("codes")), codes_of(document, questions[asked])
        yield from unknown_codes(where, "condition ", codes, known, f"item '{asked}'")


def _check_previous(document: Table) -> Iterator[DefinitionError]:
    """The policy for the answer of the wave before, and what it asks about a large move."""
    for where, item in named_items(document):
        kind, policy = str(item.get("type")), item.get("previous", "never")
        if kind in _TYPES_OF_TEXT and policy in ("after", "before"):
            yield DefinitionError(
                where,
                f"'previous' is '{policy}', but texts are not compared with the wave before",
                "remove it",
            )
        if "ask_about_move" not in item:
            continue
        if kind not in _TYPES_WITH_STEPS:
            yield DefinitionError(
                where, "'ask_about_move' on an item without ordered choices", "remove it"
            )
            continue
        if policy == "never":
            yield DefinitionError(
                where,
                "'ask_about_move' on an item that never shows the previous answer",
                'add `previous = "after"` or `previous = "before"`',
            )
        steps, largest = item["ask_about_move"], len(codes_of(document, item)) - 1
        if isinstance(steps, int) and steps > largest > 0:
            yield DefinitionError(
                where,
                f"'ask_about_move' is {steps}, but the largest possible move is {largest}",
                f"use {largest} or less",
            )


def _check_indexes(document: Table) -> Iterator[DefinitionError]:
    questions = questions_by_id(document)
    for path, index in placed_tables(document, "indexes"):
        where = describe_place(document, path)
        item = str(index.get("item"))
        if "item" in index and questions.get(item, {}).get("type") != "multiple":
            yield DefinitionError(
                where, f"item '{item}' is no multiple item", "name a multiple item"
            )
        yield from _check_choices(where, index.get("levels"))
        minimums = [level.get("minimum") for level in tables_in(index.get("levels"))]
        numbers = [minimum for minimum in minimums if isinstance(minimum, int)]
        if numbers and (numbers != sorted(set(numbers)) or numbers[0] != 0):
            yield DefinitionError(
                where,
                "the levels do not rise from 0",
                "list them lowest first, each with a higher minimum, the first with 0",
            )


def _check_scores(document: Table) -> Iterator[DefinitionError]:
    for path, section in placed_tables(document, "sections"):
        score = score_of(section)
        if score is None:
            continue
        where = describe_place(document, (*path, "score"))
        scored = scored_questions(section)
        if not scored:
            yield DefinitionError(
                where, "the section has nothing to score", "add scale or grade items"
            )
            continue
        ranges = _ranges(document, scored)
        if len(ranges) > 1:
            yield DefinitionError(
                where,
                f"the scored items are on different scales: {', '.join(ranges)}",
                "put them on one scale, or move some to another section",
            )
        minimum = score.get("minimum")
        if isinstance(minimum, int) and minimum > len(scored):
            yield DefinitionError(
                where,
                f"minimum {minimum} is more than the number of scored items",
                f"use {len(scored)} or less",
            )


def _ranges(document: Table, scored: list[Table]) -> list[str]:
    """The scales that scored items are on, or the bounds of scored grades, each once."""
    known = scales_by_id(document)
    scales = [str(question.get("scale")) for question in scored if question["type"] == "scale"]
    bounds = [bounds_of(question) for question in scored if question["type"] == "grade"]
    ranges = [scale for scale in scales if scale in known]
    return list(dict.fromkeys([*ranges, *(f"{low} to {high}" for low, high in bounds)]))
