"""The station: this installation's name and the operator in its chair."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from crisisdesk.domain.event import Event

STATION_ID = "station"


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """``operator`` sits at the desk since ``operator_since`` (UTC ms); ``sounds_heard`` are the
    severities whose motif the operator has confirmed hearing, with the moment."""

    name: str = ""
    operator: str = ""
    operator_since: int | None = None
    sounds_heard: dict[str, int] = field(default_factory=dict)


def apply_station(state: Station | None, event: Event) -> Station | None:
    """The station after one more event."""
    state = state or Station()
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
