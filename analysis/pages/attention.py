"""Results: which activities get much attention now, and which less."""

from analysis.pages.block_page import show_block

show_block("aandacht", "Aandacht")
