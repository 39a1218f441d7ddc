"""Results: what STO yielded so far, per attention point."""

from analysis.pages.block_page import show_block

show_block("opbrengsten", "Opbrengsten")
