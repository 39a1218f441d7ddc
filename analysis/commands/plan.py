"""`plan`: how many regions a change needs, and which change a number of regions shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Annotated

import typer

from analysis.commands.inputs import stop
from analysis.commands.output import Format, Row, Table, tell_number, write_json, write_rows
from analysis.measures import PROPORTION
from analysis.planning import Plan, plan_mean, plan_proportion

MOST_REGIONS = 1_000_000
SMALLEST_CHANGE = 0.1
DISCORDANCE, BEFORE = 30.0, 50.0


@dataclass(frozen=True)
class _Asked:
    """The options as they were given; percentages and points as people write them."""

    change: float
    discordance: float | None
    before: float | None
    sd_change: float | None
    sd: float | None
    regions: int | None
    power: float

    @property
    def is_mean(self) -> bool:
        return self.sd_change is not None or self.sd is not None

    @property
    def spreads(self) -> tuple[float, float]:
        """Of the changes and within a wave: the one that was not given is taken as the other."""
        spread = self.sd_change if self.sd_change is not None else self.sd
        within = self.sd if self.sd is not None else self.sd_change
        return spread or 0.0, within or 0.0

    @property
    def shares(self) -> tuple[float, float]:
        """The percentage that changes sides, and the one in the earlier wave."""
        return (
            DISCORDANCE if self.discordance is None else self.discordance,
            BEFORE if self.before is None else self.before,
        )


def plan_command(
    change: Annotated[
        float, typer.Option(help="The change to be seen: points of percentage, or grade points.")
    ],
    discordance: Annotated[
        float | None,
        typer.Option(help=f"Percentage of regions that change sides; {DISCORDANCE:g} by default."),
    ] = None,
    before: Annotated[
        float | None,
        typer.Option(
            help=f"Percentage in the earlier wave (for other regions); {BEFORE:g} by default."
        ),
    ] = None,
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
    asked = _Asked(change, discordance, before, sd_change, sd, regions, power)
    faults = list(_find_faults(asked))
    if faults:
        stop(faults)
    if asked.is_mean:
        plan = plan_mean(change, *asked.spreads, power / 100, regions)
    else:
        sides, earlier = asked.shares
        plan = plan_proportion(change / 100, sides / 100, earlier / 100, power / 100, regions)
    row: Row = asdict(plan)
    if output is Format.json:
        write_json(row)
    else:
        write_rows([row], output, lambda _: [_tell(plan, asked)])


def _find_faults(asked: _Asked) -> Iterator[str]:
    if not isfinite(asked.change) or asked.change == 0:
        yield f"--change is {asked.change:g}: give a number other than 0"
    if not 5 < asked.power < 100:
        yield f"--power is {asked.power:g}: give a percentage between 5 and 100, such as 80"
    if asked.regions is not None and not 2 <= asked.regions <= MOST_REGIONS:
        yield f"--regions is {asked.regions}: give a number from 2 to {MOST_REGIONS}"
    yield from _check_mean(asked) if asked.is_mean else _check_proportion(asked)


def _check_mean(asked: _Asked) -> Iterator[str]:
    if asked.discordance is not None or asked.before is not None:
        yield (
            "--discordance and --before are for a percentage, --sd-change and --sd for a grade: "
            "give the one or the other"
        )
    faulty = False
    for name, deviation in (("--sd-change", asked.sd_change), ("--sd", asked.sd)):
        if deviation is not None and not (isfinite(deviation) and deviation > 0):
            faulty = True
            yield f"{name} is {deviation:g}: a standard deviation lies above 0"
    if faulty or not isfinite(asked.change) or asked.change == 0:
        return
    for deviation in dict.fromkeys(asked.spreads):
        if not 0.001 <= abs(asked.change) / deviation <= 1000:
            yield (
                f"--change is {asked.change:g}: give one from a thousandth to a thousand times the "
                f"standard deviation, {deviation:g}"
            )


def _check_proportion(asked: _Asked) -> Iterator[str]:
    discordance, before = asked.shares
    for name, value in (("--discordance", discordance), ("--before", before)):
        if not 0 <= value <= 100:
            yield f"{name} is {value:g}: give a percentage from 0 to 100"
    if 0 < abs(asked.change) < SMALLEST_CHANGE:
        yield f"--change is {asked.change:g}: give {SMALLEST_CHANGE:g} points or more"
    elif isfinite(asked.change) and 0 <= discordance < abs(asked.change):
        yield (
            f"a change of {asked.change:g} points needs at least that percentage of regions to "
            f"change sides; --discordance is {discordance:g}"
        )


def _tell(plan: Plan, asked: _Asked) -> Table:
    is_proportion = plan.measure == PROPORTION
    scale, unit, decimals = (100, " points", 1) if is_proportion else (1, "", 2)

    def size(change: float | None) -> str:
        return "none" if change is None else f"{tell_number(change * scale, decimals)}{unit}"

    needed = "no room for it" if plan.needed_per_wave is None else str(plan.needed_per_wave)
    lines = [[f"regions needed for {asked.change:g}{unit}", str(plan.needed_pairs), needed]]
    if plan.regions is not None:
        lines.append(
            [
                f"change shown by {plan.regions} regions",
                size(plan.detectable_pairs),
                size(plan.detectable_per_wave),
            ]
        )
    return Table(
        ["", "same regions in both waves", "other regions in each wave"], lines, _foot(plan, asked)
    )


def _foot(plan: Plan, asked: _Asked) -> list[str]:
    if plan.measure == PROPORTION:
        discordance, before = asked.shares
        tests = "McNemar's mid-p test", "Fisher's exact test"
        told = f"{discordance:g}% of regions change sides", f"{before:g}% in the earlier wave"
    else:
        spread, within = asked.spreads
        tests = "the paired t test", "Welch's t test"
        told = (
            f"standard deviation of the changes {spread:g}",
            f"standard deviation within a wave {within:g}",
        )
    return [
        f"With {asked.power:g}% power at p < 0.05; numbers are of valid answers, per wave.",
        f"Same regions: {tests[0]}, {told[0]}. Other regions: {tests[1]}, {told[1]}.",
    ]
