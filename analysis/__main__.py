"""The command line: `python -m analysis compare | published | example`."""

from __future__ import annotations

import csv
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from analysis.comparison import Comparison, Margin, compare
from analysis.counts import PairCounts, WaveCounts, tally_frame, tidy_frame, transition_frame
from analysis.example import solve_example
from analysis.levels import measure_levels
from analysis.published import check_published, read_published
from surveys.answers import Answers
from surveys.definition import InvalidDefinition, read_definition
from surveys.dutch import round_half_up
from surveys.example import AFTER, BEFORE, read_example_definitions
from surveys.questionnaire import Questionnaire
from surveys.routing import settle
from surveys.tidy import COLUMNS, InvalidAnswers, read_answers, write_answers

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


class Design(StrEnum):
    auto = "auto"
    paired = "paired"
    independent = "independent"


class Format(StrEnum):
    table = "table"
    json = "json"
    csv = "csv"


class Follows(StrEnum):
    raw = "raw"
    holm = "holm"


@app.command("compare")
def compare_command(
    questionnaire: Annotated[
        list[Path], typer.Option(help="Definition file; give two if the waves differ.")
    ],
    answers: Annotated[Path, typer.Option(help="CSV with the columns region,wave,item,value.")],
    before: Annotated[str, typer.Option(help="The earlier wave, e.g. 2021.")],
    after: Annotated[str, typer.Option(help="The later wave, e.g. 2024.")],
    design: Annotated[Design, typer.Option(help="Chosen from the data by default.")] = Design.auto,
    output: Annotated[Format, typer.Option("--format")] = Format.table,
    stars: Annotated[Follows, typer.Option(help="The p value that decides.")] = Follows.raw,
    scale: Annotated[bool, typer.Option(help="Test scales as a whole, not their shares.")] = False,
    margin: Annotated[
        float | None, typer.Option(help="Equivalence margin of proportions, a fraction: 0.1.")
    ] = None,
    margin_mean: Annotated[
        float | None, typer.Option(help="Equivalence margin of grades, numbers and scales.")
    ] = None,
) -> None:
    """Compare two waves without a database, with the test that fits the data."""
    if before == after:
        _stop(["--before and --after name the same wave"])
    questionnaires = _read_questionnaires(questionnaire, before, after)
    responses = _read_responses(answers, questionnaires)
    waves, pairs = _count(questionnaires, responses, before, after)
    rows = compare(
        waves[before],
        waves[after],
        pairs,
        design=design.value,
        stars=stars.value,
        margin=Margin(margin, margin_mean),
        whole_scale=scale,
    )
    _WRITERS[output](rows)


@app.command("published")
def published_command() -> None:
    """Check that the example data give every published figure; exit code 1 if one differs."""
    published = read_published()
    questionnaires = {
        wave: definition.questionnaire for wave, definition in read_example_definitions().items()
    }
    responses: dict[str, dict[str, Answers]] = {
        wave: {region: settle(questionnaires[wave], given) for region, given in found.items()}
        for wave, found in solve_example(published).items()
    }
    waves, pairs = _count(questionnaires, responses, BEFORE, AFTER)
    comparisons = compare(waves[BEFORE], waves[AFTER], pairs)
    checks = check_published(published, comparisons, measure_levels(waves[AFTER]))
    for check in checks:
        row = check.published
        verdict = "equal" if check.is_equal else "doubtful" if check.agrees else "DIFFERENT"
        star = f" star {row.significant}/{check.star}" if row.significant else ""
        print(
            f"{verdict:9}  {row.block:14} {row.wave}  {row.measure:18} "
            f"published {row.value:>6}  computed {check.computed:>6}{star:15}  {row.item}"
        )
    differing = sum(not check.agrees for check in checks)
    print(f"{len(checks)} published figures, {differing} different")
    raise typer.Exit(1 if differing else 0)


@app.command("example")
def example_command() -> None:
    """Write the example answers as CSV to standard output."""
    print(",".join(COLUMNS))
    for wave, responses in solve_example(read_published()).items():
        write_answers(sys.stdout, wave, responses)


def _stop(messages: list[str]) -> NoReturn:
    for message in messages:
        print(message, file=sys.stderr)
    raise typer.Exit(2)


