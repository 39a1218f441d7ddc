"""`movement` between two waves, `priorities` and `scales` of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.block_scores import measure_blocks
from analysis.commands.inputs import ANSWERS, QUESTIONNAIRE, read_inputs, stop
from analysis.commands.output import (
    Format,
    Remarks,
    Row,
    Table,
    tell_amount,
    tell_difference,
    tell_interval,
    tell_number,
    tell_p,
    write_rows,
)
from analysis.decision import ALPHA
from analysis.disclosure import SMALLEST_GROUP, SMALLEST_PERCENTAGE, Figure, release
from analysis.frames import joint_frame
from analysis.movement import CELLS, count_movements
from analysis.priorities import URGENCY, YIELDS, rank_priorities
from analysis.settings import Adjustment

_WAVE = typer.Option(help="The wave, e.g. 2024.")
_FORMAT = typer.Option("--format")
_SUPPRESSED = (
    f"suppressed: over fewer than {SMALLEST_GROUP} regions, or else such a number could be found "
    "by subtraction."
)


def movement_command(
    questionnaire: Annotated[list[Path], QUESTIONNAIRE],
    answers: Annotated[Path, ANSWERS],
    before: Annotated[str, typer.Option(help="The earlier wave, e.g. 2021.")],
    after: Annotated[str, typer.Option(help="The later wave, e.g. 2024.")],
    output: Annotated[Format, _FORMAT] = Format.table,
) -> None:
    """How many regions went up, stayed and went down; small numbers are suppressed."""
    faults = ["--before and --after name the same wave"] if before == after else []
    waves = [] if faults else [before, after]
    found = read_inputs(questionnaire, answers, waves, faults=faults)
    figures = count_movements(*found.panel.count_pair(), found.between)
    write_rows(_released(figures), output, lambda rows: [_tell_movements(rows)])


def _released(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    """What may be shown, with every field: None where it is suppressed."""
    table = release(figures, title="", base="", method="", source="")
    blank = dict.fromkeys(field.name for field in fields(figures[0]))
    return [{**blank, **row.values, "suppressed": row.is_suppressed} for row in table.rows]


def _tell_movements(rows: Sequence[Row]) -> Table:
    remarks = Remarks()
    lines = [
        [
            row["item"],
            row["part"],
            _tell_count(row, "n_pairs"),
            *(_tell_count(row, cell) for cell in CELLS),
            remarks.mark(row["reason"], row["footnote"]).strip(),
        ]
        for row in rows
    ]
    first = rows[0]
    foot = [
        f"{first['wave_before']} to {first['wave_after']}. n: regions with a valid answer in both "
        "waves, however the rest answered.",
        "up: to a higher place on the scale, a higher number, or to yes; down: the other way.",
        _SUPPRESSED,
        f"Over fewer than {SMALLEST_PERCENTAGE} regions only n is told.",
    ]
    return Table(("item", "part", "n", *CELLS, ""), lines, [*foot, *remarks.lines])


def _tell_count(row: Row, name: str) -> str:
    if row[name] is not None:
        return str(row[name])
    return "-" if row["reason"] else "suppressed"


def priorities_command(
    questionnaire: Annotated[list[Path], QUESTIONNAIRE],
    answers: Annotated[Path, ANSWERS],
    wave: Annotated[str, _WAVE],
    urgency: Annotated[str, typer.Option(help="The section that asks the need.")] = URGENCY,
    yields: Annotated[str, typer.Option(help="The section that asks the result.")] = YIELDS,
    adjust: Annotated[Adjustment, typer.Option(help="For the number of tests.")] = "holm",
    output: Annotated[Format, _FORMAT] = Format.table,
) -> None:
    """Urgency against yields per concept, over the same regions, largest gap first."""
    faults = ["--urgency and --yields name the same section"] if urgency == yields else []
    panel = read_inputs(questionnaire, answers, [wave], faults=faults).panel
    known = [section.id for section in panel.questionnaires[wave].sections]
    unknown = [name for name in (urgency, yields) if name not in known]
    if unknown:
        stop(
            [f"no section '{name}' in wave {wave}; it has: {', '.join(known)}" for name in unknown]
        )
    joint = joint_frame(panel.frames[wave], urgency, yields)
    try:
        figures = rank_priorities(panel.count(wave), joint, urgency, yields, adjust)
    except ValueError as error:
        stop([str(error)])
    write_rows(_released(figures), output, lambda rows: [_tell_priorities(rows, urgency, yields)])


def _tell_priorities(rows: Sequence[Row], urgency: str, yields: str) -> Table:
    remarks = Remarks()
    lines = [
        [
            row["concept"],
            "-" if row["n"] is None else str(row["n"]),
            tell_amount(row, row["urgent"]),
            tell_amount(row, row["yielding"]),
            tell_difference(row, row["gap"]),
            tell_interval(row, row["ci_low"], row["ci_high"]),
            tell_p(row["p"]),
            tell_p(row["p_adjusted"]),
            _tell_standing(row, remarks),
        ]
        for row in rows
    ]
    heads = ("concept", "n", "urgent", "yield", "gap", "95% interval", "p", "p adj.", "standing")
    foot = [
        f"Wave {rows[0]['wave']}. n: regions with a valid answer on the concept in '{urgency}' and "
        f"in '{yields}'.",
        f"urgent and yield: {rows[0]['label']}; gap: urgent minus yield, in percentage points.",
        "Test: mcnemar_midp over the same regions; interval: tango.",
        f"The standing follows the adjusted p (p adj.) at {ALPHA:g}; adjustment: "
        f"{rows[0]['adjustment']}, over all concepts.",
    ]
    if any(row["suppressed"] for row in rows):
        foot.append(_SUPPRESSED)
    return Table(heads, lines, [*foot, *remarks.lines])


def _tell_standing(row: Row, remarks: Remarks) -> str:
    if row["suppressed"]:
        has_base = row["n"] is not None
        return f"fewer than {SMALLEST_PERCENTAGE}: no percentages" if has_base else "suppressed"
    return row["standing"] or f"-{remarks.mark(row['reason'])}"


def scales_command(
    questionnaire: Annotated[list[Path], QUESTIONNAIRE],
    answers: Annotated[Path, ANSWERS],
    wave: Annotated[str, _WAVE],
    output: Annotated[Format, _FORMAT] = Format.table,
) -> None:
    """Every block with a score: its mean, Cronbach's alpha, and each item against the rest."""
    panel = read_inputs(questionnaire, answers, [wave]).panel
    rows = [asdict(row) for row in measure_blocks(panel.count(wave), panel.frames[wave])]
    if not rows:
        stop([f"the questionnaire of wave {wave} declares no block score"])
    if output is Format.csv:
        rows = [line for row in rows for line in _split_items(row)]
    write_rows(rows, output, lambda rows: [_tell_scales(rows)])


