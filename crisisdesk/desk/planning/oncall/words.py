"""The words of the page: moments in a zone, who stands where, and why somebody is on call."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from crisisdesk.domain.amounts import GAP as GAP_UNBROKEN
from crisisdesk.domain.amounts import count_words, span_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.frame.text import Ink
    from crisisdesk.desk.planning.oncall.reading import Outlook, Published, Standing
    from crisisdesk.domain.contact import Contact
    from crisisdesk.domain.oncall.reasons import Hold

NOBODY = "NOBODY"
GAP = "gap"
_CHANNELS_SHOWN = 6
_WEEKDAYS_ALONE = 6


class Fact(NamedTuple):
    """One line of the detail; ``ink`` is that of its value."""

    label: str
    value: str
    ink: Ink = "primary"


def in_zone(at_ms: int, zone: tzinfo | None) -> str:
    """``Mon 26 Oct 09:00`` in a zone; None is this machine's own."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    seconds = f":{local:%S}" if local.second else ""
    return f"{local:%a} {local.day} {local:%b} {local:%H:%M}{seconds}"


def clock_in(at_ms: int, zone: str) -> str:
    """``09:00`` in a zone."""
    return f"{datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone)):%H:%M}"


def range_in(start_ms: int, end_ms: int, zone: tzinfo | None) -> str:
    """``Mon 26 Oct 09:00 to 17:00``; the last day is named when it is another."""
    first = datetime.fromtimestamp(start_ms / 1000, UTC).astimezone(zone)
    last = datetime.fromtimestamp(end_ms / 1000, UTC).astimezone(zone)
    if first.date() == last.date() and first.utcoffset() == last.utcoffset():
        return f"{in_zone(start_ms, zone)} to {in_zone(end_ms, zone).split(' ')[-1]}"
    return f"{in_zone(start_ms, zone)} to {in_zone(end_ms, zone)}"


def short_range(start_ms: int, end_ms: int, zone: tzinfo | None) -> str:
    """``Sat 24 Oct 17:00 to Mon 09:00``: a day within the next six is named by its weekday."""
    end = short_moment(end_ms, start_ms, zone)
    return f"{in_zone(start_ms, zone)} to {end}"


def short_moment(at_ms: int, from_ms: int, zone: tzinfo | None) -> str:
    """``17:00`` on the same day, ``Mon 09:00`` within six days, else ``Mon 26 Oct 09:00``."""
    whole = in_zone(at_ms, zone)
    first, last = (datetime.fromtimestamp(m / 1000, UTC).astimezone(zone) for m in (from_ms, at_ms))
    passed = (last.date() - first.date()).days
    if passed == 0 and first.utcoffset() == last.utcoffset():
        return whole.rpartition(" ")[2]
    return f"{last:%a} {whole.rpartition(' ')[2]}" if 0 < passed <= _WEEKDAYS_ALONE else whole


def unbroken(words: str) -> str:
    """A range whose moments are never torn apart at the end of a line."""
    return " to ".join(part.replace(" ", GAP_UNBROKEN) for part in words.split(" to "))


def zone_word(at_ms: int) -> str:
    """What this machine calls its zone at a moment: ``CET``."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone().tzname() or "local"


def on_words(standing: Standing, published: Published) -> str:
    """Who is on call: names, or NOBODY."""
    return ", ".join(published.name_of(one) for one in standing.on) or NOBODY


def until_words(standing: Standing, published: Published, now_ms: int) -> str:
    """``until Mon 09:00, then Priya Nair`` in the schedule's zone."""
    if standing.until_ms is None:
        return "no hand-over within two years"
    then = ", ".join(published.name_of(one) for one in standing.then) or "nobody"
    until = short_moment(standing.until_ms, now_ms, ZoneInfo(standing.zone))
    return f"until {until}, then {then}"


def gap_words(start_ms: int, end_ms: int, zone: str) -> str:
    """``Sat 24 Oct 17:00 to Mon 26 Oct 09:00, 1 d 16 h``."""
    length = span_words(end_ms - start_ms)
    return f"{range_in(start_ms, end_ms, ZoneInfo(zone))}, {length}"


def gaps_count_words(outlook: Outlook) -> str:
    """``3 in the next 30 days``."""
    count = sum(len(standing.gaps) for standing in outlook.standings)
    return f"{count_words(count)} in the next 30 days" if count else "none in the next 30 days"


