"""Charts of released tables. Each takes a ReleasedTable and nothing else; only `response`, of
fieldwork, is no result and stands apart.

A chart has two forms: whole, with its finding as title, for export; and as panels
without a title, that follow the width of the page, also that of a phone. In a panel a question can
be chosen by a click. `draw_spark` is the small picture beside a sentence.
"""

from analysis.charts.canvas import Chart, require_drawn
from analysis.charts.changes import (
    draw_dumbbell,
    draw_dumbbell_panels,
    draw_grade_panels,
    draw_grades,
    sort_changes,
)
from analysis.charts.choice import CHOICE, read_choice
from analysis.charts.distributions import (
    draw_attention,
    draw_index,
    draw_stacked,
    group_attention,
    sort_yields,
)
from analysis.charts.levels import draw_anchoring, group_by_question
from analysis.charts.logic_model import draw_logic_model
from analysis.charts.order import Order
from analysis.charts.priorities import draw_priorities, number_priorities
from analysis.charts.spark import draw_spark
from analysis.charts.trend import draw_trend, draw_trend_panels
from analysis.charts.trend_places import sort_series

__all__ = [
    "CHOICE",
    "Chart",
    "Order",
    "draw_anchoring",
    "draw_attention",
    "draw_dumbbell",
    "draw_dumbbell_panels",
    "draw_grade_panels",
    "draw_grades",
    "draw_index",
    "draw_logic_model",
    "draw_priorities",
    "draw_spark",
    "draw_stacked",
    "draw_trend",
    "draw_trend_panels",
    "group_attention",
    "group_by_question",
    "number_priorities",
    "read_choice",
    "require_drawn",
    "sort_changes",
    "sort_series",
    "sort_yields",
]
