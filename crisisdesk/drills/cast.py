"""The cast of a scenario: which alerts and incidents it has named so far, and since when."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from crisisdesk.domain.signal import Signal
from crisisdesk.drills.entry import Entry


class Cast:
    """Names in the order in which the file gives them; a reference must lie after its naming."""

    def __init__(self, services: dict[str, dict[str, str]], procedures: Iterable[str] = ()) -> None:
        self.services = services
        self.procedures = frozenset(procedures)
        self._signals: dict[str, Signal] = {}
        self._since: dict[str, int] = {}
        self._incidents: dict[str, int] = {}
        self._runs: dict[str, int] = {}

    def report(self, entry: Entry, field: str, name: str, at_ms: int, signal: Signal) -> None:
        """Note that the alert ``name`` is reported; two alerts may not share a source and key."""
        for other, known in self._signals.items():
            if other != name and (known.source, known.key) == (signal.source, signal.key):
                raise entry.fault(field, f"{name!r} has the key of {other!r}", "give it its own")
        self._signals[name] = signal
        self._since[name] = min(at_ms, self._since.get(name, at_ms))

    def knows(self, name: str) -> bool:
        """Whether an alert of that name has been named."""
        return name in self._signals

    def signal(self, name: str) -> Signal:
        """What was reported of an alert last."""
        return self._signals[name]

    def alerts(self, entry: Entry, field: str, at_ms: int, *, single: bool = False) -> list[str]:
        """The alerts that a field names, patterns such as ``pods-*`` included.

        A name that stands alone must be known by then; a pattern must match at least one alert, and
        takes those that have fired by ``at_ms``.
        """
        found: list[str] = []
        for word in entry.texts(field):
            names = [n for n in self._signals if fnmatchcase(n, word)]
            if not names:
                known = ", ".join(list(self._signals)[-5:]) or "none yet"
                raise entry.fault(
                    field, f"no alert {word!r}", f"name one above it, such as {known}"
                )
            early = [n for n in names if self._since[n] <= at_ms]
            if not early:
                raise entry.fault(field, f"{word!r} fires later", "move this entry behind it")
            found.extend(n for n in early if n not in found)
        if single and len(found) != 1:
            raise entry.fault(field, f"names {len(found)} alerts", "name one")
        return found

    def new_incident(self, entry: Entry, field: str, at_ms: int) -> str:
        """A name for the incident that begins here."""
        name = entry.text(field)
        if name in self._incidents:
            raise entry.fault(field, f"the incident {name!r} exists already", "choose another name")
        self._incidents[name] = at_ms
        return name

    def new_run(self, entry: Entry, field: str, at_ms: int) -> str:
        """A name for the run that begins here."""
        name = entry.text(field)
        if name in self._runs:
            raise entry.fault(field, f"the run {name!r} exists already", "choose another name")
        self._runs[name] = at_ms
        return name

    def run(self, entry: Entry, field: str, at_ms: int) -> str:
        """The run that a field names."""
        name = entry.text(field)
        if name not in self._runs:
            known = ", ".join(self._runs) or "none yet"
            raise entry.fault(field, f"no run {name!r}", f"begin it first; known: {known}")
        if self._runs[name] > at_ms:
            raise entry.fault(field, f"{name!r} begins later", "move this entry behind it")
        return name

    def incident(self, entry: Entry, field: str, at_ms: int) -> str:
        """The incident that a field names."""
        name = entry.text(field)
        if name not in self._incidents:
            known = ", ".join(self._incidents) or "none yet"
            raise entry.fault(field, f"no incident {name!r}", f"escalate it first; known: {known}")
        if self._incidents[name] > at_ms:
            raise entry.fault(field, f"{name!r} begins later", "move this entry behind it")
        return name
