"""Results: the report grades for what STO brought about, and what changed."""

from analysis.pages.block_page import show_block

show_block("rapportcijfers", "Rapportcijfers")
