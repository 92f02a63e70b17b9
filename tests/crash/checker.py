"""The checker: is every promised content in the log, and does the station show what it says?"""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from crisisdesk.store.chain import Verdict, verify_log
from crisisdesk.store.files import reading_connection
from crisisdesk.store.queries import StationReader
from crisisdesk.store.rebuild import compare

from tests.crash.ledger import Ledger, Write, digest

# Event kind -> the kind of write it keeps.
KINDS = {
    "alert.fired": "fired",
    "alert.repeated": "repeated",
    "alert.noted": "noted",
    "alert.edited": "edited",
    "alert.acknowledged": "acknowledged",
    "incident.opened": "opened",
    "update.posted": "posted",
}


def content_of(kind: str, aggregate: str, actor: str, body: dict[str, Any]) -> str:
    """The digest that the poster of this event made of what it sent."""
    get = body.get
    if kind == "fired":
        labels, annotations = get("labels", {}), get("annotations", {})
        return digest(body["title"], body["description"], body["severity"], labels, annotations)
    if kind == "repeated":
        new = get("set", {})
        return digest(new.get("title"), new.get("description"), new.get("annotations"))
    if kind == "opened":
        return digest(body["title"], body["severity"], body["description"])
    if kind == "posted":
        return digest(body["incident_id"], body["title"], body["description"])
    words = {"noted": "text", "acknowledged": "note", "edited": "value"}[kind]
    return digest(aggregate, actor, get(words, ""))


class Checker:
    """Reads the station's file as any reader would; keeps its place between two looks."""

    def __init__(self, store: Path, ledger: Ledger) -> None:
        self._store = store
        self._ledger = ledger
        self._pos = 0
        self._in_log: Counter[tuple[str, str]] = Counter()
        self._ids: dict[str, str] = {}
        self._verdict: Verdict | None = None
        self.faults: list[str] = []

    @property
    def events(self) -> int:
        """How many events were read."""
        return self._pos

    def look(self) -> None:
        """Check what was written since the last look; no poster may write meanwhile."""
        writes = self._ledger.take()
        self._read_log()
        lost = [w for w in writes if w.acked and not self._in_log.get((w.kind, w.digest))]
        self._blame("is not in the log", lost)
        self._verdict = verify_log(self._store, after=self._verdict)
        if self._verdict.first_bad is not None:
            self.faults.append(self._verdict.in_words)
        self._look_at_alerts({w.subject for w in writes})

    def look_at_all(self) -> None:
        """Check everything from the beginning: log, chain, every alert, the projections anew."""
        self._verdict, self._pos = None, 0
        self._in_log.clear()
        self.look()
        self._look_at_alerts(set(self._ledger.subjects))
        refolded = compare(self._store)
        if refolded.different:
            self.faults.append(f"{refolded.different} projections differ: {refolded.examples}")
        twice = [content for content, times in self._in_log.items() if times > 1]
        if twice:
            self.faults.append(f"{len(twice)} writes stand in the log twice: {twice[:5]}")

    def _read_log(self) -> None:
        sql = "SELECT pos, agg, kind, raw, body FROM event WHERE pos > ? ORDER BY pos"
        with closing(reading_connection(self._store)) as raw:
            for pos, aggregate, kind, envelope, told in raw.execute(sql, (self._pos,)):
                self._pos = pos
                if kind not in KINDS:
                    continue
                body, actor = json.loads(told), json.loads(envelope)["actor"]
                self._in_log[KINDS[kind], content_of(KINDS[kind], aggregate, actor, body)] += 1
                if kind == "alert.fired":
                    self._ids[body["labels"]["subject"]] = aggregate

    def _look_at_alerts(self, subjects: set[str]) -> None:
        reader = StationReader(self._store)
        try:
            for name in subjects:
                self._look_at_alert(reader, name)
        finally:
            reader.close()

    def _look_at_alert(self, reader: StationReader, name: str) -> None:
        """The alert itself, not only its events, must show what was promised."""
        about = self._ledger.subjects[name]
        if not any(w.acked for w in (*about.titles, *about.acks)):
            return
        alert = reader.alert(self._ids.get(name, name))
        if alert is None:
            if about.titles:
                self.faults.append(f"{name}: there is no alert")
            return
        if about.titles and alert.title not in about.possible_titles():
            self.faults.append(f"{name}: its title is {alert.title!r}")
        promised = sum(w.acked for w in about.fires)
        if about.fires and not promised <= alert.count <= len(about.fires):
            told = f"{promised} to {len(about.fires)}"
            self.faults.append(f"{name}: reported {told} times, counted {alert.count}")
        if any(w.acked and w.actor != alert.acknowledged_by for w in about.acks):
            self.faults.append(f"{name}: acknowledged by {alert.acknowledged_by!r}")

    def _blame(self, what: str, writes: list[Write]) -> None:
        self.faults += [f"cycle {w.cycle}: {w.kind} of {w.subject} {what}" for w in writes]