def _read_questionnaires(paths: list[Path], before: str, after: str) -> dict[str, Questionnaire]:
    if len(paths) > 2:
        _stop(["give one --questionnaire, or one for each of the two waves"])
    found: list[Questionnaire] = []
    faults: list[str] = []
    for path in paths:
        try:
            found.append(read_definition(path).questionnaire)
        except InvalidDefinition as invalid:
            faults += [f"{path}: {error}" for error in invalid.errors]
    if faults:
        _stop(faults)
    if len(found) == 2 and (found[0].wave == after or found[1].wave == before):
        found.reverse()
    return {before: found[0], after: found[-1]}


def _read_responses(
    path: Path, questionnaires: dict[str, Questionnaire]
) -> dict[str, dict[str, Answers]]:
    try:
        file = read_answers(path, questionnaires)
    except InvalidAnswers as invalid:
        _stop([f"{path}: {error}" for error in invalid.errors])
    except OSError as error:
        _stop([f"{path}: cannot be read ({error.strerror})"])
    absent = [wave for wave, responses in file.responses.items() if not responses]
    if absent:
        _stop([f"{path}: has no answers of wave {wave}" for wave in absent])
    for wave, rows in file.left_out.items():
        print(f"note: {rows} rows of wave '{wave}' were left out", file=sys.stderr)
    return file.responses


def _count(
    questionnaires: dict[str, Questionnaire],
    responses: dict[str, dict[str, Answers]],
    before: str,
    after: str,
) -> tuple[dict[str, WaveCounts], PairCounts]:
    frames = {wave: tidy_frame(questionnaires[wave], responses[wave]) for wave in (before, after)}
    waves = {
        wave: WaveCounts(wave, questionnaires[wave], tally_frame(frame), len(responses[wave]))
        for wave, frame in frames.items()
    }
    in_both = len(responses[before].keys() & responses[after].keys())
    return waves, PairCounts(transition_frame(frames[before], frames[after]), in_both)


def _write_json(rows: list[Comparison]) -> None:
    print(json.dumps([row.as_dict() for row in rows], ensure_ascii=False, indent=2))


def _write_csv(rows: list[Comparison]) -> None:
    writer = csv.DictWriter(sys.stdout, list(rows[0].as_dict()), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        values = row.as_dict()
        for name in ("missing_before", "missing_after"):
            values[name] = ";".join(f"{reason}={n}" for reason, n in values[name].items())
        writer.writerow(values)


def _write_table(rows: list[Comparison]) -> None:
    heads = ("item", "part", "n", "before", "after", "change", "95% interval", "p", "p Holm")
    lines = [(*heads, "outcome"), *(_cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    for line in lines:
        padded = [cell.ljust(width) for cell, width in zip(line, widths, strict=False)]
        print("  ".join([*padded, line[-1]]))
    first = rows[0]
    print(
        f"\n{first.design} comparison of {first.wave_before} and {first.wave_after}; the outcome "
        f"follows the {first.stars} p value at 0.05; Holm's adjustment is per section."
    )
    for note in dict.fromkeys(f"{row.item}: {row.footnote}" for row in rows if row.footnote):
        print(note)


def _cells(row: Comparison) -> tuple[str, ...]:
    scale = 100 if row.measure == "proportion" else 1
    unit = "%" if row.measure == "proportion" else ""
    decimals = 0 if row.measure == "proportion" else 2

    def number(value: float | None, places: int = decimals) -> str:
        return "-" if value is None else f"{round_half_up(value * scale, places)}"

    def p_value(value: float | None) -> str:
        return "-" if value is None else f"{value:.4f}"

    interval = "-" if row.ci_low is None else f"{number(row.ci_low, 1)} to {number(row.ci_high, 1)}"
    reason = f" ({row.reason})" if row.reason else ""
    return (
        row.item,
        row.part,
        str(row.n_pairs if row.design == "paired" else f"{row.n_before}/{row.n_after}"),
        number(row.value_before) + (unit if row.value_before is not None else ""),
        number(row.value_after) + (unit if row.value_after is not None else ""),
        number(row.change, max(decimals, 1)),
        interval,
        p_value(row.p),
        p_value(row.p_adjusted),
        row.outcome + reason,
    )


_WRITERS: dict[Format, Any] = {
    Format.table: _write_table,
    Format.json: _write_json,
    Format.csv: _write_csv,
}

if __name__ == "__main__":
    app()
