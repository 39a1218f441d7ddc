"""A definition file becomes a questionnaire, or every fault in it at once."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from surveys.comparability_checks import check_comparability
from surveys.definition_checks import check_references
from surveys.definition_errors import DefinitionError, structure_errors
from surveys.items import MAIN_LANGUAGE
from surveys.questionnaire import Questionnaire

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
    return decode_definition(read_content(path), language)


def decode_definition(content: bytes, language: str = MAIN_LANGUAGE) -> Definition:
    """Make a questionnaire of what a file holds. Raises InvalidDefinition with every fault."""
    return parse_definition(decode_text(content), language)


def read_content(path: Path) -> bytes:
    """What a file holds. Raises InvalidDefinition where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidDefinition(
            [DefinitionError("file", f"cannot be read ({reason})", "check the name and the rights")]
        ) from error


def decode_text(content: bytes) -> str:
    """The text of a file. Raises InvalidDefinition where it is not UTF-8."""
    try:
        return content.decode("utf-8").removeprefix("\N{BYTE ORDER MARK}")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InvalidDefinition(
            [DefinitionError(f"line {line}", "is not UTF-8 text", "save the file as UTF-8")]
        ) from error


def parse_document(source: str) -> dict[str, Any]:
    """The tables of TOML text. Raises InvalidDefinition where it is not TOML."""
    try:
        return tomllib.loads(source)
    except (ValueError, RecursionError) as error:  # broken, a number too long, tables too deep
        raise InvalidDefinition(
            [DefinitionError("TOML", str(error), "mend the line; nothing else could be checked")]
        ) from error


def parse_definition(source: str, language: str = MAIN_LANGUAGE) -> Definition:
    """Make a questionnaire of TOML text. Raises InvalidDefinition with every fault found."""
    document = parse_document(source)
    errors: list[DefinitionError] = []
    questionnaire = None
    try:
        questionnaire = _QUESTIONNAIRE.validate_python(document, context={"language": language})
    except ValidationError as invalid:
        errors += structure_errors(document, invalid.errors())
    errors += check_references(document)
    errors += check_comparability(document)
    if errors or questionnaire is None:
        raise InvalidDefinition(errors)
    return Definition(questionnaire, source, hash_content(document))


def hash_content(document: dict[str, Any]) -> str:
    """SHA-256 over the content: comments and the order of keys do not change it."""
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
