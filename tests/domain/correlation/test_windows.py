"""Windows: which alerts are near enough to each other, whatever order they came in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.alert import Alert, AlertStatus
from crisisdesk.domain.correlation.rule import CorrelationRule
from crisisdesk.domain.correlation.windows import (
    ALERTS_KEPT,
    GROUP_KEPT,
    Windows,
    first_window,
)

from tests.domain.correlation.making import START, alert, rule

PLACE = ("Test", (("service", "db"),))


def found(the_rule: CorrelationRule, *alerts: Alert) -> list[str]:
    """The ids of the first window that these make."""
    windows = Windows([the_rule])
    for one in alerts:
        windows.put(one)
    members = windows.members((the_rule.name, PLACE[1]), 0)
    return [member.alert_id for member in first_window(the_rule, members)]


def test_enough_alerts_within_the_time_make_one() -> None:
    times = (0, 100, 300)
    alerts = [alert(n, at) for n, at in enumerate(times)]
    assert found(rule(), *alerts) == ["A-0", "A-1", "A-2"]
    assert found(rule(), *alerts[:2]) == []
    assert found(rule(), *alerts[:2], alert(2, 300.001)) == []


def test_the_first_that_qualifies_opens_it_and_all_near_it_belong() -> None:
    alerts = [alert(n, at) for n, at in enumerate((0, 400, 500, 600, 690, 701))]
    assert found(rule(), *alerts) == ["A-1", "A-2", "A-3", "A-4"]


def test_services_and_severity_are_asked_for() -> None:
    three = [alert(n, n, severity="low") for n in range(3)]
    assert found(rule(with_severity="high"), *three) == []
    assert len(found(rule(with_severity="high"), *three, alert(9, 9, severity="critical"))) == 4
    by_source = rule(by=["source"], at_least_services=3)
    windows = Windows([by_source])
    for number, service in enumerate(("db", "db", "shop", "")):
        windows.put(alert(number, number, service=service))
    place = ("Test", (("source", "test"),))
    assert first_window(by_source, windows.members(place, 0)) == []
    windows.put(alert(7, 7, service="mail"))
    assert len(first_window(by_source, windows.members(place, 0))) == 5


def test_an_alert_is_looked_at_again_only_when_something_has_changed() -> None:
    windows = Windows([rule()])
    one = alert(1)
    assert windows.put(one) == (PLACE,)
    assert windows.put(replace(one, count=9, labels=dict(one.labels))) == ()
    for change in (
        {"severity": "critical"},
        {"incident_id": "INC-1"},
        {"detected_at": START + 1},
        {"labels": {"a": "b"}},
    ):
        changed: dict[str, Any] = change
        assert windows.put(replace(one, **changed)) == (PLACE,)
    moved = replace(one, service="shop")
    assert set(windows.put(moved)) == {PLACE, ("Test", (("service", "shop"),))}
    assert windows.members(PLACE, 0) == []
    assert windows.put(replace(moved, status=AlertStatus.RESOLVED)) != ()
    assert windows.alerts() == []
    assert windows.put(replace(moved, status=AlertStatus.RESOLVED)) == ()
    assert windows.drop("A-1") == ()


def test_what_is_kept_is_bounded() -> None:
    windows = Windows([rule(), rule("By place", by=["place"])])
    for number in range(ALERTS_KEPT + 50):
        windows.put(alert(number, number, place="Brno"))
    assert len(windows.alerts()) == ALERTS_KEPT
    members = windows.members(PLACE, 0)
    assert len(members) == GROUP_KEPT
    assert members[-1].alert_id == f"A-{ALERTS_KEPT + 49}"


@given(
    st.lists(st.tuples(st.integers(0, 900), st.sampled_from(["low", "high"])), max_size=25),
    st.randoms(use_true_random=False),
)
def test_the_order_in_which_they_came_does_not_matter(
    told: list[tuple[int, str]], chance: Any
) -> None:
    alerts = [alert(n, at, severity=severity) for n, (at, severity) in enumerate(told)]
    expected = found(rule(with_severity="high"), *alerts)
    chance.shuffle(alerts)
    assert found(rule(with_severity="high"), *alerts) == expected
