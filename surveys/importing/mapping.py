"""How the columns and values of a file stand for questions and codes; kept as a TOML file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from surveys.answers import MissingReason
from surveys.definition import hash_content
from surveys.importing.faults import Fault, InvalidMapping, describe_fault, quote
from surveys.items import Question, ScaleItem

Layout = Literal["wide", "long"]
# What a value can stand for in a column of its own for one option of a multiple item.
CHOSEN, NOT_CHOSEN = "gekozen", "niet_gekozen"
REASONS = frozenset(reason.value for reason in MissingReason)


@dataclass(frozen=True)
class ItemSource:
    """Where the answers to one question stand in the file, and what its values stand for.

    A wide file: in `column`, or for a multiple item in a column per option (code -> column).
    A long file: in the rows that name the question `name`. `separator` stands between several
    answers in one cell. `values` (value in the file -> code or reason) goes before the values
    of the scale; '' says what an empty cell stands for.
    """

    column: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    separator: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, str]:
        """Every column of the question, with the option that it is for ('' is all of them)."""
        whole = {self.column: ""} if self.column else {}
        return whole | {column: code for code, column in self.options.items()}


@dataclass(frozen=True)
class WaveMapping:
    """How a file is to be read.

    wide: a row per region; long: a row per region and question, with the columns `item` and
    `value`. `region` is the column with the region's number. `left_out` are columns that stay
    out on purpose, in a long file also questions. `not_asked` are the questions that the file
    does not have: they count as not asked of anyone.
    """

    layout: Layout = "wide"
    region: str = ""
    item: str = ""
    value: str = ""
    left_out: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    scales: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    items: Mapping[str, ItemSource] = field(default_factory=dict)

    def values_of(self, question: Question) -> dict[str, str]:
        """Value in the file -> code or reason, of one question."""
        shared = self.scales.get(question.scale, {}) if isinstance(question, ScaleItem) else {}
        return {**shared, **self.items[question.id].values}

    @property
    def content_hash(self) -> str:
        """SHA-256 over what the mapping says: the order in which it stands does not count."""
        return hash_content(asdict(self))


def read_mapping(path: Path) -> WaveMapping:
    """The mapping in a TOML file. Raises InvalidMapping with every fault found."""
    try:
        return parse_mapping(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise InvalidMapping([describe_fault("unreadable", reason=reason)]) from error
    except UnicodeDecodeError as error:
        raise InvalidMapping([describe_fault("not_utf8")]) from error


def parse_mapping(source: str) -> WaveMapping:
    """The mapping in TOML text. Raises InvalidMapping with every fault found."""
    try:
        document = tomllib.loads(source.removeprefix("\N{BYTE ORDER MARK}"))
    except (ValueError, RecursionError) as error:
        raise InvalidMapping([describe_fault("not_toml", reason=error)]) from error
    faults = [*_check_table(document, _SHAPES, "")]
    sources = document.get("items")
    if isinstance(sources, dict):
        for item, entry in sources.items():
            if isinstance(entry, dict):
                faults += _check_table(entry, _ITEM_SHAPES, f"items.{item}.")
    if document.get("layout", "wide") not in ("wide", "long"):
        faults.append(describe_fault("layout", given=quote(str(document["layout"]))))
    if faults:
        raise InvalidMapping(faults)
    items = {item: ItemSource(**entry) for item, entry in document.pop("items", {}).items()}
    lists = {key: tuple(document.pop(key, ())) for key in ("left_out", "not_asked")}
    return WaveMapping(**{**document, **lists, "items": items})


# Per shape: how to know it, and its name in English and in Dutch.
_Shape = tuple[Callable[[Any], bool], str, str]


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def _is_values(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(entry, str) for entry in value.values())


_TEXT: _Shape = (lambda value: isinstance(value, str), "a text between quotes", "tekst")
_TEXTS: _Shape = (_is_texts, "a list of texts", "lijst met teksten")
_VALUES: _Shape = (_is_values, "a table of texts", "tabel met teksten")
_TABLES: _Shape = (
    lambda value: isinstance(value, dict) and all(isinstance(v, dict) for v in value.values()),
    "a table of tables",
    "tabel met tabellen",
)
_SCALES: _Shape = (
    lambda value: isinstance(value, dict) and all(map(_is_values, value.values())),
    "a table of tables of texts",
    "tabel met tabellen van teksten",
)
_SHAPES: dict[str, _Shape] = {
    "layout": _TEXT,
    "region": _TEXT,
    "item": _TEXT,
    "value": _TEXT,
    "left_out": _TEXTS,
    "not_asked": _TEXTS,
    "scales": _SCALES,
    "items": _TABLES,
}
_ITEM_SHAPES: dict[str, _Shape] = {
    "column": _TEXT,
    "options": _VALUES,
    "name": _TEXT,
    "separator": _TEXT,
    "values": _VALUES,
}


def _check_table(table: dict[str, Any], shapes: dict[str, _Shape], place: str) -> Iterator[Fault]:
    for key, value in table.items():
        if key not in shapes:
            yield describe_fault("unknown_key", key=quote(place + key), known=", ".join(shapes))
        elif not shapes[key][0](value):
            _, shape, vorm = shapes[key]
            yield describe_fault("wrong_shape", key=quote(place + key), shape=shape, vorm=vorm)


def write_mapping(mapping: WaveMapping, remarks: Mapping[str, Sequence[str]] | None = None) -> str:
    """The mapping as TOML text that `parse_mapping` reads back.

    `remarks` stand as comments above their question; under '' at the top of the file.
    """
    notes = remarks or {}
    lines = [*map(_comment, notes.get("", ())), f"layout = {_text(mapping.layout)}"]
    for key in ("region", "item", "value"):
        if given := getattr(mapping, key):
            lines.append(f"{key} = {_text(given)}")
    for key in ("left_out", "not_asked"):
        if names := getattr(mapping, key):
            lines += [f"{key} = [", *(f"    {_text(name)}," for name in names), "]"]
    for scale, values in mapping.scales.items():
        lines += ["", f"[scales.{_text(scale)}]", *_pairs(values)]
    for item, source in mapping.items.items():
        lines += ["", *map(_comment, notes.get(item, ())), f"[items.{_text(item)}]"]
        for key in ("column", "name", "separator"):
            if given := getattr(source, key):
                lines.append(f"{key} = {_text(given)}")
        for key in ("options", "values"):
            if pairs := getattr(source, key):
                lines += [f"[items.{_text(item)}.{key}]", *_pairs(pairs)]
    return "\n".join(lines) + "\n"


def _pairs(values: Mapping[str, str]) -> list[str]:
    return [f"{_text(value)} = {_text(meaning)}" for value, meaning in values.items()]


def _text(text: str) -> str:
    """A text as TOML has it; that is as JSON has it, but for one control character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(text: str) -> str:
    return "# " + "".join(sign if sign.isprintable() else " " for sign in text)
