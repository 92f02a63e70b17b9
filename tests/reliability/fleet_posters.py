"""Posters at one of several stations: they also write to what other stations have raised."""

from __future__ import annotations

import http.client
import random
import threading
from collections.abc import Callable
from typing import Any

from tests.crash.engine_process import Caller
from tests.crash.ledger import Ledger, Write, digest
from tests.crash.posters import Poster, Posters

KEPT = 200
BURST = (3, 12)
# Between two bursts, so that engines which start have a processor too.
PAUSE_S = (0.1, 0.5)


class KeepingLedger(Ledger):
    """One station's promises. What was checked at this station once is kept for the others."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[Write] = []

    def take(self) -> list[Write]:
        """As ever; and they can be read again in ``writes``."""
        taken = super().take()
        self.writes += taken
        return taken


class Shared:
    """The alerts and incidents that were raised by hand anywhere."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._alerts: list[str] = []
        self._incidents: list[str] = []

    def add(self, alerts: list[str], incidents: list[str]) -> None:
        """Tell the posters of all stations of the newest ones of one poster."""
        with self._lock:
            for known, new in ((self._alerts, alerts), (self._incidents, incidents)):
                known += [one for one in new if one not in known]
                del known[:-KEPT]

    def any_alert(self, dice: random.Random) -> str:
        """One of the newest; empty while there is none."""
        with self._lock:
            return dice.choice(self._alerts) if self._alerts else ""

    def any_incident(self, dice: random.Random) -> str:
        """One of the newest; empty while there is none."""
        with self._lock:
            return dice.choice(self._incidents) if self._incidents else ""


class FleetPoster(Poster):
    """Writes in bursts; every third write is about something of any station."""

    def __init__(self, posters: FleetPosters, name: str, seed: int) -> None:
        super().__init__(posters, name, seed)
        self._posters = posters
        self._left = 0

    def write(self, caller: Caller) -> None:
        """One request, after a pause when a burst is over."""
        if not self._left:
            self._posters.ended.wait(self._dice.uniform(*PAUSE_S))
            self._left = self._dice.randint(*BURST)
        self._left -= 1
        if self._posters.reports_only or self._dice.random() > 0.3:
            super().write(caller)
            self._posters.shared.add(self._raised, self._incidents)
        else:
            self._dice.choice(ELSEWHERE)(self, caller)

    def _note_any(self, caller: Caller) -> None:
        self._about_any(caller, "noted", "POST", "notes/", "text")

    def _describe_any(self, caller: Caller) -> None:
        self._about_any(caller, "edited", "PATCH", "", "description")

    def _update_any(self, caller: Caller) -> None:
        if not (incident_id := self._posters.shared.any_incident(self._dice)):
            return
        words = self._words()
        title = f"V {words[:150]}"
        write = self._ledger.begin("posted", incident_id, digest(incident_id, title, words))
        path = f"/crisis/incidents/{incident_id}/updates/"
        self._try(caller, "POST", path, {"title": title, "description": words}, write)

    def _about_any(self, caller: Caller, kind: str, method: str, ending: str, field: str) -> None:
        if not (alert_id := self._posters.shared.any_alert(self._dice)):
            return
        words = self._words()
        content = digest(alert_id, self.name, words)
        write = self._ledger.begin(kind, alert_id, content, actor=self.name)
        self._try(caller, method, f"/crisis/alerts/{alert_id}/{ending}", {field: words}, write)

    def _try(self, caller: Caller, method: str, path: str, body: Any, write: Write) -> None:
        """What another station has raised need not have come here yet: 404."""
        status, told = caller.ask(method, path, body)
        if 200 <= status < 300:
            self._ledger.promised([write])
        elif status not in (http.client.NOT_FOUND, http.client.SERVICE_UNAVAILABLE):
            raise AssertionError(f"{method} {path} was answered {status}: {told}")


ELSEWHERE: tuple[Callable[[FleetPoster, Caller], None], ...] = (
    FleetPoster._note_any,
    FleetPoster._note_any,
    FleetPoster._describe_any,
    FleetPoster._update_any,
)


class FleetPosters(Posters):
    """The posters of one station; their names are no other station's."""

    def __init__(
        self,
        station: str,
        seed: int,
        count: int,
        shared: Shared,
        *,
        reports_only: bool = False,
    ) -> None:
        self.station, self.shared = station, shared
        self.ended = threading.Event()
        self.kept = KeepingLedger()
        self._seed = seed
        super().__init__(self.kept, seed, count, reports_only=reports_only)

    def end(self) -> None:
        """Stop them all, also in a pause."""
        self.ended.set()
        super().end()

    def _run(self, poster: Poster) -> None:
        name = f"{self.station} {poster.name}"
        super()._run(FleetPoster(self, name, self._seed + int(poster.name[1:])))
