"""Results: how urgent the attention points are, and what changed since the wave before."""

from analysis.pages.block_page import show_block

show_block("urgentie", "Urgentie")
