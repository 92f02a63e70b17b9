"""What people declare as published content and tell apart by an id of its own.

Heartbeats, sources and alert rules are versions (`PolicyVersion`) whose content names the thing
under its kind: ``{"kind": "source", "source": "SRC-1", ...}``. Of each thing the version published
last stands; one that is withdrawn stands no more, and neither does what cannot be read here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from crisisdesk.domain.policy_version import PolicyVersion

T = TypeVar("T")


def id_in(version: PolicyVersion, kind: str) -> str:
    """The id of the thing of this kind that it is a version of; "" when it is of none."""
    told = version.content.get(kind)
    return told if version.content.get("kind") == kind and isinstance(told, str) else ""


def newest_of_each(
    versions: Iterable[PolicyVersion],
    kind: str,
    read: Callable[[PolicyVersion], T | None],
    id_of: Callable[[T], str],
) -> dict[str, T]:
    """Id -> the version of it that stands, whatever order they come in."""
    newest: dict[str, T] = {}
    for version in sorted(versions, key=lambda v: (v.published_at, v.version_id)):
        if version.content.get("kind") != kind or version.withdrawn_at is not None:
            continue
        found = read(version)
        if found is not None:
            newest[id_of(found)] = found
    return newest
