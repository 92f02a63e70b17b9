"""Who is at a desk, told beside each heartbeat; a station that does not know it tells nothing."""

from __future__ import annotations

from typing import Any

from crisisdesk.engine.exchange.peers import PeerRoom
from crisisdesk.peers.frames import Message


def desks_out(room: PeerRoom) -> dict[str, Any]:
    """The part of a message that tells of the desks here; nothing where there are none."""
    rows = list(room.desks())
    return {"desks": rows} if rows else {}


def hear_desks(room: PeerRoom, station: str, message: Message) -> None:
    """Take what a message tells of the desks of ``station``."""
    if "desks" in message:
        room.hear_desks(station, message["desks"])
