"""What a definition file must get right beyond its shape: ids and what refers to them.

The checks read the bare TOML document and step over whatever has the wrong shape
(that is reported apart), so that one run reports every fault of a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Table = dict[str, Any]

RESERVED_CODES = frozenset({"weet_niet", "nvt", "overgeslagen", "niet_gevraagd"})
_TYPES_WITH_CODES = {"scale", "multiple", "yes_no", "grade"}


@dataclass(frozen=True)
class DefinitionError:
    """One fault: where it stands, what is wrong, how to mend it."""

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.mend}"


def describe_place(document: Any, path: tuple[int | str, ...]) -> str:
    """Name a place in the document by ids: sections 'urgentie' > items 2 > rows 'u_mbo'."""
    names: list[str] = []
    node = document
    for step in path:
        if isinstance(step, int) and isinstance(node, list) and step < len(node):
            node = node[step]
            named = node.get("id", node.get("code")) if isinstance(node, dict) else None
            names[-1:] = [f"{names[-1] if names else ''} {named!r}" if named else _nth(names, step)]
        elif isinstance(node, dict) and step in node:
            node = node[step]
            names.append(str(step))
        # pydantic also puts the name of a union's member in the path: no place in the file
    return " > ".join(names) or "questionnaire"


def _nth(names: list[str], step: int) -> str:
    return f"{names[-1] if names else ''} {step + 1}"


def check_references(document: Table) -> list[DefinitionError]:
    """Every fault in ids, references, conditions, shares and comparability."""
    return [
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


def _items(document: Table) -> Iterator[tuple[Table, Table]]:
    for section in _tables(document.get("sections")):
        for item in _tables(section.get("items")):
            yield section, item


def _questions(document: Table) -> Iterator[tuple[Table, Table]]:
    """Section and question, with a matrix taken apart into rows of its scale."""
    for section, item in _items(document):
        if item.get("type") == "matrix":
            for row in _tables(item.get("rows")):
                yield section, {**row, "type": "scale", "scale": item.get("scale")}
        else:
            yield section, item


def _scales(document: Table) -> dict[str, Table]:
    return {str(scale.get("id")): scale for scale in _tables(document.get("scales"))}


def _choice_codes(entry: Table) -> list[str]:
    return [str(c["code"]) for c in _tables(entry.get("choices")) if "code" in c]


def _codes(document: Table, question: Table) -> list[str]:
    match question.get("type"):
        case "yes_no":
            return ["ja", "nee"]
        case "grade":
            low, high = question.get("minimum", 1), question.get("maximum", 10)
            if isinstance(low, int) and isinstance(high, int):
                return [str(grade) for grade in range(low, high + 1)]
            return []
        case "multiple":
            return _choice_codes(question)
        case _:
            return _choice_codes(_scales(document).get(str(question.get("scale")), {}))


def _repeated(values: Iterable[Any]) -> list[Any]:
    return [value for value, times in Counter(values).items() if times > 1]


def _check_duplicates(document: Table) -> Iterator[DefinitionError]:
    rename = "give each its own id"
    sections = _tables(document.get("sections"))
    for name, entries in (("sections", sections), ("scales", _tables(document.get("scales")))):
        for double in _repeated(entry["id"] for entry in entries if "id" in entry):
            yield DefinitionError(name, f"id '{double}' is used more than once", rename)
    ids = [question["id"] for _, question in _questions(document) if "id" in question]
    ids += [
        item["id"] for _, item in _items(document) if item.get("type") == "matrix" and "id" in item
    ]
    ids += [index["id"] for index in _tables(document.get("indexes")) if "id" in index]
    for double in _repeated(ids):
        yield DefinitionError("items", f"id '{double}' is used more than once", rename)
    for section in sections:
        concepts = [
            question["concept"]
            for owner, question in _questions(document)
            if owner is section and "concept" in question
        ]
        for double in _repeated(concepts):
            yield DefinitionError(
                f"sections {section.get('id')!r}",
                f"concept '{double}' is asked more than once",
                "a concept is asked once in a section: name the second one differently",
            )


def _check_choices(where: str, entry: Table) -> Iterator[DefinitionError]:
    for double in _repeated(_choice_codes(entry)):
        yield DefinitionError(
            where, f"code '{double}' is used more than once", "renumber the choices"
        )
    for code in sorted(RESERVED_CODES.intersection(_choice_codes(entry))):
        yield DefinitionError(
            where, f"code '{code}' is reserved for missing answers", "choose another code"
        )


def _check_scales(document: Table) -> Iterator[DefinitionError]:
    for scale in _tables(document.get("scales")):
        where = f"scales {scale.get('id')!r}"
        yield from _check_choices(where, scale)
        known = _choice_codes(scale)
        for share in _tables(scale.get("shares")):
            name = f"share '{share.get('id')}'"
            codes = _strings(share.get("codes"))
            if not codes and "codes" in share:
                yield DefinitionError(where, f"{name} names no code", "list the codes that count")
            for code in codes:
                if code not in known:
                    yield DefinitionError(
                        where,
                        f"{name} names code '{code}', which the scale does not have",
                        f"use one of: {', '.join(known)}",
                    )


def _check_items(document: Table) -> Iterator[DefinitionError]:
    scales = _scales(document)
    for section, item in _items(document):
        where = f"sections {section.get('id')!r} > items {item.get('id')!r}"
        if "scale" in item and str(item["scale"]) not in scales:
            known = ", ".join(scales) or "none are defined"
            yield DefinitionError(where, f"unknown scale '{item['scale']}'", f"use one of: {known}")
        yield from _check_choices(where, item)
        low, high = item.get("minimum"), item.get("maximum")
        if isinstance(low, int | float) and isinstance(high, int | float) and low >= high:
            yield DefinitionError(where, "minimum is not below maximum", "swap or mend them")


def _check_conditions(document: Table) -> Iterator[DefinitionError]:
    questions = {str(q.get("id")): q for _, q in _questions(document)}
    order = list(questions)
    for section, item in _items(document):
        condition = item.get("condition")
        if not isinstance(condition, dict) or "item" not in condition:
            continue
        where = f"sections {section.get('id')!r} > items {item.get('id')!r}"
        asked = str(condition["item"])
        first_of_item = item.get("id")
        if item.get("type") == "matrix":
            first_of_item = next((row.get("id") for row in _tables(item.get("rows"))), None)
        if asked not in questions:
            yield DefinitionError(
                where, f"condition on unknown item '{asked}'", "name an earlier item"
            )
            continue
        if first_of_item in questions and order.index(asked) >= order.index(str(first_of_item)):
            yield DefinitionError(
                where,
                f"condition on later item '{asked}'",
                "move the item behind the one it depends on",
            )
        if questions[asked].get("type") not in _TYPES_WITH_CODES:
            yield DefinitionError(
                where, f"condition on item '{asked}', which has no codes", "name a closed item"
            )
            continue
        known = _codes(document, questions[asked])
        for code in _strings(condition.get("codes")):
            if code not in known:
                yield DefinitionError(
                    where,
                    f"condition on code '{code}', which item '{asked}' does not have",
                    f"use one of: {', '.join(known)}",
                )


def _check_indexes(document: Table) -> Iterator[DefinitionError]:
    multiple = {str(q.get("id")): q for _, q in _questions(document) if q.get("type") == "multiple"}
    for index in _tables(document.get("indexes")):
        where = f"indexes {index.get('id')!r}"
        if "item" in index and str(index["item"]) not in multiple:
            yield DefinitionError(
                where, f"item '{index['item']}' is no multiple item", "name a multiple item"
            )
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
    asked = {(s.get("id"), q.get("concept")): q for s, q in _questions(document)}
    named: list[tuple[Any, str]] = []
    for change in _tables(comparability.get("changes")):
        section, status = change.get("section"), change.get("status")
        where = f"comparability of section '{section}'"
        for concept in _strings(change.get("concepts")):
            named.append((section, concept))
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
    for section, concept in _repeated(named):
        yield DefinitionError(
            f"comparability of section '{section}'",
            f"concept '{concept}' is named more than once",
            "keep one status per concept",
        )
    for key in asked:
        if key[1] is not None and key not in named:
            yield DefinitionError(
                f"comparability of section '{key[0]}'",
                f"concept '{key[1]}' has no status",
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
    for code in recode.values():
        if str(code) not in known:
            yield DefinitionError(
                where,
                f"recode of concept '{concept}' leads to unknown code '{code}'",
                f"use one of: {', '.join(known)}",
            )
