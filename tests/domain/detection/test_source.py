"""Declared sources: bounds, reading of versions, moments, freshness, what is outside."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.detection.source import (
    DUTY,
    EACH,
    LONGEST_MS,
    SETTINGS_BYTES,
    SHORTEST_MS,
    Freshness,
    Source,
    alert_key,
    content_of,
    freshness,
    is_loopback,
    is_outside,
    next_look,
    read_source,
    sources,
    stale_at,
    storable,
)
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.policy_version import DECLARED_KINDS, PolicyVersion

GOOD: dict[str, Any] = {
    "source_id": "SRC-1",
    "type_": "http",
    "settings": {"url": "https://shop.example.org"},
    "every_ms": 10_000,
    "timeout_ms": 5_000,
    "failures": 2,
    "severity": "high",
    "service": "shop",
    "where": DUTY,
    "paused": False,
    "since": 7,
}


def version(at: int = 1, name: str = "shop", **fields: Any) -> PolicyVersion:
    content = content_of(**(GOOD | fields))
    return PolicyVersion(
        version_id=f"POL-{at}", name=name, content=content, published_at=at, published_by="Ann"
    )


def source(**fields: Any) -> Source:
    found = read_source(version(**fields))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"every_ms": SHORTEST_MS - 1}, "every_s"),
        ({"every_ms": LONGEST_MS + 1}, "every_s"),
        ({"timeout_ms": 99}, "timeout_ms"),
        ({"timeout_ms": 60_001, "every_ms": 100_000}, "timeout_ms"),
        ({"timeout_ms": 10_001}, "timeout_ms"),
        ({"failures": 0}, "failures"),
        ({"failures": 101}, "failures"),
        ({"severity": "bad"}, "severity"),
        ({"where": "nowhere"}, "where"),
        ({"type_": ""}, "type"),
        ({"settings": {"x": "y" * SETTINGS_BYTES}}, "settings"),
        ({"settings": {"x": "\0"}}, "settings.x"),
    ],
)
def test_what_is_out_of_bounds_is_named(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        content_of(**(GOOD | fields))
    assert refused.value.field == field
    assert refused.value.remedy


def test_what_was_published_is_read_again() -> None:
    one = source()
    assert (one.name, one.type, one.by, one.since) == ("shop", "http", "Ann", 7)
    assert one.settings == {"url": "https://shop.example.org"}
    assert "source" in DECLARED_KINDS


def test_fractions_are_kept_as_text() -> None:
    assert storable({"share": 0.5, "deep": [{"x": 1.25}]}) == {
        "share": "0.5",
        "deep": [{"x": "1.25"}],
    }


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "heartbeat"},
        {"every_ms": 0},
        {"every_ms": "10"},
        {"every_ms": True},
        {"timeout_ms": -1},
        {"failures": 0},
        {"settings": []},
        {"where": "moon"},
        {"severity": "bad"},
        {"source": ""},
        {"service": 5},
    ],
)
def test_what_cannot_be_read_is_no_source(broken: dict[str, Any]) -> None:
    made = version()
    made.content.update(broken)
    assert read_source(made) is None


def test_of_each_the_version_published_last_stands() -> None:
    older, newer = version(1), version(2, every_ms=20_000)
    other = version(3, "other", source_id="SRC-2")
    gone = PolicyVersion(
        version_id="POL-9",
        name="gone",
        content=content_of(**(GOOD | {"source_id": "SRC-3"})),
        published_at=9,
        withdrawn_at=10,
    )
    for order in ([older, newer, other, gone], [gone, newer, other, older]):
        assert [(s.source_id, s.every_ms) for s in sources(order)] == [
            ("SRC-2", 10_000),
            ("SRC-1", 20_000),
        ]


@given(
    st.text(min_size=1, max_size=20),
    st.integers(SHORTEST_MS, LONGEST_MS),
    st.integers(0, 2**44),
)
def test_its_moments_are_one_interval_apart_and_lie_ahead(name: str, every: int, now: int) -> None:
    one = source(source_id=f"SRC-{name}", every_ms=every, timeout_ms=100)
    first = next_look(one, now)
    assert now < first <= now + every
    assert next_look(one, first) == first + every
    assert next_look(one, first - 1) == first


def test_a_thousand_sources_do_not_look_at_once() -> None:
    moments = [next_look(source(source_id=f"SRC-{n}"), 0) for n in range(1000)]
    fullest = max(sum(at // 1000 == second for at in moments) for second in range(11))
    # In each of ten seconds about a hundred.
    assert fullest < 150


def test_freshness_is_amber_at_two_intervals_and_an_alarm_at_three() -> None:
    one = source()
    told = {at: freshness(one, 0, at) for at in (0, 19_999, 20_000, 29_999, 30_000)}
    assert list(told.values()) == [
        Freshness.FRESH,
        Freshness.FRESH,
        Freshness.LATE,
        Freshness.LATE,
        Freshness.STALE,
    ]
    assert stale_at(one, 5) == 30_005


def test_a_source_of_a_second_is_not_stale_for_a_stutter() -> None:
    one = source(every_ms=1_000, timeout_ms=500)
    assert stale_at(one, 0) == 15_000
    assert freshness(one, 0, 14_999) == Freshness.LATE


def test_where_each_station_looks_each_has_its_alert() -> None:
    assert alert_key(source(), "ST-A") == "SRC-1"
    assert alert_key(source(where=EACH), "ST-A") == "SRC-1@ST-A"


@pytest.mark.parametrize(
    ("type_", "settings", "outside"),
    [
        ("http", {"url": "https://shop.example.org:8443/x"}, True),
        ("http", {"url": "http://127.0.0.1:9611/"}, False),
        ("http", {"url": "http://[::1]:80/"}, False),
        ("http", {"url": "http://LOCALHOST/"}, False),
        ("http", {"url": "http://127.0.0.1.example.org/"}, True),
        ("http", {"url": "http://[::1"}, True),
        ("tcp", {"host": "localhost", "port": 22}, False),
        ("tcp", {"host": "::1"}, False),
        ("tcp", {"host": "db1"}, True),
        ("dns", {"name": "example.org", "server": "127.0.0.53"}, False),
        ("dns", {"name": "example.org", "server": ""}, True),
        ("host", {}, False),
        ("file", {"path": "/var/log/syslog"}, False),
        ("other", {}, True),
    ],
)
def test_what_needs_the_network_is_told(
    type_: str, settings: dict[str, Any], outside: bool
) -> None:
    assert is_outside(type_, settings) is outside


def test_loopback_has_several_names() -> None:
    assert all(map(is_loopback, ("localhost", "a.localhost", "127.9.9.9", "[::1]", "localhost.")))
    assert not any(map(is_loopback, ("128.0.0.1", "127.0.0", "10.0.0.1", "::2", "localhost.org")))
