"""Publishing policies, schedules and overrides: checked whole before a word of it is kept."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.errors import Conflict
from crisisdesk.domain.ids import policy_version_id_of
from crisisdesk.domain.policy_version import PolicyVersion, current
from crisisdesk.domain.publishing import checked_content
from crisisdesk.engine.escalation_commands import PublishPolicy, WithdrawPolicy
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.workbench import Workbench

NAME_LIMIT = 100


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
            "change a word of it, such as a blank behind its matchers or its reason, so that it is "
            "a version of its own",
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
