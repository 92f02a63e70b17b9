"""``crisisdesk fleet``: how this station stands towards hub, duty and the other stations."""

from __future__ import annotations

import json

from crisisdesk.api.client import Client, Json
from crisisdesk.cli.station import AsJson, DataDir, in_words, places_of, read_door
from crisisdesk.cli.words import facts, span, table
from crisisdesk.domain.papers.times import read_iso

HEADS = ("name", "seen", "behind", "rank", "version", "states", "station")
WIDTHS = {"name": 32, "version": 16}


def fleet(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Hub, duty, how far this station's events are safe, and a table of the stations."""
    with in_words():
        url, token = read_door(places_of(data_dir))
        with Client(url, token, "") as client:
            told = client.fleet()
    print(json.dumps(told) if as_json else "\n".join(lines(told)))


def lines(told: Json) -> list[str]:
    """The answer of the engine as lines for a terminal."""
    now_ms = read_iso(told["at"])
    found = facts(
        [
            ("hub", _hub(told["hub"], now_ms)),
            ("duty", _duty(told["duty"], now_ms)),
            ("safe", _safe(told["durability"])),
            *(("clock", words) for words in _clock(told["hub"])),
            *(("held back", words) for words in told["held_back"]),
            *(("quarantined", f"{n} events that no state could use") for n in _some(told)),
            *(("problem", words) for words in told["problems"]),
        ]
    )
    rows = [_row(station, now_ms) for station in told["stations"]]
    return [*found, "", *table(HEADS, rows, WIDTHS)] if rows else found


def _hub(hub: Json, now_ms: int) -> str:
    since = f" for {span(now_ms - read_iso(hub['since']))}" if hub["since"] else ""
    if hub["state"] == "none":
        return "not set up"
    if hub["state"] == "up":
        return f"up{since}, {hub['where']}; {hub['to_push']} to send, {hub['to_pull']} to fetch"
    word = "away" if hub["state"] == "away" else "refuses this station"
    why = f": {hub['words']}" if hub["words"] else ""
    return f"{word}{since}, {hub['where']}{why}; {hub['to_push']} wait here"


def _duty(duty: Json, now_ms: int) -> str:
    since = f" for {span(now_ms - read_iso(duty['since']))}" if duty["since"] else ""
    holder = duty["holder_name"] or duty["holder"] or "another station"
    said = {
        "alone": "this station pages; there is no hub",
        "holds": f"this station pages{since}",
        "follows": f"{holder} pages{since}",
        "waiting": f"nobody in sight pages{since}; this station waits for its turn",
        "acting": f"this station pages without the hub's word{since}",
        "not_paging": f"NOT PAGING{since}: nobody in sight pages and this station may not",
    }[duty["kind"]]
    return f"{said} ({duty['words']})" if duty["words"] else said


def _safe(safe: Json) -> str:
    disk = safe["disk"]
    parts = [f"{disk} own events on this disk"]
    for place, words in (("hub", "on the hub"), ("other", "on another station")):
        parts.append(f"{min(disk, safe[place])} {words}")
    return ", ".join(parts)


def _clock(hub: Json) -> list[str]:
    seconds = abs(hub["offset_ms"]) / 1000
    way = "behind" if hub["offset_ms"] > 0 else "ahead of"
    return [f"{seconds:.1f} s {way} the hub's"] if hub["clock_suspect"] else []


def _some(told: Json) -> list[int]:
    return [told["quarantined"]] if told["quarantined"] else []


def _row(station: Json, now_ms: int) -> tuple[str, ...]:
    # Both moments are on the hub's clock, as far as the engine knows it.
    seen = "this one" if station["is_self"] else "never"
    if not station["is_self"] and station["seen_at"]:
        seen = f"{span(now_ms - read_iso(station['seen_at']))} ago"
    agrees = {True: "agree", False: "DIFFER", None: "-"}[station["digest_agrees"]]
    rank = "-" if station["duty_rank"] is None else str(station["duty_rank"])
    return (
        station["name"] or "without a name",
        seen,
        str(station["behind"]),
        rank,
        station["version"],
        agrees,
        station["station_id"],
    )
