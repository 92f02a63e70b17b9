"""Signed heads: a claim has one form, and each contradiction of claims and logs is found."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.heads import (
    TAG,
    Claim,
    Keys,
    against_log,
    between_claims,
    head_bytes,
    parse_witnesses,
    step_back,
    witness_bytes,
)

A, B, C = ("a" * 32, "b" * 32, "c" * 32)


def digest(seq: int, chain: str = "x") -> bytes:
    return (f"{chain}{seq}" * 32).encode()[:32]


def claim(origin: str, seq: int, chain: str = "x", **seen: tuple[int, bytes]) -> Claim:
    names = {"a": A, "b": B, "c": C}
    witnesses = {names[name]: end for name, end in seen.items()}
    return Claim(origin=origin, seq=seq, hash=digest(seq, chain), witnesses=witnesses)


ends = st.dictionaries(
    st.integers(0, 2**128 - 1).map("{:032x}".format),
    st.tuples(st.integers(1, 2**40), st.binary(min_size=32, max_size=32)),
    max_size=5,
)


@given(ends)
def test_witnesses_are_read_as_they_were_written(seen: dict[str, tuple[int, bytes]]) -> None:
    assert parse_witnesses(witness_bytes(seen)) == seen


def test_the_signed_bytes_are_these() -> None:
    data = head_bytes(claim(A, 7, b=(3, digest(3))))
    assert data.startswith(TAG)
    body = data.removeprefix(TAG)
    told = json.loads(body)
    assert told == {
        "hash": digest(7).hex(),
        "origin": A,
        "seq": 7,
        "witnesses": {B: [3, digest(3).hex()]},
    }
    assert body == json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"x",
        b"[]",
        b"1",
        b'{"a": 1}',
        b'{"' + A.encode() + b'":[0,"' + b"00" * 32 + b'"]}',
        b'{"' + A.encode() + b'":[1,"' + b"00" * 31 + b'"]}',
        b'{"' + A.upper().encode() + b'":[1,"' + b"00" * 32 + b'"]}',
        b'{"' + A.encode() + b'": [1, "' + b"00" * 32 + b'"]}',
        b'{"' + A.encode() + b'":[1,"' + b"AA" * 32 + b'"]}',
        b'{"' + A.encode() + b'":[true,"' + b"00" * 32 + b'"]}',
    ],
)
def test_no_second_form_of_a_claim_is_read(data: bytes) -> None:
    with pytest.raises(Malformed):
        parse_witnesses(data)


def test_nothing_witnessed_needs_no_bytes() -> None:
    assert parse_witnesses(b"") == {}


def test_two_words_on_one_place_are_a_split() -> None:
    claims = [claim(B, 5, a=(3, digest(3))), claim(C, 9, a=(4, digest(4, "y")))]
    assert between_claims(claims) == []
    claims.append(claim(A, 4))
    (found,) = between_claims(claims)
    assert (found.origin, found.seq, found.first_bad) == (A, 4, 4)


def log_of(length: int, chain: str = "x", forked_at: int = 10**9) -> dict[int, bytes]:
    return {n: digest(n, chain if n < forked_at else "other") for n in range(1, length + 1)}


@pytest.mark.parametrize(
    ("length", "forked_at", "bad"),
    [(20, 10**9, None), (19, 10**9, 20), (4, 10**9, 5), (0, 10**9, 1), (20, 8, 6), (20, 2, 1)],
)
def test_a_log_is_held_to_all_that_was_signed_of_it(
    length: int, forked_at: int, bad: int | None
) -> None:
    here = log_of(length, forked_at=forked_at)
    claims = [claim(A, 5), claim(B, 2, a=(20, digest(20))), claim(A, 10)]
    ends = {A: (length, here.get(length, b"")), B: (2, digest(2))}
    found = against_log(claims, ends, lambda o, n: here.get(n) if o == A else digest(n))
    assert [one.first_bad for one in found] == ([] if bad is None else [bad])


def test_what_was_compacted_away_is_not_missed() -> None:
    claims = [claim(A, 5), claim(A, 20)]
    found = against_log(claims, {A: (20, b"")}, lambda _o, n: digest(n) if n > 9 else None)
    assert found == []


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (claim(A, 6, b=(3, digest(3)), c=(1, digest(1))), ""),
        (claim(A, 5, b=(4, digest(4))), ""),
        (claim(A, 4, b=(3, digest(3))), "went back from 5 to 4"),
        (claim(A, 6, b=(2, digest(2))), "went back from 3 to 2"),
        (claim(A, 6), ""),
        (claim(A, 5, "y", b=(3, digest(3))), "another event 5"),
    ],
)
def test_heads_only_ever_grow(later: Claim, said: str) -> None:
    told = step_back(claim(A, 5, b=(3, digest(3))), later)
    assert said in told
    assert bool(said) == bool(told)


def test_the_first_word_on_a_key_counts_and_no_key_serves_twice() -> None:
    keys = Keys()
    assert keys.announce(A, "11")
    assert not keys.announce(A, "22")
    assert not keys.announce(B, "11")
    assert keys.announce(B, "22")
    assert keys.of_origin == {A: "11", B: "22"}
