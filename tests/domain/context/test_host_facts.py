"""The host of an alert: which one is meant, and what is told of it."""

from __future__ import annotations

import math

import pytest

from crisisdesk.domain.context.host_facts import (
    OF_ONE_LOOK_MS,
    HostKnown,
    host_known,
    host_series,
    hosts_named,
    is_same_host,
    may_be_of_host,
    size_words,
)
from crisisdesk.domain.detection.rule import key_of
from crisisdesk.domain.detection.series import Series, series

AT = 1_790_000_000_000
GIB = 1 << 30


def info(host: str = "db1", source: str = "s1", **more: str) -> Series:
    return series(source, "host_info", {"host": host, **more})


def value(metric: str, source: str = "s1", **labels: str) -> Series:
    return series(source, f"host_{metric}", labels)


def facts(values: dict[Series, float]) -> dict[str, str]:
    known = host_known({one: (AT, told) for one, told in values.items()})
    assert known is not None
    return dict(known.facts)


@pytest.mark.parametrize(
    ("labels", "hosts"),
    [
        ({}, []),
        ({"host": "db1", "instance": "db1:9100"}, ["db1"]),
        (
            {"instance": "http://db1.example.org:9100/metrics", "node": "n2"},
            ["n2", "db1.example.org"],
        ),
        ({"instance": "[2001:db8::1]:9100"}, ["2001:db8::1"]),
        ({"instance": "2001:db8::1"}, ["2001:db8::1"]),
        ({"host": " "}, []),
    ],
)
def test_which_hosts_labels_name(labels: dict[str, str], hosts: list[str]) -> None:
    assert hosts_named(labels) == hosts


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("db1", "DB1", True),
        ("db1", "db1.example.org", True),
        ("db1.example.org.", "db1.example.org", True),
        ("db1.example.org", "db1.example.com", False),
        ("db1", "db10", False),
        ("10", "10.0.0.1", False),
        ("10.0.0.1", "10.0.0.1", True),
    ],
)
def test_when_two_names_mean_one_host(one: str, other: str, *, same: bool) -> None:
    assert is_same_host(one, other) is same
    assert is_same_host(other, one) is same


def test_the_series_of_the_source_that_measures_the_host() -> None:
    mine = [info(), value("load1"), value("cpu_seconds_total", mode="idle")]
    others = [info("db2", "s2"), value("load1", "s2"), series("s1", "load1")]
    assert host_series([*mine, *others], "prometheus", "k", ["db1"]) == mine[:2]
    assert host_series([*mine, *others], "prometheus", "k", []) == []
    # The alert of a source of type host itself; where each station looks its key has the station's.
    assert host_series([*mine, *others], "probe", "s2@station", []) == others[:2]
    assert host_series([*mine, *others], "other", "s2", []) == []
    # What a rule found of one of its series.
    full = value("disk_used_ratio", "s2", disk="/var")
    found = host_series([*mine, *others, full], "rule", key_of("RULE-1", full), [])
    assert found == [*others[:2], full]
    assert host_series([*mine, *others], "rule", key_of("RULE-1", full), []) == []


def test_which_alerts_may_be_of_a_host_that_is_measured() -> None:
    assert may_be_of_host("prometheus", ["db1"])
    assert may_be_of_host("rule", [])
    assert may_be_of_host("probe", [])
    assert not may_be_of_host("prometheus", [])


def test_all_that_is_told_of_a_host() -> None:
    told = facts(
        {
            info(os="Debian GNU/Linux 12", kernel="6.1.0", machine="x86_64"): 1,
            value("uptime_seconds"): 3 * 86_400 + 5,
            value("load1"): 0.5,
            value("load5"): 1.25,
            value("load15"): 2,
            value("cpus"): 8,
            value("cpu_used_ratio"): 0.234,
            value("memory_bytes"): 16 * GIB,
            value("memory_used_ratio"): 0.41,
            value("swap_bytes"): 2 * GIB,
            value("swap_used_ratio"): 0,
            value("disk_used_ratio", disk="/"): 0.5,
            value("disk_bytes", disk="/"): 40 * GIB,
            value("disk_used_ratio", disk="/var"): 0.91,
            value("disk_read_only", disk="/var"): 1,
        }
    )
    assert told == {
        "system": "Debian GNU/Linux 12, kernel 6.1.0, x86_64",
        "up": "for 3 d",
        "load": "0.50 1.25 2.00, 8 processors, 23\u00a0% busy",
        "memory": "41\u00a0% of 16 GiB, swap 0\u00a0% of 2.0 GiB",
        "disks": "/var 91\u00a0%, read-only; / 50\u00a0% of 40 GiB",
    }


def test_only_the_fullest_disks_are_told() -> None:
    disks = {value("disk_used_ratio", disk=f"/d{n}"): n / 10 for n in range(7)}
    assert (
        facts(disks)["disks"]
        == "/d6 60\u00a0%; /d5 50\u00a0%; /d4 40\u00a0%; /d3 30\u00a0%; 3 more, less full"
    )


def test_what_is_not_told_is_left_out_and_nothing_is_nothing() -> None:
    assert facts({value("load1"): 0.5}) == {"load": "0.50"}
    assert host_known({}) is None
    assert host_known({value("load1"): (AT, math.nan)}) is None
    assert host_known({info(): (AT, 1.0)}) is None


def test_of_an_older_look_nothing_is_taken_for_new() -> None:
    taken_out = value("disk_used_ratio", disk="/old")
    known = host_known(
        {
            info(kernel="6.1"): (AT - 60_000, 1.0),
            info(kernel="6.2"): (AT, 1.0),
            taken_out: (AT - OF_ONE_LOOK_MS - 1, 0.99),
        }
    )
    assert known == HostKnown("db1", AT, (("system", "kernel 6.2"),))


def test_of_two_of_one_name_the_one_measured_last_counts() -> None:
    known = host_known(
        {
            value("load1", "s1"): (AT, 1.0),
            info("db1", "s2"): (AT + 1, 1.0),
            value("load1", "s2"): (AT + 1, 2.0),
        }
    )
    assert known == HostKnown("db1", AT + 1, (("load", "2.00"),))


def test_sizes() -> None:
    told = [size_words(size) for size in (0, 512, 1_536, 3.6 * GIB, 40 * GIB, 5 << 40)]
    assert told == ["0 B", "512 B", "1.5 KiB", "3.6 GiB", "40 GiB", "5.0 TiB"]
