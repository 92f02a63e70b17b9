"""Recovery: procedures as they are published, and what their runs have come to."""
