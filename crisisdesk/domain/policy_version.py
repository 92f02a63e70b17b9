"""Policies and schedules as immutable versions: what was once published never changes.

A version's id is made of its name and content, so that two stations which publish the same one
publish one. An incident keeps the versions it was opened with (`domain.incident.Incident.policies`)
whatever is published later.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from crisisdesk.domain.event import Event
from crisisdesk.domain.merge import also

# Published content that is no policy: it declares something that the engine minds by itself, keeps
# that it did, or says how something is done.
DECLARED_KINDS = frozenset(
    {"heartbeat", "loop_test", "procedure", "reachability_audit", "rule", "source"}
)
POLICY_KINDS = frozenset({"policy.published", "policy.withdrawn"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """One version. ``replaces`` is the version its author had before them ("" for the first).

    A withdrawn one is not offered for new incidents; those that pinned it keep it.
    """

    version_id: str
    name: str
    content: dict[str, Any]
    replaces: str = ""
    published_at: int
    published_by: str = ""
    withdrawn_at: int | None = None
    withdrawn_by: str = ""
    also_done: list[dict[str, Any]] = field(default_factory=list)
    newer_needed: str = ""


def current(versions: Iterable[PolicyVersion]) -> list[PolicyVersion]:
    """Of each kind and name the version published last that was not withdrawn, by kind and name.

    Overrides and outages have no successors: each of them counts until it is withdrawn.
    """
    newest: dict[tuple[str, ...], PolicyVersion] = {}
    for one in sorted(versions, key=lambda v: (v.published_at, v.version_id)):
        if one.withdrawn_at is None:
            kind = str(one.content.get("kind", ""))
            own = (one.version_id,) if kind in ("override", "outage") else ()
            newest[(kind, one.name, *own)] = one
    return [newest[key] for key in sorted(newest)]


def apply_policy(state: PolicyVersion | None, event: Event) -> PolicyVersion | None:
    """The version after one more event: the first publishing says all there is to say."""
    body = event.body
    if state is None:
        if event.kind != "policy.published":
            return None
        return PolicyVersion(
            version_id=event.agg,
            name=body["name"],
            content=body["content"],
            replaces=body.get("replaces", ""),
            published_at=event.at_ms,
            published_by=event.actor,
        )
    if state.newer_needed:
        return state
    if event.kind == "policy.published":
        return replace(state, also_done=also(state.also_done, "published", event))
    if event.kind == "policy.withdrawn" and state.withdrawn_at is None:
        return replace(state, withdrawn_at=event.at_ms, withdrawn_by=event.actor)
    return state
