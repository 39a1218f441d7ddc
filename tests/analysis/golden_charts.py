"""The specification of each kind of chart as it was agreed on, in `golden/`.

After a change that was meant, write them anew and look at what differs:

    python -m tests.analysis.golden_charts
    git diff tests/analysis/golden
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt

from analysis.charts import (
    Chart,
    draw_anchoring,
    draw_attention,
    draw_dumbbell,
    draw_dumbbell_panels,
    draw_grade_panels,
    draw_grades,
    draw_index,
    draw_spark,
    draw_stacked,
)
from analysis.disclosure import ReleasedTable
from tests.analysis.fixed_tables import fix_changes, fix_distributions, fix_grades, fix_levels

_INNERMOST = re.compile(r"[\[{][^][{}]*[\]}]")  # goes on one line, for a readable difference
FOLDER = Path(__file__).with_name("golden")
Golden = tuple[Callable[[], ReleasedTable], Callable[[ReleasedTable], Chart]]


def _two_waves() -> ReleasedTable:
    return fix_distributions("2021", "2024")


def _one_wave() -> ReleasedTable:
    return fix_distributions("2024")


CHARTS: dict[str, Golden] = {
    "dumbbell": (fix_changes, draw_dumbbell),
    "dumbbell_values": (fix_changes, lambda table: draw_dumbbell_panels(table)[0]),
    "dumbbell_changes": (fix_changes, lambda table: draw_dumbbell_panels(table)[1]),
    "grades": (fix_grades, draw_grades),
    "grades_values": (fix_grades, lambda table: draw_grade_panels(table)[0]),
    "grades_changes": (fix_grades, lambda table: draw_grade_panels(table)[1]),
    "stacked": (_one_wave, draw_stacked),
    "stacked_waves": (_two_waves, lambda table: draw_stacked(table, titled=False)),
    "diverging": (_one_wave, lambda table: draw_stacked(table, diverging=True)),
    "diverging_waves": (_two_waves, lambda table: draw_stacked(table, diverging=True)),
    "attention": (_two_waves, draw_attention),
    "index": (_one_wave, draw_index),
    "anchoring": (fix_levels, draw_anchoring),
    "spark_change": (fix_changes, lambda table: draw_spark(table, table.rows[0])),
    "spark_grade": (fix_grades, lambda table: draw_spark(table, table.rows[0])),
    "spark_suppressed": (fix_changes, lambda table: draw_spark(table, table.rows[2])),
    "spark_level": (fix_levels, lambda table: draw_spark(table, table.rows[0])),
    "spark_distribution": (_one_wave, lambda table: draw_spark(table, table.rows[0])),
}


def specify(name: str) -> dict[str, Any]:
    """What the chart is, without what all charts share and what the version of Altair decides."""
    make, draw = CHARTS[name]
    with alt.data_transformers.enable(consolidate_datasets=False):
        spec = draw(make()).to_dict()
    return {key: value for key, value in spec.items() if key not in ("config", "$schema")}


def specify_look() -> dict[str, Any]:
    """What all charts share: fonts, colours, Dutch numbers."""
    make, draw = CHARTS["index"]
    look: dict[str, Any] = draw(make()).to_dict()["config"]
    return look


def write_all() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, spec in {**{name: specify(name) for name in CHARTS}, "look": specify_look()}.items():
        text = json.dumps(spec, indent=1, ensure_ascii=False, sort_keys=True)
        short = _INNERMOST.sub(lambda found: re.sub(r"\n *", " ", found[0]), text)
        (FOLDER / f"{name}.json").write_text(short + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_all()
