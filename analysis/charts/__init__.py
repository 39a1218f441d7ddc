"""Charts of released tables. Each takes a ReleasedTable and nothing else; only `response`, of
fieldwork, is no result and stands apart.

A chart has two forms: whole, with its finding as title, for export; and as panels
without a title, that follow the width of the page, also that of a phone.
"""

from analysis.charts.canvas import Chart, require_drawn
from analysis.charts.changes import (
    draw_dumbbell,
    draw_dumbbell_panels,
    draw_grade_panels,
    draw_grades,
    sort_changes,
)
from analysis.charts.distributions import (
    draw_attention,
    draw_index,
    draw_stacked,
    group_attention,
    sort_yields,
)
from analysis.charts.levels import draw_anchoring, group_by_question

__all__ = [
    "Chart",
    "draw_anchoring",
    "draw_attention",
    "draw_dumbbell",
    "draw_dumbbell_panels",
    "draw_grade_panels",
    "draw_grades",
    "draw_index",
    "draw_stacked",
    "group_attention",
    "group_by_question",
    "require_drawn",
    "sort_changes",
    "sort_yields",
]
