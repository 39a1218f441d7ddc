"""`levels`: the figures of one wave, with their intervals, weighted or not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.inputs import (
    ANSWERS,
    QUESTIONNAIRE,
    REGISTER,
    SCHEME,
    WEIGHTS,
    Inputs,
    check_weights,
    read_inputs,
    stop,
    stop_unweighted,
)
from analysis.commands.output import (
    UNITS,
    Format,
    Remarks,
    Row,
    Table,
    tell_amount,
    tell_interval,
    tell_methods,
    tell_number,
    write_rows,
)
from analysis.levels import Level, LevelInterval, measure_levels, weigh_levels
from analysis.register_weights import Scheme, Weighting, WeightsRefused, weighting_cells


def levels_command(
    questionnaire: Annotated[list[Path], QUESTIONNAIRE],
    answers: Annotated[Path, ANSWERS],
    wave: Annotated[str, typer.Option(help="The wave, e.g. 2024.")],
    interval: Annotated[
        LevelInterval, typer.Option(help="For proportions; hypergeometric needs --population.")
    ] = "wilson",
    population: Annotated[
        int | None, typer.Option(help="The number of regions that the intervals are about.")
    ] = None,
    weights: Annotated[list[str] | None, WEIGHTS] = None,
    scheme: Annotated[Scheme, SCHEME] = "rake",
    register: Annotated[Path | None, REGISTER] = None,
    output: Annotated[Format, typer.Option("--format")] = Format.table,
) -> None:
    """The figures of one wave, with 95% intervals."""
    faults = check_weights(weights or [], scheme, register)
    if weights and interval != "wilson":
        faults.append("--interval is for levels without weights: weighted ones have t intervals")
    elif interval == "hypergeometric" and population is None:
        faults.append("--interval hypergeometric needs --population N")
    elif interval == "clopper_pearson" and population is not None:
        faults.append("--interval clopper_pearson knows no --population; hypergeometric does")
    if population is not None and population < 1:
        faults.append(f"--population is {population}: give the number of regions")
    found = read_inputs(
        questionnaire,
        answers,
        [wave],
        register=register,
        attributes=weights or [],
        faults=faults,
    )
    counts = found.panel.count(wave)
    if population is not None and population < counts.respondents:
        stop([f"--population is {population}, but {counts.respondents} regions answered in {wave}"])
    if weights:
        rows = _weigh(found, weights, scheme, population)
    else:
        rows = measure_levels(counts, interval=interval, population=population)
    write_rows(
        [row.as_dict() for row in rows], output, lambda rows: [_tell_levels(rows, population)]
    )


def _weigh(
    found: Inputs, weights: list[str], scheme: Scheme, population: int | None
) -> list[Level]:
    members = weighting_cells(found.register, weights)
    sizes = {cell: len(regions) for cell, regions in members.items()}
    (wave,) = found.panel.waves
    cells = {cell: found.panel.part(regions).count(wave) for cell, regions in members.items()}
    try:
        weighting = Weighting(tuple(weights), sizes, scheme)
        return weigh_levels(weighting, cells, found.panel.count(wave), population)
    except WeightsRefused as refused:
        stop_unweighted(refused)


def _tell_levels(rows: Sequence[Row], population: int | None) -> Table:
    remarks = Remarks()
    label = rows[0]["weights"]
    middle = "effective n" if label else "count"
    lines = [
        [
            row["item"],
            row["part"],
            str(row["n"]),
            _tell_effective(row) if label else _tell_count(row),
            tell_amount(row, row["value"]),
            tell_interval(row, row["ci_low"], row["ci_high"]),
            remarks.mark(row["reason"]).strip(),
        ]
        for row in rows
    ]
    foot = [
        f"Wave {rows[0]['wave']}. n: regions with a valid answer; values are percentages or means "
        "of those.",
        f"Intervals are 95%, in {UNITS}: {tell_methods(rows, 'ci_method')}.",
    ]
    if population is not None:
        foot.append(f"They are about all {population} regions (finite population).")
    if label:
        foot.append(f"Weighted to the register on {label}; effective n after Kish.")
    return Table(
        ("item", "part", "n", middle, "value", "95% interval", ""), lines, [*foot, *remarks.lines]
    )


def _tell_count(row: Row) -> str:
    return "-" if row["count"] is None else str(row["count"])


def _tell_effective(row: Row) -> str:
    return tell_number(row["effective_n"], 1)
