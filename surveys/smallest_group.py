"""The smallest number of regions of which anything is told together, in figures and in quotes."""

SMALLEST_GROUP = 5
