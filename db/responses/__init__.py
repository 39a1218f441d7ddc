"""The responses: filled in, entered, corrected, imported."""
