"""What is reported when a heartbeat is missing, fails or is back: signals, as from a source."""

from __future__ import annotations

from collections.abc import Sequence

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.heartbeat import SOURCE, Hearing, Heartbeat
from crisisdesk.domain.severity import SEVERITY_RANK, Severity
from crisisdesk.domain.signal import TITLE_LIMIT, Signal, SignalAction
from crisisdesk.engine.fleet import StationStatus

# The alert of a station that hears heartbeats and is away itself.
STATION_KEY = "station:"
NAMED = 10


def why_missing(one: Heartbeat, heard: Hearing, now: int) -> str:
    """Since when it is missing, in one or two sentences."""
    promised = f"It promised one every {span_words(one.every_ms)}"
    if heard.started is not None and heard.started > (heard.beat or 0):
        ago = span_words(now - heard.started)
        return f"It said {ago} ago that it began, and not yet that it is done."
    if heard.beat is None:
        return f"{promised}."
    return f"The last beat came {span_words(now - heard.beat)} ago. {promised}."


def cry(one: Heartbeat, title: str, text: str) -> Signal:
    """It is missing, or has failed."""
    return Signal(
        source=SOURCE,
        key=one.heartbeat_id,
        action=SignalAction.FIRE,
        severity=Severity(one.severity),
        title=title[:TITLE_LIMIT],
        description=text,
        labels={"heartbeat": one.name, "heartbeat_id": one.heartbeat_id},
    )


def back(one: Heartbeat) -> Signal:
    """It is back."""
    return Signal(
        source=SOURCE,
        key=one.heartbeat_id,
        action=SignalAction.RESOLVE,
        severity=Severity(one.severity),
        title=one.name,
        note="the heartbeat is back",
    )


def away_signal(
    station: StationStatus, action: SignalAction, deaf: Sequence[Heartbeat], note: str
) -> Signal:
    """A station that hears these is away, or is back."""
    worst = max((one.severity for one in deaf), key=lambda s: SEVERITY_RANK[s], default="low")
    named = ", ".join(one.name for one in deaf[:NAMED])
    more = f" and {len(deaf) - NAMED} more" if len(deaf) > NAMED else ""
    count = f"{len(deaf)} heartbeat{'' if len(deaf) == 1 else 's'}"
    return Signal(
        source=SOURCE,
        key=STATION_KEY + station.station_id,
        action=action,
        severity=Severity(worst),
        title=f"{station.name or station.station_id} is away: nobody hears {count}"[:TITLE_LIMIT],
        description=f"Whether they still beat nobody can tell: {named}{more}.",
        labels={"station": station.name or station.station_id},
        note=note,
    )
