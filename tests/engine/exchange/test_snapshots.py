"""A snapshot's bytes: what was signed is read back, and nothing else is."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from crisisdesk.engine.exchange.ports import Mark
from crisisdesk.engine.exchange.snapshots import (
    Base,
    Terms,
    Unfit,
    pack,
    read_offer,
    sign_offer,
    unpack,
)
from crisisdesk.settings.keys import Ed25519Verifier, SigningKeys

from tests.engine.workers.live import MemorySecrets

BASES = [
    Base(aggregate=f"A-{n}", hlc=n << 16, fold_version=2, state='{"title":"Überlast"}'.encode())
    for n in range(3)
]
TERMS = Terms(
    maker="a" * 32, cut=7, fold_version=2, heads={"b" * 32: Mark(3, b"x" * 32)}, parts=("00" * 32,)
)


def test_a_part_is_read_back_by_its_hash_alone() -> None:
    data = pack(BASES)
    digest = hashlib.sha256(data).hexdigest()
    assert unpack(data, digest) == BASES
    with pytest.raises(Unfit, match="parts"):
        unpack(data + b"x", digest)


def test_terms_are_read_back_when_their_key_has_signed_them() -> None:
    offer = sign_offer(1, TERMS, SigningKeys(MemorySecrets()))
    assert read_offer(offer, Ed25519Verifier()) == TERMS
    other = sign_offer(1, replace(TERMS, cut=8), SigningKeys(MemorySecrets()))
    for forged in (
        replace(offer, told=other.told),
        replace(offer, public_key=other.public_key),
        replace(offer, signature=other.signature),
    ):
        with pytest.raises(Unfit, match="signature"):
            read_offer(forged, Ed25519Verifier())
    with pytest.raises(Unfit, match="maker"):
        read_offer(replace(offer, maker="c" * 32), Ed25519Verifier())
