"""A source: something that this station looks at by itself at intervals.

What is declared is published content like a policy's (`PolicyVersion`, kind ``source``), told apart
by the source's own id, so that all stations know it and its versions are kept. What a look found
is no event: samples go to the station's sample store, and that something is down says its alert.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.canonical import canonical_bytes, tidy
from crisisdesk.domain.declared import newest_of_each
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.severity import SEVERITY_RANK

KIND = "source"
# The source name of the alerts that a failing look raises; the key is the source's id.
ALERT_SOURCE = "probe"
DUTY, EACH = "duty", "each"
WHERE = (DUTY, EACH)
SECOND_MS, HOUR_MS = 1_000, 3_600_000
SHORTEST_MS, LONGEST_MS = SECOND_MS, 24 * HOUR_MS
SHORTEST_TIMEOUT_MS, LONGEST_TIMEOUT_MS = 100, 60 * SECOND_MS
MOST_FAILURES = 100
NAME_LIMIT, SERVICE_LIMIT, TYPE_LIMIT = 100, 512, 40
SETTINGS_BYTES = 16 * 1024
# What breaks is paged within half a minute: two looks in a row, the first up to 10 s after it.
EVERY_MS, TIMEOUT_MS, FAILURES = 10 * SECOND_MS, 5 * SECOND_MS, 2
LATE_TIMES, STALE_TIMES = 2, 3
# A source of short intervals has this long to be heard from; a busy machine is no reason to page.
STALE_LEAST_MS = 15 * SECOND_MS
# Sources that look at the station itself need no network.
_LOCAL_TYPES = frozenset({"file", "host"})
_PLACES = ("url", "host", "server", "address")


class Freshness(StrEnum):
    """How old the last usable look of a source is: ``late`` from 2 intervals on, ``stale`` from 3
    (and 15 s) on."""

    FRESH = "fresh"
    LATE = "late"
    STALE = "stale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One declared source. Spans are ms; ``since`` (UTC ms) is when it was declared, changed or
    resumed.

    ``type`` names the adapter ("http", "tcp", "prometheus", ...) and ``settings`` are its own, JSON
    without floats, checked by it; a secret stands there only as the name of an entry of the
    station's secrets. After ``failures`` looks in a row that found it down an alert of ``severity``
    is raised. ``where`` says which stations look: the one on duty ("duty"), or each for itself
    ("each").
    """

    source_id: str
    version_id: str
    name: str
    type: str
    settings: Mapping[str, Any]
    every_ms: int
    timeout_ms: int
    failures: int
    severity: str
    service: str
    where: str
    paused: bool
    since: int
    by: str


def content_of(
    *,
    source_id: str,
    type_: str,
    settings: Mapping[str, Any],
    every_ms: int,
    timeout_ms: int,
    failures: int,
    severity: str,
    service: str,
    where: str,
    paused: bool,
    since: int,
) -> dict[str, Any]:
    """What is published; raises Malformed naming the field that is out of bounds."""
    _within("every_s", every_ms, SHORTEST_MS, LONGEST_MS)
    _within("timeout_ms", timeout_ms, SHORTEST_TIMEOUT_MS, LONGEST_TIMEOUT_MS)
    if timeout_ms > every_ms:
        told = f"{timeout_ms / SECOND_MS:g} s is longer than the interval"
        raise Malformed("timeout_ms", told, "shorten it, or lengthen every_s")
    if not 1 <= failures <= MOST_FAILURES:
        raise Malformed("failures", f"is {failures}", f"use 1 to {MOST_FAILURES}")
    if severity not in SEVERITY_RANK:
        known = ", ".join(SEVERITY_RANK)
        raise Malformed("severity", f"{severity[:40]!r} is none", f"use one of {known}")
    if where not in WHERE:
        raise Malformed("where", f"{where[:40]!r} is unknown", f"use one of {', '.join(WHERE)}")
    if not type_ or len(type_) > TYPE_LIMIT:
        raise Malformed("type", "is no type of a source", "see `crisisdesk source add --help`")
    return {
        "kind": KIND,
        "source": source_id,
        "type": type_,
        "settings": storable(settings),
        "every_ms": every_ms,
        "timeout_ms": timeout_ms,
        "failures": failures,
        "severity": severity,
        "service": service,
        "where": where,
        "paused": paused,
        "since": since,
    }


