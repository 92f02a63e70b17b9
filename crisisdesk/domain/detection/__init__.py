"""Detection: what is measured, by which sources, and what rules make of it. Pure."""
