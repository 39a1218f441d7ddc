"""`compare`: two waves or more, all regions or per group, weighted or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.commands.inputs import (
    ANSWERS,
    QUESTIONNAIRE,
    REGISTER,
    SCHEME,
    WEIGHTS,
    check_weights,
    note,
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
    tell_p,
    write_csv,
    write_json,
    write_table,
)
from analysis.comparison import compare
from analysis.disclosure import release
from analysis.panel import Panel
from analysis.register_weights import Scheme, Weighting, WeightsRefused, weighting_cells
from analysis.settings import TESTS, Adjustment, Design, Follows, Margin, PairedInterval, Settings
from analysis.subgroups import compare_groups, find_group_differences
from analysis.wave_series import compare_series
from analysis.weighted_comparison import compare_weighted
from surveys.register import Register

_KNOWN_TESTS = sorted({name for names in TESTS.values() for name in names})


@dataclass(frozen=True)
class _Parts:
    """How the regions are taken apart, if they are."""

    by: str
    weights: list[str]
    scheme: Scheme
    register: Register


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
    waves = list(wave or []) or [before, after]
    margins = Margin(margin, margin_mean)
    _check_options(waves, before, after, test or [], margins, by, weights or [])
    settings = Settings(design, frozenset(test or ()), interval, adjust, stars, margins, scale)
    panel = read_panel(questionnaire, answers, waves)
    wanted = [by] if by else weights or []
    known = read_attributes(register, panel, wanted) if wanted else Register({}, ())
    rows = _compare(panel, settings, _Parts(by, weights or [], scheme, known))
    _tell_unused(settings, rows)
    if output is Format.json:
        write_json(rows)
    elif output is Format.csv:
        write_csv(rows)
    elif len(waves) > 2:
        _write_series(rows)
    else:
        _write_pair(rows)


def _check_options(
    waves: Sequence[str],
    before: str,
    after: str,
    tests: Sequence[str],
    margin: Margin,
    by: str,
    weights: Sequence[str],
) -> None:
    faults = []
    if bool(before) != bool(after) or not all(waves):
        faults.append("name the waves: --before and --after, or --wave twice or more")
    elif before and len(waves) and list(waves) != [before, after]:
        faults.append("name the waves with --before and --after or with --wave, not with both")
    elif len(waves) < 2:
        faults.append("a comparison needs two waves: give --wave twice or more")
    twice = [name for name, times in Counter(waves).items() if times > 1]
    faults += [f"wave '{name}' is named twice" for name in twice]
    faults += [
        f"unknown test '{name}'; use one of: {', '.join(_KNOWN_TESTS)}"
        for name in tests
        if name not in _KNOWN_TESTS
    ]
    for option, value in (("--margin", margin.proportion), ("--margin-mean", margin.mean)):
        if value is not None and not value > 0:
            faults.append(f"{option} is {value:g}, but a margin lies above 0")
    if margin.proportion is not None and margin.proportion > 0.7:
        faults.append(f"--margin is {margin.proportion:g}: give a fraction, 0.1 for ten points")
    if by and weights:
        faults.append("--by and --weights do not go together yet: groups are not weighted")
    faults += check_weights(weights)
    if len(waves) > 2 and (by or weights):
        faults.append("--by and --weights compare two waves")
    if faults:
        stop(faults)


def _compare(panel: Panel, settings: Settings, parts: _Parts) -> list[dict[str, Any]]:
    if len(panel.waves) > 2:
        return _compare_series(panel, settings)
    if parts.by:
        return _compare_groups(panel, settings, parts)
    if parts.weights:
        return _compare_weighted(panel, settings, parts)
    return [row.as_dict() for row in compare(*panel.count_pair(), settings)]


def _compare_series(panel: Panel, settings: Settings) -> list[dict[str, Any]]:
    pairs = {pair: panel.count_pairs(*pair) for pair in combinations(panel.waves, 2)}
    counts = [panel.count(wave) for wave in panel.waves]
    return [
        row.as_dict() for row in compare_series(counts, panel.count_patterns(), pairs, settings)
    ]


def _compare_groups(panel: Panel, settings: Settings, parts: _Parts) -> list[dict[str, Any]]:
    groups = {
        name: panel.part(members).count_pair()
        for name, members in parts.register.members(parts.by).items()
    }
    total = panel.count_pair()
    rows = compare_groups(parts.by, groups, total, settings)
    between = {
        (found.item, found.part): found
        for found in find_group_differences(parts.by, groups, total, settings)
    }
    told = []
    released = release(rows, title=parts.by, base="", method="", source="")
    for row in released.rows:
        fields: dict[str, Any] = {**row.values, "suppressed": row.is_suppressed}
        if not row["group"] and (row["item"], row["part"]) in between:
            fields["groups_differ"] = between[row["item"], row["part"]].as_dict()
        told.append(fields)
    return told


def _compare_weighted(panel: Panel, settings: Settings, parts: _Parts) -> list[dict[str, Any]]:
    members = weighting_cells(parts.register, parts.weights)
    weighting = Weighting(
        tuple(parts.weights), {cell: len(found) for cell, found in members.items()}, parts.scheme
    )
    cells = {cell: panel.part(found).count_pair() for cell, found in members.items()}
    try:
        rows = compare_weighted(weighting, cells, panel.count_pair(), settings)
    except WeightsRefused as refused:
        stop_unweighted(refused)
    return [row.as_dict() for row in rows]


def _tell_unused(settings: Settings, rows: Sequence[Row]) -> None:
    used = {row.get("test") for row in rows}
    used |= {pair["test"] for row in rows for pair in row.get("pairwise", ())}
    for name in sorted(settings.tests - used):
        note(f"--test {name} fits no figure of this comparison")


_HEADS = (
    *("item", "part", "n", "before", "after", "change", "95% interval"),
    *("p", "p adj.", "outcome"),
)


def _write_pair(rows: Sequence[Row]) -> None:
    by_group = any(row["attribute"] for row in rows)
    heads = ("group", *_HEADS) if by_group else _HEADS
    lines = [((row["group"] or "all", *_cells(row)) if by_group else _cells(row)) for row in rows]
    write_table(heads, lines)
    first = rows[0]
    designs = ", ".join(dict.fromkeys(row["design"] for row in rows))
    print(
        f"\n{designs} comparison of {first['wave_before']} and {first['wave_after']}; the outcome "
        f"follows the {first['stars']} p value at 0.05; adjustment: {first['adjustment']}, per "
        "section."
    )
    noted = [row for row in rows if row["footnote"]]
    for text in dict.fromkeys(f"{row['item']}: {row['footnote']}" for row in noted):
        print(text)


def _cells(row: Row) -> tuple[str, ...]:
    if row.get("suppressed"):
        return (row["item"], row["part"], *["-"] * 7, "suppressed")
    base = (
        f"{row['n_before']}/{row['n_after']}"
        if row["design"] == "independent"
        else str(row.get("n_pairs"))
    )
    reason = f" ({row['reason']})" if row.get("reason") else ""
    return (
        row["item"],
        row["part"],
        base,
        tell_amount(row, row.get("value_before")),
        tell_amount(row, row.get("value_after")),
        tell_difference(row, row.get("change")),
        tell_interval(row, row.get("ci_low"), row.get("ci_high")),
        tell_p(row.get("p")),
        tell_p(row.get("p_adjusted")),
        f"{row.get('outcome')}{reason}",
    )


def _write_series(rows: Sequence[Row]) -> None:
    waves = [value["wave"] for value in rows[0]["values"]]
    heads = ("item", "part", "n", *waves, "test", "statistic", "df", "p", "p adj.", "outcome")
    lines = [
        (
            row["item"],
            row["part"],
            str(row["n"]),
            *(tell_amount(row, value["value"]) for value in row["values"]),
            row["test"] or "-",
            "-" if row["statistic"] is None else f"{row['statistic_name']} {row['statistic']:.2f}",
            "-" if row["df"] is None else f"{row['df']:g}",
            tell_p(row["p"]),
            tell_p(row["p_adjusted"]),
            row["outcome"] + (f" ({row['reason']})" if row["reason"] else ""),
        )
        for row in rows
    ]
    write_table(heads, lines)
    print("\nThe comparisons of every two waves are in --format json.")
