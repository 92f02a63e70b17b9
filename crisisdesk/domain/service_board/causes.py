"""What keeps a service from being well: the services that it needs and that are not well."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from crisisdesk.domain.context.topology import Topology

# So many causes of one service are told.
CAUSES = 3


def causes(
    unwell: Mapping[str, int], silent: Iterable[str], topology: Topology
) -> dict[str, tuple[str, ...]]:
    """Of each service the unwell ones at the root of what it needs, the worst first.

    ``unwell`` maps the services that are not well to how bad that is (0 the worst). Of ``silent``
    ones nothing is known, so that a chain is followed through them; a service that is well ends it.
    In a circle of unwell services the worst, the first by name, stands for all of them. Services
    without such a need are left out. Takes time in proportion to the edges.
    """
    beyond = _beyond(unwell, set(silent), topology)
    needs = {name: _unwell_needs(name, unwell, beyond, topology) for name in unwell}
    roots = _roots(unwell, needs)
    users = {user for name in (*unwell, *beyond) for user in topology.users(name)}
    found: dict[str, tuple[str, ...]] = {}
    for name in users:
        own = needs.get(name) or _unwell_needs(name, unwell, beyond, topology)
        told = sorted({roots[need] for need in own} - {name}, key=lambda n: (unwell[n], n))
        if told:
            found[name] = tuple(told[:CAUSES])
    return found


def _beyond(unwell: Mapping[str, int], silent: set[str], topology: Topology) -> dict[str, str]:
    """Of each silent service that leads to an unwell one through silent ones alone, the nearest."""
    found: dict[str, str] = {}
    ahead = deque((name, name) for name in sorted(unwell, key=lambda n: (unwell[n], n)))
    while ahead:
        name, root = ahead.popleft()
        for user in topology.users(name):
            if user in silent and user not in unwell and user not in found:
                found[user] = root
                ahead.append((user, root))
    return found


def _unwell_needs(
    name: str, unwell: Mapping[str, int], beyond: Mapping[str, str], topology: Topology
) -> list[str]:
    """The unwell services that it needs, the worst first."""
    found = {need if need in unwell else beyond.get(need, "") for need in topology.needs(name)}
    return sorted(found - {"", name}, key=lambda n: (unwell[n], n))


def _roots(unwell: Mapping[str, int], needs: Mapping[str, list[str]]) -> dict[str, str]:
    """Of each unwell service the one at the end of its worst needs; itself where it has none."""
    roots: dict[str, str] = {}
    for start in unwell:
        path: dict[str, None] = {}
        name = start
        while name not in roots and name not in path and needs[name]:
            path[name] = None
            name = needs[name][0]
        if name in path:
            walked = list(path)
            circle = walked[walked.index(name) :]
            root = min(circle, key=lambda n: (unwell[n], n))
        else:
            root = roots.get(name, name)
        roots[name] = root
        for passed in path:
            roots[passed] = root
    return roots
