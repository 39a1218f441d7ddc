"""What a definition file must get right beyond its shape: ids and what refers to them.

The checks read the bare TOML document and step over whatever has the wrong shape
(that is reported apart), so that one run reports every fault of a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from surveys.definition_errors import DefinitionError, Place, describe_place
from surveys.items import MAIN_LANGUAGE

Table = dict[str, Any]

RESERVED_CODES = frozenset({"weet_niet", "nvt", "overgeslagen", "niet_gevraagd"})
_TYPES_WITH_CODES = {"scale", "multiple", "yes_no", "grade"}
_TRANSLATED = {"title", "introduction", "label", "text", "help", "unit", "note"}


def check_references(document: Table) -> list[DefinitionError]:
    """Every fault in ids, references, conditions, shares and comparability."""
    return [
        *_check_languages(document),
        *_check_duplicates(document),
        *_check_scales(document),
        *_check_items(document),
        *_check_conditions(document),
        *_check_indexes(document),
        *_check_comparability(document),
    ]


def _tables(value: Any) -> list[Table]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _strings(value: Any) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list) else []


def _placed(table: Table, key: str, path: Place = ()) -> Iterator[tuple[Place, Table]]:
    """The tables in the list under a key, each with its place in the document."""
    entries = table.get(key)
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            yield (*path, key, number), entry


def _items(document: Table) -> Iterator[tuple[str, Table]]:
    """Every item, with the name of its place."""
    for path, section in _placed(document, "sections"):
        for place, item in _placed(section, "items", path):
            yield describe_place(document, place), item


def _rows(item: Table) -> list[Table]:
    """The questions that an item holds: the rows of a matrix, on its scale, or itself."""
    if item.get("type") != "matrix":
        return [item]
    return [
        {**row, "type": "scale", "scale": item.get("scale")} for row in _tables(item.get("rows"))
    ]


def _questions(section: Table) -> list[Table]:
    return [question for item in _tables(section.get("items")) for question in _rows(item)]


def _all_questions(document: Table) -> dict[str, Table]:
    """Every question by its id, in order; the first where an id is used twice."""
    questions: dict[str, Table] = {}
    for section in _tables(document.get("sections")):
        for question in _questions(section):
            questions.setdefault(str(question.get("id")), question)
    return questions


def _scales(document: Table) -> dict[str, Table]:
    return {str(scale.get("id")): scale for scale in reversed(_tables(document.get("scales")))}


def _choice_codes(entry: Table) -> list[str]:
    return [str(c["code"]) for c in _tables(entry.get("choices")) if "code" in c]


def _codes(document: Table, question: Table) -> list[str]:
    match question.get("type"):
        case "yes_no":
            return ["ja", "nee"]
        case "grade":
            low, high = _bounds(question)
            if isinstance(low, int) and isinstance(high, int):
                return [str(grade) for grade in range(max(low, 0), min(high, 100) + 1)]
            return []
        case "multiple":
            return _choice_codes(question)
        case _:
            return _choice_codes(_scales(document).get(str(question.get("scale")), {}))


def _bounds(item: Table) -> tuple[Any, Any]:
    low, high = (1, 10) if item.get("type") == "grade" else (None, None)
    return item.get("minimum", low), item.get("maximum", high)


def _repeated(entries: Iterable[Table], key: str) -> list[str]:
    """The values that stand under a key more than once."""
    times = Counter(str(entry[key]) for entry in entries if key in entry)
    return [value for value, count in times.items() if count > 1]


def _check_languages(document: Table) -> Iterator[DefinitionError]:
    """Texts that are a table with a string per language; the main one is checked elsewhere."""
    languages = _strings(document.get("languages", [MAIN_LANGUAGE]))
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
    sections = _tables(document.get("sections"))
    for name in ("sections", "scales"):
        for double in _repeated(_tables(document.get(name)), "id"):
            yield DefinitionError(name, f"id '{double}' is used more than once", rename)
    items = [item for _, item in _items(document)]
    asked = [question for section in sections for question in _questions(section)]
    matrices = [item for item in items if item.get("type") == "matrix"]
    for double in _repeated([*asked, *matrices, *_tables(document.get("indexes"))], "id"):
        yield DefinitionError("items", f"id '{double}' is used more than once", rename)
    for path, section in _placed(document, "sections"):
        for double in _repeated(_questions(section), "concept"):
            yield DefinitionError(
                describe_place(document, path),
                f"concept '{double}' is asked more than once",
                "a concept is asked once in a section: name the second one differently",
            )


def _check_choices(where: str, choices: Any) -> Iterator[DefinitionError]:
    for double in _repeated(_tables(choices), "code"):
        yield DefinitionError(where, f"code '{double}' is used more than once", "renumber them")
    for code in sorted(RESERVED_CODES.intersection(str(c.get("code")) for c in _tables(choices))):
        yield DefinitionError(
            where, f"code '{code}' is reserved for missing answers", "choose another code"
        )


def _check_scales(document: Table) -> Iterator[DefinitionError]:
    for path, scale in _placed(document, "scales"):
        where = describe_place(document, path)
        yield from _check_choices(where, scale.get("choices"))
        for double in _repeated(_tables(scale.get("shares")), "id"):
            yield DefinitionError(where, f"share '{double}' is named twice", "rename one of them")
        known = _choice_codes(scale)
        for place, share in _placed(scale, "shares", path):
            codes = share.get("codes")
            where = describe_place(document, place)
            if codes == []:
                yield DefinitionError(where, "names no code", "list the codes that count")
            yield from _unknown_codes(where, "", _strings(codes), known, "the scale")


def _unknown_codes(
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
    scales = _scales(document)
    for where, item in _items(document):
        if "scale" in item and str(item["scale"]) not in scales:
            known = ", ".join(scales) or "none are defined"
            yield DefinitionError(where, f"unknown scale '{item['scale']}'", f"use one of: {known}")
        yield from _check_choices(where, item.get("choices"))
        low, high = _bounds(item)
        if isinstance(low, int | float) and isinstance(high, int | float) and low >= high:
            yield DefinitionError(
                where, f"minimum {low} is not below maximum {high}", "swap or mend them"
            )


def _check_conditions(document: Table) -> Iterator[DefinitionError]:
    questions = _all_questions(document)
    order = list(questions)
    for where, item in _items(document):
        condition = item.get("condition")
        if not isinstance(condition, dict) or "item" not in condition:
            continue
        asked = str(condition["item"])
        own = [str(question.get("id")) for question in _rows(item)]
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
        codes, known = _strings(condition.get("codes")), _codes(document, questions[asked])
        yield from _unknown_codes(where, "condition ", codes, known, f"item '{asked}'")


def _check_indexes(document: Table) -> Iterator[DefinitionError]:
    questions = _all_questions(document)
    for path, index in _placed(document, "indexes"):
        where = describe_place(document, path)
        item = str(index.get("item"))
        if "item" in index and questions.get(item, {}).get("type") != "multiple":
            yield DefinitionError(
                where, f"item '{item}' is no multiple item", "name a multiple item"
            )
        yield from _check_choices(where, index.get("levels"))
        minimums = [level.get("minimum") for level in _tables(index.get("levels"))]
        numbers = [minimum for minimum in minimums if isinstance(minimum, int)]
        if numbers and (numbers != sorted(set(numbers)) or numbers[0] != 0):
            yield DefinitionError(
                where,
                "the levels do not rise from 0",
                "list them lowest first, each with a higher minimum, the first with 0",
            )


def _check_comparability(document: Table) -> Iterator[DefinitionError]:
    comparability = document.get("comparability")
    if not isinstance(comparability, dict):
        return
    asked = {
        (str(section.get("id")), str(question["concept"])): question
        for section in _tables(document.get("sections"))
        for question in _questions(section)
        if "concept" in question
    }
    named: Counter[tuple[str, str]] = Counter()
    for change in _tables(comparability.get("changes")):
        section, status = str(change.get("section")), change.get("status")
        where = f"comparability of section '{section}'"
        for concept in _strings(change.get("concepts")):
            named[section, concept] += 1
            if status == "dropped" and (section, concept) in asked:
                yield DefinitionError(
                    where, f"concept '{concept}' is 'dropped' but asked", "mend the status"
                )
            if status != "dropped" and (section, concept) not in asked:
                yield DefinitionError(
                    where, f"unknown concept '{concept}'", "mend the name or say 'dropped'"
                )
            elif status == "rescaled":
                known = _codes(document, asked[section, concept])
                yield from _check_recode(where, concept, change.get("recode"), known)
        if status != "rescaled" and "recode" in change:
            yield DefinitionError(
                where, f"a recode with status '{status}'", "say 'rescaled' or remove the recode"
            )
    for (section, concept), times in named.items():
        if times > 1:
            yield DefinitionError(
                f"comparability of section '{section}'",
                f"concept '{concept}' is named more than once",
                "keep one status per concept",
            )
    for section, concept in asked:
        if (section, concept) not in named:
            yield DefinitionError(
                f"comparability of section '{section}'",
                f"concept '{concept}' has no status",
                "add it as identical, reworded, rescaled or new",
            )


def _check_recode(
    where: str, concept: str, recode: Any, known: list[str]
) -> Iterator[DefinitionError]:
    if not isinstance(recode, dict) or not recode:
        yield DefinitionError(
            where, f"concept '{concept}' is rescaled without a recode", 'add recode = { "1" = "2" }'
        )
        return
    what = f"recode of concept '{concept}' "
    codes = map(str, recode.values())
    yield from _unknown_codes(where, what, codes, known, "the item")
