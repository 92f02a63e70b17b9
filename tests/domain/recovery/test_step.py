"""Steps as they are written: every kind, every default, and each mistake by its field."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.recovery.step import KINDS, read_criterion, read_step

EACH: dict[str, dict[str, Any]] = {
    "check": {},
    "decision": {"answers": ["yes", "no"]},
    "wait": {"source": "shop", "for": "30s", "timeout": "5m"},
    "command": {"command": "/usr/bin/promote", "args": ["--to", "{target}"]},
    "http": {"url": "https://lb.example.org/api/{target}", "method": "POST", "body": {"a": "b"}},
    "sql": {"database": "orders", "query": "select 1;", "expect": {"value": 1}},
    "postgres": {"do": "promote", "database": "{standby}", "primary": "db1"},
    "backup": {"dump": "/var/backups/{name}.dump", "against": "orders"},
    "approval": {"approvals": 2, "expires": "5m"},
    "procedure": {"procedure": "Freeze", "arguments": {"target": "{target}"}},
}


def test_every_kind_is_read_with_its_defaults() -> None:
    assert set(EACH) == set(KINDS)
    for kind, own in EACH.items():
        step = read_step({"id": "one", "kind": kind, "title": "One", **own}, "s", "zero")
        assert (step["kind"], step["after"], step["exclusive"]) == (kind, ["zero"], False)
    sql = read_step({"id": "q", "kind": "sql", "title": "Q", **EACH["sql"]}, "s")
    assert (sql["query"], sql["expect"]) == ("select 1", {"is": "=", "value": 1})
    wait = read_step({"id": "w", "kind": "wait", "title": "W", **EACH["wait"]}, "s")
    assert (wait["for_ms"], wait["timeout_ms"]) == (30_000, 300_000)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"kind": "shell"}, "s.kind"),
        ({"script": "rm -rf /"}, "s.script"),
        ({"id": "Big"}, "s.id"),
        ({"title": ""}, "s.title"),
        ({"after": "x"}, "s.after"),
        ({"when": {"d": True}}, "s.when"),
        ({"kind": "decision", "answers": [True, False]}, "s.answers"),
        ({"kind": "decision", "answers": ["yes"]}, "s.answers"),
        ({"kind": "wait"}, "s.source"),
        ({"kind": "command", "command": "promote"}, "s.command"),
        ({"kind": "command", "command": "/bin/{x}"}, "s.command"),
        ({"kind": "command", "command": "/a/../b"}, "s.command"),
        ({"kind": "command", "command": "/a", "args": "x"}, "s.args"),
        ({"kind": "command", "command": "/a", "args": ["a\nb"]}, "s.args[0]"),
        ({"kind": "http", "url": "file:///etc/passwd"}, "s.url"),
        ({"kind": "http", "url": "https://{host}/"}, "s.url"),
        ({"kind": "http", "url": "https://u:p@h/"}, "s.url"),
        ({"kind": "http", "url": "https://h:99999/"}, "s.url"),
        ({"kind": "http", "url": "https://h/", "body": {}}, "s.body"),
        ({"kind": "http", "url": "https://h/", "expect": ["200"]}, "s.expect"),
        ({"kind": "sql", "database": "d", "query": "a; b", "expect": {"value": 1}}, "s.query"),
        (
            {"kind": "sql", "database": "d", "query": "a", "expect": {"value": True}},
            "s.expect.value",
        ),
        ({"kind": "approval", "approvals": 0}, "s.approvals"),
        ({"kind": "procedure", "procedure": "P", "arguments": ["x"]}, "s.arguments"),
        ({"rollback": {"kind": "approval", "title": "x"}}, "s.rollback.kind"),
        ({"rollback": {"kind": "command", "title": "x", "command": "y"}}, "s.rollback.command"),
    ],
)
def test_a_mistake_is_named(told: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        read_step({"id": "one", "title": "One", **told}, "s")
    assert refused.value.field == field
    assert refused.value.remedy


def test_a_criterion_only_looks() -> None:
    assert read_criterion("Orders can be placed", "c")["kind"] == "check"
    with pytest.raises(Malformed, match=r"c\.kind"):
        read_criterion({"kind": "command", "title": "x", "command": "/x"}, "c")
    with pytest.raises(Malformed, match=r"c\.method"):
        read_criterion({"kind": "http", "title": "x", "url": "https://h/", "method": "POST"}, "c")
