"""How far a wave is, and what to do about it."""
