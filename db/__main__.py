"""The command line: `python -m db COMMAND`; each is described by `--help`."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlalchemy.exc import NoResultFound

from db.engine import database_url
from db.safekeeping import NotEmbedded, Unusable, back_up, database_file, find_faults, restore
from db.store import Store, open_store
from surveys.example import (
    plan_example_waves,
    read_example_definitions,
    read_example_register,
)
from surveys.register import InvalidRegister, read_register
from surveys.tidy import InvalidAnswers, read_answers

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

_ACTOR = "command line"


def _open() -> Store:
    return open_store(database_url())


def _stop(messages: list[str]) -> NoReturn:
    for message in messages:
        print(message, file=sys.stderr)
    raise typer.Exit(2)


@app.command()
def upgrade() -> None:
    """Make the database, or bring its tables up to date."""
    _open().close()
    print("the database is up to date")


@app.command()
def example(answers: Annotated[Path, typer.Argument(help="Written by: analysis example")]) -> None:
    """Fill an empty database with the example waves; one that holds waves is left alone."""
    definitions = read_example_definitions()
    try:
        file = read_answers(answers, {w: d.questionnaire for w, d in definitions.items()})
    except InvalidAnswers as invalid:
        _stop([f"{answers}: {error}" for error in invalid.errors])
    except OSError as error:
        _stop([f"{answers}: cannot be read ({error.strerror})"])
    store = _open()
    loaded = store.waves.load_example(read_example_register(), plan_example_waves(file.responses))
    store.close()
    print("the example data are loaded" if loaded else "the database holds waves: left as it is")


@app.command()
def register(
    file: Annotated[Path, typer.Argument(help="CSV with region, naam and a column per attribute.")],
) -> None:
    """Add regions, and take over their names and attributes; what is not named stays."""
    try:
        found = read_register(file)
    except InvalidRegister as invalid:
        _stop([f"{file}: {error}" for error in invalid.errors])
    except OSError as error:
        _stop([f"{file}: cannot be read ({error.strerror})"])
    store = _open()
    store.regions.keep_register(found)
    store.close()
    print(f"{len(found.regions)} regions are in the register")


@app.command()
def link(
    region: Annotated[str, typer.Argument(help="Registration number of the region.")],
    wave: Annotated[str, typer.Argument(help="Name of the wave.")],
    address: Annotated[str, typer.Option(help="Where the app is.")] = "http://127.0.0.1:8501",
) -> None:
    """Make a personal link for a region; an earlier link of that region stops working."""
    store = _open()
    try:
        token = store.invitations.renew(region, wave)
    except NoResultFound:
        _stop([f"there is no region '{region}' or no wave '{wave}'"])
    finally:
        store.close()
    print(f"{address}/?uitnodiging={token}")


@app.command()
def backup(target: Annotated[Path, typer.Argument(help="The copy to be made.")]) -> None:
    """Copy the database, also while people are filling in; the copy is checked."""
    try:
        back_up(_file(), target)
    except FileExistsError:
        _stop([f"{target}: exists already; a backup never replaces a file"])
    except FileNotFoundError as missing:
        _stop([f"{missing}: there is no database to back up"])
    except Unusable as unusable:
        _stop([f"the copy is not sound: {fault}" for fault in unusable.faults])
    except (OSError, sqlite3.Error) as error:
        _stop([f"{target}: cannot be written ({error})"])
    print(f"backed up to {target}")


@app.command("restore")
def restore_command(
    source: Annotated[Path, typer.Argument(help="A copy made by: db backup")],
) -> None:
    """Put a backup in the place of the database, which is kept beside it."""
    try:
        kept = restore(source, _file())
    except FileNotFoundError:
        _stop([f"{source}: there is no such file"])
    except Unusable as unusable:
        _stop([f"{source}: {fault}" for fault in unusable.faults])
    except (OSError, sqlite3.Error) as error:
        _stop([f"{source}: cannot be restored ({error})"])
    print(f"restored from {source}" + (f"; the database before is {kept}" if kept else ""))


@app.command()
def check() -> None:
    """Look for damage: pages, constraints, orphans, definitions; exit code 1 if there is any."""
    file = _file()
    if not file.exists():
        _stop([f"{file}: there is no database"])
    faults = list(find_faults(file))
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        raise typer.Exit(1)
    print("the database is sound")


def _file() -> Path:
    try:
        return database_file(database_url())
    except NotEmbedded as other:
        _stop([f"only the embedded database is backed up here: {other}"])


if __name__ == "__main__":
    app()
