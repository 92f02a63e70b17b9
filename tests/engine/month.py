"""A month of a station: people on call in turns, alerts at any hour, some taken, some left to ring.

Time is moved to the next moment at which anything is due, never slept.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from crisisdesk.domain.rota import Rota
from crisisdesk.engine import commands as c
from crisisdesk.engine.escalation_commands import MindEscalations, MindUnattended, PublishPolicy
from crisisdesk.engine.ports import Outcome
from crisisdesk.store.queries import StationReader

from tests.store.workload import Station, signal

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
# Both New York (8 March) and Prague (29 March) change their clocks in it.
BEGIN = round(datetime(2026, 3, 1, tzinfo=UTC).timestamp() * 1000)
STEPS = ("Day and night", "Second line")
_LOUD = """
SELECT a.agg FROM alert AS a WHERE a.status = 'active' AND a.severity >= 3
AND NOT EXISTS (SELECT 1 FROM escalation AS e WHERE e.alert_id = a.agg AND e.next_due IS NOT NULL)
"""
_NEXT = """
SELECT min(m) FROM (SELECT min(next_due) AS m FROM alert UNION ALL
SELECT min(next_due) FROM escalation UNION ALL SELECT min(next_due) FROM delivery)
"""


@dataclass(slots=True, kw_only=True)
class Month:
    """What came of it. ``wrong`` names steps that asked others than those on call, ``left`` alerts
    that were open, in nobody's hands and without anything due."""

    days: int
    alerts: int = 0
    moments: int = 0
    steps: int = 0
    pages: int = 0
    wrong: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def live(station: Station, days: int, alerts: int, seed: int = 1) -> Month:
    """Let ``days`` pass with that many critical alerts at random hours."""
    station.now_ms = BEGIN
    staff(station)
    dice, month = random.Random(seed), Month(days=days)
    planned = [*_planned(dice, days, alerts)]
    end = BEGIN + days * DAY_MS
    while station.now_ms < end:
        due = station.journal._rows(_NEXT)[0][0]
        soonest = min(end, planned[0][0] if planned else end, end if due is None else due)
        station.now_ms = max(station.now_ms, soonest)
        while planned and planned[0][0] <= station.now_ms:
            _, what, number = planned.pop(0)
            _happen(station, what, number)
            month.alerts += what == "fire"
        _work(station, month)
        month.moments += 1
    check_steps(station, month)
    return month


def staff(station: Station) -> None:
    """Six people, a weekly and a daily rotation in two zones, and a policy that uses both."""
    people = []
    for name in ("Ann", "Bob", "Priya", "Jonas", "Aki", "Mateo"):
        method = {"method_id": f"M-{name}", "channel": "webhook", "masked": "webhook://***"}
        people += station.do(c.SaveContact(name=name, methods=[method]))
    weekly = _schedule("Europe/Prague", people[:3], "week", {"time": "09:00", "weekday": 0})
    daily = _schedule("America/New_York", people[3:], "day", {"time": "08:30"})
    steps = [
        {"to": [{"schedule": STEPS[0]}], "wait_s": 300},
        {"to": [{"schedule": STEPS[1]}], "wait_s": 600},
        {"to": [{"everyone": True}], "wait_s": 900},
    ]
    published = station.do(
        PublishPolicy(name=STEPS[0], content=weekly),
        PublishPolicy(name=STEPS[1], content=daily),
        PublishPolicy(name="All", content={"kind": "escalation", "steps": steps}),
    )
    for result in published:
        if isinstance(result, Exception):
            raise result


def _schedule(zone: str, members: list[str], rotation: str, handover: Any) -> dict[str, Any]:
    layer = {
        "name": "One",
        "members": members,
        "rotation": rotation,
        "every": 1,
        "handover": handover,
        "start": "2026-01-05",
    }
    return {"kind": "schedule", "zone": zone, "layers": [layer]}


def _planned(dice: random.Random, days: int, alerts: int) -> list[tuple[int, str, int]]:
    """Moments, sorted: each alert fires, is taken within an hour or not at all, and ends."""
    found = []
    for number in range(alerts):
        at = BEGIN + dice.randrange(1, days * DAY_MS)
        found.append((at, "fire", number))
        if dice.random() < 0.9:
            at += dice.randrange(HOUR_MS)
            found.append((at, "take", number))
        found.append((at + dice.randrange(1, 4 * HOUR_MS), "end", number))
    return sorted(found)


def _happen(station: Station, what: str, number: int) -> None:
    one = signal(number, severity="critical")
    if what == "fire":
        station.do(c.TakeIn(signals=[one]), actor="source:test")
        return
    sql = "SELECT agg FROM alert WHERE json_extract(CAST(state AS TEXT), '$.key') = ?"
    ((alert_id,),) = station.journal._rows(sql, (one.key,))
    if what == "take":
        station.do(c.AcknowledgeAlerts(alert_ids=[alert_id]))
    else:
        station.do(c.ResolveAlert(alert_id=alert_id, reason="gone"))


def _work(station: Station, month: Month) -> None:
    """What an engine does at this moment, until nothing more of it is due."""
    while station.do(MindEscalations(), actor="engine")[0]:
        pass
    station.do(c.MindDueAlerts(), MindUnattended(), actor="engine")
    for delivery, _alert in station.do(c.ClaimDeliveries(), actor="engine")[0]:
        month.pages += 1
        settle = c.SettleDelivery(
            delivery_id=delivery.delivery_id,
            attempt=delivery.attempt,
            outcome=Outcome(ok=True, words="200 taken"),
        )
        station.do(settle, actor="engine")
    month.left += left_alone(station)


def left_alone(station: Station) -> list[str]:
    """Alerts that should page, in nobody's hands, for which nothing is due."""
    return [agg for (agg,) in station.journal._rows(_LOUD)]


def check_steps(station: Station, month: Month) -> None:
    """Compare whom each step paged with who was on call at that moment by the published rota."""
    reader = StationReader(station.path)
    rota, everyone = Rota(reader.policies()), {one.contact_id for one in reader.contacts()}
    alerts = [row.alert_id for row in reader.alert_rows()]
    for alert_id in alerts:
        for escalation in reader.escalations_of(alert_id):
            for taken in escalation.history:
                month.steps += 1
                asked = everyone
                if taken["step"] <= len(STEPS):
                    asked = set(rota.on_call(STEPS[taken["step"] - 1], taken["at"]) or ())
                if set(taken["contacts"]) != asked:
                    month.wrong.append(f"{escalation.escalation_id} step {taken['number']}")
    reader.close()
