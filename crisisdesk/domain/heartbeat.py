"""The heartbeat: something outside that says at intervals that it is well, and is missed when not.

What is declared is published content like a policy's (`PolicyVersion`, kind ``heartbeat``), told
apart by the heartbeat's own id, so that all stations know it. Beats themselves are no events: the
station that hears them keeps the last one in mind and writes only now and then what it hears
(``station.heard``); that something is missing, or back, says the heartbeat's alert.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.declared import newest_of_each
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.severity import SEVERITY_RANK

KIND = "heartbeat"
# The source of its alerts; the key is the heartbeat's id.
SOURCE = "heartbeat"
SECOND_MS, HOUR_MS = 1_000, 3_600_000
SHORTEST_MS, LONGEST_MS = 30 * SECOND_MS, 9_000 * HOUR_MS
SHORTEST_GRACE_MS, LONGEST_GRACE_MS = 10 * SECOND_MS, 30 * 24 * HOUR_MS
NAME_LIMIT = 100
# Whoever comes back from having been away waits a whole period for the next beat, unless the
# period is longer than this and no beat was due meanwhile.
ALWAYS_PATIENT_MS = HOUR_MS


class State(StrEnum):
    """How a heartbeat stands."""

    NEW = "new"
    WELL = "well"
    LATE = "late"
    UNSURE = "not sure"
    MISSING = "missing"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """One declared heartbeat. Spans are ms; ``since`` (UTC ms) is when it was declared, changed or
    resumed: what it did before says nothing of now. ``token_hash`` is SHA-256 of its address's
    secret part, hex."""

    heartbeat_id: str
    version_id: str
    name: str
    every_ms: int
    grace_ms: int
    severity: str
    token_hash: str
    paused: bool
    since: int
    by: str


def hash_of(token: str) -> str:
    """What is kept of the secret part of an address."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def content_of(
    *,
    heartbeat_id: str,
    every_ms: int,
    grace_ms: int,
    severity: str,
    token_hash: str,
    paused: bool,
    since: int,
) -> dict[str, Any]:
    """What is published; raises Malformed naming the field that is out of bounds."""
    _within("every_s", every_ms, SHORTEST_MS, LONGEST_MS)
    _within("grace_s", grace_ms, SHORTEST_GRACE_MS, LONGEST_GRACE_MS)
    if severity not in SEVERITY_RANK:
        known = ", ".join(SEVERITY_RANK)
        raise Malformed("severity", f"{severity[:40]!r} is none", f"use one of {known}")
    return {
        "kind": KIND,
        "heartbeat": heartbeat_id,
        "every_ms": every_ms,
        "grace_ms": grace_ms,
        "severity": severity,
        "token_hash": token_hash,
        "paused": paused,
        "since": since,
    }


def _within(field: str, ms: int, least: int, most: int) -> None:
    if not least <= ms <= most:
        bounds = f"{span_words(least)} to {span_words(most)}"
        raise Malformed(field, f"{span_words(ms)} is out of bounds", f"use {bounds}")


def read_heartbeat(version: PolicyVersion) -> Heartbeat | None:
    """What a published version declares; None for what is no heartbeat that can be read here."""
    told = version.content
    if told.get("kind") != KIND:
        return None
    numbers = [told.get(name) for name in ("every_ms", "grace_ms", "since")]
    words = [told.get(name) for name in ("heartbeat", "severity", "token_hash")]
    if any(type(n) is not int or n < 0 for n in numbers):
        return None
    if not all(type(w) is str and w for w in words) or words[1] not in SEVERITY_RANK:
        return None
    return Heartbeat(
        heartbeat_id=told["heartbeat"],
        version_id=version.version_id,
        name=version.name,
        every_ms=told["every_ms"],
        grace_ms=told["grace_ms"],
        severity=told["severity"],
        token_hash=told["token_hash"],
        paused=told.get("paused") is True,
        since=told["since"],
        by=version.published_by,
    )


def heartbeats(versions: Iterable[PolicyVersion]) -> list[Heartbeat]:
    """Of each heartbeat the version published last that was not withdrawn, by name."""
    newest = newest_of_each(versions, KIND, read_heartbeat, lambda one: one.heartbeat_id)
    return sorted(newest.values(), key=lambda one: (one.name, one.heartbeat_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What one station has heard of a heartbeat. Times are UTC ms.

    ``started`` is when a job said that it began, ``patient_until`` how long the station waits
    because it was away itself and could not hear.
    """

    beat: int | None = None
    started: int | None = None
    patient_until: int = 0


NOTHING = Hearing()


def missing_at(one: Heartbeat, heard: Hearing) -> int | None:
    """From when on it is missing, UTC ms; None while it is paused or has never said anything.

    A job that said that it began has its grace to say that it is done.
    """
    if one.paused:
        return None
    due = None if heard.beat is None else max(heard.beat, one.since) + one.every_ms
    begun = heard.started
    if begun is not None and begun > (heard.beat or 0):
        due = begun if due is None else min(due, max(begun, one.since))
    return None if due is None else max(due + one.grace_ms, heard.patient_until)


def patience(one: Heartbeat, beat: int | None, away_from: int, back_at: int) -> int:
    """Until when a station that was away waits for the next beat, UTC ms; 0: no longer than ever.

    It cannot miss what it could not hear. A long period is left as it is when no beat was due
    while the station was away.
    """
    whole = back_at + one.every_ms + one.grace_ms
    if beat is None or one.every_ms <= ALWAYS_PATIENT_MS:
        return whole
    due = max(beat, one.since) + one.every_ms
    is_touched = back_at >= due - one.grace_ms and away_from <= due + one.grace_ms
    return whole if is_touched else 0


def state_of(one: Heartbeat, heard: Hearing, now_ms: int, *, is_told: bool) -> State:
    """How it stands for whoever hears it; ``is_told`` says that its alert is open."""
    if one.paused:
        return State.PAUSED
    if is_told:
        return State.MISSING
    at = missing_at(one, heard)
    if at is None:
        return State.NEW
    if now_ms < heard.patient_until and now_ms > (heard.beat or 0) + one.every_ms:
        return State.UNSURE
    if now_ms >= at:
        return State.MISSING
    return State.LATE if now_ms > at - one.grace_ms else State.WELL


def newest_hearer(hears: Mapping[str, Mapping[str, int]], heartbeat_id: str) -> tuple[str, int]:
    """Which station told last that it heard it, and when (UTC ms); ("", 0) when none did."""
    told = ((at[heartbeat_id], name) for name, at in hears.items() if heartbeat_id in at)
    at, name = max(told, default=(0, ""))
    return name, at
