"""Incidents as lines: parts below their whole, restricted ones marked."""

from __future__ import annotations

from typing import Any

from crisisdesk.desk.incidents.list_rows import Line, arrange, spoken, whole_row
from crisisdesk.store.queries import IncidentRow


def row(key: str, at: int, severity: int = 2, **more: Any) -> IncidentRow:
    told = {"status": "open", "title": key, "commander": "", "resolved_at": None, **more}
    return IncidentRow(incident_id=key, pos=1, severity=severity, created_at=at, **told)


WHOLE = row("INC-A", 1)
PART = row("INC-B", 2, severity=4, title="Mails stuck", merged_into="INC-A")
INNER = row("INC-C", 3, merged_into="INC-B", status="resolved", resolved_at=9)
OTHER = row("INC-D", 4, severity=3)


def shown(lines: list[Line]) -> list[tuple[str, str, bool]]:
    return [(line.key, line.whole, line.below) for line in lines]


def test_parts_stand_below_their_whole_whatever_their_severity_and_status():
    lines = arrange([INNER, PART, WHOLE, OTHER], "")
    assert shown(lines) == [
        ("Open", "", False),
        ("INC-D", "", False),
        ("INC-A", "", False),
        ("INC-B", "INC-A", True),
        ("INC-C", "INC-A", True),
    ]
    assert lines[0].quiet == "2"
    assert "part of INC-A" in spoken(lines[3])
    assert "part of" not in spoken(lines[2])


def test_a_part_whose_whole_is_filtered_away_is_marked_on_its_own():
    assert shown(arrange([PART, WHOLE], "mails")) == [
        ("Open", "", False),
        ("INC-B", "INC-A", False),
    ]


def test_a_ring_has_its_eldest_as_the_whole_and_an_unknown_whole_ends_the_way():
    first = row("INC-A", 1, merged_into="INC-B")
    second = row("INC-B", 2, merged_into="INC-A")
    by_id = {"INC-A": first, "INC-B": second}
    assert whole_row(first, by_id) is first
    assert whole_row(second, by_id) is first
    assert [line.key for line in arrange([second, first], "")] == ["Open", "INC-A", "INC-B"]
    lost = row("INC-E", 5, merged_into="INC-NOT-HERE")
    assert whole_row(lost, {"INC-E": lost}) is lost


def test_a_restricted_one_is_said_to_be():
    line = Line("INC-A", row=row("INC-A", 1, knowing="zoë ng", title="Restricted incident"))
    assert spoken(line).endswith("INC-A, restricted")
