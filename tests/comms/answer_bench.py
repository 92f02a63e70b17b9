"""A station's engine side for tests of answers that come in: real handlers on a real file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.delivery import Delivery
from crisisdesk.engine import commands as c

from tests.api.station import MemorySecrets
from tests.engine.handlers.test_bundles import TAKEN, claim, settle
from tests.store.workload import AT_ONCE, Station, signal


class Bench:
    """One station whose clock the test moves; ``submit`` is what an inbox is given."""

    def __init__(self, folder: Path) -> None:
        self.station = Station(folder / "data", policy=AT_ONCE)
        self.secrets = MemorySecrets()
        self.asked: list[c.Command] = []

    def now_ms(self) -> int:
        return self.station.now_ms

    def boottime(self) -> float:
        return self.station.now_ms / 1000

    def submit(self, command: c.Command, actor: str) -> asyncio.Future[Any]:
        self.asked.append(command)
        (result,) = self.station.do(command, actor=actor)
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if isinstance(result, Exception):
            done.set_exception(result)
        else:
            done.set_result(result)
        return done

    def contact(self, name: str, channel: str, url: str) -> str:
        """One with this method alone; the method's id."""
        method = f"M-{name}"
        told = {"method_id": method, "channel": channel, "masked": "…", "min_severity": "low"}
        self.station.do(c.SaveContact(name=name, methods=[told]))
        self.secrets.set(f"method:{method}", url)
        return method

    def fire(self, number: int = 3) -> str:
        one = signal(number, severity="critical")
        alert_id: str = self.station.do(c.TakeIn(signals=[one]), actor="source:test")[0][0]
        for message in claim(self.station):
            settle(self.station, message, TAKEN)
        return alert_id

    def page(self, method: str, alert_id: str) -> Delivery:
        """The page of this alert to this method."""
        states = self.station.bench._states.values()
        found = [s for s in states if isinstance(s, Delivery) and s.method_id == method]
        (one,) = [d for d in found if d.alert_id == alert_id]
        return one

    def after(self, delivery: Delivery) -> Delivery:
        """The same page as it stands now."""
        return self.station.bench.need(Delivery, delivery.delivery_id, "delivery_id")

    def holder(self, alert_id: str) -> str:
        return self.station.bench.need(Alert, alert_id, "alert_id").acknowledged_by

    def close(self) -> None:
        self.station.close()
