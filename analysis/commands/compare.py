"""`compare`: two waves or more, all regions or per group, weighted or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import combinations, pairwise
from math import isfinite
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.commands.comparison_tables import tell_comparisons
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
from analysis.commands.output import Format, Row, write_rows
from analysis.commands.series_tables import tell_series, widen_series
from analysis.comparison import Comparison, compare
from analysis.disclosure import release, shown_groups
from analysis.register_weights import Scheme, Weighting, WeightsRefused, weighting_cells
from analysis.settings import (
    INDEPENDENT,
    PAIRED,
    TESTS,
    Adjustment,
    Design,
    Follows,
    Margin,
    PairedInterval,
    Settings,
)
from analysis.subgroups import compare_groups, find_group_differences
from analysis.wave_series import compare_series
from analysis.weighted_comparison import compare_weighted

_KNOWN_TESTS = sorted({name for names in TESTS.values() for name in names})


@dataclass(frozen=True)
class _Parts:
    """How the regions are taken apart, if they are."""

    by: str
    weights: list[str]
    scheme: Scheme


def compare_command(
    questionnaire: Annotated[list[Path], QUESTIONNAIRE],
    answers: Annotated[Path, ANSWERS],
    before: Annotated[str, typer.Option(help="The earlier of two waves, e.g. 2021.")] = "",
    after: Annotated[str, typer.Option(help="The later of two waves, e.g. 2024.")] = "",
    wave: Annotated[
        list[str] | None, typer.Option(help="Two waves or more, earliest first; repeat it.")
    ] = None,
    design: Annotated[Design, typer.Option(help="Chosen from the data by default.")] = "auto",
    test: Annotated[
        list[str] | None,
        typer.Option(help=f"In place of the default where it fits: {', '.join(_KNOWN_TESTS)}."),
    ] = None,
    interval: Annotated[
        PairedInterval, typer.Option(help="For paired differences of proportions.")
    ] = "tango",
    adjust: Annotated[Adjustment, typer.Option(help="For the number of tests.")] = "holm",
    stars: Annotated[Follows, typer.Option(help="The p value that decides.")] = "raw",
    scale: Annotated[bool, typer.Option(help="Test scales as a whole, not their shares.")] = False,
    margin: Annotated[
        float | None, typer.Option(help="Equivalence margin of proportions, a fraction: 0.1.")
    ] = None,
    margin_mean: Annotated[
        float | None, typer.Option(help="Equivalence margin of grades, numbers and scales.")
    ] = None,
    by: Annotated[str, typer.Option(help="An attribute: the same comparison per group.")] = "",
    weights: Annotated[list[str] | None, WEIGHTS] = None,
    scheme: Annotated[Scheme, SCHEME] = "rake",
    register: Annotated[Path | None, REGISTER] = None,
    output: Annotated[Format, typer.Option("--format")] = Format.table,
) -> None:
    """Compare waves without a database, with the test that fits the data."""
    margins = Margin(margin, margin_mean)
    settings = Settings(design, frozenset(test or ()), interval, adjust, stars, margins, scale)
    parts = _Parts(by, weights or [], scheme)
    faults: list[str] = []
    waves = _name_waves(before, after, wave or [], faults)
    faults += _check_settings(settings)
    faults += _check_parts(parts, settings, len(waves), register)
    found = read_inputs(
        questionnaire,
        answers,
        waves,
        register=register,
        attributes=[by] if by else parts.weights,
        faults=faults,
    )
    rows = _compare(found, settings, parts)
    _refuse_unused(settings, rows)
    if len(waves) == 2:
        write_rows(rows, output, lambda rows: tell_comparisons(rows, settings))
    elif output is Format.csv:
        write_rows([widen_series(row) for row in rows], output, tell_series)
    else:
        write_rows(rows, output, tell_series)


def _name_waves(before: str, after: str, wave: Sequence[str], faults: list[str]) -> list[str]:
    """The waves, earliest first; none where they are not named well."""
    waves = list(wave) or [before, after]
    twice = [name for name, times in Counter(waves).items() if name and times > 1]
    found = [f"wave '{name}' is named twice" for name in twice]
    if wave and (before or after):
        found.append("name the waves with --before and --after or with --wave, not with both")
    elif not all(waves):
        found.append("name the waves: --before and --after, or --wave twice or more")
    elif len(waves) < 2:
        found.append("a comparison needs two waves: give --wave twice or more")
    elif all(name.isdecimal() for name in waves):
        found += [
            f"wave {second} goes before wave {first}: name the earliest first"
            for first, second in pairwise(waves)
            if int(first) > int(second)
        ]
    faults += found
    return [] if found else waves


def _check_settings(settings: Settings) -> list[str]:
    faults = [
        f"unknown test '{name}'; use one of: {', '.join(_KNOWN_TESTS)}"
        for name in sorted(settings.tests)
        if name not in _KNOWN_TESTS
    ]
    margin = settings.margin
    for option, value in (("--margin", margin.proportion), ("--margin-mean", margin.mean)):
        if value is not None and not (isfinite(value) and value > 0):
            faults.append(f"{option} is {value:g}, but a margin is a number above 0")
    if margin.proportion is not None and isfinite(margin.proportion) and margin.proportion > 0.7:
        faults.append(f"--margin is {margin.proportion:g}: give a fraction, 0.1 for ten points")
    return faults


def _check_parts(parts: _Parts, settings: Settings, waves: int, register: Path | None) -> list[str]:
    faults = []
    if parts.by and parts.weights:
        faults.append("--by and --weights do not go together: groups are not weighted")
    if waves > 2 and (parts.by or parts.weights):
        faults.append("--by and --weights compare two waves")
    if parts.weights and (
        settings.tests or settings.paired_interval != "tango" or settings.margin != Margin()
    ):
        faults.append(
            "--test, --interval and --margin do not go with --weights: weighted changes have a "
            "t test and a t interval"
        )
    return faults + check_weights(parts.weights, parts.scheme, register, parts.by)


def _compare(found: Inputs, settings: Settings, parts: _Parts) -> list[dict[str, Any]]:
    if len(found.panel.waves) > 2:
        return _compare_series(found, settings)
    if parts.by:
        return _compare_groups(found, settings, parts.by)
    if parts.weights:
        return _compare_weighted(found, settings, parts)
    rows = compare(*found.panel.count_pair(), settings, found.between)
    return [row.as_dict() for row in rows]


def _compare_series(found: Inputs, settings: Settings) -> list[dict[str, Any]]:
    panel = found.panel
    pairs = {pair: panel.count_pairs(*pair) for pair in combinations(panel.waves, 2)}
    counts = [panel.count(wave) for wave in panel.waves]
    rows = compare_series(counts, panel.count_patterns(), pairs, settings)
    return [row.as_dict() for row in rows]


def _compare_groups(found: Inputs, settings: Settings, by: str) -> list[dict[str, Any]]:
    """Released rows, every field there: None where it is suppressed."""
    groups = {
        name: found.panel.part(members).count_pair()
        for name, members in found.register.members(by).items()
    }
    total = found.panel.count_pair()
    rows = compare_groups(by, groups, total, settings, found.between)
    released = release(rows, title=by, base="", method="", source="")
    shown = shown_groups(released)
    tests = find_group_differences(by, groups, total, settings, found.between, shown=shown)
    differences = {
        (row["item"], row["part"]): {"level": row["level"], "change": row["change"]}
        for row in (test.as_dict() for test in tests)
    }
    blank = dict.fromkeys(field.name for field in fields(Comparison))
    return [
        {
            **blank,
            **row.values,
            "suppressed": row.is_suppressed,
            "groups_differ": None if row["group"] else differences.get((row["item"], row["part"])),
        }
        for row in released.rows
    ]


def _compare_weighted(found: Inputs, settings: Settings, parts: _Parts) -> list[dict[str, Any]]:
    members = weighting_cells(found.register, parts.weights)
    weighting = Weighting(
        tuple(parts.weights),
        {cell: len(regions) for cell, regions in members.items()},
        parts.scheme,
    )
    cells = {cell: found.panel.part(regions).count_pair() for cell, regions in members.items()}
    total = found.panel.count_pair()
    try:
        rows = compare_weighted(weighting, cells, total, settings, found.between)
    except WeightsRefused as refused:
        stop_unweighted(refused)
    return [row.as_dict() for row in rows]


def _refuse_unused(settings: Settings, rows: Sequence[Row]) -> None:
    """A test that was asked for and decides no figure is a mistake, not a wish to ignore."""
    used = {
        settings.test(row["measure"], INDEPENDENT if row["design"] == INDEPENDENT else PAIRED)
        for row in _pairs(rows)
    }
    unused = sorted(settings.tests - used)
    if unused:
        tests = ", ".join(sorted(used))
        stop(
            [f"--test {name} is the test of no figure here; those are: {tests}" for name in unused]
        )


def _pairs(rows: Sequence[Row]) -> Iterable[Row]:
    """The comparisons of two waves, those within a series included."""
    for row in rows:
        yield from row.get("pairwise", (row,))
