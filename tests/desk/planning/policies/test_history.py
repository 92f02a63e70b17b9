"""The history names every version, how it stands and what it changed."""

from __future__ import annotations

from crisisdesk.desk.planning.policies.content import Target, fresh
from crisisdesk.desk.planning.policies.history import history_rows, spoken_version

from tests.desk.planning.policies.test_shelf import version
from tests.domain.escalation.people import START


def name(target: Target) -> str:
    return str(next(iter(target.values())))


def test_versions_are_told_against_the_one_they_replaced() -> None:
    first = version("Night")
    second = version("Night", START + 1, content={"repeat": 4}, replaces=first.version_id)
    third = version(
        "Night", START + 2, content={"repeat": 5}, replaces=first.version_id, withdrawn_at=START + 9
    )
    rows = history_rows([third, second, first], second.version_id, name)
    assert [(row.title, row.standing) for row in rows] == [
        ("Version 3", "withdrawn"),
        ("Version 2", "counts now"),
        ("Version 1", "replaced"),
    ]
    assert [row.changes for row in rows] == [
        ("Repeats 5, before 2.",),
        ("Repeats 4, before 2.",),
        ("The first version.",),
    ]
    assert "withdrawn 12 Feb 2026" in rows[0].facts
    assert "counts now" in spoken_version(rows[1])
    assert "Repeats 4" in spoken_version(rows[1])


def test_one_that_names_none_is_told_against_the_one_before() -> None:
    other = version("Night", START + 1, content=fresh() | {"repeat": 0})
    [new, _] = history_rows([other, version("Night")], "", name)
    assert new.changes == ("Repeats 0, before 2.",)
    assert history_rows([], "", name) == []
