"""Tokens: good for exactly what they say, and only when a key of ours sealed them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.answer_token import (
    START_MS,
    TOKEN_LENGTH,
    BadToken,
    Claim,
    make_token,
    read_token,
)

KEY, OTHER = b"k" * 32, b"o" * 32
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NAMES = st.text(CROCKFORD, min_size=16, max_size=16).map("D-{}".format)
ORDERS = st.sampled_from(("have", "next", "reply"))
MINUTES = st.integers(0, 2**24 - 1)


@given(NAMES, ORDERS, MINUTES)
def test_a_token_says_what_was_put_in(name: str, order: str, minute: int) -> None:
    until = START_MS + minute * 60_000
    token = make_token(KEY, name, order, until)
    assert len(token) == TOKEN_LENGTH
    wanted = Claim(delivery_id=name, order=order, until=until)
    assert read_token((KEY,), token) == wanted
    assert read_token((OTHER, KEY), token) == wanted


@given(NAMES, ORDERS, MINUTES, st.integers(0, 239))
def test_one_changed_bit_spoils_it(name: str, order: str, minute: int, bit: int) -> None:
    import base64

    token = make_token(KEY, name, order, START_MS + minute * 60_000)
    raw = bytearray(base64.urlsafe_b64decode(token))
    raw[bit // 8] ^= 1 << bit % 8
    changed = base64.urlsafe_b64encode(bytes(raw)).decode()
    with pytest.raises(BadToken):
        read_token((KEY,), changed)


@given(st.text(max_size=60))
def test_what_nobody_made_is_refused(text: str) -> None:
    with pytest.raises(BadToken):
        read_token((KEY, OTHER), text)


def test_another_key_or_none_opens_nothing() -> None:
    token = make_token(KEY, "D-0123456789ABCDEF", "have", START_MS)
    for keys in ((OTHER,), ()):
        with pytest.raises(BadToken):
            read_token(keys, token)
    with pytest.raises(BadToken):
        read_token((KEY,), f"{token}\n")


@pytest.mark.parametrize("name", ["D-short", "A-0123456789ABCDEF", "D-0123456789ABCDEI", ""])
def test_it_is_made_for_deliveries_only(name: str) -> None:
    with pytest.raises(ValueError, match="delivery"):
        make_token(KEY, name, "have", START_MS)


def test_an_end_is_rounded_up_to_the_minute() -> None:
    token = make_token(KEY, "D-0123456789ABCDEF", "next", START_MS + 1)
    assert read_token((KEY,), token).until == START_MS + 60_000
