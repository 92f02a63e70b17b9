"""``crisisdesk who``: who sits at which desk, on what they look, since when."""

from __future__ import annotations

import json

from crisisdesk.api.client import Client, Json
from crisisdesk.cli.station import AsJson, DataDir, in_words, places_of, read_door
from crisisdesk.cli.words import table
from crisisdesk.domain.papers.times import read_iso
from crisisdesk.domain.presence import span_words

HEADS = ("who", "standing", "at", "looks at", "desk open", "last seen")
WIDTHS = {"who": 32, "at": 24}
WORDS = {"here": "here now", "idle": "untouched", "away": "away"}


def who(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Who is at a desk now, or was in the last twelve hours, as this station knows it."""
    with in_words():
        url, token = read_door(places_of(data_dir))
        with Client(url, token, "") as client:
            told = client.presence()
    print(json.dumps(told) if as_json else "\n".join(lines(told)))


def lines(told: Json) -> list[str]:
    """The answer of the engine as lines for a terminal."""
    if not told["results"]:
        return ["No desk was open in the last twelve hours, as far as this station knows."]
    now_ms = read_iso(told["at"])
    return list(table(HEADS, [_row(one, now_ms) for one in told["results"]], WIDTHS))


def _row(one: Json, now_ms: int) -> tuple[str, ...]:
    def ago(name: str) -> str:
        return span_words(now_ms - read_iso(one[name]))

    away = one["standing"] == "away"
    looks = f"{one['incident']} for {ago('since')}" if one["incident"] and not away else "-"
    standing = WORDS[one["standing"]]
    if one["standing"] == "idle":
        standing = f"{standing} for {ago('touched_at')}"
    return (
        one["operator"],
        standing,
        one["station"] or "a station without a name",
        looks,
        "closed or unheard" if away else ago("opened_at"),
        f"{ago('seen_at')} ago",
    )
