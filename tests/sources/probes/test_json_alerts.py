"""Alerts out of a list in JSON: keys, what ends them, and answers that lie."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.detection.source import storable
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import SignalAction
from crisisdesk.sources.mapping import RESOLVE_WORDS
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.json_alerts import ITEM_BYTES, ITEMS_LIMIT, alerts_of, check_alerts
from crisisdesk.sources.probes.json_probe import JsonProber
from crisisdesk.sources.probes.looking import Unanswered
from crisisdesk.sources.probes.vanishing import Seen
from crisisdesk.sources.rules import IntakeRules

from tests.sources.payloads import NOW_MS
from tests.sources.probes.looks import look_at

ALERTS = {
    "each": "items",
    "key": "id",
    "title": "text",
    "severity": "level",
    "action": "state",
    "labels": "tags",
    "severities": {"p1": "emergency"},
}


def seen(document: Any, **more: Any) -> tuple[Seen, int]:
    look = look_at(JsonProber(), {"url": "http://a", "alerts": {**ALERTS, **more}})
    return alerts_of(document, look, IntakeRules())


def item(key: Any = 1, state: str = "open", **more: Any) -> dict[str, Any]:
    return {"id": key, "text": f"Case {key}", "state": state, **more}


def test_each_item_is_an_alert_of_this_source_alone() -> None:
    [signal] = seen({"items": [item(level="P1", tags={"team": "shop", "n": 5})]})[0].firing
    assert (signal.source, signal.key, signal.title) == ("json", "s1:1", "Case 1")
    assert signal.severity is Severity.EMERGENCY
    assert signal.action is SignalAction.FIRE
    assert signal.labels == {"source": "source", "team": "shop", "n": "5"}


def test_words_say_what_has_ended_and_what_is_in_hand_there_still_fires() -> None:
    told, bad = seen(
        {"items": [item(1, "resolved"), item(2, "acknowledged"), item(3, "gone"), item(4, "open")]},
        resolve_words=["gone"],
    )
    assert bad == 0
    assert [signal.key for signal in told.ended] == ["s1:1", "s1:3"]
    assert [signal.key for signal in told.firing] == ["s1:2", "s1:4"]
    assert all(signal.action is SignalAction.FIRE for signal in told.firing)


def test_an_end_is_told_of_what_has_ended_and_of_nothing_that_fires() -> None:
    end = "2026-03-01T12:30:00Z"
    told, _bad = seen(
        {"items": [item(1, end=end), item(2, "resolved", end=end)]}, ends_at="end", starts_at="no"
    )
    assert [signal.ends_at for signal in told.firing] == [None]
    assert [signal.ends_at for signal in told.ended] == [NOW_MS]


def test_one_that_is_too_long_is_not_taken() -> None:
    told, bad = seen({"items": [item(), item(2, tags={"a": "x" * ITEM_BYTES})]})
    assert ([signal.key for signal in told.firing], bad) == (["s1:1"], 1)


@pytest.mark.parametrize("turn", [1, -1])
def test_of_several_of_one_key_the_worst_that_fires_counts(turn: int) -> None:
    items = [item(1, "resolved"), item(1, level="low"), item(1, level="critical")][::turn]
    told, _bad = seen({"items": items})
    assert [signal.severity for signal in told.firing] == [Severity.CRITICAL]
    assert told.ended == []


def test_what_cannot_be_read_is_counted_and_nothing_that_is_missing_counts_as_over() -> None:
    told, bad = seen({"items": [item(), 5, None, [], {"id": 3}, item(4, tags={"a": {}})]})
    assert bad == 5
    assert [signal.key for signal in told.firing] == ["s1:1"]
    assert not told.is_whole


def test_the_document_may_be_the_list_and_may_tell_more() -> None:
    assert len(seen([item(), item(2)], each="")[0].firing) == 2
    [signal] = seen({"items": [item()], "site": {"id": 7.5}}, service="$.site.id")[0].firing
    assert signal.service == "7.5"


def test_numbers_too_wide_for_what_is_kept_are_read_all_the_same() -> None:
    [signal] = seen({"items": [item(1e30)]})[0].firing
    assert signal.key == "s1:1e+30"
    assert seen({"items": [item(2**64 - 1)]})[1] == 1


@pytest.mark.parametrize("told", [None, {}, [], {"items": {}}, {"items": None}, 5])
def test_without_a_list_nothing_is_said(told: Any) -> None:
    with pytest.raises(Unanswered, match="no list of alerts at items"):
        seen(told)


def test_too_long_a_list_is_refused_whole() -> None:
    with pytest.raises(Unanswered, match="more than 10000"):
        seen({"items": [item()] * (ITEMS_LIMIT + 1)})


def test_defaults_are_filled_in_and_stay_as_they_are() -> None:
    def checked(told: Any) -> dict[str, Any]:
        return check_alerts(Fields({"alerts": told}, ("alerts",)))

    first = checked({"key": "id", "title": "t"})
    assert first == {
        "each": "",
        "key": "id",
        "title": "t",
        "resolve_words": list(RESOLVE_WORDS),
        "default_severity": "medium",
        "severities": {},
    }
    assert checked(first) == first
    assert storable({"alerts": first}) == {"alerts": first}
    assert check_alerts(Fields({}, ("alerts",))) == {}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ("x", "settings.alerts"),
        ({}, "settings.alerts.key"),
        ({"key": "k"}, "settings.alerts.title"),
        ({"key": "k..", "title": "t"}, "settings.alerts.key"),
        ({"key": "k", "title": "t", "status": "s"}, "settings.alerts.status"),
        ({"key": "k", "title": "t", "default_severity": "bad"}, "settings.alerts.default_severity"),
        ({"key": "k", "title": "t", "severities": {"a": "b"}}, "settings.alerts.severities.a"),
        ({"key": "k", "title": "t", "resolve_words": 5}, "settings.alerts.resolve_words"),
    ],
)
def test_wrong_ones_name_the_field_and_the_remedy(told: Any, field: str) -> None:
    with pytest.raises(Malformed) as caught:
        check_alerts(Fields({"alerts": told}, ("alerts",)))
    assert caught.value.field == field
    assert caught.value.remedy
