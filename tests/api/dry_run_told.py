"""What `/crisis/recovery/{procedure}/dry-run/` tells, for those who show it."""

from __future__ import annotations

from typing import Any


def step(step_id: str, **more: Any) -> dict[str, Any]:
    """One step; ``more`` are the fields that differ."""
    told = {
        "step_id": step_id,
        "title": step_id.upper(),
        "kind": "command",
        "phase": "main",
        "ok": True,
        "words": "",
        "does": ['argv ["/bin/x"]'],
        "entry": "recovery.commands x",
        "opens": "at once",
        "begins": "the station",
        "approval": "another person",
        "now": "not_looked_at",
        "now_words": "",
        "back": "",
        "at_most_s": 60,
    }
    return told | more


def told(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The whole answer."""
    head = {
        "procedure": "Fail over",
        "version_id": "POL-1",
        "arguments": {"target": "db2"},
        "estimated_s": 900,
        "longest_s": 120,
        "rollback": "never",
        "rollback_procedure": "",
    }
    return {**head, "steps": list(steps), **more}
