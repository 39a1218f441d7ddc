"""The command line: `python -m surveys check FILE...`, `difference OLD NEW`, `import FILE`.

An edge of the app, as a page is: of our packages outside `surveys` it loads `db`, for `import`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from surveys.definition import Definition, InvalidDefinition, read_definition
from surveys.importing import (
    DryRun,
    FaultyImport,
    Table,
    propose,
    read_file,
    read_mapping,
    try_out,
    write_mapping,
)
from surveys.importing.intake import ImportRefused
from surveys.plain_text import escape_terminal
from surveys.versions.difference import compare_definitions
from surveys.waves.states import WaveRefused

if TYPE_CHECKING:
    from db.store import Store

FAULTY = 2

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def surveys() -> None:
    """Questionnaires from definition files, and answers from other files."""


@app.command()
def check(files: Annotated[list[Path], typer.Argument(metavar="FILE")]) -> None:
    """Print every fault of every definition file, and how to mend it."""
    faulty = False
    for file in files:
        name = _name(file)
        try:
            typer.echo(f"{name}: in order: {summarise(read_definition(file))}")
        except InvalidDefinition as invalid:
            faulty = True
            for error in invalid.errors:
                typer.echo(f"{name}: {escape_terminal(str(error))}")
    if faulty:
        raise typer.Exit(FAULTY)


@app.command()
def difference(
    old: Annotated[Path, typer.Argument(metavar="OLD.toml")],
    new: Annotated[Path, typer.Argument(metavar="NEW.toml")],
) -> None:
    """Print every change that a new version of a definition file makes."""
    versions = []
    for file in (old, new):
        try:
            versions.append(read_definition(file))
        except InvalidDefinition as invalid:
            for error in invalid.errors:
                typer.echo(f"{_name(file)}: {escape_terminal(str(error))}")
    if len(versions) < 2:
        raise typer.Exit(FAULTY)
    changes = compare_definitions(*versions)
    for change in changes:
        place = " > ".join(filter(None, astuple(change.where))) or "questionnaire"
        was, becomes = (escape_terminal(words) or "(nothing)" for words in (change.old, change.new))
        values = f": {was} -> {becomes}" if change.old or change.new else ""
        typer.echo(f"{change.kind}: {place}{values}")
    typer.echo({0: "no changes", 1: "1 change"}.get(len(changes), f"{len(changes)} changes"))


@app.command("import")
def import_wave(
    file: Annotated[Path, typer.Argument(help="Excel (.xlsx), CSV or SPSS (.sav).")],
    wave: Annotated[str, typer.Option(help="One that is planned or closed, or a new one.")],
    questionnaire: Annotated[
        Path | None, typer.Option(help="Definition of a wave that is not there yet.")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="How the file is to be read.")] = None,
    propose_to: Annotated[
        Path | None, typer.Option("--propose", help="Write a mapping to check and complete.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Of a workbook; the first by default.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Only tell what would come in.")] = False,
) -> None:
    """Take over the answers of an earlier wave: all of them, or none and every fault."""
    if (mapping is None) == (propose_to is None):
        _stop(["give either --mapping MAP.toml or --propose MAP.toml"])
    from db.engine import database_url  # these take long, and other commands do without
    from db.store import open_store

    with closing(open_store(database_url())) as store:
        definition = _find_definition(store, wave, questionnaire)
        try:
            table = read_file(file, sheet)
        except FaultyImport as faulty:
            _stop(f"{_name(file)}: {fault}" for fault in faulty.faults)
        regions = store.regions.known().regions
        if propose_to is not None:
            _write_proposal(table, definition, regions, propose_to)
        elif mapping is not None:
            found = _try_out(table, definition, regions, mapping, file)
            _tell(found)
            _take(store, wave, definition, found, dry_run)


def _find_definition(store: Store, wave: str, file: Path | None) -> Definition:
    """That of the wave, or of the file for a new one."""
    given = None
    if file is not None:
        try:
            given = read_definition(file)
        except InvalidDefinition as invalid:
            _stop(f"{_name(file)}: {error}" for error in invalid.errors)
    if wave not in {known.name for known in store.waves.all()}:
        if given is None:
            _stop([f"there is no wave '{wave}': add --questionnaire DEFINITION.toml to plan it"])
        return given
    in_use = store.imports.definition(wave)
    if given is not None and given.content_hash != in_use.content_hash:
        _stop([str(ImportRefused("questionnaire"))])
    return in_use


def _write_proposal(
    table: Table, definition: Definition, regions: Iterable[str], target: Path
) -> None:
    proposal = propose(table, definition.questionnaire, [*regions])
    try:
        with target.open("x", encoding="utf-8") as out:
            out.write(write_mapping(proposal.mapping, proposal.remarks))
    except FileExistsError:
        _stop([f"{_name(target)}: exists already; a proposal never replaces a file"])
    except OSError as error:
        _stop([f"{_name(target)}: cannot be written ({error.strerror})"])
    columns, items = proposal.unmatched_columns, proposal.unmatched_items
    typer.echo(
        f"{_name(target)}: {len(proposal.mapping.items)} questions found, {len(items)} not found, "
        f"{len(proposal.doubts)} doubts, {len(columns)} columns of no question"
    )


def _try_out(
    table: Table, definition: Definition, regions: Iterable[str], mapping: Path, file: Path
) -> DryRun:
    try:
        found = try_out(table, read_mapping(mapping), definition.questionnaire, [*regions])
    except FaultyImport as faulty:
        _stop(f"{_name(mapping)}: {fault}" for fault in faulty.faults)
    if found.faults:
        _stop(f"{_name(file)}: {fault}" for fault in found.faults)
    return found


def _tell(found: DryRun) -> None:
    answered = sum(item.answered for item in found.items)
    skipped = sum(item.skipped for item in found.items)
    typer.echo(f"{len(found.responses)} regions, {answered} answers, {skipped} skipped")
    for item in found.items:
        counts = ", ".join(f"{value} {count}" for value, count in item.values.items())
        typer.echo(f"  {item.item}: {item.answered} answered" + (f" ({counts})" * bool(counts)))
    if found.silent:
        typer.echo(
            f"without any answer, not taken over: {escape_terminal(', '.join(found.silent))}"
        )


def _take(store: Store, wave: str, definition: Definition, found: DryRun, dry_run: bool) -> None:
    take = store.imports.foresee if dry_run else store.imports.take
    try:
        done = take(wave, definition, found)
    except ImportRefused as refused:
        _stop([str(refused)])
    except WaveRefused:
        _stop([f"'{wave}' cannot name a wave: write the year first, such as 2018 or 2018-najaar"])
    if not done.is_new:
        typer.echo("this file was taken over before with this mapping: nothing changes")
    elif dry_run:
        typer.echo("no faults: without --dry-run this is taken over")
    else:
        typer.echo(f"taken over: {done.regions} regions in wave {wave}, which is closed")


def _stop(faults: Iterable[str]) -> NoReturn:
    for fault in faults:
        print(escape_terminal(fault), file=sys.stderr)
    raise typer.Exit(FAULTY)


def _name(file: Path) -> str:
    return escape_terminal(os.fsencode(file).decode(errors="replace"))


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
