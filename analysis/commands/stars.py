"""`stars`: which changes behind two printed percentages would give a star, by which test."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

import typer

from analysis.attainable import (
    LARGEST_N,
    Split,
    paired_p_values,
    possible_splits,
    unpaired_p_values,
)
from analysis.commands.inputs import stop
from analysis.commands.output import tell_p, tell_runs, write_json, write_table
from surveys.dutch import round_half_up

Format = Literal["table", "json"]

_NAMES = {
    "mcnemar_midp": "mid-p",
    "mcnemar_exact": "exact",
    "mcnemar_asymptotic": "asymptotic",
    "mcnemar_corrected": "corrected",
    "fisher": "Fisher",
    "pooled_z": "pooled z",
}


def stars_command(
    before: Annotated[str, typer.Option(help="Yes in the first wave, of n pairs.")],
    after: Annotated[str, typer.Option(help="Yes in the second wave, of the same pairs.")],
    n: Annotated[str, typer.Option("--n", help="Pairs that answered in both waves.")],
    alpha: Annotated[str, typer.Option(help="A star is for p below this.")] = "0.05",
    output: Annotated[Format, typer.Option("--format")] = "table",
) -> None:
    """Tell which splits of two paired counts are possible, and which tests would give a star."""
    yes_before, yes_after, pairs, level = _read_counts(before, after, n, alpha)
    splits = [
        (split, paired_p_values(split.up, split.down))
        for split in possible_splits(yes_before, yes_after, pairs)
    ]
    unpaired = unpaired_p_values(yes_before, yes_after, pairs)
    summary = _summarise(splits, unpaired, level)
    if output == "json":
        write_json(
            {
                "before": yes_before,
                "after": yes_after,
                "n": pairs,
                "alpha": level,
                "splits": [{**asdict(split), **_test_fields(p, level)} for split, p in splits],
                "unpaired": _test_fields(unpaired, level),
                "summary": summary,
            }
        )
        return
    for name, count in (("before", yes_before), ("after", yes_after)):
        typer.echo(f"{name}: {count} of {pairs} ({round_half_up(100 * count / pairs)}%)")
    typer.echo(
        f"McNemar's test for each possible split, a star * for p < {level:g}; 'corrected' is "
        "asymptotic\nwith continuity correction.\n"
    )
    _write_splits(splits, level)
    told = (f"{_NAMES[name]} {_tell_star(p, level)}" for name, p in unpaired.items())
    typer.echo(f"\nAs if unpaired, whatever the split: {', '.join(told)}.\n{summary}")


def _read_counts(before: str, after: str, n: str, alpha: str) -> tuple[int, int, int, float]:
    faults: list[str] = []
    counts: dict[str, int] = {}
    for option, text, least in (("--before", before, 0), ("--after", after, 0), ("--n", n, 1)):
        if re.fullmatch("[0-9]{1,9}", text.strip()) and least <= int(text) <= LARGEST_N:
            counts[option] = int(text)
        else:
            faults.append(f"{option} '{text}' is not a whole number from {least} to {LARGEST_N}")
    faults += [
        f"{option} {counts[option]} is more than --n {counts['--n']}"
        for option in ("--before", "--after")
        if "--n" in counts and counts.get(option, 0) > counts["--n"]
    ]
    if not re.fullmatch(r"0?\.[0-9]{1,15}", alpha.strip()) or float(alpha) == 0:
        faults.append(f"--alpha '{alpha}' is not a number between 0 and 1, such as 0.05")
    if faults:
        stop(faults)
    return counts["--before"], counts["--after"], counts["--n"], float(alpha)


def _test_fields(p_values: Mapping[str, float], alpha: float) -> dict[str, Any]:
    return {"p": dict(p_values), "star": {name: p < alpha for name, p in p_values.items()}}


def _tell_star(p: float, alpha: float) -> str:
    return tell_p(p) + "*" * (p < alpha)


def _write_splits(splits: Sequence[tuple[Split, Mapping[str, float]]], alpha: float) -> None:
    heads = ("up", "down", "both", "neither", *(_NAMES[name] for name in splits[0][1]))
    lines = [
        (
            *map(str, (split.up, split.down, split.both, split.neither)),
            *(_tell_star(p, alpha) for p in p_values.values()),
        )
        for split, p_values in splits
    ]
    write_table(heads, lines)


def _summarise(
    splits: Sequence[tuple[Split, Mapping[str, float]]],
    unpaired: Mapping[str, float],
    alpha: float,
) -> str:
    starred = [split for split, p in splits if p["mcnemar_midp"] < alpha]
    if len(starred) == len(splits):
        return (
            f"Mid-p gives a star for every possible split ({len(splits)}): a published star is "
            "compatible with these counts, the absence of one is not."
        )
    if starred:
        downs = tell_runs([split.down for split in starred])
        return (
            f"Mid-p gives a star for {len(starred)} of {len(splits)} possible splits, those with "
            f"down = {downs}: a published star is compatible with these counts, and so is none."
        )
    others = [
        _NAMES[name]
        for name in [*splits[0][1], *unpaired]
        if any({**p, **unpaired}[name] < alpha for _, p in splits)
    ]
    return (
        f"Mid-p gives a star for none of the possible splits ({len(splits)}): a published star is "
        "not compatible with these counts"
        + (f", unless another test gave it (here {', '.join(others)} can)." if others else ".")
    )
