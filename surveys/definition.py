"""A definition file becomes a questionnaire, or every fault in it at once."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from surveys.definition_checks import DefinitionError, check_references, describe_place
from surveys.questionnaire import MAIN_LANGUAGE, Questionnaire

_QUESTIONNAIRE = TypeAdapter(Questionnaire)

DEFINITIONS = Path(__file__).parent / "definitions"


class InvalidDefinition(Exception):
    """A definition file with faults; `errors` holds all of them."""

    def __init__(self, errors: list[DefinitionError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


@dataclass(frozen=True)
class Definition:
    """A questionnaire with the text that it was read from and the hash of its content."""

    questionnaire: Questionnaire
    source: str
    content_hash: str


def read_definition(path: Path, language: str = MAIN_LANGUAGE) -> Definition:
    """Read a definition file. Raises InvalidDefinition with every fault found."""
    try:
        source = path.read_bytes().decode("utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidDefinition(
            [DefinitionError("file", f"cannot be read ({reason})", "check the name and the rights")]
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidDefinition(
            [DefinitionError(f"byte {error.start}", "is not UTF-8 text", "save the file as UTF-8")]
        ) from error
    return parse_definition(source, language)


def parse_definition(source: str, language: str = MAIN_LANGUAGE) -> Definition:
    """Make a questionnaire of TOML text. Raises InvalidDefinition with every fault found."""
    try:
        document = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise InvalidDefinition(
            [DefinitionError("TOML", str(error), "mend the line; nothing else could be checked")]
        ) from error
    errors = []
    questionnaire = None
    try:
        questionnaire = _QUESTIONNAIRE.validate_python(document, context={"language": language})
    except ValidationError as invalid:
        errors += [_structure_error(document, dict(error)) for error in invalid.errors()]
    errors += check_references(document)
    if errors or questionnaire is None:
        raise InvalidDefinition(errors)
    return Definition(questionnaire, source, hash_content(document))


def hash_content(document: dict[str, Any]) -> str:
    """SHA-256 over the content: comments and the order of keys do not change it."""
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


_MENDS = {
    "missing": "add `{key} = ...`",
    "extra_forbidden": "remove it or mend its name",
    "union_tag_not_found": "add `type = ...`",
    "union_tag_invalid": "use one of the types in the message",
    "literal_error": "use one of the values in the message",
    "string_pattern_mismatch": "use lower case letters, digits and underscores",
    "too_short": "add what is missing",
    "string_too_short": "fill in a text",
}


def _structure_error(document: dict[str, Any], error: dict[str, Any]) -> DefinitionError:
    path = error["loc"]
    key = str(path[-1]) if path else ""
    what = {
        "missing": f"has no '{key}'",
        "extra_forbidden": f"has an unknown key '{key}'",
    }.get(error["type"], f"'{key}': {error['msg']}")
    mend = _MENDS.get(error["type"], "give it a value of the right kind").format(key=key)
    return DefinitionError(describe_place(document, path[:-1]), what, mend)
