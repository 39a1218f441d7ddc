"""The waves, the regions in them, and how far they are."""
