"""What heartbeats, sources and rules share: a new version takes the place of all before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.declared import id_in
from crisisdesk.domain.errors import Conflict, NotFound
from crisisdesk.domain.ids import alert_id_of, policy_version_id_of
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.engine.workbench import Workbench


class Thing(Protocol):
    """One declared thing, as its version that stands says."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def version_id(self) -> str:
        """The version that stands."""


T = TypeVar("T", bound=Thing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[T]):
    """One kind: its word, how what stands is found in versions, the id of one, and how many there
    may be."""

    word: str
    standing: Callable[[Iterable[PolicyVersion]], list[T]]
    id_of: Callable[[T], str]
    most: int

    @property
    def field(self) -> str:
        """The field of commands that names one."""
        return f"{self.word}_id"


def known(bench: Workbench, kind: Kind[T]) -> list[T]:
    """All that stand."""
    return kind.standing(bench.at_hand.policies())


def needed(bench: Workbench, kind: Kind[T], thing_id: str) -> T:
    """The one of this id; raises NotFound. What was sent does not come back: of a heartbeat it may
    be the secret part of its address."""
    for one in known(bench, kind):
        if kind.id_of(one) == thing_id:
            return one
    raise NotFound(kind.field, f"is no {kind.word} of this station", "list them first")


def check_name(bench: Workbench, kind: Kind[T], name: str, thing_id: str) -> None:
    """Raises Conflict for the name of another one, or for one too many; ``thing_id`` is "" for a
    new one."""
    found = known(bench, kind)
    if any(one.name == name and kind.id_of(one) != thing_id for one in found):
        raise Conflict("name", f"{name!r} is a {kind.word} already", "choose another name")
    if not thing_id and len(found) >= kind.most:
        raise Conflict("name", f"there are {kind.most} {kind.word}s", "remove one first")


def publish(
    bench: Workbench,
    kind: Kind[T],
    name: str,
    content: dict[str, Any],
    before: T | None,
    replaces: str = "",
) -> None:
    """Publish a version in place of every one that stands, so that taking it away leaves none.

    ``replaces`` is the version of one that had been removed and comes back.
    """
    version_id = policy_version_id_of(name, content)
    if before is not None and before.version_id == version_id:
        return
    if bench.get(version_id) is not None:
        raise Conflict(kind.field, "was changed in this very moment", "try again")
    body: dict[str, Any] = {"name": name, "content": content}
    if replaces:
        body["replaces"] = replaces
    if before is not None:
        body["replaces"] = before.version_id
        withdraw(bench, kind, kind.id_of(before))
    bench.emit(version_id, "policy.published", body)


def pause(bench: Workbench, kind: Kind[T], one: T, *, paused: bool) -> None:
    """Publish another version that says so, and nothing else."""
    content = bench.need(PolicyVersion, one.version_id, kind.field).content
    publish(bench, kind, one.name, {**content, "paused": paused, "since": bench.now}, one)


def withdraw(bench: Workbench, kind: Kind[T], thing_id: str) -> None:
    """Withdraw every version that stands: an older one must not come to life."""
    for version in bench.at_hand.policies():
        if id_in(version, kind.word) == thing_id:
            bench.emit(version.version_id, "policy.withdrawn", {})


def is_open_of(bench: Workbench, source: str, key: str) -> bool:
    """Whether the alert of this source and key is open."""
    alert = bench.get(alert_id_of(source, key))
    return isinstance(alert, Alert) and alert.is_open


def open_since(bench: Workbench, source: str, keys: Sequence[str]) -> dict[str, int]:
    """Of these keys of a source those whose alert is open, with when it began (UTC ms)."""
    alerts = {key: alert_id_of(source, key) for key in keys}
    bench.prefetch(list(alerts.values()))
    return {
        key: alert.detected_at
        for key, alert_id in alerts.items()
        if isinstance(alert := bench.get(alert_id), Alert) and alert.is_open
    }
