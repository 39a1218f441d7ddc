"""Results: the report grades for what STO brought about, and what changed."""

from analysis.charts import draw_grade_panels, draw_grades
from analysis.measures import MEAN
from analysis.pages.comparison_page import ComparisonPage, show_comparison

show_comparison(
    ComparisonPage(
        title="Rapportcijfers",
        section="rapportcijfers",
        measure=MEAN,
        what=("uitspraak", "uitspraken"),
        draw=draw_grades,
        draw_panels=draw_grade_panels,
    )
)
