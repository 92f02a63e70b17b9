"""What a catalogue leaves open, before anybody relies on it."""

from __future__ import annotations

from crisisdesk.domain.context.catalogue import Catalogue
from crisisdesk.domain.escalation.checking import Finding

NAMED = 5


def check_catalogue(catalogue: Catalogue) -> list[Finding]:
    """Warnings only: a catalogue that says little is better than none."""
    listed = catalogue.services
    strange = sorted({need for _user, need in catalogue.edges()} - set(listed))
    orphans = sorted(n for n, one in listed.items() if not one.owner and not one.team)
    bare = sorted(n for n, one in listed.items() if not one.runbook)
    circle = circle_in(catalogue)
    found = [
        _warning("depends_on", strange, "is named and not described here"),
        _warning("owner", orphans, "has neither owner nor team"),
        _warning("runbook", bare, "has no runbook"),
    ]
    if circle:
        words = f"go round in a circle: {' needs '.join(circle)}"[:400]
        found.append(Finding(level="warning", field="depends_on", words=words))
    return [one for one in found if one is not None]


def _warning(field: str, names: list[str], words: str) -> Finding | None:
    if not names:
        return None
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    told = f"{', '.join(names[:NAMED])}{more} {words}"
    return Finding(level="warning", field=field, words=told[:400])


def circle_in(catalogue: Catalogue) -> list[str]:
    """One circle of services that need each other, its first name again at the end; [] for none.

    What needs nothing that is left is taken away until only circles and what needs them remain.
    """
    needs = {name: set(one.depends_on) for name, one in catalogue.services.items()}
    users: dict[str, list[str]] = {}
    for name, wanted in needs.items():
        for need in wanted:
            users.setdefault(need, []).append(name)
    free = [name for name in users if name not in needs]
    free += [name for name, wanted in needs.items() if not wanted]
    while free:
        gone = free.pop()
        needs.pop(gone, None)
        for user in users.get(gone, ()):
            if user in needs:
                needs[user].discard(gone)
                if not needs[user]:
                    free.append(user)
    if not needs:
        return []
    path = {min(needs): 0}
    last = min(needs)
    while True:
        last = min(needs[last])
        if last in path:
            return [*list(path)[path[last] :], last]
        path[last] = len(path)
