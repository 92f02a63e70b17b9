"""Events full of text that programs stumble over; run as a program it folds them and sums up.

python -m tests.reliability.hostile SEED COUNT    prints three SHA-256: events, states, digest
"""

from __future__ import annotations

import hashlib
import random
import sys
from collections.abc import Iterator
from typing import Any

from crisisdesk.domain.canonical import tidy
from crisisdesk.domain.event import GENESIS, Event, Sealed, seal
from crisisdesk.domain.fold import fold, state_bytes

START = 1_770_861_902_000
ORIGINS = tuple(f"{n:032x}" for n in (0xA, 0xB, 0xC))
NASTY = (
    "İstanbul ıIiİ ŞŞ",
    "e\u0301 vs é, \u212b vs Å, \ufb01",
    "عربي \u202eenil desrever\u202c",
    "👩‍👩‍👧‍👦 \U0001f3f3\ufe0f\u200d\U0001f308",
    "'; DROP TABLE event; -- %s %(x)s $1 \\ \\u0000 \\n",
    "\x01\x02\x1b[31m\x7f\x85\r\n\t",
    "NULL null None NaN 1e999 0x10 1_000",
    "ﷺ" * 40,
    "\u2028\u2029\ufeff\ufffd\U0010ffff",
    "<script>&amp;\"'`</script> {{7*7}} ${x}",
    " leading, trailing ",
    "ß ẞ ǆ ŉ ΐ",
)
SEVERITIES = ("low", "medium", "high", "critical", "emergency")


def _text(pick: random.Random) -> str:
    parts = pick.sample(NASTY, k=pick.randint(1, 3))
    return "".join(parts)[: pick.randint(1, 180)] + "x"


def _alert_body(pick: random.Random, kind: str, ids: list[str]) -> dict[str, Any]:
    epoch = f"n{pick.randint(1, 3)}"
    if kind == "alert.fired":
        return {
            "source": _text(pick),
            "key": _text(pick),
            "epoch": epoch,
            "severity": pick.choice(SEVERITIES),
            "title": _text(pick),
            "labels": {_text(pick): _text(pick) for _ in range(3)},
            "technical_details": {"n": 2**63 - 1, "f": 0.1, "deep": [[_text(pick)]]},
            "sla_deadline": pick.randint(0, 2**53),
            "sla_prealarm_at": pick.randint(0, 2**53),
        }
    if kind == "alert.edited":
        base = pick.choice(["", *ids])
        return {"field": "title", "value": _text(pick), "base": base}
    if kind == "alert.unacknowledged":
        return {"ack_id": pick.choice(["", *ids])}
    return {"epoch": epoch, "life": 1, "reason": _text(pick), "text": _text(pick)}


KINDS = (
    "alert.fired",
    "alert.edited",
    "alert.acknowledged",
    "alert.unacknowledged",
    "alert.resolved",
    "alert.noted",
    "contact.saved",
    "silence.set",
)


def chains(seed: int, count: int) -> dict[str, list[Sealed]]:
    """Events of three origins, each chained; the same for the same seed on any machine."""
    pick = random.Random(seed)
    found: dict[str, list[Sealed]] = {origin: [] for origin in ORIGINS}
    ids: list[str] = []
    body: dict[str, Any]
    for n in range(count):
        origin, kind = pick.choice(ORIGINS), pick.choice(KINDS)
        chain = found[origin]
        number = pick.randint(0, max(1, count // 20))
        if kind == "contact.saved":
            aggregate, body = f"C-{number}", {"name": _text(pick), "role": _text(pick)}
        elif kind == "silence.set":
            aggregate = f"SIL-{number}"
            body = {"match": {_text(pick): _text(pick)}, "until": pick.randint(0, 2**53)}
        else:
            aggregate, body = f"A-{number}", _alert_body(pick, kind, ids[-50:])
        event = Event(
            origin=origin,
            seq=len(chain) + 1,
            hlc=((START + n) << 16) + pick.randint(0, 3),
            id=f"{n:032x}",
            agg=aggregate,
            kind=kind,
            actor=tidy(_text(pick)),
            wall_ms=START + n + pick.randint(-9, 9),
            body=tidy(body),
        )
        ids.append(event.id)
        salt = hashlib.sha256(f"{seed}/{n}".encode()).digest()[:16]
        chain.append(seal(event, salt, chain[-1].hash if chain else GENESIS))
    return found


def states(events: Iterator[Event]) -> dict[str, bytes]:
    """Every state's bytes, folded in memory."""
    told: dict[str, list[Event]] = {}
    for event in events:
        told.setdefault(event.agg, []).append(event)
    folded = {aggregate: fold(events) for aggregate, events in told.items()}
    return {a: state_bytes(s) for a, s in sorted(folded.items()) if s is not None}


def sums(seed: int, count: int) -> tuple[str, str, str]:
    """SHA-256 of all events' stored bytes, of all states' bytes, and of the states' hashes."""
    found = chains(seed, count)
    log, shown, digest = hashlib.sha256(), hashlib.sha256(), hashlib.sha256()
    for chain in found.values():
        for sealed in chain:
            log.update(sealed.raw + sealed.body + sealed.hash)
    for aggregate, data in states(s.event for chain in found.values() for s in chain).items():
        shown.update(aggregate.encode() + b"\0" + data)
        digest.update(aggregate.encode() + b"\0" + hashlib.sha256(data).digest())
    return (log.hexdigest(), shown.hexdigest(), digest.hexdigest())


if __name__ == "__main__":
    print(*sums(int(sys.argv[1]), int(sys.argv[2])))
