"""What is alike to the alerts of an incident: service, need, place, time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.correlation.alike import SHOWN, WITHIN_MS, alike

from tests.domain.events import Log

MINUTE = 60_000


def alert(name: str, service: str = "", at: int = 0, **more: Any) -> Alert:
    log = Log(name)
    body: dict[str, Any] = {
        "source": "s",
        "key": name,
        "epoch": "n1",
        "severity": "high",
        "title": name,
    }
    log.add("alert.fired", **body, sla_deadline=1, sla_prealarm_at=1, detection_method="x")
    state = log.state()
    assert isinstance(state, Alert)
    return replace(state, service=service, detected_at=10 * WITHIN_MS + at, **more)


OWN = alert("A-1", "db", place="fra1", labels={"host": "h7"})
NEAR = {"shop": "shop needs db"}


@pytest.mark.parametrize(
    ("other", "points", "because"),
    [
        (alert("A-2", "db", MINUTE), 5, "same service db, within 1 min"),
        (alert("A-2", "db", 30 * MINUTE), 4, "same service db"),
        (alert("A-2", "shop", -30 * MINUTE), 3, "shop needs db"),
        (
            alert("A-2", "shop", 90_000, labels={"host": "h7"}, place="fra1"),
            7,
            "shop needs db, same host h7, same place fra1, within 2 min",
        ),
    ],
)
def test_points_and_reasons(other: Alert, points: int, because: str) -> None:
    [one] = alike([OWN], [other], NEAR)
    assert (one.points, one.because) == (points, because)


@pytest.mark.parametrize(
    "other",
    [
        OWN,
        alert("A-2", "mail"),
        alert("A-2", "mail", place="fra1"),
        alert("A-2"),
        alert("A-2", "db", WITHIN_MS + 1),
        alert("A-2", "db", -WITHIN_MS - 1),
        alert("A-2", "db", incident_id="INC-9"),
        alert("A-2", "db", status="resolved"),
    ],
)
def test_what_is_attached_elsewhere_over_or_far_is_not_offered(other: Alert) -> None:
    assert alike([OWN], [other], NEAR) == ()


def test_the_most_alike_stand_first_a_handful_and_nothing_is_alike_to_nothing() -> None:
    others = [alert(f"A-{n}", "db" if n == 9 else "shop", n * MINUTE) for n in range(2, 12)]
    found = alike([OWN], others, NEAR)
    assert [one.alert.alert_id for one in found][:2] == ["A-9", "A-2"]
    assert len(found) == SHOWN
    assert alike([OWN], others[::-1], NEAR) == found
    assert alike([], others, NEAR) == ()
