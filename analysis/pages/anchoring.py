"""Results: anchoring, or what is arranged for the time after the subsidy."""

from analysis.pages.block_page import show_block

show_block("borging", "Borging")
