"""The command line: `python -m analysis COMMAND`; each is described by `--help`."""

from __future__ import annotations

import typer

from analysis.commands.attainable import attainable_command
from analysis.commands.compare import compare_command
from analysis.commands.example import example_command, published_command, register_command
from analysis.commands.levels import levels_command
from analysis.commands.logic_model import logic_model_command
from analysis.commands.plan import plan_command
from analysis.commands.report import report_command
from analysis.commands.stars import stars_command
from analysis.commands.wave import (
    movement_command,
    priorities_command,
    scales_command,
)

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
for name, command in (
    ("compare", compare_command),
    ("levels", levels_command),
    ("movement", movement_command),
    ("priorities", priorities_command),
    ("scales", scales_command),
    ("report", report_command),
    ("plan", plan_command),
    ("attainable", attainable_command),
    ("stars", stars_command),
    ("published", published_command),
    ("logic-model", logic_model_command),
    ("example", example_command),
    ("register", register_command),
):
    app.command(name)(command)

if __name__ == "__main__":
    app()
