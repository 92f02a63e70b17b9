"""Work as an engine does it, on a real file and without a thread: commands in, groups kept."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.signal import Signal, SignalAction
from crisisdesk.engine import commands as c
from crisisdesk.engine.handlers import HANDLERS
from crisisdesk.engine.policy import Policy
from crisisdesk.engine.ports import Outcome
from crisisdesk.engine.workbench import Entropy, Workbench
from crisisdesk.store.opening import open_station

# 2026-02-12 02:05:02 UTC.
START = 1_770_861_902_000
SEVERITIES = ("low", "medium", "high", "critical", "emergency")


def signal(number: int, **changes: Any) -> Signal:
    """A firing signal as Alertmanager's webhook gives it."""
    given: dict[str, Any] = {
        "source": "alertmanager",
        "key": f"fingerprint-{number}",
        "action": SignalAction.FIRE,
        "severity": SEVERITIES[number % 5],
        "title": f"Latency above 2 s on payments-{number}",
        "service": f"payments-{number % 7}",
        "place": "Frankfurt",
        "labels": {"alertname": "Latency", "instance": f"10.0.0.{number}:9100"},
        "annotations": {"summary": "p99 über 2 s"},
    }
    return Signal(**(given | changes))


# Every page goes at once: for tests of what becomes of it afterwards.
AT_ONCE = Policy(page_wait_ms=dict.fromkeys(SEVERITIES, 0))


class Station:
    """An opened station that keeps each command in a group of its own."""

    def __init__(
        self, folder: Path, now_ms: int = START, seed: int = 1, policy: Policy | None = None
    ) -> None:
        self.policy = policy or Policy()
        self.path = folder / "station.db"
        self.now_ms = now_ms
        self.random = random.Random(seed)
        self.opened = open_station(self.path)
        self.journal = self.opened.journal
        self._fresh_bench()

    def recover(self) -> None:
        """Read the truth from the file again after a group that was not kept."""
        self.journal.reopen()
        self._fresh_bench()

    def _fresh_bench(self) -> None:
        self.bench = Workbench(self.journal, self.policy, Entropy(self.random.randbytes))

    def do(self, *commands: c.Command, actor: str = "Klára Langová") -> list[Any]:
        """Decide the commands and keep what came of them as one group; returns their results."""
        results = []
        for command in commands:
            self.now_ms += 7
            self.bench.begin(actor, self.now_ms)
            try:
                results.append(HANDLERS[type(command)](command, self.bench))
            except DomainError as refused:
                self.bench.take_back()
                results.append(refused)
        if self.bench.sealed:
            pos = self.journal.append(self.bench.sealed, self.bench.touched)
            self.bench.settle(pos)
        return results

    def fire(self, count: int, first: int = 0) -> list[str]:
        """Take in that many new alerts as one group; returns their ids."""
        ids: list[str] = self.do(c.TakeIn(signals=[signal(first + i) for i in range(count)]))[0]
        return ids

    def add_contact(self, name: str = "Jonas Weber", method: str = "m1") -> str:
        """A contact with one mail address; returns its id."""
        card = {
            "method_id": method,
            "channel": "mailto",
            "label": "Work",
            "masked": "j***@example.org",
        }
        contact_id: str = self.do(c.SaveContact(name=name, methods=[card]))[0]
        return contact_id

    def work_at_random(self, steps: int) -> None:
        """Commands of every kind in a random order, refused ones among them."""
        for _ in range(steps):
            self.now_ms += self.random.choice((1, 50, 4_000, 90_000))
            self.do(*(self._any_command() for _ in range(self.random.randint(1, 4))))

    def _known(self, kind: type[Any]) -> list[str]:
        return [a for a, s in self.bench._states.items() if isinstance(s, kind)] or ["A-NONE"]

    def _any_command(self) -> c.Command:
        from crisisdesk.domain.delivery import Delivery
        from crisisdesk.domain.incident import Incident
        from crisisdesk.domain.update import IncidentUpdate

        pick = self.random.choice
        alert, incident = pick(self._known(Alert)), pick(self._known(Incident))
        number = self.random.randint(0, 12)
        action = pick((SignalAction.FIRE, SignalAction.FIRE, SignalAction.RESOLVE))
        delivery = pick(self._known(Delivery))
        state = self.bench.get(delivery)
        return pick(
            (
                c.TakeIn(signals=[signal(number, severity=pick(SEVERITIES), action=action)]),
                c.TakeIn(signals=[signal(n) for n in range(number)]),
                c.AcknowledgeAlerts(alert_ids=[alert]),
                c.UnacknowledgeAlerts(alert_ids=[alert]),
                c.InvestigateAlert(alert_id=alert),
                c.ResolveAlert(alert_id=alert, reason="restarted"),
                c.CloseAlert(alert_id=alert),
                c.ReopenAlert(alert_id=alert),
                c.NoteAlert(alert_id=alert, text="rang the data centre"),
                c.EditAlert(alert_id=alert, changes={"severity": pick(SEVERITIES)}),
                c.EscalateAlert(alert_id=alert, commander="Jonas Weber"),
                c.OpenIncident(title="Payments down", severity="critical"),
                c.ChangeIncidentStatus(incident_id=incident, status=pick(("identified", "closed"))),
                c.ReopenIncident(incident_id=incident, reason="again"),
                c.EditIncident(incident_id=incident, changes={"root_cause": f"cause {number}"}),
                c.LinkAlert(incident_id=incident, alert_id=alert, linked=pick((True, False))),
                c.PostUpdate(incident_id=incident, title="Failover begun"),
                c.EditUpdate(update_id=pick(self._known(IncidentUpdate)), changes={"title": "x"}),
                c.MindDueAlerts(),
                c.ClaimDeliveries(per_method=2),
                c.SettleDelivery(
                    delivery_id=delivery,
                    attempt=max(1, state.attempt) if isinstance(state, Delivery) else 1,
                    outcome=Outcome(ok=pick((True, False)), words="250 OK"),
                ),
                c.NameStation(name=f"Post {number}"),
                c.ChangeOperator(operator="Klára Langová"),
            )
        )

    def close(self) -> None:
        """End as an engine does."""
        self.journal.close()
