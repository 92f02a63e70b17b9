"""What is reported when a source is down, silent or back, and when this station is cut off."""

from __future__ import annotations

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.detection.reading import Reading
from crisisdesk.domain.detection.source import ALERT_SOURCE, EACH, Source, alert_key
from crisisdesk.domain.service_board.watching import LOOK, Told
from crisisdesk.domain.severity import Severity
from crisisdesk.domain.signal import TITLE_LIMIT, Signal, SignalAction

NETWORK = "network:"
NETWORK_SEVERITY = Severity.CRITICAL


def network_key(station_id: str) -> str:
    """The key of the alert that says that a station is cut off."""
    return NETWORK + station_id


def down(source: Source, station: tuple[str, str], reading: Reading, streak: int) -> Signal:
    """So many looks in a row found it down; ``station`` is the id and name of who looked."""
    looks = "The last look" if streak == 1 else f"{streak} looks in a row"
    text = f"{reading.words}\n\n{looks} found it down, one each {span_words(source.every_ms)}."
    return _signal(source, station, f"{source.name} is down", text, Told.DOWN)


def silent(source: Source, station: tuple[str, str], words: str, since_ms: int) -> Signal:
    """No look has found anything out for a while; whether it is up nobody can tell."""
    text = f"No look has found anything out for {span_words(since_ms)}: it may be up or down."
    title = f"{source.name} cannot be looked at"
    return _signal(source, station, title, f"{text}\n\n{words}", Told.SILENT)


def up(source: Source, station: tuple[str, str], reading: Reading) -> Signal:
    """It is up again."""
    return ended(source, alert_key(source, station[0]), f"it is up again: {reading.words}")


def ended(source: Source, key: str, why: str) -> Signal:
    """Its alert of this key ends."""
    return Signal(
        source=ALERT_SOURCE,
        key=key,
        action=SignalAction.RESOLVE,
        severity=Severity(source.severity),
        title=source.name,
        note=why,
    )


def _signal(source: Source, station: tuple[str, str], title: str, text: str, told: Told) -> Signal:
    station_id, name = station
    labels = {"source": source.name, "source_id": source.source_id, "source_type": source.type}
    if source.where == EACH:
        labels["station"] = name or station_id
        title = f"{title} as seen by {name or station_id}"
    if source.service:
        labels["service"] = source.service
    return Signal(
        source=ALERT_SOURCE,
        key=alert_key(source, station_id),
        action=SignalAction.FIRE,
        severity=Severity(source.severity),
        title=title[:TITLE_LIMIT],
        description=text,
        service=source.service,
        labels=labels,
        details={LOOK: str(told)},
    )


def cut_off(station: tuple[str, str], words: str, action: SignalAction) -> Signal:
    """This station's own network does not answer, or does again."""
    station_id, name = station
    text = "What it looks at outside may be up or down; none of it is reported down meanwhile."
    return Signal(
        source=ALERT_SOURCE,
        key=network_key(station_id),
        action=action,
        severity=NETWORK_SEVERITY,
        title=f"{name or station_id} is cut off: its own network does not answer"[:TITLE_LIMIT],
        description=f"{words}.\n\n{text}",
        labels={"station": name or station_id},
        note="its own network answers again" if action == SignalAction.RESOLVE else "",
    )
