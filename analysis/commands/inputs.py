"""What the commands read: questionnaires, answers, the register. All faults are told at once,
in plain English, with exit code 2."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import typer

from analysis.panel import Panel, make_panel
from analysis.register_weights import Scheme, WeightsRefused
from surveys.definition import InvalidDefinition, read_definition
from surveys.plain_text import escape_terminal
from surveys.questionnaire import Questionnaire
from surveys.regions.register import InvalidRegister, Register, read_register
from surveys.tidy import AnswerFile, InvalidAnswers, read_answers

QUESTIONNAIRE = typer.Option(
    help="Definition file; one for all waves, or one for each and for the waves between, in order."
)
ANSWERS = typer.Option(help="CSV with the columns region,wave,item,value.")
WEIGHTS = typer.Option(help="Weight to the register on this attribute; give two to rake on both.")
SCHEME = typer.Option(help="With two attributes: meet their margins, or each crossing.")
REGISTER = typer.Option(help="CSV with the column region and a column per attribute.")


@dataclass(frozen=True)
class Inputs:
    """The answers of the waves in the order asked, and the register where attributes are asked.

    `between` holds the questionnaires of waves between the two that are compared.
    """

    panel: Panel
    register: Register
    between: tuple[Questionnaire, ...] = ()


@dataclass(frozen=True)
class _Versions:
    by_wave: dict[str, Questionnaire]
    between: tuple[Questionnaire, ...] = ()


def stop(messages: Sequence[str]) -> NoReturn:
    """Tell what was wrong, and end with exit code 2."""
    for message in messages:
        print(escape_terminal(message), file=sys.stderr)
    raise typer.Exit(2)


def note(message: str) -> None:
    print(f"note: {escape_terminal(message)}", file=sys.stderr)


def stop_unweighted(refused: WeightsRefused) -> NoReturn:
    stop([f"the answers cannot be weighted: {fault}" for fault in refused.faults])


def check_weights(
    attributes: Sequence[str], scheme: Scheme, register: Path | None, by: str = ""
) -> list[str]:
    """The faults in what is asked of the register."""
    faults = []
    if len(attributes) > 2 or len(set(attributes)) < len(attributes):
        faults.append("--weights takes one attribute, or two different ones")
    if scheme != "rake" and not attributes:
        faults.append("--scheme says how to weight: it needs --weights")
    wanted = [by] if by else attributes
    if register is None:
        faults += [
            f"--register FILE is needed to know '{name}' of each region"
            for name in dict.fromkeys(wanted)
        ]
    elif not wanted:
        faults.append("--register is read for groups or weights only, and neither is asked")
    return faults


def read_inputs(
    questionnaires: Sequence[Path],
    answers: Path,
    waves: Sequence[str],
    *,
    register: Path | None = None,
    attributes: Sequence[str] = (),
    faults: Sequence[str] = (),
) -> Inputs:
    """Read everything that a command needs, or stop with every fault that was found.

    `faults` are those of the options; without `waves` the files are only looked through.
    """
    found = list(faults)
    versions = _read_questionnaires(questionnaires, waves, found)
    known = _read_register(register, attributes, found)
    file = _read_answers(answers, versions.by_wave, found)
    if found:
        stop(found)
    present = [wave for wave in waves if file.responses[wave]]
    others = ", ".join(sorted({*present, *file.left_out}))
    found += [
        f"{answers}: has no answers of wave '{wave}'; it has: {others or 'no answers at all'}"
        for wave in waves
        if wave not in present
    ]
    panel = make_panel(versions.by_wave, file.responses)
    if known.regions:
        unknown = sorted(panel.regions - known.regions.keys())
        found += [f"{register}: region '{region}' answered but is not in it" for region in unknown]
    if found:
        stop(found)
    for wave, rows in file.left_out.items():
        note(f"{rows} rows of wave '{wave}' were left out")
    return Inputs(panel, known, versions.between)


def _read_questionnaires(
    paths: Sequence[Path], waves: Sequence[str], faults: list[str]
) -> _Versions:
    found: list[Questionnaire] = []
    for path in paths:
        try:
            found.append(read_definition(path).questionnaire)
        except InvalidDefinition as invalid:
            faults += [f"{path}: {error}" for error in invalid.errors]
    if len(found) < len(paths) or not waves:
        return _Versions({})
    if len(found) == 1:
        return _Versions(dict.fromkeys(waves, found[0]))
    named = {questionnaire.wave: questionnaire for questionnaire in found}
    if len(named) == len(found) and set(waves) <= set(named) and len(waves) <= 2:
        return _Versions({wave: named[wave] for wave in waves}, _between(found, waves))
    if len(found) != len(waves):
        each = "the wave" if len(waves) == 1 else f"each of the {len(waves)} waves"
        faults.append(f"give one --questionnaire, or one for {each}")
        return _Versions({})
    if set(named) == set(waves):  # whatever the order in which the files were named
        return _Versions({wave: named[wave] for wave in waves})
    for path, questionnaire, wave in zip(paths, found, waves, strict=True):
        if questionnaire.wave != wave:
            note(f"{path} is of wave '{questionnaire.wave}', and is used for wave '{wave}'")
    return _Versions(dict(zip(waves, found, strict=True)))


def _between(found: Sequence[Questionnaire], waves: Sequence[str]) -> tuple[Questionnaire, ...]:
    """What was asked between two waves: the files that are named between theirs."""
    named = [questionnaire.wave for questionnaire in found]
    first, last = named.index(waves[0]), named.index(waves[-1])
    if first <= last:
        return tuple(found[first + 1 : last])
    return tuple(reversed(found[last + 1 : first]))


def _read_register(path: Path | None, wanted: Sequence[str], faults: list[str]) -> Register:
    if path is None or not wanted:
        return Register({}, ())
    try:
        register = read_register(path)
    except InvalidRegister as invalid:
        faults += [f"{path}: {error}" for error in invalid.errors]
        return Register({}, ())
    except OSError as error:
        faults.append(f"{path}: cannot be read ({error.strerror})")
        return Register({}, ())
    known = ", ".join(register.attributes)
    faults += [
        f"{path}: has no attribute '{name}'; it has: {known}"
        for name in dict.fromkeys(wanted)
        if name not in register.attributes
    ]
    return register


def _read_answers(path: Path, versions: dict[str, Questionnaire], faults: list[str]) -> AnswerFile:
    try:
        return read_answers(path, versions)
    except InvalidAnswers as invalid:
        faults += [f"{path}: {error}" for error in invalid.errors]
    except OSError as error:
        faults.append(f"{path}: cannot be read ({error.strerror})")
    return AnswerFile({}, {})
