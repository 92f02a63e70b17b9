"""How soon an incident matters: the stated matrix of severity and impact, and the way around it."""

from __future__ import annotations

IMPACTS = ("low", "medium", "high", "critical")
PRIORITIES = ("p1", "p2", "p3", "p4")
# Fields that follow from others until somebody sets them by hand, with a reason.
DERIVED = ("impact", "priority")

IMPACT_OF: dict[str, str] = {
    "minor": "low",
    "major": "medium",
    "critical": "high",
    "emergency": "critical",
}
# Severity -> impact -> priority.
MATRIX: dict[str, dict[str, str]] = {
    "minor": {"low": "p4", "medium": "p4", "high": "p3", "critical": "p3"},
    "major": {"low": "p4", "medium": "p3", "high": "p3", "critical": "p2"},
    "critical": {"low": "p3", "medium": "p2", "high": "p2", "critical": "p1"},
    "emergency": {"low": "p2", "medium": "p1", "high": "p1", "critical": "p1"},
}


def impact_of(severity: str) -> str:
    """How far an incident of this severity is taken to reach; medium for an unknown one."""
    return IMPACT_OF.get(severity, "medium")


def priority_of(severity: str, impact: str) -> str:
    """What the matrix gives; p3 for what does not stand in it."""
    return MATRIX.get(severity, {}).get(impact, "p3")


def matrix_lines() -> list[str]:
    """The matrix as aligned lines, for people."""
    heads = "".join(f"{impact:>10}" for impact in IMPACTS)
    lines = [f"{'severity':<10}{heads}"]
    for severity, row in MATRIX.items():
        lines.append(f"{severity:<10}" + "".join(f"{row[impact]:>10}" for impact in IMPACTS))
    return lines
