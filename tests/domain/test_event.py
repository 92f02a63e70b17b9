"""The envelope: its exact bytes, its chain, and what a change of any bit does to it."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.canonical import canonical_bytes, parse_canonical
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.event import GENESIS, Event, Sealed, chain_hash, seal, unseal, verify

from tests.domain.events import ORIGIN, START

SALT = bytes(range(16))
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


def an_event(**changes: object) -> Event:
    given_fields: dict[str, object] = {
        "origin": ORIGIN,
        "seq": 7,
        "hlc": START << 16,
        "id": "f" * 32,
        "agg": "A-1",
        "kind": "alert.fired",
        "actor": "source:alertmanager",
        "wall_ms": START,
        "body": {"title": "Žižkov"},
    }
    return Event(**(given_fields | changes))  # type: ignore[arg-type]


def sealed(**changes: object) -> Sealed:
    return seal(an_event(**changes), SALT, GENESIS)


def test_the_envelope_is_these_very_bytes() -> None:
    made = sealed(dedup_id="d" * 32, causes=("a" * 32, "b" * 32), hub_offset_ms=-3)
    body_hash = hashlib.sha256(SALT + made.body).hexdigest()
    assert made.raw.decode() == (
        f'{{"actor":"source:alertmanager","agg":"A-1","body_hash":"{body_hash}",'
        f'"causes":["{"a" * 32}","{"b" * 32}"],"dedup_id":"{"d" * 32}","hlc":{START << 16},'
        f'"hub_offset_ms":-3,"id":"{"f" * 32}","kind":"alert.fired","origin":"{ORIGIN}",'
        f'"seq":7,"v":1,"wall_ms":{START}}}'
    )
    assert made.hash == hashlib.sha256(b"CD1" + GENESIS + made.raw).digest()


@given(actor=TEXT, agg=TEXT, body=st.dictionaries(TEXT, TEXT | st.integers(0, 9), max_size=3))
def test_the_envelope_is_canonical_json_whatever_the_text(
    actor: str, agg: str, body: dict[str, object]
) -> None:
    from crisisdesk.domain.canonical import tidy

    actor, agg, body = tidy(actor), tidy(agg), tidy(body)
    made = sealed(actor=actor, agg=agg, body=body)
    assert canonical_bytes(parse_canonical(made.raw)) == made.raw
    assert unseal(made.raw, made.body) == made.event


@pytest.mark.parametrize("part", ["raw", "body", "salt", "hash", "previous"])
def test_no_bit_can_be_changed_unnoticed(part: str) -> None:
    made = sealed()
    parts = {
        "raw": made.raw,
        "body": made.body,
        "salt": made.salt,
        "hash": made.hash,
        "previous": GENESIS,
    }

    def why(changed: dict[str, bytes]) -> str:
        return verify(*(changed[n] for n in ("raw", "body", "salt", "hash", "previous")))

    assert why(parts) == ""
    for bit in range(len(parts[part]) * 8):
        turned = bytearray(parts[part])
        turned[bit // 8] ^= 1 << bit % 8
        assert why(parts | {part: bytes(turned)}) != "", (part, bit)


def test_the_same_body_hides_behind_its_salt() -> None:
    one = seal(an_event(), b"1" * 16, GENESIS)
    two = seal(an_event(), b"2" * 16, GENESIS)
    assert one.body == two.body
    assert one.raw != two.raw


def test_each_event_hangs_on_the_one_before() -> None:
    first = sealed(seq=1)
    second = seal(an_event(seq=2), SALT, first.hash)
    assert verify(second.raw, second.body, SALT, second.hash, first.hash) == ""
    assert "continue the chain" in verify(second.raw, second.body, SALT, second.hash, GENESIS)
    assert chain_hash(first.hash, second.raw) == second.hash


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b"", b"{}"),
        (b"\xff\xfe", b"{}"),
        (b"[]", b"{}"),
        (b"null", b"{}"),
        (b"{}", b"{}"),
        (b'{"origin":1}', b"{}"),
        (sealed().raw, b"{"),
        (sealed().raw[:-1], b"{}"),
    ],
)
def test_what_is_no_envelope_is_said(raw: bytes, body: bytes) -> None:
    with pytest.raises(Malformed, match="no event envelope"):
        unseal(raw, body)


def test_a_body_that_is_not_storable_makes_no_event() -> None:
    with pytest.raises(Malformed):
        sealed(body={"title": "e\u0301"})


def test_order_and_time() -> None:
    early, late = an_event(hlc=5, seq=2), an_event(hlc=5, seq=3)
    other = an_event(hlc=5, origin="f" * 32, seq=1)
    assert sorted([other, late, early], key=lambda e: e.order) == [early, late, other]
    assert an_event(hub_offset_ms=-250).at_ms == START - 250
