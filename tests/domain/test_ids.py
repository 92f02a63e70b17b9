"""Ids: ordered by time, the same wherever the same is meant, and readable aloud."""

from __future__ import annotations

import hashlib
import re
import uuid

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.ids import alert_id_of, decision_id, delivery_id_of, short_id, uuid7_hex

from tests.domain.events import START


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**74 - 1))
def test_a_uuid7_says_its_time_and_keeps_every_random_bit(wall_ms: int, bits: int) -> None:
    made = uuid.UUID(hex=uuid7_hex(wall_ms, bits))
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert made.int >> 80 == wall_ms
    assert (made.int >> 64 & 0xFFF) << 62 | made.int & (1 << 62) - 1 == bits


def test_later_ids_sort_behind_earlier_ones() -> None:
    assert uuid7_hex(START, 2**74 - 1) < uuid7_hex(START + 1, 0)


def test_the_same_decision_has_the_same_id_and_parts_do_not_run_together() -> None:
    assert decision_id("breach", "A-1", "n1") == decision_id("breach", "A-1", "n1")
    assert decision_id("a", "bc") != decision_id("ab", "c")
    assert len(decision_id("x")) == 32


def crockford(value: int, length: int) -> str:
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(digits[value >> 5 * (length - 1 - n) & 31] for n in range(length))


@given(st.text(max_size=20), st.text(max_size=20))
def test_an_alerts_id_is_the_front_of_a_hash_over_source_and_key(source: str, key: str) -> None:
    digest = hashlib.sha256(f"{source}\0{key}".encode()).digest()
    top = int.from_bytes(digest, "big") >> 256 - 60
    assert alert_id_of(source, key) == "A-" + crockford(top, 12)


def test_ids_tell_apart_what_differs() -> None:
    assert alert_id_of("a", "bc") != alert_id_of("ab", "c")
    parts = ("A-1", "n1", "fired", "m1")
    base = delivery_id_of(*parts)
    assert re.fullmatch(r"D-[0-9A-HJKMNP-TV-Z]{16}", base)
    for n in range(4):
        changed = [part + ("x" if i == n else "") for i, part in enumerate(parts)]
        assert delivery_id_of(*changed) != base


@given(st.binary(min_size=5, max_size=20))
def test_a_short_id_is_readable_and_uses_all_its_bits(data: bytes) -> None:
    made = short_id("INC", data)
    assert re.fullmatch(r"INC-[0-9A-HJKMNP-TV-Z]{8}", made)
    assert made == "INC-" + crockford(int.from_bytes(data[:5], "big"), 8)
