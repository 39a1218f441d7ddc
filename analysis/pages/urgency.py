"""Results: how urgent the attention points are, and what changed since the wave before."""

from analysis.charts import draw_dumbbell, draw_dumbbell_panels
from analysis.measures import PROPORTION
from analysis.pages.comparison_page import ComparisonPage, show_comparison

show_comparison(
    ComparisonPage(
        title="Urgentie",
        section="urgentie",
        measure=PROPORTION,
        what=("aandachtspunt", "aandachtspunten"),
        draw=draw_dumbbell,
        draw_panels=draw_dumbbell_panels,
    )
)
