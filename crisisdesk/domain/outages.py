"""What is taken out: dependencies of channels that an operator, or an open incident, says are gone.

An operator's word is a published version of the kind `KIND`, named after the dependency:

    kind        "outage"
    dependency  its name
    out         true: it is gone. false: it is there, although ``incident_id`` names it
    reason      why, in words
    incident_id the incident it belongs to, "" for none; the outage is over with it
    from        when it was said (UTC ms), so that each saying is a version of its own
    until       when it is over by itself (UTC ms); left out: not by itself

Each counts until it is withdrawn: of two stations that said so without seeing each other both do,
and an end takes back only what was seen. When unsure a thing is out, because then a page goes by
another way, and by that one last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crisisdesk.domain.alert import OPEN_STATUSES
from crisisdesk.domain.channel_dependencies import NAME_LIMIT, checked_name, normal
from crisisdesk.domain.errors import DomainError, Malformed
from crisisdesk.domain.policy_version import PolicyVersion

KIND = "outage"
REASON_LIMIT = 500
_FIELDS = frozenset({"kind", "dependency", "out", "reason", "incident_id", "from", "until"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """An operator's word on one dependency; times are UTC ms."""

    version_id: str
    dependency: str
    out: bool
    reason: str
    incident_id: str
    since: int
    until: int | None
    by: str

    def stands(self, now_ms: int, is_over: Callable[[str], bool]) -> bool:
        """Whether it counts now; ``is_over`` says whether an incident is known to have ended."""
        if self.until is not None and now_ms >= self.until:
            return False
        return not (self.incident_id and is_over(self.incident_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What an open incident names, as dependencies are compared, each with where it stands."""

    incident_id: str
    title: str
    since: int
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """One dependency that counts as gone. ``incident_id`` named it or was said to be the reason.

    ``said`` tells an operator's word from what only an incident names; ``version_ids`` are the
    words that stand. ``until`` is the last moment by which it is over by itself, None for never.
    """

    dependency: str
    said: bool
    by: str = ""
    reason: str = ""
    incident_id: str = ""
    since: int = 0
    until: int | None = None
    version_ids: tuple[str, ...] = ()

    def because(self) -> str:
        """Why, to stand behind "is out": "because INC-1 names it", "said by Ann: fibre cut"."""
        if not self.said:
            return f"because {self.incident_id} names it"
        why = f": {self.reason}" if self.reason else ""
        of = f" for {self.incident_id}" if self.incident_id else ""
        return f"said by {self.by or 'somebody'}{of}{why}"

    def blamed(self) -> str:
        """Who took it out, to stand before "has taken out"."""
        return self.incident_id or self.by or "somebody"


def read_saying(content: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an outage's content; Malformed naming the one that cannot be used."""
    for field in content:
        if field not in _FIELDS:
            raise Malformed(
                str(field)[:80], "is no field of it", f"use {', '.join(sorted(_FIELDS))}"
            )
    dependency = checked_name(content.get("dependency"), "dependency")
    if dependency != content["dependency"]:
        raise Malformed("dependency", "is not written as it is kept", f"write {dependency!r}")
    for field, kind in (("out", bool), ("reason", str), ("incident_id", str), ("from", int)):
        if type(content.get(field)) is not kind:
            raise Malformed(field, f"is no {kind.__name__}", "declare it by its own command")
    if len(content["reason"]) > REASON_LIMIT:
        raise Malformed("reason", "is too long", f"shorten it to {REASON_LIMIT} characters")
    until = content.get("until")
    if until is not None and (type(until) is not int or until <= content["from"]):
        raise Malformed("until", "is no time after it began", "send a later one, or leave it out")
    if not content["out"] and not content["incident_id"]:
        raise Malformed("incident_id", "is empty", "name the incident that is overruled")
    return dict(content)


def sayings(versions: Iterable[PolicyVersion]) -> list[Saying]:
    """Those that were not withdrawn and can be read, the oldest first."""
    found = []
    for one in versions:
        if one.withdrawn_at is not None or one.content.get("kind") != KIND:
            continue
        try:
            told = read_saying(one.content)
        except DomainError:
            # Another program's form of it: what cannot be read takes nothing out.
            continue
        found.append(
            Saying(
                version_id=one.version_id,
                dependency=told["dependency"],
                out=told["out"],
                reason=told["reason"],
                incident_id=told["incident_id"],
                since=told["from"],
                until=told.get("until"),
                by=one.published_by.removeprefix("operator:"),
            )
        )
    return sorted(found, key=lambda one: (one.since, one.version_id))


def naming(
    incident_id: str,
    title: str,
    category: str,
    since: int,
    affected: Iterable[tuple[str, str, str]],
) -> Naming:
    """What an incident names: its category, and (service, place, status) of its alerts that are
    open."""
    names = {normal(category): "its category"} if category else {}
    for service, place, status in affected:
        if status in OPEN_STATUSES:
            for word, where in ((service, "affected service"), (place, "affected place")):
                if word and len(word) <= NAME_LIMIT:
                    names.setdefault(normal(word), where)
    return Naming(incident_id=incident_id, title=title, since=since, names=names)


def taken_out(
    said: Sequence[Saying],
    named: Sequence[Naming],
    known: Iterable[str],
    now_ms: int,
    is_over: Callable[[str], bool],
) -> dict[str, TakenOut]:
    """Every dependency that counts as gone at ``now_ms`` (UTC), by its name.

    ``known`` are the names that channels depend on: only these an incident can take out, by exactly
    that name, and an operator's word overrules it. What was said by hand counts whatever it is.
    """
    standing = [one for one in said if one.stands(now_ms, is_over)]
    overruled = {(one.dependency, one.incident_id) for one in standing if not one.out}
    found: dict[str, TakenOut] = {}
    for name in sorted(set(known)):
        for incident in sorted(named, key=lambda one: (one.since, one.incident_id)):
            if name in incident.names and (name, incident.incident_id) not in overruled:
                found[name] = TakenOut(
                    dependency=name,
                    said=False,
                    reason=f"{incident.names[name]}: {incident.title}",
                    incident_id=incident.incident_id,
                    since=incident.since,
                )
                break
    for dependency in sorted({one.dependency for one in standing if one.out}):
        found[dependency] = _said([s for s in standing if s.out and s.dependency == dependency])
    return dict(sorted(found.items()))


def _said(words: Sequence[Saying]) -> TakenOut:
    """Several words on one dependency: the last one is told, the latest end counts."""
    last = words[-1]
    ends = [one.until for one in words]
    return TakenOut(
        dependency=last.dependency,
        said=True,
        by=last.by,
        reason=last.reason,
        incident_id=last.incident_id,
        since=min(one.since for one in words),
        until=None if None in ends else max(end for end in ends if end is not None),
        version_ids=tuple(one.version_id for one in words),
    )
