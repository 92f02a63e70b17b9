"""The cast: patterns take what has fired by then, and nothing is named twice."""

from __future__ import annotations

from crisisdesk.drills.actions import Acknowledge

from tests.drills.scenes import FIRE, fault, parsed

LATER = FIRE.replace("fire: a", "fire: ab").replace("-00:10:00", "-00:02:00")


def acked(entry: str) -> tuple[str, ...]:
    [found] = [
        s.action for s in parsed(FIRE, LATER, entry).past if isinstance(s.action, Acknowledge)
    ]
    return found.alerts


def test_a_pattern_takes_what_has_fired_by_then() -> None:
    assert acked('{at: "-00:05:00", acknowledge: "a*", by: B}') == ("a",)
    assert acked('{at: "-00:01:00", acknowledge: "a*", by: B}') == ("a", "ab")


def test_names_overlap_without_doubling() -> None:
    assert acked('{at: "-00:01:00", acknowledge: [ab, "a*"], by: B}') == ("ab", "a")


def test_what_takes_one_alert_takes_no_more() -> None:
    two = '{at: "-00:01:00", escalate: "a*", as: i, by: B}'
    assert "entries[2].escalate: names 2 alerts; name one" in fault(FIRE, LATER, two)


def test_an_incident_is_spoken_of_after_it_began() -> None:
    begins = '{at: "-00:05:00", escalate: a, as: i, by: B}'
    early = '{at: "-00:06:00", status: i, to: resolved, by: B}'
    assert "entries[2].status: 'i' begins later" in fault(FIRE, begins, early)
