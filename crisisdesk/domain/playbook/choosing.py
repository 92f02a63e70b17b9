"""Which response plan counts for a type of crisis, and which tasks an incident gets of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crisisdesk.domain.ids import policy_version_id_of
from crisisdesk.domain.playbook.content import KIND, Action, Playbook
from crisisdesk.domain.policy_version import PolicyVersion, current
from crisisdesk.domain.task import PHASES


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The plan that counts for a type of crisis. ``version_id`` is that of its content.

    ``is_published`` says whether that version is in the log; what comes with the program is put
    there when it is first followed. ``is_own``: somebody here wrote it.
    """

    name: str
    version_id: str
    content: dict[str, Any]
    is_published: bool
    is_own: bool


def is_own(version: PolicyVersion) -> bool:
    """Whether people published it, and not the program when it was first followed."""
    return version.content.get("shipped") is not True


def in_force(
    versions: Iterable[PolicyVersion], shipped: Mapping[str, dict[str, Any]]
) -> dict[str, InForce]:
    """The plan of each type of crisis: people's newest, else what comes with the program.

    ``versions`` are all that were published, ``shipped`` contents by name.
    """
    told = [v for v in versions if v.content.get("kind") == KIND]
    own = {v.name: v for v in current(v for v in told if is_own(v))}
    known = {v.version_id for v in told}
    found = {}
    for name in sorted({*own, *shipped}):
        if (version := own.get(name)) is not None:
            found[name] = InForce(
                name=name,
                version_id=version.version_id,
                content=version.content,
                is_published=True,
                is_own=True,
            )
        else:
            version_id = policy_version_id_of(name, shipped[name])
            found[name] = InForce(
                name=name,
                version_id=version_id,
                content=shipped[name],
                is_published=version_id in known,
                is_own=False,
            )
    return found


def actions_for(
    playbook: Playbook, severity: str, taken: Collection[str] = ()
) -> list[tuple[int, Action]]:
    """The actions that an incident of this severity asks for and has not ``taken`` (by id).

    Each with its place in the plan; in the order of the phases, then of the plan.
    """
    found = [
        (place, action)
        for place, action in enumerate(playbook.actions)
        if action.is_for(severity) and action.action_id not in taken
    ]
    return sorted(found, key=lambda one: (PHASES.index(one[1].phase), one[0]))
