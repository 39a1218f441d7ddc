"""`attainable`: for which n printed percentages are possible."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal

import typer

from analysis.attainable import (
    LARGEST_N,
    AttainableSize,
    Rounding,
    attainable_sizes,
    decimals_of,
)
from analysis.commands.inputs import stop
from analysis.commands.output import tell_runs, write_json, write_table

Format = Literal["table", "json"]

MOST_DECIMALS = 10

_ROUNDINGS: dict[str, tuple[Rounding, ...]] = {
    "half-up": ("half_up",),
    "half-even": ("half_even",),
    "both": ("half_up", "half_even"),
}
# 57,1 may be one Dutch number or two whole ones; a third comma or a point would settle it.
_ONE_OR_TWO = re.compile(r"(?<![0-9.,])[0-9]+,[0-9]+(?![0-9.]|,[0-9])")

Sizes = Mapping[Rounding, Sequence[AttainableSize]]


def attainable_command(
    pct: Annotated[
        list[str],
        typer.Option(
            help="Printed percentages over one n, such as '88, 88, 86' or '57,1; 73,8' (with a "
            "decimal comma, separate by ';'). Repeat for more rows over the same n."
        ),
    ],
    n: Annotated[str, typer.Option("--n", help="The n to try: 20-90, or a single one.")] = "20-90",
    decimals: Annotated[
        str, typer.Option(help="They were rounded to; by default as each row is written.")
    ] = "",
    rounding: Annotated[
        Literal["half-up", "half-even", "both"], typer.Option(help="How a tie was rounded.")
    ] = "both",
    output: Annotated[Format, typer.Option("--format")] = "table",
) -> None:
    """Tell for which n printed percentages are possible, and with which counts."""
    faults: list[str] = []
    places = _read_decimals(decimals, faults)
    rows = [
        _read_row(f"--pct row {number}", text, places, faults)
        for number, text in enumerate(pct, start=1)
    ]
    sizes = _read_sizes(n, faults)
    if faults:
        stop(faults)
    roundings = _ROUNDINGS[rounding]
    found = [{way: attainable_sizes(row, sizes, way) for way in roundings} for row in rows]
    together = [value for row in rows for value in row]
    joint = {way: attainable_sizes(together, sizes, way) for way in roundings}
    if output == "json":
        write_json(
            {
                "n_from": sizes[0],
                "n_to": sizes[-1],
                "rows": [_row_fields(row, of) for row, of in zip(rows, found, strict=True)],
                "joint": {way: [size.n for size in joint[way]] for way in roundings},
            }
        )
    else:
        _write_attainable(rows, sizes, found, joint)


def _read_decimals(text: str, faults: list[str]) -> int | None:
    if not text:
        return None
    if re.fullmatch("[0-9]{1,2}", text) and int(text) <= MOST_DECIMALS:
        return int(text)
    faults.append(f"--decimals '{text}' is not a whole number from 0 to {MOST_DECIMALS}")
    return None


def _read_row(name: str, text: str, decimals: int | None, faults: list[str]) -> list[Decimal]:
    cells = _split_row(name, text, faults)
    values = [
        value for cell in cells if (value := _read_percentage(name, cell, faults)) is not None
    ]
    if not values:
        return []
    fewest = min(values, key=decimals_of)
    allowed = decimals_of(fewest) if decimals is None else decimals
    longer = [value for value in values if decimals_of(value) > allowed]
    against = f"{fewest} in the same row" if decimals is None else f"--decimals {decimals} allows"
    faults += [f"{name}: {value} has more decimals than {against}" for value in longer]
    if longer and decimals is None:
        faults[-1] += "; give --decimals if all were rounded alike"
    if longer or decimals is None:
        return values
    return [value.quantize(Decimal(1).scaleb(-decimals)) for value in values]


def _split_row(name: str, text: str, faults: list[str]) -> list[str]:
    """Take a pasted row apart; a fault where a comma could be a decimal one or a separator."""
    row = re.sub(r"\s+%", "%", text.strip())
    if ";" in row:
        return [cell.strip().replace(",", ".") for cell in re.sub(r";$", "", row).split(";")]
    row = re.sub(r",$", "", row)
    unclear = [] if re.fullmatch("[0-9]+,[0-9]+", row) else _ONE_OR_TWO.findall(row)
    faults += [
        f"{name}: '{found}' may be one percentage or two: write {found.replace(',', '.')} for one, "
        f"'{found.replace(',', ', ')}' for two"
        for found in unclear
    ]
    if not row:
        faults.append(f"{name} is empty")
    return re.split(r"\s*,\s*|\s+", row) if row and not unclear else []


def _read_percentage(name: str, cell: str, faults: list[str]) -> Decimal | None:
    number = re.fullmatch(r"(-?[0-9]+(?:\.[0-9]+)?)%?", cell)
    if not number:
        told = f"'{cell}' is not a percentage" if cell else "has an empty place between separators"
        faults.append(f"{name}: {told}")
        return None
    value = Decimal(number[1])
    if not 0 <= value <= 100:
        faults.append(f"{name}: {value} is outside 0-100")
        return None
    return value


def _read_sizes(text: str, faults: list[str]) -> range:
    bounds = re.fullmatch(r"\s*(-?[0-9]{1,9})(?:\s*[-–]\s*([0-9]{1,9}))?\s*", text)
    if not bounds:
        faults.append(f"--n '{text}' is not a range such as 20-90, or one whole number")
        return range(0)
    first, last = int(bounds[1]), int(bounds[2] or bounds[1])
    if first > last:
        faults.append(f"--n {first}-{last} runs backwards")
    if min(first, last) < 1 or max(first, last) > LARGEST_N:
        faults.append(f"--n '{text}' must lie from 1 to {LARGEST_N}")
    return range(first, last + 1)


def _row_fields(row: Sequence[Decimal], found: Sizes) -> dict[str, Any]:
    decimals = decimals_of(row[0])
    return {
        "percentages": [float(value) if decimals else int(value) for value in row],
        "decimals": decimals,
        "n": {way: [size.n for size in sizes] for way, sizes in found.items()},
        "counts": {
            way: {str(size.n): [list(counts) for counts in size.counts] for size in sizes}
            for way, sizes in found.items()
        },
    }


def _write_attainable(
    rows: Sequence[Sequence[Decimal]], tried: range, found: Sequence[Sizes], joint: Sizes
) -> None:
    typer.echo(f"Tried n = {tell_runs(tried)}: each percentage k of n, for some whole k.\n")
    for number, (row, sizes) in enumerate(zip(rows, found, strict=True), start=1):
        typer.echo(f"row {number}: {' '.join(f'{value}%' for value in row)}")
        _write_sizes(sizes)
        counts: dict[tuple[int, tuple[range, ...]], list[str]] = {}
        for way, attained in sizes.items():
            for size in attained:
                counts.setdefault((size.n, size.counts), []).append(_tell_rounding(way))
        if counts:
            lines = [
                (str(n), *(tell_runs(values) for values in ks), " and ".join(counts[n, ks]))
                for n, ks in sorted(counts, key=lambda key: key[0])
            ]
            write_table(("n", *(f"{value}%" for value in row), "rounding"), lines)
        typer.echo()
    if len(rows) > 1:
        typer.echo("all rows over one n")
        _write_sizes(joint)


def _write_sizes(found: Sizes) -> None:
    for way, sizes in found.items():
        numbers = tell_runs([size.n for size in sizes])
        typer.echo(f"  rounded {_tell_rounding(way)}: " + (f"n = {numbers}" if numbers else "no n"))


def _tell_rounding(way: Rounding) -> str:
    return way.replace("_", " ")
