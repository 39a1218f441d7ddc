"""Commands on definition files: `python -m surveys check FILE...`"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from surveys.definition import Definition, InvalidDefinition, read_definition

FAULTY = 2

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def surveys() -> None:
    """Questionnaires from definition files."""


@app.command()
def check(files: Annotated[list[Path], typer.Argument(metavar="FILE")]) -> None:
    """Print every fault of every definition file, and how to mend it."""
    faulty = False
    for file in files:
        name = os.fsencode(file).decode(errors="replace")
        try:
            typer.echo(f"{name}: in order: {summarise(read_definition(file))}")
        except InvalidDefinition as invalid:
            faulty = True
            for error in invalid.errors:
                typer.echo(f"{name}: {' '.join(str(error).split())}")
    if faulty:
        raise typer.Exit(FAULTY)


def summarise(definition: Definition) -> str:
    """One line: the version, how much is asked, and the start of the hash."""
    questionnaire = definition.questionnaire
    ours = sum(question.ours for question in questionnaire.questions)
    return (
        f"version {questionnaire.version}, {len(questionnaire.sections)} sections, "
        f"{len(questionnaire.questions)} questions, of which {ours} with wording of our own, "
        f"hash {definition.content_hash[:8]}"
    )


if __name__ == "__main__":
    app()
