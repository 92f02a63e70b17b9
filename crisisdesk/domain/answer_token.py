"""Tokens of links and mails that answer a page: who was paged for what, until when, and a seal.

A token is 40 letters: 30 bytes in base64url. They are the form and the order (1), the minute at
which it ends (3, counted from 2020), the delivery (10) and the first half of an HMAC-SHA256 over
all of that (16). The delivery's id is itself made of alert, epoch, life, reason and contact
method, so a token is good for one page of one life of one alert and for nothing else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

KEY_BYTES = 32
TOKEN_LENGTH = 40
MINUTE_MS = 60_000
START_MS = 1_577_836_800_000
_FORM = 1
_PURPOSE = b"CrisisDesk answer 1\0"
_ORDERS = ("have", "next", "reply")
_SHAPE = re.compile(r"[A-Za-z0-9_-]{40}")
_CROCKFORD = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RFC = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_FROM_CROCKFORD, _TO_CROCKFORD = (
    bytes.maketrans(_CROCKFORD, _RFC),
    bytes.maketrans(_RFC, _CROCKFORD),
)
_ID = re.compile(rf"D-[{_CROCKFORD.decode()}]{{16}}")


class BadToken(Exception):
    """It was not made here, or not for this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a good token says: ``order`` is "have", "next", or "reply" (the answer says which);
    ``until`` is UTC ms. Whether that has passed is for the caller to see."""

    delivery_id: str
    order: str
    until: int


def make_token(key: bytes, delivery_id: str, order: str, until: int) -> str:
    """The token; raises ValueError for a delivery id of another shape, or a time out of reach."""
    if not _ID.fullmatch(delivery_id) or len(key) < KEY_BYTES:
        raise ValueError("a token is made for a delivery's id and with a whole key")
    minute = -(-(until - START_MS) // MINUTE_MS)
    told = bytes([_FORM << 4 | _ORDERS.index(order)]) + minute.to_bytes(3, "big")
    told += base64.b32decode(delivery_id[2:].encode().translate(_FROM_CROCKFORD))
    return base64.urlsafe_b64encode(told + _seal(key, told)).decode()


def read_token(keys: Sequence[bytes], token: str) -> Claim:
    """What it says, when one of these keys sealed it; raises BadToken, in the same time for all."""
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not _SHAPE.fullmatch(token):
        raw = b""
    told, seal = raw[:14], raw[14:]
    good = False
    for key in keys:
        good |= hmac.compare_digest(_seal(key, told), seal)
    order = told[0] & 15 if told else len(_ORDERS)
    if not good or told[0] >> 4 != _FORM or order >= len(_ORDERS):
        raise BadToken("no token of this station")
    name = base64.b32encode(told[4:]).translate(_TO_CROCKFORD).decode()
    minute = int.from_bytes(told[1:4], "big")
    return Claim(delivery_id=f"D-{name}", order=_ORDERS[order], until=START_MS + minute * MINUTE_MS)


def _seal(key: bytes, told: bytes) -> bytes:
    return hmac.new(key, _PURPOSE + told, hashlib.sha256).digest()[:16]
