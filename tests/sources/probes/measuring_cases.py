"""What the contract needs to know of each type that measures: its settings and its peers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.sources.probes.peers import Manner

TALKING = tuple(Manner)


@dataclass(frozen=True, slots=True)
class Case:
    """One type of source. ``settings`` makes valid ones for a peer's port; ``wrong`` is settings
    that are refused -> the field that is named; ``manners`` are those of peers it may meet;
    ``secret`` names the entry that its settings refer to."""

    type: str
    settings: Callable[[int], Mapping[str, Any]]
    wrong: tuple[tuple[Mapping[str, Any], str], ...]
    manners: tuple[Manner, ...] = ()
    secret: str = ""


def _web(port: int) -> dict[str, Any]:
    return {"url": f"http://127.0.0.1:{port}", "token": "reader"}


_WRONG_WEB: tuple[tuple[Mapping[str, Any], str], ...] = (
    ({}, "settings.url"),
    ({"url": 5}, "settings.url"),
    ({"url": "ftp://a"}, "settings.url"),
    ({"url": "http://"}, "settings.url"),
    ({"url": "http://a:99999999"}, "settings.url"),
    ({"url": "http://me:pw@a/"}, "settings.url"),
    ({"url": "http://a/?token=x"}, "settings.url"),
    ({"url": "http://a", "token": "Bearer of a secret"}, "settings.token"),
    ({"url": "http://a", "user": "me"}, "settings.password"),
    ({"url": "http://a", "password": "p"}, "settings.user"),
    ({"url": "http://a", "user": "a:b", "password": "p"}, "settings.user"),
    ({"url": "http://a", "user": "a", "password": "p", "token": "t"}, "settings.token"),
    ({"url": "http://a", "ca_file": "/ca.pem"}, "settings.ca_file"),
    ({"url": "https://a", "ca_file": "ca.pem"}, "settings.ca_file"),
    ({"url": "http://a", "stranger": 1}, "settings.stranger"),
)

CASES = (
    Case(
        "openmetrics",
        _web,
        (
            *_WRONG_WEB,
            ({"url": "http://a", "metrics": [1]}, "settings.metrics.0"),
            ({"url": "http://a", "max_series": 0}, "settings.max_series"),
        ),
        TALKING,
        "reader",
    ),
    Case(
        "prometheus",
        lambda port: {**_web(port), "queries": [{"name": "load", "query": "node_load1"}]},
        (
            *_WRONG_WEB,
            ({"url": "http://a", "queries": "x"}, "settings.queries"),
            ({"url": "http://a", "queries": [{"query": "x"}]}, "settings.queries[0].name"),
            (
                {"url": "http://a", "queries": [{"name": "up", "query": "x"}]},
                "settings.queries[0].name",
            ),
            (
                {"url": "http://a", "queries": [{"name": "a b", "query": "x"}]},
                "settings.queries[0].name",
            ),
            ({"url": "http://a", "queries": [{"name": "a"}]}, "settings.queries[0].query"),
            (
                {"url": "http://a", "queries": [{"name": "a", "query": "x"}] * 2},
                "settings.queries[1].name",
            ),
            ({"url": "http://a", "alerts": "maybe"}, "settings.alerts"),
            ({"url": "http://a", "external_labels": {"a": 1}}, "settings.external_labels.a"),
        ),
        TALKING,
        "reader",
    ),
    Case(
        "alertmanager",
        _web,
        (
            *_WRONG_WEB,
            ({"url": "http://a", "matchers": 5}, "settings.matchers"),
            ({"url": "http://a", "silenced": 5}, "settings.silenced"),
            ({"url": "http://a", "settle_s": -1}, "settings.settle_s"),
        ),
        TALKING,
        "reader",
    ),
    Case(
        "json",
        lambda port: {**_web(port), "values": [{"name": "depth", "path": "depth"}]},
        (
            *((told, field) for told, field in _WRONG_WEB if "?" not in str(told.get("url"))),
            ({"url": "http://a"}, "settings.values"),
            (
                {"url": "http://a", "values": [{"name": "up", "path": "a"}]},
                "settings.values[0].name",
            ),
            ({"url": "http://a", "alerts": {"key": "a"}}, "settings.alerts.title"),
            (
                {"url": "http://a", "secret_headers": {"X": "it is secret"}},
                "settings.secret_headers.X",
            ),
            ({"url": "http://a", "max_series": 0}, "settings.max_series"),
            ({"url": "http://a", "settle_s": -1}, "settings.settle_s"),
        ),
        TALKING,
        "reader",
    ),
    Case(
        "postgres",
        lambda port: {
            "host": "127.0.0.1",
            "port": port,
            "user": "monitor",
            "password": "reader",
        },
        (
            ({"user": "u"}, "settings.host"),
            ({"host": "h"}, "settings.user"),
            ({"host": "a,b", "user": "u"}, "settings.host"),
            ({"host": "h", "user": "u", "port": 0}, "settings.port"),
            ({"host": "h", "user": "u", "password": "it is secret"}, "settings.password"),
            ({"host": "h", "user": "u", "tls": "maybe"}, "settings.tls"),
            ({"host": "h", "user": "u", "tls": "verify-full"}, "settings.ca_file"),
            ({"host": "h", "user": "u", "role": "boss"}, "settings.role"),
            (
                {"host": "h", "user": "u", "queries": [{"name": "a", "sql": "DROP TABLE x"}]},
                "settings.queries[0].sql",
            ),
            (
                {"host": "h", "user": "u", "queries": [{"name": "a", "sql": "SELECT 1; SELECT 2"}]},
                "settings.queries[0].sql",
            ),
        ),
        TALKING,
        "reader",
    ),
    Case(
        "imap",
        lambda port: {
            "host": "127.0.0.1",
            "port": port,
            "user": "pages",
            "password": "reader",
            "senders": ["*"],
        },
        (
            ({"user": "u", "password": "p", "senders": ["*"]}, "settings.host"),
            ({"host": "h", "user": "u", "senders": ["*"]}, "settings.password"),
            ({"host": "h", "user": "u", "password": "p"}, "settings.senders"),
            ({"host": "h", "user": "ü", "password": "p", "senders": ["*"]}, "settings.user"),
            (
                {
                    "host": "h",
                    "user": "u",
                    "password": "p",
                    "senders": ["*"],
                    "severities": {"sev1": "worst"},
                },
                "settings.severities.sev1",
            ),
        ),
        TALKING,
        "reader",
    ),
    Case(
        "host",
        lambda _port: {},
        (({"disks": ["tmp"]}, "settings.disks[0]"), ({"network": "maybe"}, "settings.network")),
    ),
    Case(
        "file",
        lambda _port: {"path": "/nowhere/at/all.log"},
        (
            ({}, "settings.path"),
            ({"path": "app.log"}, "settings.path"),
            ({"path": "/a", "kib_a_look": 1}, "settings.kib_a_look"),
            ({"path": "/a", "quiet_min": "soon"}, "settings.quiet_min"),
        ),
    ),
)
