"""The rota: what was published, read once, and whom it means at a moment."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.escalation.policy import EVERYONE
from crisisdesk.domain.escalation.running import Escalation
from crisisdesk.domain.policy_version import PolicyVersion, current
from crisisdesk.domain.rota import Rota

from tests.domain.escalation.people import EVERYBODY, START, content, directory, person

HOUR = 3_600_000
DAY = 24 * HOUR


def version(name: str, told: dict[str, Any], at: int = START, **more: Any) -> PolicyVersion:
    return PolicyVersion(
        version_id=f"POL-{name}-{at}", name=name, content=told, published_at=at, **more
    )


def schedule(*members: str, **hours: Any) -> dict[str, Any]:
    layer = {
        "name": "One",
        "members": [f"C-{name}" for name in members],
        "rotation": "day",
        "every": 1,
        "handover": {"time": "00:00"},
        "start": "2026-01-05",
        "hours": hours.get("hours", []),
    }
    return {"kind": "schedule", "zone": "UTC", "layers": [layer]}


def override(contact: str, start: int, end: int) -> dict[str, Any]:
    return {
        "kind": "override",
        "schedule": "Night",
        "contact": f"C-{contact}",
        "from": start,
        "to": end,
    }


def alert(service: str) -> Alert:
    return Alert(
        alert_id="A-1",
        source="test",
        key="k",
        epoch="n1",
        severity="critical",
        title="Down",
        service=service,
        detected_at=START,
        last_seen_at=START,
        sla_deadline=START,
        sla_prealarm_at=START,
    )


def test_the_newest_of_a_kind_and_name_counts_and_overrides_all() -> None:
    new, old = version("Night", content([EVERYBODY])), version("Night", content([EVERYBODY]), 1)
    gone = version("Day", content([EVERYBODY]), START, withdrawn_at=START + 1)
    rota = version("Night", schedule("A"), START + 5)
    swaps = [version("swap", override("B", START, START + n), START + n) for n in (1, 2)]
    found = current([new, old, gone, rota, *swaps])
    assert found == [new, *swaps, rota]


def test_who_is_on_call_follows_layers_and_overrides() -> None:
    rota = Rota(
        [
            version("Night", schedule("A")),
            version("one", override("B", START, START + HOUR), START + 1),
            version("two", override("C", START, START + HOUR // 2), START + 2),
        ]
    )
    assert rota.on_call("Night", START - 1) == ("C-A",)
    assert rota.on_call("Night", START) == ("C-C",), "the later published one stands"
    assert rota.on_call("Night", START + HOUR // 2) == ("C-B",)
    assert rota.on_call("Night", START + HOUR) == ("C-A",)
    assert rota.on_call("Nowhere", START) is None


def test_gaps_are_stretches_without_anybody() -> None:
    hours = [{"days": [0, 1, 2, 3, 4, 5, 6], "from": "00:00", "to": "12:00"}]
    rota = Rota([version("Night", schedule("A", hours=hours))])
    midnight = START // DAY * DAY
    assert rota.gaps("Night", midnight, midnight + DAY) == [(midnight + DAY // 2, midnight + DAY)]
    assert rota.gaps("Nowhere", midnight, midnight + DAY) == []


def test_the_policy_of_an_alert_is_the_first_whose_matchers_hold() -> None:
    db = version("DB", content([EVERYBODY], **{"for": "service=db"}))
    rest = version("Rest", content([EVERYBODY], place=9))
    rota = Rota([db, rest])
    assert rota.policy_for(alert("db"))[0] == db.version_id
    assert rota.policy_for(alert("web"))[0] == rest.version_id
    assert Rota([db]).policy_for(alert("web")) == ("", EVERYONE)


def test_what_cannot_be_read_is_told_and_left_out() -> None:
    rota = Rota([version("Bad", {"kind": "escalation", "steps": []}), version("Odd", {"x": 1})])
    assert rota.escalations == {}
    assert rota.problems == [
        "escalation Bad is not used, it cannot be read: steps: is empty; write at least one step"
    ]
    assert rota.pinned("POL-unknown") is None
    assert rota.pinned(f"POL-Bad-{START}") is None
    assert rota.pinned("") is EVERYONE


def test_the_next_step_is_by_the_version_it_began_with() -> None:
    pinned = version("Night", content([{"contact": "C-A"}], [{"contact": "C-B"}]))
    rota = Rota([pinned, version("Night", content([EVERYBODY]), START + 1)])
    people = directory(person("A"), person("B"))
    state = Escalation(
        escalation_id="ESC-1",
        alert_id="A-1",
        epoch="n1",
        life=1,
        version_id=pinned.version_id,
        number=1,
        started_at=START,
        due_at=START + HOUR,
    )
    taken = rota.next_step(state, "critical", people)
    assert taken is not None
    assert (taken.contacts, taken.at) == (("C-B",), START + HOUR)
