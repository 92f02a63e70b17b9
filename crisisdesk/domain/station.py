"""The station: one installation, its name, and the operator in its chair.

Its id is the installation's and stays over restores; under which origins (incarnations) it has
written its events say.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from crisisdesk.domain.event import Event

# What a station wrote about itself before stations had ids; still read, never written.
NAMELESS = "station"
SPLITS_KEPT = 16
INCARNATED = "station.incarnated"
REACHABLE = "station.reachable"
HEARD = "station.heard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """``operator`` sits at the desk since ``operator_since`` (UTC ms); ``sounds_heard`` are the
    severities whose motif the operator has confirmed hearing, with the moment.

    ``incarnations`` maps each origin it has written under to the public key (hex, Ed25519) with
    which it signs its heads; ``version`` and ``duty_rank`` are the newest announced ones.
    ``reachable`` maps an origin to what it told of its direct links: ``certificate`` (PEM) and
    ``addresses`` ("host:port", none where others cannot call it). ``hears`` maps the id of each
    heartbeat that it was called by to when that was last, as far as it was written down."""

    station_id: str = ""
    name: str = ""
    operator: str = ""
    operator_since: int | None = None
    sounds_heard: dict[str, int] = field(default_factory=dict)
    splits: list[dict[str, Any]] = field(default_factory=list)
    newer_needed: str = ""
    incarnations: dict[str, str] = field(default_factory=dict)
    version: str = ""
    duty_rank: int | None = None
    reachable: dict[str, dict[str, Any]] = field(default_factory=dict)
    hears: dict[str, int] = field(default_factory=dict)


def announcement(event: Event) -> tuple[str, str] | None:
    """(origin, public key) of an announcement that may count: an origin's word on itself.

    None for every other event, for what one origin says of another, and in another's aggregate.
    """
    if event.kind != INCARNATED:
        return None
    body = event.body
    if body["origin"] != event.origin or body["station_id"] != event.agg:
        return None
    return (event.origin, str(body["public_key"]))


def apply_station(state: Station | None, event: Event) -> Station | None:
    """The station after one more event."""
    state = state or Station(station_id=event.agg)
    if event.kind == INCARNATED:
        return _incarnated(state, event)
    if state.newer_needed:
        return state
    if event.kind == REACHABLE:
        return replace(state, reachable=_reachable(state.reachable, event))
    if event.kind == HEARD:
        return replace(state, hears=_hears(state.hears, event.body["beats"]))
    if event.kind == "station.rejoined":
        return replace(state, splits=[*state.splits, {"id": event.id, **event.body}][-SPLITS_KEPT:])
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


def _incarnated(state: Station, event: Event) -> Station:
    """The first key an origin announced stays its key; a key of an earlier incarnation is none."""
    if (told := announcement(event)) is None:
        return state
    origin, key = told
    known = state.incarnations
    if origin not in known:
        if key in known.values():
            return state
        known = {**known, origin: key}
    rank: Any = event.body["duty_rank"]
    return replace(
        state,
        incarnations=known,
        name=event.body["name"],
        version=event.body["version"],
        duty_rank=rank,
    )


def _reachable(known: dict[str, dict[str, Any]], event: Event) -> dict[str, dict[str, Any]]:
    """What each origin last told of itself; raises ValueError for what is no such word."""
    certificate, addresses = event.body["certificate"], event.body["addresses"]
    if type(certificate) is not str or type(addresses) is not list:
        raise ValueError("no certificate or no addresses")
    if not all(type(address) is str for address in addresses):
        raise ValueError("an address is no text")
    # None is dropped: a stored state has its keys sorted and no longer tells which is the oldest.
    return {**known, event.origin: {"certificate": certificate, "addresses": addresses}}


def _hears(known: dict[str, int], beats: dict[str, int]) -> dict[str, int]:
    """The latest beat of each heartbeat; raises ValueError for what are no moments."""
    if type(beats) is not dict or any(type(at) is not int for at in beats.values()):
        raise ValueError("beats are no moments")
    later = {name: max(at, known.get(name, at)) for name, at in beats.items()}
    return {**known, **later}
