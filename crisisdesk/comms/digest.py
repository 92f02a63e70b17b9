"""The words of a bundle: how many alerts, the worst of them by name, the rest by service."""

from __future__ import annotations

from crisisdesk.comms.render import TEXT_LIMIT, TITLE_LIMIT, utc_text
from crisisdesk.domain.bundle import Digest, Told

# A text message has 160 characters; providers chain a few and bill each. Title, line end and text.
SMS_LIMIT = 3 * 160
LIMITS: dict[str, int] = {"sms": SMS_LIMIT, "voice": SMS_LIMIT}
SERVICES_TOLD = 6
LINE_LIMIT = 120
BARE_LINE_LIMIT = 60


def render_digest(digest: Digest, channel: str, station: str = "") -> tuple[str, str]:
    """(title, text) of a bundle, together within what the channel carries.

    What does not fit is left out from the end, line by line; the counts always fit.
    """
    title = _line(_title(digest), TITLE_LIMIT)
    limit = LIMITS.get(channel, TEXT_LIMIT)
    room = limit - len(title) - 2 if channel in LIMITS else TEXT_LIMIT
    longest = BARE_LINE_LIMIT if channel in LIMITS else LINE_LIMIT
    lines = [_line(_of_one(told, digest), longest) for told in digest.told]
    lines += [_line(words, longest) for words in _ends(digest, station)]
    text = ""
    for line in lines:
        longer = f"{text}\n{line}" if text else line
        if len(longer) > room:
            break
        text = longer
    return title, text


def _title(digest: Digest) -> str:
    """``28 alerts: 3 critical, 25 high``; of one alert its own words."""
    repeat = "[possible repeat] " if digest.is_possible_repeat else ""
    open_since = ""
    if digest.still_open_since is not None:
        open_since = f"Still open since {utc_text(digest.still_open_since)}: "
    if digest.count == 1:
        return f"{repeat}{open_since}{_of_one(digest.told[0], digest)}"
    counts = ", ".join(f"{number} {severity}" for severity, number in digest.severities)
    return f"{repeat}{open_since}{digest.count} alerts: {counts}"


def _of_one(told: Told, digest: Digest) -> str:
    where = f"{told.service}: " if told.service else ""
    since = ""
    if told.is_stale and digest.still_open_since is None:
        since = f" (still open since {utc_text(told.since)})"
    return f"{told.severity.upper()}: {where}{told.title}{since}"


def _ends(digest: Digest, station: str) -> list[str]:
    """What stands below the alerts that are told by name."""
    lines = []
    if digest.count > len(digest.told):
        more = digest.count - len(digest.told)
        lines.append(f"and {more} more")
    if digest.count > 1:
        named = [(name or "no service", number) for name, number in digest.services]
        told = ", ".join(f"{name} {number}" for name, number in named[:SERVICES_TOLD])
        others = len(named) - SERVICES_TOLD
        rest = f", {others} other services" if others > 0 else ""
        lines.append(f"By service: {told}{rest}")
    if digest.is_possible_repeat:
        lines.append("Possible repeat: an earlier copy may have arrived.")
    if station:
        lines.append(f"Station: {station}")
    return lines


def _line(text: str, limit: int) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= limit else line[: limit - 3] + "..."
