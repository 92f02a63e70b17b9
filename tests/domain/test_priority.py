"""The stated matrix: whole, in order, and what does not stand in it."""

from __future__ import annotations

from pathlib import Path

from crisisdesk.domain.priority import (
    IMPACT_OF,
    IMPACTS,
    MATRIX,
    PRIORITIES,
    impact_of,
    matrix_lines,
    priority_of,
)
from crisisdesk.domain.severity import IncidentSeverity

HELP = Path(__file__).resolve().parents[2] / "resources" / "help" / "incidents.md"


def test_every_severity_and_impact_has_a_priority() -> None:
    assert tuple(MATRIX) == tuple(IncidentSeverity)
    assert {tuple(row) for row in MATRIX.values()} == {IMPACTS}
    assert {priority for row in MATRIX.values() for priority in row.values()} == set(PRIORITIES)
    assert tuple(IMPACT_OF.values()) == IMPACTS


def test_worse_is_never_less_urgent() -> None:
    rows = [[PRIORITIES.index(p) for p in row.values()] for row in MATRIX.values()]
    for row in rows:
        assert row == sorted(row, reverse=True)
    for column in zip(*rows, strict=True):
        assert list(column) == sorted(column, reverse=True)


def test_what_follows_where_nobody_says() -> None:
    found = {s: priority_of(s, impact_of(s)) for s in MATRIX}
    assert found == {"minor": "p4", "major": "p3", "critical": "p2", "emergency": "p1"}
    assert (impact_of("odd"), priority_of("odd", "low"), priority_of("minor", "odd")) == (
        "medium",
        "p3",
        "p3",
    )


def test_the_lines_for_people_and_the_help_page_say_the_same() -> None:
    lines = [line.split() for line in matrix_lines()]
    assert lines[0] == ["severity", *IMPACTS]
    assert {line[0]: dict(zip(IMPACTS, line[1:], strict=True)) for line in lines[1:]} == MATRIX
    page = HELP.read_text(encoding="utf-8")
    for severity, row in MATRIX.items():
        cells = " | ".join(row[impact] for impact in IMPACTS)
        assert f"| {severity} | {cells} |" in page
