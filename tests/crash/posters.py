"""Posters: threads that write distinct things as fast as they are answered, whatever dies."""

from __future__ import annotations

import http.client
import random
import threading
from collections.abc import Callable
from typing import Any

from tests.crash.engine_process import Caller, Door
from tests.crash.ledger import Ledger, Write, digest

SEVERITIES = ("low", "medium", "high", "critical", "emergency")
LOST = (OSError, http.client.HTTPException)


class Posters:
    """Some posters on one ledger; they write while a door is open to them and pause without one."""

    def __init__(
        self, ledger: Ledger, seed: int, count: int, *, reports_only: bool = False
    ) -> None:
        self.ledger, self.reports_only = ledger, reports_only
        self._changed = threading.Condition()
        self._door: Door | None = None
        self._ending = False
        self._writing = 0
        self.errors: list[str] = []
        self._threads = [
            threading.Thread(target=self._run, args=(Poster(self, f"p{n}", seed + n),))
            for n in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def open(self, door: Door | None) -> None:
        """Let them write there; None makes them pause, and returns when all do."""
        with self._changed:
            self._door = door
            self._changed.notify_all()
            if door is None:
                assert self._changed.wait_for(lambda: not self._writing, 30)

    def end(self) -> None:
        """Stop them all."""
        with self._changed:
            self._ending = True
            self._door = None
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(30)

    def _wait_door(self, stale: Door | None) -> Door | None:
        """The open door that is not ``stale``; None when the posters shall end."""
        with self._changed:
            self._changed.wait_for(lambda: self._ending or self._door not in {None, stale})
            if self._ending or self._door is None:
                return None
            self._writing += 1
            return self._door

    def _is_open(self, door: Door) -> bool:
        return self._door is door

    def _run(self, poster: Poster) -> None:
        stale: Door | None = None
        while (door := self._wait_door(stale)) is not None:
            caller = Caller(door, poster.name)
            try:
                while self._is_open(door):
                    poster.write(caller)
            except LOST:
                stale = door
            except Exception as error:
                self.errors.append(f"{poster.name}: {error!r}")
                stale = door
            finally:
                caller.close()
                with self._changed:
                    self._writing -= 1
                    self._changed.notify_all()


class Poster:
    """One writer with dice of its own; what it writes no other touches."""

    def __init__(self, posters: Posters, name: str, seed: int) -> None:
        self.name = name
        self._ledger = posters.ledger
        self._dice = random.Random(seed)
        self._count = 0
        self._reported: list[dict[str, Any]] = []
        self._raised: list[str] = []
        self._incidents: list[str] = []
        self._ways: list[tuple[Callable[[Caller], None], int]] = [
            (self._report, 6),
            (self._report_again, 3),
        ]
        self._ways += (
            []
            if posters.reports_only
            else [
                (self._raise, 3),
                (self._note, 2),
                (self._acknowledge, 1),
                (self._describe, 1),
                (self._incident, 1),
                (self._update, 1),
            ]
        )

    def write(self, caller: Caller) -> None:
        """One request, chosen by the dice."""
        ways, weights = zip(*self._ways, strict=True)
        self._dice.choices(ways, weights)[0](caller)

    def _send(self, caller: Caller, method: str, path: str, body: Any, writes: list[Write]) -> Any:
        status, told = caller.ask(method, path, body)
        if 200 <= status < 300:
            self._ledger.promised(writes)
            return told
        if status != 503:
            raise AssertionError(f"{method} {path} was answered {status}: {told}")
        return None

    def _words(self) -> str:
        """Text that no other write has, some of it long."""
        self._count += 1
        length = self._dice.choice((8, 60, 900))
        return f"{self.name}-{self._count} {self._dice.randbytes(length // 2).hex()}"

    def _report(self, caller: Caller) -> None:
        """One to five new alerts of a source in one request."""
        alerts, writes = [], []
        for _ in range(self._dice.choice((1, 1, 1, 5))):
            words = self._words()
            title = f"T {words[:150]}"
            labels = {
                "alertname": "Crash",
                "subject": words[:100],
                "severity": self._dice.choice(SEVERITIES),
            }
            alert = {"labels": labels, "annotations": {"summary": title, "description": words}}
            content = digest(title, words, labels["severity"], labels, alert["annotations"])
            writes.append(self._ledger.begin("fired", labels["subject"], content, title))
            alerts.append(alert)
        if self._send(caller, "POST", "/api/v2/alerts", alerts, writes) is None:
            self._keep(self._reported, alerts if writes[0].acked else [])

    def _report_again(self, caller: Caller) -> None:
        """The same alert with new words."""
        if not self._reported:
            return
        alert = self._dice.choice(self._reported)
        words = self._words()
        title = f"R {words[:150]}"
        told = {"summary": title, "description": words}
        again = {"labels": alert["labels"], "annotations": told}
        subject = alert["labels"]["subject"]
        write = self._ledger.begin("repeated", subject, digest(title, words, told), title)
        self._send(caller, "POST", "/api/v2/alerts", [again], [write])

    def _raise(self, caller: Caller) -> None:
        """A new alert by hand."""
        words, severity = self._words(), self._dice.choice(SEVERITIES)
        title, labels = f"H {words[:150]}", {"subject": words[:100]}
        body = {"title": title, "severity": severity, "description": words, "labels": labels}
        content = digest(title, words, severity, labels, {})
        write = self._ledger.begin("fired", words[:100], content, title)
        told = self._send(caller, "POST", "/crisis/alerts/", body, [write])
        if told is not None:
            self._keep(self._raised, [told["alert_id"]])

    def _note(self, caller: Caller) -> None:
        if self._raised:
            self._about(caller, "noted", "POST", "notes/", "text")

    def _describe(self, caller: Caller) -> None:
        if self._raised:
            self._about(caller, "edited", "PATCH", "", "description")

    def _acknowledge(self, caller: Caller) -> None:
        """Each alert once, whether or not the answer comes: a second time would change nothing."""
        if self._raised:
            alert_id = self._raised.pop(self._dice.randrange(len(self._raised)))
            self._about(caller, "acknowledged", "POST", "acknowledge/", "note", alert_id)

    def _about(
        self, caller: Caller, kind: str, method: str, ending: str, field: str, alert_id: str = ""
    ) -> None:
        """Words written to an alert raised by hand, by default any of the newest."""
        alert_id = alert_id or self._dice.choice(self._raised)
        words = self._words()
        content = digest(alert_id, self.name, words)
        write = self._ledger.begin(kind, alert_id, content, actor=self.name)
        path = f"/crisis/alerts/{alert_id}/{ending}"
        self._send(caller, method, path, {field: words}, [write])

    def _incident(self, caller: Caller) -> None:
        words = self._words()
        title = f"I {words[:150]}"
        body = {"title": title, "severity": "major", "description": words}
        write = self._ledger.begin("opened", title, digest(title, "major", words))
        told = self._send(caller, "POST", "/crisis/incidents/", body, [write])
        if told is not None:
            self._keep(self._incidents, [told["incident_id"]])

    def _update(self, caller: Caller) -> None:
        if not self._incidents:
            return
        incident_id, words = self._dice.choice(self._incidents), self._words()
        title = f"U {words[:150]}"
        write = self._ledger.begin("posted", incident_id, digest(incident_id, title, words))
        path = f"/crisis/incidents/{incident_id}/updates/"
        self._send(caller, "POST", path, {"title": title, "description": words}, [write])

    def _keep(self, kept: list[Any], new: list[Any]) -> None:
        """Write again only to the newest fifty, so that old ones rest."""
        kept.extend(new)
        del kept[:-50]
