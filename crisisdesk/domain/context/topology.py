"""Topology: which service needs which, walked in both directions; circles do no harm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

# How many services one walk names; where there are more, it says so by being this long.
WALK_LIMIT = 2_000


class Step(NamedTuple):
    """A service that was reached: over how many edges, and by which edge (``user`` needs
    ``needed``)."""

    service: str
    distance: int
    user: str
    needed: str


class Topology:
    """The edges "user needs needed" of any number of sources; one said twice counts once."""

    def __init__(self, edges: Iterable[tuple[str, str]] = ()) -> None:
        needs: dict[str, dict[str, None]] = {}
        users: dict[str, dict[str, None]] = {}
        for user, needed in edges:
            if user != needed:
                needs.setdefault(user, {})[needed] = None
                users.setdefault(needed, {})[user] = None
        self._needs = {name: tuple(sorted(found)) for name, found in needs.items()}
        self._users = {name: tuple(sorted(found)) for name, found in users.items()}

    def __contains__(self, service: str) -> bool:
        return service in self._needs or service in self._users

    def names(self) -> set[str]:
        """Every service that needs something or is needed."""
        return {*self._needs, *self._users}

    def needs(self, service: str) -> tuple[str, ...]:
        """What it needs itself, by name."""
        return self._needs.get(service, ())

    def users(self, service: str) -> tuple[str, ...]:
        """What needs it itself, by name."""
        return self._users.get(service, ())

    def upstream(self, services: Sequence[str], far: int = 0) -> list[Step]:
        """What they need, the nearest first, up to ``far`` edges away (0: however far)."""
        walked = _walk(self._needs, services, far)
        return [Step(name, distance, user=by, needed=name) for name, distance, by in walked]

    def downstream(self, services: Sequence[str], far: int = 0) -> list[Step]:
        """What needs them, the nearest first, up to ``far`` edges away (0: however far)."""
        walked = _walk(self._users, services, far)
        return [Step(name, distance, user=name, needed=by) for name, distance, by in walked]


def _walk(
    edges: Mapping[str, tuple[str, ...]], roots: Sequence[str], far: int
) -> Iterator[tuple[str, int, str]]:
    """(service, distance, the one it was reached from), each once, the roots left out."""
    seen = set(roots)
    layer, distance, found = list(dict.fromkeys(roots)), 0, 0
    while layer and (not far or distance < far):
        distance += 1
        following: list[str] = []
        for by in layer:
            for name in edges.get(by, ()):
                if name in seen:
                    continue
                if found == WALK_LIMIT:
                    return
                found += 1
                seen.add(name)
                following.append(name)
                yield name, distance, by
        layer = following