def why_words(hold: Hold, published: Published) -> str:
    """Why the contact is on call, or why nobody is."""
    if not hold.contact:
        return "No layer is in force or within its hours, and no override fills in."
    if hold.override is None:
        return f"Rotation: their turn in {' and '.join(hold.layers)}."
    version = published.version_of(hold.override)
    by = f" by {version.published_by}" if version is not None and version.published_by else ""
    if hold.override.replaces:
        place_words = f"in place of {published.name_of(hold.override.replaces)}"
    else:
        place_words = "for the whole schedule"
    reason = hold.override.reason or "no reason was given"
    return f"Override{by}, {place_words}: {reason}"


def facts_of(hold: Hold, zone: str, published: Published) -> list[Fact]:
    """What the detail says of a selected shift or gap."""
    start, end = hold.start_ms, hold.end_ms
    facts = [
        Fact(place_word(zone), _open(hold, unbroken(range_in(start, end, ZoneInfo(zone))))),
        Fact(f"Here ({zone_word(start)})", unbroken(range_in(start, end, None))),
        Fact("UTC", unbroken(range_in(start, end, UTC))),
        Fact("Lasts", _length(hold)),
    ]
    if hold.layers:
        facts.append(Fact("Layer", ", ".join(hold.layers)))
    facts.append(Fact("Why", why_words(hold, published), "primary" if hold.contact else "down"))
    if hold.contact:
        facts += contact_facts(published.contacts.get(hold.contact))
    return facts


def place_word(zone: str) -> str:
    """``New York`` for America/New_York: the zone whole stands above the calendar."""
    return zone.rpartition("/")[2].replace("_", " ")


def contact_facts(contact: Contact | None) -> list[Fact]:
    """How somebody is reached: methods with masked addresses, then numbers to call by hand."""
    if contact is None:
        return [Fact("Reached by", "nothing: no such contact on this station", "down")]
    if contact.removed or not contact.enabled:
        state = "removed" if contact.removed else "switched off"
        return [Fact("Reached by", f"nothing: the contact is {state}", "down")]
    methods = [m for m in contact.methods if m.get("enabled", True)]
    facts = [
        Fact("Reached by" if at == 0 else "", method_words(method))
        for at, method in enumerate(methods[:_CHANNELS_SHOWN])
    ]
    if len(methods) > _CHANNELS_SHOWN:
        facts.append(Fact("", f"and {len(methods) - _CHANNELS_SHOWN} more", "tertiary"))
    if not methods:
        facts.append(Fact("Reached by", "nothing: no method is switched on", "down"))
    numbers = [*contact.emergency.get("phones", []), *contact.emergency.get("mails", [])]
    facts += [Fact("By hand" if at == 0 else "", one) for at, one in enumerate(numbers)]
    return facts


def method_words(method: dict[str, object]) -> str:
    """``mail  m***@example.org, from high on``; the address is masked."""
    masked = str(method.get("masked", ""))
    channel = str(method.get("channel", ""))
    name = str(method.get("label", "")) or ("" if masked.startswith(channel) else channel)
    least = str(method.get("min_severity", ""))
    parts = [f"{name} {masked}".strip(), f"from {least} on" if least else ""]
    return ", ".join(part for part in parts if part)


def hold_words(hold: Hold, zone: str, published: Published) -> str:
    """A band for the screen reader."""
    who = published.name_of(hold.contact) if hold.contact else "gap, nobody is on call"
    mark = ", override" if hold.override is not None else ""
    return f"{who}{mark}, {range_in(hold.start_ms, hold.end_ms, ZoneInfo(zone))}"


def fitting(name: str, width: float, measure: Callable[[str], float]) -> str:
    """The longest form of a name that fits: whole, shorter, initials, or "".

    ``measure`` tells how wide a text is.
    """
    from crisisdesk.desk.alerts.layout import initials, short_name

    bare = "".join(word[0] for word in name.split()[:2]).upper()
    forms = (name, short_name(name), name.rpartition(" ")[2], initials(name), bare)
    return next((form for form in forms if measure(form) <= width), "")


def _open(hold: Hold, words: str) -> str:
    """A range that was cut says so."""
    if hold.longer_before and hold.longer_after:
        return f"{words}, and longer both ways"
    if hold.longer_before:
        return f"{words}, since longer"
    return f"{words}, and longer" if hold.longer_after else words


def _length(hold: Hold) -> str:
    more = "more than " if hold.longer_before or hold.longer_after else ""
    return more + span_words(hold.end_ms - hold.start_ms)
