"""What the channel map and the status bar read of what is out, and when to read it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.domain.channel_survey import outages_of, survey

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.outages import TakenOut
    from crisisdesk.domain.survivability import ChannelMap
    from crisisdesk.store.queries import StationReader

_OF_OUTAGES = ("POL-", "INC-")


def concerns(change: Change) -> bool:
    """Whether something moved by which other things may be out, or contacts need others."""
    named = any(name.startswith(_OF_OUTAGES) for name in change.touched)
    in_incident = any(row.incident_id for row in change.alerts)
    return change.full or change.contacts_changed or bool(change.incidents) or named or in_incident


def read_map(now_ms: int, without: Collection[str]) -> Callable[[StationReader], ChannelMap]:
    """The map, with names supposed to be out as well."""
    return lambda reader: survey(reader.board().known(now_ms), now_ms, without)


def read_out(reader: StationReader, now_ms: int) -> tuple[TakenOut, ...]:
    """What is out; deliveries are not looked at for it."""
    return tuple(outages_of(reader.board().known(now_ms, measured=False), now_ms).values())
