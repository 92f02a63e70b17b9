"""Publishing policies, schedules and overrides: checked whole before a word of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crisisdesk.domain.canonical import canonical_bytes, tidy
from crisisdesk.domain.errors import Conflict, Malformed
from crisisdesk.domain.escalation.policy import read_policy
from crisisdesk.domain.ids import policy_version_id_of
from crisisdesk.domain.matchers import parse_matchers
from crisisdesk.domain.oncall.reading import read_override, read_schedule
from crisisdesk.domain.policy_version import PolicyVersion, current
from crisisdesk.engine.escalation_commands import PublishPolicy, WithdrawPolicy
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.workbench import Workbench

NAME_LIMIT = 100
CONTENT_LIMIT = 64 * 1024


def _check_escalation(name: str, content: dict[str, Any]) -> None:
    parse_matchers(read_policy(name, content).matching, "for")


CHECKS: dict[str, Callable[[str, dict[str, Any]], object]] = {
    "escalation": _check_escalation,
    "schedule": read_schedule,
    "override": lambda _name, content: read_override(content),
}


def checked_content(name: str, content: Any) -> dict[str, Any]:
    """Content that can be published under this name; raises Malformed naming the field."""
    kind = content.get("kind") if isinstance(content, dict) else None
    if kind not in CHECKS:
        raise Malformed("kind", f"{str(kind)[:40]!r} is none", f"write one of {', '.join(CHECKS)}")
    told: dict[str, Any] = tidy(content, field="content")
    if len(canonical_bytes(told)) > CONTENT_LIMIT:
        raise Malformed("content", "is too long", f"keep it within {CONTENT_LIMIT // 1024} KiB")
    CHECKS[kind](name, told)
    return told


def publish_policy(command: PublishPolicy, bench: Workbench) -> str:
    """Publish it, unless this very version is the current one already."""
    name = checked_text(command.name, "name", NAME_LIMIT, required=True)
    content = checked_content(name, command.content)
    version_id = policy_version_id_of(name, content)
    before = [
        v
        for v in current(bench.at_hand.policies())
        if (v.name, v.content.get("kind")) == (name, content["kind"])
    ]
    if any(v.version_id == version_id for v in before):
        return version_id
    if bench.get(version_id) is not None:
        raise Conflict(
            "content",
            "is that of an earlier version of this name",
            "change its note, so that it is a version of its own",
        )
    body: dict[str, Any] = {"name": name, "content": content}
    if before and content["kind"] != "override":
        body["replaces"] = before[-1].version_id
    bench.emit(version_id, "policy.published", body)
    return version_id


def withdraw_policy(command: WithdrawPolicy, bench: Workbench) -> None:
    """Take it back; withdrawn once is enough."""
    version = bench.need(PolicyVersion, command.version_id, "version_id")
    if version.withdrawn_at is None:
        bench.emit(version.version_id, "policy.withdrawn", {})
