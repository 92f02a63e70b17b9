"""Events and reports for tests of a hub."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crisisdesk.domain.event import GENESIS, Event, Stored, seal
from crisisdesk.engine.exchange.ports import Report

A, B, C = "a" * 32, "b" * 32, "c" * 32


def chain(
    origin: str,
    count: int,
    *,
    after: Sequence[Stored] = (),
    text: str = "Latency above 2 s",
    size: int = 0,
) -> list[Stored]:
    """``count`` events that continue ``after``; another ``text`` makes other events of them."""
    previous = after[-1].hash if after else GENESIS
    events: list[Stored] = []
    for seq in range(len(after) + 1, len(after) + count + 1):
        event = Event(
            origin=origin,
            seq=seq,
            hlc=(1_770_861_902_000 + seq) << 16,
            id=f"0198e0f2-0000-7000-8000-{seq:012x}",
            agg=f"A-{seq}",
            kind="alert.fired",
            actor="Klára „Kája“ Langová \\ \u2028",
            wall_ms=1_770_861_902_000 + seq,
            body={"title": text, "rest": "ß" * size},
        )
        sealed = seal(event, os.urandom(16), previous)
        previous = sealed.hash
        events.append(
            Stored(
                origin=origin,
                seq=seq,
                raw=sealed.raw,
                body=sealed.body,
                salt=sealed.salt,
                hash=sealed.hash,
            )
        )
    return events


def report(station_id: str, origin: str, **changes: Any) -> Report:
    """A station's word on itself."""
    given = Report(
        station_id=station_id,
        origin=origin,
        name=f"Post {station_id}",
        version="0.9.0",
        vector={A: 7, B: 2**40},
        hlc=2**60,
        fold_version=3,
        digest=b"\x00\xff" * 16,
        duty_rank=1,
    )
    return replace(given, **changes)
