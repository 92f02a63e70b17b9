"""What is said on a link, to JSON and back; whatever has another shape is refused as garbled."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any

from crisisdesk.domain.duty import Word
from crisisdesk.domain.event import Stored
from crisisdesk.engine.exchange.ports import PULL_EVENTS, Mark, Marks
from crisisdesk.peers.frames import Garbled

NAME_LIMIT = 80
ORIGINS_LIMIT = 10_000
HEARS_LIMIT = 100
_ORIGIN = re.compile(r"[0-9a-f]{1,64}")
_SEQ_LIMIT = 2**62


def word_out(word: Word) -> dict[str, Any]:
    """A heartbeat as it is sent."""
    return {
        "origin": word.origin,
        "name": word.name,
        "rank": word.rank,
        "sees_hub": word.sees_hub,
        "claims_lease": word.claims_lease,
        "token": word.token,
        "acts": word.acts,
        "hears_rank": word.hears_rank,
        "hears_hops": word.hears_hops,
        "hears": list(word.hears),
    }


def word_in(told: Any) -> Word:
    """A heartbeat that came; raises Garbled."""
    fields = _object(told)
    name = fields.get("name")
    if type(name) is not str or len(name) > NAME_LIMIT:
        raise Garbled("a word's name is none")
    hears = _list(fields.get("hears"), HEARS_LIMIT)
    return Word(
        origin=_origin(fields.get("origin")),
        name=name,
        rank=_rank(fields.get("rank")),
        sees_hub=_flag(fields.get("sees_hub")),
        claims_lease=_flag(fields.get("claims_lease")),
        token=_number(fields.get("token")),
        acts=_flag(fields.get("acts")),
        hears_rank=_rank(fields.get("hears_rank")),
        # A station that does not know this field yet speaks of those it hears itself.
        hears_hops=_number(fields.get("hears_hops", 1)),
        hears=tuple(_origin(one) for one in hears),
    )


def marks_out(marks: Marks) -> dict[str, Any]:
    """Heads as they are sent."""
    return {origin: [mark.seq, mark.hash.hex()] for origin, mark in marks.items()}


def marks_in(told: Any) -> dict[str, Mark]:
    """Heads that came; raises Garbled."""
    found: dict[str, Mark] = {}
    for origin, mark in _map(told).items():
        seq, digest = _pair(mark)
        found[_origin(origin)] = Mark(_number(seq), _hex(digest))
    return found


def vector_in(told: Any) -> dict[str, int]:
    """A vector that came; raises Garbled."""
    return {_origin(origin): _number(seq) for origin, seq in _map(told).items()}


def events_out(events: Sequence[Stored]) -> list[Any]:
    """Events as they are sent: origin, seq, envelope, body, salt, hash."""
    return [
        [e.origin, e.seq, _base64(e.raw), _base64(e.body), e.salt.hex(), e.hash.hex()]
        for e in events
    ]


def events_in(told: Any) -> list[Stored]:
    """Events that came, not checked against any chain; raises Garbled."""
    return [_event(one) for one in _list(told, PULL_EVENTS)]


def origin_in(told: Any) -> str:
    """An origin that came; raises Garbled."""
    return _origin(told)


def number_in(told: Any) -> int:
    """A count that came, 0 or more; raises Garbled."""
    return _number(told)


def _event(told: Any) -> Stored:
    if type(told) is not list or len(told) != 6:
        raise Garbled("an event is none")
    origin, seq, raw, body, salt, digest = told
    return Stored(
        origin=_origin(origin),
        seq=_number(seq),
        raw=_bytes(raw),
        body=_bytes(body),
        salt=_hex(salt),
        hash=_hex(digest),
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(told: Any) -> bytes:
    if type(told) is not str:
        raise Garbled("bytes are no text")
    try:
        return base64.b64decode(told, validate=True)
    except (ValueError, binascii.Error):
        raise Garbled("bytes are no base64") from None


def _hex(told: Any) -> bytes:
    if type(told) is not str:
        raise Garbled("a hash is no text")
    try:
        return bytes.fromhex(told)
    except ValueError:
        raise Garbled("a hash is no hex") from None


def _origin(told: Any) -> str:
    if type(told) is not str or not _ORIGIN.fullmatch(told):
        raise Garbled("an origin is none")
    return told


def _number(told: Any) -> int:
    if type(told) is not int or not 0 <= told < _SEQ_LIMIT:
        raise Garbled("a number is none, or out of range")
    return told


def _rank(told: Any) -> int | None:
    if told is not None and (type(told) is not int or not 0 <= told <= 99):
        raise Garbled("a rank is none")
    return told


def _flag(told: Any) -> bool:
    if type(told) is not bool:
        raise Garbled("a yes or no is none")
    return told


def _list(told: Any, limit: int) -> list[Any]:
    if type(told) is not list or len(told) > limit:
        raise Garbled("a list is none, or too long")
    return told


def _pair(told: Any) -> tuple[Any, Any]:
    if type(told) is not list or len(told) != 2:
        raise Garbled("a mark is none")
    return told[0], told[1]


def _object(told: Any) -> dict[str, Any]:
    if type(told) is not dict:
        raise Garbled("a word is none")
    return told


def _map(told: Any) -> dict[str, Any]:
    found = _object(told)
    if len(found) > ORIGINS_LIMIT:
        raise Garbled("too many origins")
    return found
