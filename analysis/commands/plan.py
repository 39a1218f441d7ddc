"""`plan`: how many regions a change needs, and which change a number of regions shows."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import Annotated

import typer

from analysis.commands.inputs import stop
from analysis.commands.output import Format, tell_number, write_csv, write_json, write_table
from analysis.planning import Plan, plan_mean, plan_proportion


def plan_command(
    change: Annotated[
        float, typer.Option(help="The change to be seen: points of percentage, or grade points.")
    ],
    discordance: Annotated[
        float, typer.Option(help="Percentage of regions that change sides at all.")
    ] = 30.0,
    before: Annotated[
        float, typer.Option(help="Percentage in the earlier wave (for independent waves).")
    ] = 50.0,
    sd_change: Annotated[
        float | None, typer.Option(help="For a grade: standard deviation of the changes.")
    ] = None,
    sd: Annotated[
        float | None, typer.Option(help="For a grade: standard deviation within a wave.")
    ] = None,
    regions: Annotated[
        int | None, typer.Option(help="Also the change that this number of regions shows.")
    ] = None,
    power: Annotated[float, typer.Option(help="Percentage of cases it must be seen in.")] = 80.0,
    output: Annotated[Format, typer.Option("--format")] = Format.table,
) -> None:
    """Plan a wave: the numbers that a change needs, by the test that will be used."""
    is_mean = sd_change is not None or sd is not None
    _check(change, discordance, before, sd_change, sd, regions, power)
    if is_mean:
        spread = sd_change if sd_change is not None else sd
        within = sd if sd is not None else sd_change
        plan = plan_mean(change, spread or 0.0, within or 0.0, power / 100, regions)
    else:
        plan = plan_proportion(change / 100, discordance / 100, before / 100, power / 100, regions)
    if output is Format.json:
        write_json(asdict(plan))
    elif output is Format.csv:
        write_csv([asdict(plan)])
    else:
        _write(plan)


def _check(
    change: float,
    discordance: float,
    before: float,
    sd_change: float | None,
    sd: float | None,
    regions: int | None,
    power: float,
) -> None:
    faults = []
    is_mean = sd_change is not None or sd is not None
    if not isfinite(change) or change == 0:
        faults.append(f"--change is {change:g}: give a change other than 0")
    if not 5 < power < 100:
        faults.append(f"--power is {power:g}: give a percentage between 5 and 100, such as 80")
    if not is_mean:
        for name, value in (("--discordance", discordance), ("--before", before)):
            if not 0 <= value <= 100:
                faults.append(f"{name} is {value:g}: give a percentage from 0 to 100")
        if abs(change) > discordance:
            faults.append(
                f"a change of {change:g} points needs at least that percentage of regions to "
                f"change; --discordance is {discordance:g}"
            )
    for name, deviation in (("--sd-change", sd_change), ("--sd", sd)):
        if deviation is not None and not (isfinite(deviation) and deviation > 0):
            faults.append(f"{name} is {deviation:g}: a standard deviation lies above 0")
    if regions is not None and regions < 2:
        faults.append(f"--regions is {regions}: give two regions or more")
    if faults:
        stop(faults)


def _write(plan: Plan) -> None:
    scale, unit = (100, "points") if plan.measure == "proportion" else (1, "")
    decimals = 1 if plan.measure == "proportion" else 2

    def size(change: float | None) -> str:
        if change is None:
            return "none"
        return f"{tell_number(change * scale, decimals)} {unit}".strip()

    heads = ["", "same regions in both waves", "other regions in each wave"]
    needed = "no room for it" if plan.needed_per_wave is None else str(plan.needed_per_wave)
    lines = [[f"regions needed for {size(plan.change)}", str(plan.needed_pairs), needed]]
    if plan.regions is not None:
        lines.append(
            [
                f"change shown by {plan.regions} regions",
                size(plan.detectable_pairs),
                size(plan.detectable_per_wave),
            ]
        )
    write_table(heads, lines)
    print(f"\nWith {plan.power * 100:g}% power at p < 0.05; per wave, of valid answers.")
