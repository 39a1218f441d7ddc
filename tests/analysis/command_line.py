"""`python -m analysis` called as in a terminal, and files to call it with."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from click.testing import Result
from typer.testing import CliRunner

from analysis.__main__ import app

ROOT = Path(__file__).parents[2]
OLDER, NEWER = (
    str(ROOT / f"surveys/definitions/sto_programmaleiders_{year}.toml") for year in (2021, 2024)
)
QUESTIONNAIRES = ("--questionnaire", OLDER, "--questionnaire", NEWER)
WAVES = ("--before", "2021", "--after", "2024")

Answer = tuple[str, str, str, object]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def faults_of(result: Result) -> list[str]:
    """What a refused command told: exit code 2, nothing on standard output, no traceback."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert (result.exit_code, result.stdout) == (2, "")
    told = [line for line in result.stderr.splitlines() if not line.startswith("note: ")]
    assert told
    return told


def rows_of(result: Result) -> Any:
    """The JSON of a command that went well; NaN and Infinity are not JSON."""
    assert result.exit_code == 0, result.stderr

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(result.stdout, parse_constant=refuse)


def tables_of(result: Result) -> list[list[dict[str, str]]]:
    """The tables of a command: per line the cell under each head, by where the head begins."""
    assert result.exit_code == 0, result.stderr
    blocks = [block.splitlines() for block in result.stdout.split("\n\n")]
    return [_read_table(lines) for lines in blocks if "  " in lines[0].strip()]


def _read_table(lines: list[str]) -> list[dict[str, str]]:
    found = list(re.finditer(r"\S+(?: \S+)*", lines[0]))
    heads = [head.group() for head in found]
    names = [head if heads.count(head) == 1 else f"{head}@{i}" for i, head in enumerate(heads)]
    ends = [*(head.start() for head in found[1:]), None]
    return [
        {
            name: line[head.start() : end].strip()
            for name, head, end in zip(names, found, ends, strict=True)
        }
        for line in lines[1:]
    ]


@cache
def example_answers() -> str:
    return str(run("example").stdout)


@cache
def example_register() -> str:
    return str(run("register").stdout)


def write_text(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def write_rows(path: Path, rows: Iterable[Answer]) -> Path:
    lines = [",".join(map(str, row)) for row in rows]
    return write_text(path, "\n".join(["region,wave,item,value", *lines]))


def write_register(path: Path, groups: Mapping[str, str], attribute: str = "grootte") -> Path:
    lines = [f"{region},{group}" for region, group in groups.items()]
    return write_text(path, "\n".join([f"region,{attribute}", *lines]))


def write_third_wave(folder: Path) -> tuple[Path, Path]:
    """A questionnaire of 2027 that asks what that of 2024 did, and answers of three waves: of
    every seventh region none in 2027, and every fifth of the others a point lower on a scale."""
    text = Path(NEWER).read_text(encoding="utf-8")
    asked, _ = text.split("[comparability]")
    asked = asked.replace('wave = "2024"', 'wave = "2027"').replace('"2024.1"', '"2027.1"')
    changes = [
        f'[[comparability.changes]]\nsection = "{change["section"]}"\nstatus = "identical"\n'
        f"concepts = {json.dumps(change['concepts'])}\n"
        for change in tomllib.loads(text)["comparability"]["changes"]
        if change["status"] != "dropped"
    ]
    header = '[comparability]\nprevious = "2024.1"\n'
    definition = write_text(folder / "2027.toml", asked + "\n".join([header, *changes]))
    lines = example_answers().splitlines()
    later = []
    for region, wave, item, value in (line.split(",", 3) for line in lines[1:]):
        if wave == "2024" and int(region) % 7:
            lower = int(region) % 5 == 0 and item.startswith("urgentie") and value in "2345"
            later.append(f"{region},2027,{item},{int(value) - 1 if lower else value}")
    return definition, write_text(folder / "three_waves.csv", "\n".join([*lines, *later]) + "\n")
