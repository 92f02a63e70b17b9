"""What posters were promised: every write with its content, and whether the engine said 2xx."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any


def digest(*content: Any) -> str:
    """SHA-256 of content as sorted JSON: equal contents have equal digests."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(slots=True, kw_only=True)
class Write:
    """One write. ``subject`` names the thing written to; ``acked`` is set by a 2xx alone."""

    kind: str
    subject: str
    digest: str
    cycle: int
    title: str = ""
    actor: str = ""
    acked: bool = False


@dataclass(slots=True)
class Subject:
    """What was written to one alert, in the order in which its one poster wrote."""

    titles: list[Write] = field(default_factory=list)
    fires: list[Write] = field(default_factory=list)
    acks: list[Write] = field(default_factory=list)

    def possible_titles(self) -> set[str]:
        """The last promised title, and any tried after it whose answer never came."""
        last = max((n for n, w in enumerate(self.titles) if w.acked), default=0)
        return {w.title for w in self.titles[last:]}


class Ledger:
    """Written by several posters, read by the checker."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._unchecked: list[Write] = []
        self.subjects: dict[str, Subject] = defaultdict(Subject)
        self.cycle = 0
        self.acked = 0
        self.acked_in_cycle = 0
        self.unanswered = 0
        self.kinds: dict[str, int] = defaultdict(int)

    def begin(
        self, kind: str, subject: str, content: str, title: str = "", actor: str = ""
    ) -> Write:
        """Note a write before it is sent."""
        write = Write(
            kind=kind,
            subject=subject,
            digest=content,
            cycle=self.cycle,
            title=title,
            actor=actor,
        )
        with self._changed:
            self._unchecked.append(write)
            about = self.subjects[subject]
            if title:
                about.titles.append(write)
            if kind in {"fired", "repeated"}:
                about.fires.append(write)
            if kind == "acknowledged":
                about.acks.append(write)
        return write

    def promised(self, writes: list[Write]) -> None:
        """The engine has said 2xx to these."""
        with self._changed:
            for write in writes:
                write.acked = True
                self.kinds[write.kind] += 1
            self.acked += len(writes)
            self.acked_in_cycle += len(writes)
            self._changed.notify_all()

    def next_cycle(self) -> None:
        """Count anew what is promised from here on."""
        with self._changed:
            self.cycle += 1
            self.acked_in_cycle = 0

    def wait_for(self, promises: int, timeout_s: float) -> bool:
        """Until that many were given in this cycle; False when the time is up first."""
        with self._changed:
            return self._changed.wait_for(lambda: self.acked_in_cycle >= promises, timeout_s)

    def take(self) -> list[Write]:
        """All writes since the last call; to be called while no poster writes."""
        with self._changed:
            taken, self._unchecked = self._unchecked, []
            self.unanswered += sum(not write.acked for write in taken)
            return taken
