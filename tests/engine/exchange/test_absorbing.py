"""Pieces are small where someone waits, larger where a station is far behind."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from crisisdesk.domain.event import Stored
from crisisdesk.engine.exchange.absorbing import (
    LARGE_PIECE_EVENTS,
    PIECE_EVENTS,
    absorb_in_pieces,
)
from crisisdesk.engine.exchange.ports import PULL_EVENTS, Absorbed

from tests.engine.foreign import chain, event


@pytest.mark.parametrize(
    ("count", "waiting", "size"),
    [
        (PULL_EVENTS, 0, LARGE_PIECE_EVENTS),
        (PULL_EVENTS, 1, PIECE_EVENTS),
        (PULL_EVENTS - 1, 0, PIECE_EVENTS),
    ],
)
def test_every_event_comes_once_in_pieces_of_the_right_size(
    count: int, waiting: int, size: int
) -> None:
    events, pieces = chain(event()) * count, list[int]()

    def absorb(piece: Sequence[Stored]) -> Absorbed:
        pieces.append(len(piece))
        return Absorbed(events=len(piece), quarantined={f"{len(pieces)}": "why"})

    told = absorb_in_pieces(events, absorb, lambda: waiting)
    assert told.events == sum(pieces) == count
    assert max(pieces) == size
    assert len(told.quarantined) == len(pieces)
