"""A box opens for its own fleet, name and version, and tells nothing to anyone else."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from crisisdesk.engine.exchange.vault import CannotOpen
from crisisdesk.hub.sealing import BadFleetKey, FleetSealer, fleet_key_bytes, new_fleet_key

ADDRESS = "mailto://user:geheim@example.org?to=duty@example.org"


@pytest.mark.parametrize("address", [ADDRESS, "tgram://ü\U0001f600/1", "", None, "x" * 5000])
def test_it_comes_back(address: str | None) -> None:
    sealer = FleetSealer(new_fleet_key())
    assert sealer.open(sealer.seal("m1", 7, address)) == address


def test_nothing_of_it_can_be_read_and_its_length_says_little() -> None:
    sealer = FleetSealer(new_fleet_key())
    box, other = sealer.seal("m1", 7, ADDRESS), sealer.seal("m1", 7, ADDRESS + "x")
    assert b"geheim" not in box.sealed
    assert len(box.sealed) == len(other.sealed)
    assert box.sealed != sealer.seal("m1", 7, ADDRESS).sealed


def test_every_changed_bit_is_noticed() -> None:
    sealer = FleetSealer(new_fleet_key())
    box = sealer.seal("m1", 7, ADDRESS)
    rng = random.Random(5)
    for place in range(len(box.sealed)):
        changed = bytearray(box.sealed)
        changed[place] ^= 1 << rng.randrange(8)
        with pytest.raises(CannotOpen, match="method m1"):
            sealer.open(replace(box, sealed=bytes(changed)))


def test_it_cannot_be_moved_or_set_back_or_opened_by_others() -> None:
    sealer = FleetSealer(new_fleet_key())
    box = sealer.seal("m1", 7, ADDRESS)
    for wrong in (
        replace(box, name="m2"),
        replace(box, version=8),
        replace(box, sealed=b""),
        replace(box, sealed=box.sealed[:20]),
        replace(box, sealed=b"plain text"),
    ):
        with pytest.raises(CannotOpen):
            sealer.open(wrong)
    with pytest.raises(CannotOpen):
        FleetSealer(new_fleet_key()).open(box)


@pytest.mark.parametrize("text", ["", "short", "ü" * 44, "A" * 43, "A" * 45])
def test_a_damaged_key_is_told(text: str) -> None:
    with pytest.raises(BadFleetKey, match="join the hub again"):
        fleet_key_bytes(text)
