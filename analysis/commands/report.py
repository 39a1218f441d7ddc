"""`report`: two waves of the database as slides, a document, a PDF or a page.

An edge of the app, as a page is: of our other packages it loads `db`, and only when it is run.
"""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.commands.inputs import stop
from analysis.report.formats import Format, check_template, write_report
from analysis.report.template import TemplateRefused
from surveys.dutch import local_day

if TYPE_CHECKING:
    from analysis.results.source import ResultSource
    from surveys.fieldwork import Wave


def report_command(
    before: Annotated[str, typer.Option(help="The earlier of two waves, e.g. 2021.")],
    after: Annotated[str, typer.Option(help="The later of two waves, e.g. 2024.")],
    output: Annotated[Format, typer.Option("--format")],
    out: Annotated[Path, typer.Option(help="The file to be made, or to be replaced.")],
    template: Annotated[
        Path | None, typer.Option(help="Of the organisation's own, for pptx and docx.")
    ] = None,
) -> None:
    """Make a report of two waves in the database (DATABASE_URL): the released figures only."""
    from analysis.report.build import make_report  # these take long, and others do without
    from db.engine import database_url
    from db.store import open_store

    faults: list[str] = []
    design = _read_template(template, output, faults)
    part = _claim(out, faults)
    try:
        with closing(open_store(database_url())) as store:
            pair = _find_waves(store, before, after, faults)
            if pair is None or part is None or faults:
                stop(faults)
            report = make_report(store, *pair, local_day(datetime.now(UTC)))
        part.write_bytes(write_report(report, output, design))
        part.replace(out)
    except OSError as error:
        stop([f"{out}: cannot be written ({error.strerror})"])
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
    print(f"wrote {out}: {len(report.exhibits)} findings, data version {report.data_version}")


def _read_template(template: Path | None, output: Format, faults: list[str]) -> bytes | None:
    if template is None:
        return None
    if not output.takes_template:
        faults.append(f"--template is for pptx and docx: a {output} report takes none")
        return None
    try:
        content = template.read_bytes()
        check_template(content, output)
    except OSError as error:
        faults.append(f"{template}: cannot be read ({error.strerror})")
    except TemplateRefused as refused:
        faults.append(f"{template}: {refused}")
    else:
        return content
    return None


def _claim(out: Path, faults: list[str]) -> Path | None:
    """An empty file beside it that becomes the report once it is whole."""
    part = out.with_name(f"{out.name}.part")
    if out.is_dir():
        faults.append(f"{out}: is a folder")
        return None
    try:
        part.open("xb").close()
    except FileExistsError:
        faults.append(f"{part}: exists already; another report is being made, or was broken off")
    except OSError as error:
        faults.append(f"{out}: cannot be written ({error.strerror})")
    else:
        return part
    return None


def _find_waves(
    source: ResultSource, before: str, after: str, faults: list[str]
) -> tuple[Wave, Wave] | None:
    from analysis.results.source import answered_waves

    waves = {wave.name: wave for wave in source.waves.all()}
    answered = {wave.name for wave in answered_waves(source)}
    known = ", ".join(waves) or "none yet"
    found = []
    for name in dict.fromkeys([before, after]):
        if name not in waves:
            found.append(f"there is no wave '{name}'; there are: {known}")
        elif name not in answered:
            found.append(f"no region has submitted answers in wave '{name}'")
    if before == after:
        found.append("--before and --after name the same wave: a report compares two")
    elif {before, after} <= waves.keys() and [*waves].index(before) > [*waves].index(after):
        found.append(f"wave {after} goes before wave {before}: name the earlier with --before")
    faults += found
    return None if found else (waves[before], waves[after])
