"""What may be published: policies, schedules, overrides and what keeps quiet, checked whole."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from crisisdesk.domain import channel_dependencies, outages
from crisisdesk.domain.canonical import canonical_bytes, tidy
from crisisdesk.domain.context import catalogue, change_mapping
from crisisdesk.domain.correlation.rule import read_rule
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.escalation.policy import read_policy
from crisisdesk.domain.ids import policy_version_id_of
from crisisdesk.domain.inhibition import READERS
from crisisdesk.domain.matchers import parse_matchers
from crisisdesk.domain.oncall.reading import OVERRIDE, SCHEDULE, read_override, read_schedule
from crisisdesk.domain.playbook import content as playbook
from crisisdesk.domain.playbook.messages import check_messages

CONTENT_LIMIT = 64 * 1024


def _check_escalation(name: str, content: dict[str, Any]) -> None:
    parse_matchers(read_policy(name, content).matching, "for")


def _check_outage(name: str, content: dict[str, Any]) -> None:
    if outages.read_saying(content)["dependency"] != name:
        raise Malformed("name", "is not that of the dependency", "declare it by its own command")


def _check_playbook(name: str, content: dict[str, Any]) -> None:
    plan = playbook.read_playbook(name, content)
    if plan.shipped:
        raise Malformed("shipped", "is for what comes with the program", "leave it out")
    check_messages(plan)


CHECKS: dict[str, Callable[[str, dict[str, Any]], object]] = {
    "escalation": _check_escalation,
    "schedule": read_schedule,
    "override": lambda _name, content: read_override(content),
    "correlation": read_rule,
    **READERS,
    channel_dependencies.KIND: channel_dependencies.read_dependencies,
    outages.KIND: _check_outage,
    catalogue.KIND: catalogue.read_catalogue,
    change_mapping.KIND: change_mapping.read_mapping,
    playbook.KIND: _check_playbook,
}
_LIMITS = {catalogue.KIND: catalogue.CONTENT_LIMIT}


def checked_content(name: str, content: Any) -> dict[str, Any]:
    """Content that can be published under this name; raises Malformed naming the field."""
    kind = content.get("kind") if isinstance(content, dict) else None
    if kind not in CHECKS:
        raise Malformed("kind", f"{str(kind)[:40]!r} is none", f"write one of {', '.join(CHECKS)}")
    told: dict[str, Any] = tidy(content, field="content")
    limit = _LIMITS.get(kind, CONTENT_LIMIT)
    if len(canonical_bytes(told)) > limit:
        raise Malformed("content", "is too long", f"keep it within {limit // 1024} KiB")
    CHECKS[kind](name, told)
    return told


def spelled_anew(name: str, content: dict[str, Any], known: Collection[str]) -> dict[str, Any]:
    """The same content as a version of its own, when ``known`` ids hold it as an earlier one.

    A version is named by what it says, to the letter. Blanks behind matchers, a reason or a layer's
    name mean nothing, nor does a name that comes twice in a list of them, so each makes another
    version that says the same. Raises Malformed when there is no room for them.
    """
    told = content
    more = 0
    while policy_version_id_of(name, told) in known:
        more += 1
        told = content | _reworded(content, more)
        checked_content(name, told)
    return told


def _reworded(content: dict[str, Any], more: int) -> dict[str, Any]:
    if content.get("kind") == SCHEDULE:
        first, *others = content["layers"]
        return {"layers": [first | {"name": _longer(first["name"], more)}, *others]}
    for field in ("services", "channels"):
        lists = content.get(field)
        if isinstance(lists, dict) and lists and isinstance(lists[min(lists)], list):
            least = min(lists)
            return {field: lists | {least: lists[least] + lists[least][-1:] * more}}
    if content.get("kind") == OVERRIDE:
        field = "reason"
    else:
        field = "when" if "when" in content else "for"
    return {field: _longer(str(content.get(field, "")), more)}


def _longer(text: str, more: int) -> str:
    return text.rstrip() + " " * more
