"""The station: one installation, its name, and the operator in its chair.

Its id is the installation's and stays over restores; under which origins (incarnations) it has
written its events say.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from crisisdesk.domain.event import Event

# What a station wrote about itself before stations had ids; still read, never written.
NAMELESS = "station"


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """``operator`` sits at the desk since ``operator_since`` (UTC ms); ``sounds_heard`` are the
    severities whose motif the operator has confirmed hearing, with the moment."""

    station_id: str = ""
    name: str = ""
    operator: str = ""
    operator_since: int | None = None
    sounds_heard: dict[str, int] = field(default_factory=dict)


def apply_station(state: Station | None, event: Event) -> Station | None:
    """The station after one more event."""
    state = state or Station(station_id=event.agg)
    if event.kind == "station.named":
        return replace(state, name=event.body["name"])
    if event.kind == "station.operator_changed":
        return replace(
            state,
            operator=event.body["operator"],
            operator_since=event.at_ms,
            sounds_heard={},
        )
    if event.kind == "station.sound_heard":
        return replace(
            state, sounds_heard={**state.sounds_heard, event.body["severity"]: event.at_ms}
        )
    return state
