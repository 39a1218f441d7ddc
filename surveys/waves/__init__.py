"""The life of a wave."""
