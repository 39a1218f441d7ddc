"""One fault in a definition file: where it stands, what is wrong, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from reprlib import repr as shorten
from typing import Any

from pydantic_core import ErrorDetails

from surveys.items import MAIN_LANGUAGE

Place = tuple[int | str, ...]


@dataclass(frozen=True)
class DefinitionError:
    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.mend}"


def describe_place(document: Any, path: Place) -> str:
    """Name a place in the document by ids: sections 'urgentie' > items 'u' > rows 'u_mbo'.

    Where there is no id, its number and text: choices 2 ('weinig').
    """
    names: list[str] = []
    node = document
    for step in path:
        node = node[step]
        if isinstance(step, int):
            names[-1] += f" {_name(node, step)}"
        else:
            names.append(step)
    return " > ".join(names) or "questionnaire"


def _name(node: Any, step: int) -> str:
    if not isinstance(node, dict):
        return str(step + 1)
    named = node.get("id", node.get("code"))
    if named is not None:
        return repr(str(named))
    shown = next((node[key] for key in ("label", "text", "title", "section") if key in node), None)
    if isinstance(shown, dict):
        shown = shown.get(MAIN_LANGUAGE)
    return str(step + 1) if shown is None else f"{step + 1} ({shorten(shown)})"


# What pydantic found, in the words of someone who writes a definition file.
_WORDS = {
    "missing": ("has no '{key}'", "add `{key} = ...`"),
    "unexpected_keyword_argument": ("unknown key '{key}'", "remove it or mend its name"),
    "union_tag_not_found": ("has no 'type'", "add `type = ...`"),
    "union_tag_invalid": ("unknown type '{tag}'", "use one of: {expected_tags}"),
    "literal_error": ("{subject} is {given}", "use one of: {expected}"),
    "string_type": ("{subject} is {given}, not a text", "put a text between quotes"),
    "bool_type": ("{subject} is {given}", "write true or false, without quotes"),
    "int_type": ("{subject} is {given}, not a whole number", "write a number without quotes"),
    "float_type": ("{subject} is {given}, not a number", "write a number without quotes"),
    "finite_number": ("{subject} is {given}, not a number", "write a number"),
    "tuple_type": ("{subject} is {given}, not a list", "put it between [ and ]"),
    "dict_type": ("{subject} is {given}, not a table", "write it as {{ key = value }}"),
    "dataclass_type": ("{subject} is {given}, not a table", "write it as {{ key = value }}"),
    "model_attributes_type": ("{subject} is {given}, not a table", "write it as {{ key = value }}"),
    "too_short": ("{subject} has {actual_length}", "it needs at least {min_length}"),
    "string_too_short": ("{subject} is empty", "fill in a text"),
    "string_too_long": ("{subject} is too long", "use at most {max_length} signs"),
    "greater_than_equal": ("{subject} is {given}", "use {ge} or more"),
    "less_than_equal": ("{subject} is {given}", "use {le} or less"),
    "value_error": ("{subject} {error}", "fill it in"),
}


def structure_errors(
    document: dict[str, Any], details: Iterable[ErrorDetails]
) -> Iterable[DefinitionError]:
    """The faults in shape that pydantic found, in words."""
    for error in details:
        values = error.get("ctx", {})
        if error["type"] == "too_short" and len(error["input"]) >= values["min_length"]:
            continue  # too few entries were right, and those faults are told already
        path = _path_in_file(error["loc"])
        inside = bool(path) and isinstance(path[-1], int)
        key = str(path[-1]) if path else ""
        if error["type"] == "string_pattern_mismatch":
            what, mend = "{subject} is {given}", _allowed_signs(values["pattern"])
        else:
            what, mend = _WORDS.get(error["type"], ("{subject}: " + error["msg"], "mend it"))
        words = {
            **values,
            "key": key,
            "subject": "it" if inside else f"'{key}'",
            "given": shorten(error["input"]),
        }
        where = describe_place(document, path if inside else path[:-1])
        yield DefinitionError(where, what.format(**words), mend.format(**words))


def _path_in_file(path: Place) -> Place:
    """Without what pydantic adds: an item's type, and a mark on the keys of a table."""
    if path[2:3] == ("items",):
        path = path[:4] + path[5:]
    return path[:-1] if path[-1:] == ("[key]",) else path


def _allowed_signs(pattern: str) -> str:
    sign = "hyphens" if "-]" in pattern else "underscores"
    first = " and begin with a letter" if pattern.startswith("^[a-z][") else ""
    return f"use lower case letters, digits and {sign}{first}"