def storable(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings as they can be published, fractions as text; raises Malformed for what cannot
    be, or is too much."""
    told: dict[str, Any] = tidy(dict(settings), field="settings")
    size = len(canonical_bytes(told))
    if size > SETTINGS_BYTES:
        raise Malformed("settings", f"have {size} bytes", f"shorten them to {SETTINGS_BYTES}")
    return told


def _within(field: str, ms: int, least: int, most: int) -> None:
    if not least <= ms <= most:
        bounds = f"{least / SECOND_MS:g} s to {span_words(most)}"
        raise Malformed(field, f"{ms / SECOND_MS:g} s is out of bounds", f"use {bounds}")


def read_source(version: PolicyVersion) -> Source | None:
    """What a published version declares; None for what is no source that can be read here."""
    told = version.content
    if told.get("kind") != KIND:
        return None
    numbers = [told.get(name) for name in ("every_ms", "timeout_ms", "failures", "since")]
    words = [told.get(name) for name in ("source", "type", "severity", "where")]
    if any(type(n) is not int or n < 0 for n in numbers) or 0 in numbers[:3]:
        return None
    if not all(type(w) is str and w for w in words) or words[2] not in SEVERITY_RANK:
        return None
    settings, service = told.get("settings"), told.get("service", "")
    if not isinstance(settings, dict) or type(service) is not str or words[3] not in WHERE:
        return None
    return Source(
        source_id=told["source"],
        version_id=version.version_id,
        name=version.name,
        type=told["type"],
        settings=settings,
        every_ms=told["every_ms"],
        timeout_ms=told["timeout_ms"],
        failures=told["failures"],
        severity=told["severity"],
        service=service,
        where=told["where"],
        paused=told.get("paused") is True,
        since=told["since"],
        by=version.published_by,
    )


def sources(versions: Iterable[PolicyVersion]) -> list[Source]:
    """Of each source the version published last that was not withdrawn, by name."""
    newest = newest_of_each(versions, KIND, read_source, lambda one: one.source_id)
    return sorted(newest.values(), key=lambda one: (one.name, one.source_id))


def alert_key(source: Source, station_id: str) -> str:
    """The key of its alert: its id; where each station looks for itself, with the station's."""
    return source.source_id if source.where == DUTY else f"{source.source_id}@{station_id}"


def next_look(source: Source, now_ms: int) -> int:
    """The first of its moments after ``now_ms``, UTC ms.

    They are one interval apart; where in the interval they lie its id says, so that many sources of
    one interval are spread over it, on every station alike.
    """
    digest = hashlib.sha256(source.source_id.encode("utf-8", "surrogatepass")).digest()
    phase = int.from_bytes(digest[:8], "big") % source.every_ms
    return now_ms - (now_ms - phase) % source.every_ms + source.every_ms


def stale_at(source: Source, usable_ms: int) -> int:
    """From when on it is stale if its last usable look was then, UTC ms."""
    return usable_ms + max(STALE_TIMES * source.every_ms, STALE_LEAST_MS)


def freshness(source: Source, usable_ms: int, now_ms: int) -> Freshness:
    """How fresh it is when its last usable look was at ``usable_ms``."""
    if now_ms >= stale_at(source, usable_ms):
        return Freshness.STALE
    late = now_ms - usable_ms >= LATE_TIMES * source.every_ms
    return Freshness.LATE if late else Freshness.FRESH


def is_outside(source_type: str, settings: Mapping[str, Any]) -> bool:
    """Whether looking at it needs the station's own network: not for what is on this machine."""
    if source_type in _LOCAL_TYPES:
        return False
    for name in _PLACES:
        told = settings.get(name)
        if isinstance(told, str) and told:
            return not is_loopback(_host_of(told))
    return True


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine's own."""
    plain = host.strip("[]").rstrip(".").lower()
    return plain in ("localhost", "::1") or plain.endswith(".localhost") or _is_127(plain)


def _is_127(plain: str) -> bool:
    parts = plain.split(".")
    return len(parts) == 4 and parts[0] == "127" and all(p.isdecimal() for p in parts)


def _host_of(told: str) -> str:
    """The host of an address, of host:port, or of a host alone."""
    try:
        return urlsplit(told if "://" in told else f"//{told}").hostname or told
    except ValueError:
        return told
