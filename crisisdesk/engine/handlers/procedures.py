"""Procedures: published, checked whole before a word of them is kept, and taken away."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.errors import Conflict, Malformed, NotFound
from crisisdesk.domain.ids import policy_version_id_of
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.recovery.linting import flaws
from crisisdesk.domain.recovery.procedure import (
    KIND,
    NAME_LIMIT,
    Procedure,
    checked_procedure,
    procedure_of,
    procedures,
)
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.recovery_commands import PublishProcedure, WithdrawProcedure
from crisisdesk.engine.workbench import Workbench

MOST = 1_000


def publish_procedure(command: PublishProcedure, bench: Workbench) -> str:
    """Publish it, unless this very version is the current one already."""
    name = checked_text(command.name, "name", NAME_LIMIT, required=True)
    content = checked_procedure(name, command.content)
    known = known_procedures(bench)
    for flaw in flaws(procedure_of(name, content), known):
        if flaw.level == "error":
            raise Malformed(flaw.field, flaw.words, "see `procedure check` for all of it")
    version_id = policy_version_id_of(name, content)
    before = known.get(name)
    if before is not None and before.version_id == version_id:
        return version_id
    if before is None and len(known) >= MOST:
        raise Conflict("name", f"there are {MOST} procedures", "withdraw one first")
    if bench.get(version_id) is not None:
        remedy = "change its note, so that it is a version of its own"
        raise Conflict("content", "is that of an earlier version of this name", remedy)
    body: dict[str, Any] = {"name": name, "content": content}
    standing = _standing(bench, name)
    if standing:
        body["replaces"] = standing[-1].version_id
    bench.emit(version_id, "policy.published", body)
    # Its predecessors go, so that taking this one away does not bring one of them back.
    for version in standing:
        bench.emit(version.version_id, "policy.withdrawn", {})
    return version_id


def withdraw_procedure(command: WithdrawProcedure, bench: Workbench) -> None:
    """Withdraw every version of the name that stands."""
    standing = _standing(bench, command.name)
    if not standing:
        raise NotFound("name", f"{command.name[:60]!r} is no procedure here", "list them first")
    for version in standing:
        bench.emit(version.version_id, "policy.withdrawn", {})


def known_procedures(bench: Workbench) -> dict[str, Procedure]:
    """The procedures that can be run, by name."""
    return {one.name: one for one in procedures(bench.at_hand.policies())}


def _standing(bench: Workbench, name: str) -> list[PolicyVersion]:
    found = [
        v for v in bench.at_hand.policies() if v.content.get("kind") == KIND and v.name == name
    ]
    return sorted(found, key=lambda v: (v.published_at, v.version_id))
