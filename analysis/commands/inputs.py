"""What the commands read: questionnaires, answers, the register. All faults are told at once,
in plain English, with exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import typer

from analysis.panel import Panel, make_panel
from analysis.register_weights import WeightsRefused
from surveys.definition import InvalidDefinition, read_definition
from surveys.questionnaire import Questionnaire
from surveys.register import InvalidRegister, Register, read_register
from surveys.tidy import InvalidAnswers, read_answers

QUESTIONNAIRE = typer.Option(help="Definition file; give one for all waves, or one for each.")
ANSWERS = typer.Option(help="CSV with the columns region,wave,item,value.")
WEIGHTS = typer.Option(help="Weight to the register on this attribute; give two to rake on both.")
SCHEME = typer.Option(help="With two attributes: meet their margins, or each crossing.")
REGISTER = typer.Option(help="CSV with the column region and a column per attribute.")


def stop(messages: Sequence[str]) -> NoReturn:
    """Tell what was wrong, and end with exit code 2."""
    for message in messages:
        print(message, file=sys.stderr)
    raise typer.Exit(2)


def note(message: str) -> None:
    print(f"note: {message}", file=sys.stderr)


def stop_unweighted(refused: WeightsRefused) -> NoReturn:
    stop([f"the answers cannot be weighted: {fault}" for fault in refused.faults])


def check_weights(attributes: Sequence[str]) -> list[str]:
    if len(attributes) > 2 or len(set(attributes)) < len(attributes):
        return ["--weights takes one attribute, or two different ones"]
    return []


def read_panel(paths: Sequence[Path], answers: Path, waves: Sequence[str]) -> Panel:
    """The answers of these waves, in this order."""
    questionnaires = _read_questionnaires(paths, waves)
    try:
        file = read_answers(answers, questionnaires)
    except InvalidAnswers as invalid:
        stop([f"{answers}: {error}" for error in invalid.errors])
    except OSError as error:
        stop([f"{answers}: cannot be read ({error.strerror})"])
    absent = [wave for wave in waves if not file.responses[wave]]
    if absent:
        stop([f"{answers}: has no answers of wave {wave}" for wave in absent])
    for wave, rows in file.left_out.items():
        note(f"{rows} rows of wave '{wave}' were left out")
    return make_panel(questionnaires, file.responses)


def _read_questionnaires(paths: Sequence[Path], waves: Sequence[str]) -> dict[str, Questionnaire]:
    if len(paths) not in (1, len(waves)):
        stop([f"give one --questionnaire, or one for each of the {len(waves)} waves"])
    found: list[Questionnaire] = []
    faults: list[str] = []
    for path in paths:
        try:
            found.append(read_definition(path).questionnaire)
        except InvalidDefinition as invalid:
            faults += [f"{path}: {error}" for error in invalid.errors]
    if faults:
        stop(faults)
    if len(found) == 1:
        return dict.fromkeys(waves, found[0])
    named = {questionnaire.wave: questionnaire for questionnaire in found}
    if set(named) == set(waves):  # whatever the order in which the files were named
        return {wave: named[wave] for wave in waves}
    return dict(zip(waves, found, strict=True))


def read_attributes(path: Path | None, panel: Panel, wanted: Sequence[str]) -> Register:
    """The register, which must know every region that responded and the attributes wanted."""
    if path is None:
        stop([f"--register FILE is needed to know '{name}' of each region" for name in wanted])
    try:
        register = read_register(path)
    except InvalidRegister as invalid:
        stop([f"{path}: {error}" for error in invalid.errors])
    except OSError as error:
        stop([f"{path}: cannot be read ({error.strerror})"])
    known = ", ".join(register.attributes)
    faults = [
        f"{path}: has no attribute '{name}'; it has: {known}"
        for name in wanted
        if name not in register.attributes
    ]
    unknown = sorted(panel.regions - register.regions.keys())
    faults += [f"{path}: region '{region}' answered but is not in it" for region in unknown]
    if faults:
        stop(faults)
    return register
