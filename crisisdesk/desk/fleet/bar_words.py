"""The duty, hub and commit statements of the status bar, as functions of what is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.alerts.faces import utc_time
from crisisdesk.desk.fleet.standing import PAGES_HERE
from crisisdesk.desk.frame.status_bar import StatusSegment, StatusTone
from crisisdesk.desk.look.countdown import format_span
from crisisdesk.domain.amounts import count_words

if TYPE_CHECKING:
    from crisisdesk.desk.fleet.standing import Fleet, Standing

NOT_PAGING = "NOT PAGING"
_LONGEST_NAME = 24
_PLACES = ("disk", "hub", "station")


def events(count: int) -> str:
    """A number of events in words."""
    return f"{count_words(count)} event{'' if count == 1 else 's'}"


def waits_here(count: int) -> str:
    """That so many events wait here for the hub."""
    return f"{events(count)} wait{'s' if count == 1 else ''} here"


def cut(name: str) -> str:
    """A station's name as long as the bar has room for; its tip has all of it."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def duty_segment(standing: Standing, station: str, now_ms: int) -> StatusSegment:
    """Who pages now."""
    if standing.fleet is None:
        return _duty("not known yet", "The engine has not said yet who pages.", "stale")
    duty = standing.fleet.duty
    if standing.stale:
        return _stale_duty(standing, duty.kind in PAGES_HERE, duty.name)
    waited = format_span(standing.since(duty.since_ms, now_ms))
    here = cut(station) or "this station"
    if duty.kind == "alone":
        return _duty("this station", "This station pages; there is no hub.", "ok")
    if duty.kind == "holds":
        own = f"{cut(station)}, this station" if station else here
        return _duty(own, f"This station has the duty since {waited}.", "ok", short=here)
    if duty.kind == "follows":
        name = duty.name or "another station"
        return _duty(cut(name), f"{name} has the duty and pages, since {waited}.", "ok")
    if duty.kind == "waiting":
        tip = "The hub is away and nobody in sight pages. This station takes over at its turn."
        return _duty(f"waiting {waited}", tip, "stale")
    if duty.kind == "acting":
        tip = f"This station pages without the hub's word, since {waited}."
        return _duty(f"{here}, without hub", tip, "stale", short=f"{here}, no hub")
    return _duty(NOT_PAGING, duty.words or "Nobody in sight pages.", "down", icon="phone-off")


def _duty(
    strong: str, tip: str, tone: StatusTone, *, short: str = "", icon: str = "radio-tower"
) -> StatusSegment:
    return StatusSegment(
        key="duty",
        label="Duty:",
        strong=strong,
        icon=icon,
        tone=tone,
        short="Duty:",
        short_strong=short or strong,
        tip=tip,
    )


def _stale_duty(standing: Standing, was_here: bool, name: str) -> StatusSegment:
    """What was last known, never as if it were now."""
    heard = utc_time(standing.heard_ms, seconds=True)
    if was_here:
        tip = f"This station had the duty at {heard} UTC; without its engine it sends nothing."
        return _duty("not from here", tip, "down", icon="phone-off")
    who = cut(name) or "not known"
    return _duty(f"{who} at {heard}", f"Last heard at {heard} UTC.", "stale", short=f"{who}?")


def hub_segment(standing: Standing, now_ms: int) -> StatusSegment:
    """How the hub can be reached and how far it and this station are apart."""
    if standing.fleet is None:
        return StatusSegment(key="hub", label="Hub not read", icon="database", tone="stale")
    hub = standing.fleet.hub
    if hub.state == "none":
        return StatusSegment(
            key="hub",
            label="No hub",
            icon="database",
            tip="No hub is set up: what this station knows is on this machine only.",
        )
    if standing.stale:
        heard = utc_time(standing.heard_ms, seconds=True)
        was = {"up": "up", "away": "away", "refused": "refusing"}[hub.state]
        return StatusSegment(
            key="hub",
            label=f"Hub {was} at {heard}",
            icon="database",
            tone="stale",
            short="Hub ?",
            tip="The engine is away: nothing goes to the hub or comes from it.",
        )
    if hub.state == "up":
        return _hub_up(standing.fleet)
    waits = f"{waits_here(standing.waiting())}."
    if hub.state == "away":
        lasted = format_span(standing.since(hub.since_ms, now_ms))
        return StatusSegment(
            key="hub",
            label="Hub away",
            strong=lasted,
            icon="unplug",
            tone="stale",
            short="Hub away",
            short_strong=lasted,
            tip="\n".join(
                part for part in (f"{hub.where}: {hub.words}".strip(": "), waits) if part
            ),
        )
    return StatusSegment(
        key="hub",
        label="Hub refuses this station",
        icon="unplug",
        tone="down",
        short="Hub refuses",
        tip=f"{hub.words}\n{waits}".strip(),
    )


def _hub_up(fleet: Fleet) -> StatusSegment:
    hub = fleet.hub
    lag = hub.to_push + hub.to_pull
    label = f"Hub up, lag {events(lag)}" if lag else "Hub up"
    tip = f"{hub.where}\n{events(hub.to_push)} to send, {events(hub.to_pull)} to fetch."
    return StatusSegment(
        key="hub",
        label=label,
        icon="database",
        tone="ok",
        short=f"Hub lag {count_words(lag)}" if lag else "Hub up",
        tip=tip.strip(),
    )


def commit_segment(standing: Standing, head_ms: int) -> StatusSegment:
    """The last commit and where it is safe already."""
    if not head_ms:
        return StatusSegment(key="commit", label="No commit yet", drop=True)
    _, hub, other = standing.dots()
    # It was read from this disk.
    dots = (True, hub, other)
    told = [place for place, safe in zip(_PLACES, dots, strict=True) if safe]
    return StatusSegment(
        key="commit",
        label=f"Last commit {utc_time(head_ms, seconds=True)}",
        short="Safe",
        dots=dots,
        tail=", ".join(told) if len(told) > 1 else "disk only",
        tip=durability_words(standing),
    )


def durability_words(standing: Standing) -> str:
    """Where this station's own events are safe, and what would be lost with this disk."""
    fleet = standing.fleet
    if fleet is None:
        return "On this disk; the engine has not said yet where else."
    last = standing.own_seq()
    if not last:
        return "This station has written nothing yet."
    lines = [f"Last event of this station: number {count_words(last)}", "This disk: all of them"]
    if fleet.hub.state == "none":
        lost = "If this disk died now, everything since the last backup would be lost."
        return "\n".join([*lines, "Hub: none is set up", lost])
    for place, seq in (("Hub", fleet.safe.hub), ("Another station", fleet.safe.other)):
        missing = max(0, last - seq)
        rest = f"{events(missing)} not there yet" if missing else "all of them"
        lines.append(f"{place}: {rest}")
    only = standing.only_here()
    lost = f"{events(only)} would be lost" if only else "nothing would be lost"
    lines.append(f"If this disk died now, {lost}.")
    if standing.stale:
        lines.append(f"As heard at {utc_time(standing.heard_ms, seconds=True)} UTC.")
    return "\n".join(lines)
