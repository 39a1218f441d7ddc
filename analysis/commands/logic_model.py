"""`logic-model`: whether the file of a logic model is in order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.inputs import stop
from analysis.logic_model import read_logic_model
from surveys.definition import InvalidDefinition, read_definition
from surveys.plain_text import escape_terminal


def logic_model_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml")],
    questionnaire: Annotated[
        list[Path], typer.Option(help="Definition file; give all that measure the model.")
    ],
) -> None:
    """Tell every fault of a logic model, such as a measure that no questionnaire asks."""
    faults, asked = [], []
    for path in questionnaire:
        try:
            asked.append(read_definition(path).questionnaire)
        except InvalidDefinition as invalid:
            faults += [f"{path}: {error}" for error in invalid.errors]
    try:
        # what a faulty questionnaire asks is not known
        model = read_logic_model(file, None if faults else asked)
    except InvalidDefinition as invalid:
        stop([*faults, *(f"{file}: {error}" for error in invalid.errors)])
    if faults:
        stop(faults)
    measured = sum(bool(box.measured_by) for box in model.boxes)
    print(
        f"{escape_terminal(str(file))}: in order: {len(model.columns)} columns, "
        f"{len(model.boxes)} boxes, {measured} of them measured"
    )
