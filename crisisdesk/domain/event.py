"""The event: the envelope of every fact, its exact bytes and its place in the hash chain."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from crisisdesk.domain.canonical import canonical_bytes, parse_canonical
from crisisdesk.domain.errors import Malformed

GENESIS = b"\x00"
_CHAIN_TAG = b"CD1"
_text = json.encoder.encode_basestring


@dataclass(slots=True, kw_only=True)
class Event:
    """One fact. ``body`` is its content; the rest says who, when, where and after what.

    ``origin`` is the station incarnation (32 hex digits), ``seq`` its gapless number from 1,
    ``hlc`` the ordering clock, ``wall_ms`` the station's wall clock (UTC ms), ``hub_offset_ms``
    what to add to it for the hub's clock. ``dedup_id`` is set on machine decisions. Treat as
    immutable; not frozen because making a frozen one costs three times as much.
    """

    origin: str
    seq: int
    hlc: int
    id: str
    agg: str
    kind: str
    actor: str
    wall_ms: int
    body: dict[str, Any]
    v: int = 1
    dedup_id: str | None = None
    hub_offset_ms: int = 0
    causes: tuple[str, ...] = field(default=())

    @property
    def order(self) -> tuple[int, str, int]:
        """Where it stands in the fold, whatever order it arrived in."""
        return (self.hlc, self.origin, self.seq)

    @property
    def at_ms(self) -> int:
        """When it happened, UTC ms on the hub's clock."""
        return self.wall_ms + self.hub_offset_ms


@dataclass(slots=True, kw_only=True)
class Sealed:
    """An event with the bytes that are stored, sent and hashed."""

    event: Event
    raw: bytes
    body: bytes
    salt: bytes
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An event as stations and hub hand it on: the very bytes, and its place in its origin's chain.

    ``hash`` is what the sender's chain says there; the receiver computes its own and compares.
    """

    origin: str
    seq: int
    raw: bytes
    body: bytes
    salt: bytes
    hash: bytes


def seal(event: Event, salt: bytes, previous_hash: bytes) -> Sealed:
    """Fix the event's bytes and chain it to the one before it of the same origin.

    ``salt`` (16 bytes) keeps a short body from being guessed from its hash, so that a body can be
    erased without breaking the chain.
    """
    body = canonical_bytes(event.body)
    body_hash = hashlib.sha256(salt + body).hexdigest()
    raw = _envelope(event, body_hash)
    return Sealed(event=event, raw=raw, body=body, salt=salt, hash=chain_hash(previous_hash, raw))


def chain_hash(previous_hash: bytes, raw: bytes) -> bytes:
    """SHA-256 over tag, previous hash and envelope bytes."""
    return hashlib.sha256(_CHAIN_TAG + previous_hash + raw).digest()


def _envelope(e: Event, body_hash: str) -> bytes:
    """The canonical envelope, written out by hand: keys in sorted order, text escaped as JSON."""
    causes = ",".join(f'"{c}"' for c in e.causes)
    dedup = "null" if e.dedup_id is None else f'"{e.dedup_id}"'
    return (
        f'{{"actor":{_text(e.actor)},"agg":{_text(e.agg)},"body_hash":"{body_hash}",'
        f'"causes":[{causes}],"dedup_id":{dedup},"hlc":{e.hlc},'
        f'"hub_offset_ms":{e.hub_offset_ms},"id":"{e.id}","kind":"{e.kind}",'
        f'"origin":"{e.origin}","seq":{e.seq},"v":{e.v},"wall_ms":{e.wall_ms}}}'
    ).encode()


def unseal(raw: bytes, body: bytes) -> Event:
    """The event that these stored bytes hold; raises Malformed when they are not an envelope."""
    try:
        e = parse_canonical(raw)
        return Event(
            origin=e["origin"],
            seq=e["seq"],
            hlc=e["hlc"],
            id=e["id"],
            agg=e["agg"],
            kind=e["kind"],
            actor=e["actor"],
            wall_ms=e["wall_ms"],
            v=e["v"],
            dedup_id=e["dedup_id"],
            hub_offset_ms=e["hub_offset_ms"],
            causes=tuple(e["causes"]),
            body=parse_canonical(body),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Malformed("event", "bytes are no event envelope", "restore from a backup") from error


def check_stored(stored: Stored, previous_hash: bytes) -> Sealed:
    """The sealed event that these handed-on bytes hold, chained to ``previous_hash``.

    Raises Malformed when envelope, place, body and chain do not belong together.
    """
    why = verify(stored.raw, stored.body, stored.salt, stored.hash, previous_hash)
    if not why:
        event = unseal(stored.raw, stored.body)
        if (event.origin, event.seq) == (stored.origin, stored.seq):
            return Sealed(
                event=event,
                raw=stored.raw,
                body=stored.body,
                salt=stored.salt,
                hash=stored.hash,
            )
        why = f"names itself {event.origin[:8]}/{event.seq}"
    field = f"event {stored.origin[:8]}/{stored.seq}"
    raise Malformed(field, why, "have its station verify its log")


def _body_belongs(raw: bytes, salt: bytes, body: bytes) -> bool:
    return f'"body_hash":"{hashlib.sha256(salt + body).hexdigest()}"'.encode() in raw


def verify(raw: bytes, body: bytes, salt: bytes, stored: bytes, previous_hash: bytes) -> str:
    """Say what is wrong with one stored event: empty when body, envelope and chain agree."""
    if chain_hash(previous_hash, raw) != stored:
        return "hash does not continue the chain"
    if not _body_belongs(raw, salt, body):
        return "body differs from the hash in its envelope"
    return ""
