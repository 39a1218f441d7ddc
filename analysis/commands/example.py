"""`published` and `example`: the example data, and whether they give the published figures."""

from __future__ import annotations

import sys

import typer

from analysis.comparison import compare
from analysis.example import solve_example
from analysis.levels import measure_levels
from analysis.panel import make_panel
from analysis.published import check_published, read_published
from surveys.example import read_example_definitions, read_example_register
from surveys.regions.register import write_register
from surveys.routing import settle
from surveys.tidy import COLUMNS, write_answers


def published_command() -> None:
    """Check that the example data give every published figure; exit code 1 if one differs."""
    published = read_published()
    questionnaires = {
        wave: definition.questionnaire for wave, definition in read_example_definitions().items()
    }
    panel = make_panel(
        questionnaires,
        {
            wave: {region: settle(questionnaires[wave], given) for region, given in found.items()}
            for wave, found in solve_example(published).items()
        },
    )
    before, after, pairs = panel.count_pair()
    checks = check_published(published, compare(before, after, pairs), measure_levels(after))
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


def example_command() -> None:
    """Write the example answers as CSV to standard output."""
    print(",".join(COLUMNS))
    for wave, responses in solve_example(read_published()).items():
        write_answers(sys.stdout, wave, responses)


def register_command() -> None:
    """Write the example's register of regions as CSV to standard output."""
    write_register(sys.stdout, read_example_register())
