"""`levels`, `priorities` and `scales` of one wave, and `movement` between two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.block_scores import measure_blocks
from analysis.commands.inputs import (
    ANSWERS,
    QUESTIONNAIRE,
    REGISTER,
    SCHEME,
    WEIGHTS,
    check_weights,
    read_attributes,
    read_panel,
    stop,
    stop_unweighted,
)
from analysis.commands.output import (
    Format,
    Row,
    tell_amount,
    tell_difference,
    tell_interval,
    tell_number,
    tell_p,
    write_csv,
    write_json,
    write_table,
)
from analysis.counts import joint_frame
from analysis.disclosure import Figure, release
from analysis.levels import Level, LevelInterval, measure_levels, weigh_levels
from analysis.movement import count_movements
from analysis.panel import Panel
from analysis.priorities import rank_priorities
from analysis.register_weights import Scheme, Weighting, WeightsRefused, weighting_cells
from analysis.settings import Adjustment

_WAVE = typer.Option(help="The wave, e.g. 2024.")
_FORMAT = typer.Option("--format")
Lines = tuple[Sequence[str], list[list[str]]]


def _write(rows: Sequence[Row], output: Format, tell: Callable[[Sequence[Row]], Lines]) -> None:
    if output is Format.json:
        write_json(rows)
    elif output is Format.csv:
        write_csv(rows)
    else:
        write_table(*tell(rows))


def levels_command(
    questionnaire: Annotated[list[Path], QUESTIONNAIRE],
    answers: Annotated[Path, ANSWERS],
    wave: Annotated[str, _WAVE],
    interval: Annotated[
        LevelInterval, typer.Option(help="For proportions; hypergeometric needs --population.")
    ] = "wilson",
    population: Annotated[
        int | None, typer.Option(help="The number of regions that the intervals are about.")
    ] = None,
    weights: Annotated[list[str] | None, WEIGHTS] = None,
    scheme: Annotated[Scheme, SCHEME] = "rake",
    register: Annotated[Path | None, REGISTER] = None,
    output: Annotated[Format, _FORMAT] = Format.table,
) -> None:
    """The figures of one wave, with 95% intervals."""
    panel = read_panel(questionnaire, answers, [wave])
    counts = panel.count(wave)
    faults = check_weights(weights or [])
    if weights and interval != "wilson":
        faults.append("--interval is for levels without weights: weighted ones have t intervals")
    if interval == "hypergeometric" and population is None:
        faults.append("--interval hypergeometric needs --population N")
    if population is not None and population < counts.respondents:
        faults.append(
            f"--population is {population}, but {counts.respondents} regions answered in {wave}"
        )
    if faults:
        stop(faults)
    if weights:
        rows = _weigh(panel, weights, scheme, register, population)
    else:
        rows = measure_levels(counts, interval=interval, population=population)
    _write([row.as_dict() for row in rows], output, _tell_levels)


def _weigh(
    panel: Panel, weights: list[str], scheme: Scheme, register: Path | None, population: int | None
) -> list[Level]:
    known = read_attributes(register, panel, weights)
    members = weighting_cells(known, weights)
    sizes = {cell: len(found) for cell, found in members.items()}
    (wave,) = panel.waves
    cells = {cell: panel.part(found).count(wave) for cell, found in members.items()}
    try:
        weighting = Weighting(tuple(weights), sizes, scheme)
        return weigh_levels(weighting, cells, panel.count(wave), population)
    except WeightsRefused as refused:
        stop_unweighted(refused)


def _tell_levels(rows: Sequence[Row]) -> Lines:
    heads = ("item", "part", "count", "n", "value", "95% interval")
    return heads, [
        [
            row["item"],
            row["part"],
            "-" if row["count"] is None else str(row["count"]),
            str(row["n"]),
            tell_amount(row, row["value"]),
            tell_interval(row, row["ci_low"], row["ci_high"]),
        ]
        for row in rows
    ]


def movement_command(
    questionnaire: Annotated[list[Path], QUESTIONNAIRE],
    answers: Annotated[Path, ANSWERS],
    before: Annotated[str, typer.Option(help="The earlier wave, e.g. 2021.")],
    after: Annotated[str, typer.Option(help="The later wave, e.g. 2024.")],
    output: Annotated[Format, _FORMAT] = Format.table,
) -> None:
    """How many regions went up, stayed and went down; small numbers are suppressed."""
    if before == after:
        stop(["--before and --after name the same wave"])
    panel = read_panel(questionnaire, answers, [before, after])
    _write(_released(count_movements(*panel.count_pair())), output, _tell_movements)


def _released(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    table = release(figures, title="", base="", method="", source="")
    return [{**row.values, "suppressed": row.is_suppressed} for row in table.rows]


def _tell_movements(rows: Sequence[Row]) -> Lines:
    def cell(row: Row, name: str) -> str:
        value = row.get(name)
        if value is not None:
            return str(value)
        return "-" if row.get("reason") else "suppressed"

    heads = ("item", "part", "n", "up", "same", "down", "")
    return heads, [
        [
            row["item"],
            row["part"],
            *(cell(row, name) for name in ("n_pairs", "up", "same", "down")),
            row.get("reason") or row.get("footnote") or "",
        ]
        for row in rows
    ]


def priorities_command(
    questionnaire: Annotated[list[Path], QUESTIONNAIRE],
    answers: Annotated[Path, ANSWERS],
    wave: Annotated[str, _WAVE],
    urgency: Annotated[str, typer.Option(help="The section that asks the need.")] = "urgentie",
    yields: Annotated[str, typer.Option(help="The section that asks the result.")] = "opbrengsten",
    adjust: Annotated[Adjustment, typer.Option(help="For the number of tests.")] = "holm",
    output: Annotated[Format, _FORMAT] = Format.table,
) -> None:
    """Urgency against yields per concept, over the same regions, largest gap first."""
    panel = read_panel(questionnaire, answers, [wave])
    joint = joint_frame(panel.frames[wave], urgency, yields)
    try:
        rows = rank_priorities(panel.count(wave), joint, urgency, yields, adjust)
    except ValueError as error:
        stop([str(error)])
    _write(_released(rows), output, _tell_priorities)


def _tell_priorities(rows: Sequence[Row]) -> Lines:
    heads = ("concept", "n", "urgent", "yield", "gap", "95% interval", "p", "p adj.", "standing")
    return heads, [
        [
            row["concept"],
            str(row.get("n", "-")),
            tell_amount(row, row.get("urgent")),
            tell_amount(row, row.get("yielding")),
            tell_difference(row, row.get("gap")),
            tell_interval(row, row.get("ci_low"), row.get("ci_high")),
            tell_p(row.get("p")),
            tell_p(row.get("p_adjusted")),
            "suppressed" if row["suppressed"] else row["standing"] or row["reason"],
        ]
        for row in rows
    ]


def scales_command(
    questionnaire: Annotated[list[Path], QUESTIONNAIRE],
    answers: Annotated[Path, ANSWERS],
    wave: Annotated[str, _WAVE],
    output: Annotated[Format, _FORMAT] = Format.table,
) -> None:
    """Every block with a score: its mean, Cronbach's alpha, and each item against the rest."""
    panel = read_panel(questionnaire, answers, [wave])
    rows = [asdict(row) for row in measure_blocks(panel.count(wave), panel.frames[wave])]
    if not rows:
        stop([f"the questionnaire of wave {wave} declares no block score"])
    _write(rows, output, _tell_scales)


def _tell_scales(rows: Sequence[Row]) -> Lines:
    heads = ("score", "item", "n", "mean", "95% interval", "alpha / item-rest", "")
    lines = []
    for row in rows:
        lines.append(
            [
                row["score"],
                "",
                str(row["n"]),
                tell_number(row["value"]),
                "-"
                if row["ci_low"] is None
                else f"{tell_number(row['ci_low'])} to {tell_number(row['ci_high'])}",
                f"alpha {tell_number(row['alpha'])} (n = {row['n_complete']})",
                row["reason"],
            ]
        )
        lines += [
            [
                "",
                item["item"],
                str(item["n"]),
                "",
                "",
                tell_number(item["correlation"]),
                item["reason"],
            ]
            for item in row["items"]
        ]
    return heads, lines