def _split_items(row: Row) -> Iterator[dict[str, Any]]:
    """A row for the score, then one for each of its items."""
    yield {**row, "items": len(row["items"]), "item": "", "correlation": None}
    for item in row["items"]:
        blank: dict[str, Any] = dict.fromkeys(row)
        told = {name: row[name] for name in ("score", "section", "wave")}
        yield {**blank, **told, **item}


def _tell_scales(rows: Sequence[Row]) -> Table:
    remarks = Remarks()
    lines = []
    for row in rows:
        lines.append(
            [
                row["score"],
                f"(score, at least {row['minimum']} answered)",
                str(row["n"]),
                tell_number(row["value"]),
                _tell_range(row["ci_low"], row["ci_high"]),
                str(row["n_complete"]),
                tell_number(row["alpha"]),
                _tell_range(row["alpha_low"], row["alpha_high"]),
                "",
                remarks.mark(row["reason"]).strip(),
            ]
        )
        lines += [
            [
                *("", item["item"], "", "", "", str(item["n"]), "", ""),
                tell_number(item["correlation"]),
                remarks.mark(item["reason"]).strip(),
            ]
            for item in row["items"]
        ]
    heads = (
        *("score", "item", "n", "mean", "95% interval", "n all", "alpha", "95% interval"),
        *("item-rest", ""),
    )
    foot = [
        f"Wave {rows[0]['wave']}. n: regions that answered enough items; n all: those that "
        "answered every item, over which alpha and item-rest are.",
        "mean with t interval, in the unit of the scale; alpha: Cronbach, interval after Feldt; "
        "item-rest: Pearson correlation of the item with the rest of its block.",
    ]
    return Table(heads, lines, [*foot, *remarks.lines])


def _tell_range(low: float | None, high: float | None) -> str:
    return "-" if low is None or high is None else f"{tell_number(low)} to {tell_number(high)}"
