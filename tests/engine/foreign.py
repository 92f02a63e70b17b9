"""Events of another station, good ones and such as no station of this version writes."""

from __future__ import annotations

import hashlib
from typing import Any

from crisisdesk.domain.event import GENESIS, Event, Stored, chain_hash, seal

ORIGIN = "b" * 32
AT_MS = 1_770_861_902_000
FIRED: dict[str, Any] = {
    "source": "s",
    "key": "k",
    "epoch": "n1",
    "severity": "high",
    "title": "Latency",
    "sla_deadline": AT_MS + 900_000,
    "sla_prealarm_at": AT_MS + 600_000,
}


def event(seq: int = 1, **given: Any) -> Event:
    """By default: the alert A-1 fires."""
    fields: dict[str, Any] = {
        "origin": ORIGIN,
        "seq": seq,
        "hlc": (AT_MS + seq) << 16,
        "id": f"{seq:032x}",
        "agg": "A-1",
        "kind": "alert.fired",
        "actor": "Jonas",
        "wall_ms": AT_MS + seq,
        "body": FIRED,
    }
    return Event(**(fields | given))


def chain(*events: Event, after: bytes = GENESIS) -> list[Stored]:
    """These events as their station hands them on."""
    handed = []
    for e in events:
        sealed = seal(e, bytes(16), after)
        after = sealed.hash
        handed.append(
            Stored(
                origin=e.origin,
                seq=e.seq,
                raw=sealed.raw,
                body=sealed.body,
                salt=sealed.salt,
                hash=sealed.hash,
            )
        )
    return handed


def forged(old: bytes, new: bytes, **given: Any) -> Stored:
    """The first event with other envelope bytes, its chain and body hash right nevertheless."""
    (good,) = chain(event(**given))
    assert old in good.raw
    raw = good.raw.replace(old, new)
    return Stored(
        origin=good.origin,
        seq=1,
        raw=raw,
        body=good.body,
        salt=good.salt,
        hash=chain_hash(GENESIS, raw),
    )


def with_body(body: bytes) -> Stored:
    """The first event with these bytes for a body, all hashes right."""
    (good,) = chain(event())
    before = hashlib.sha256(good.salt + good.body).hexdigest()
    after = hashlib.sha256(good.salt + body).hexdigest()
    raw = good.raw.replace(before.encode(), after.encode())
    return Stored(
        origin=good.origin,
        seq=1,
        raw=raw,
        body=body,
        salt=good.salt,
        hash=chain_hash(GENESIS, raw),
    )
