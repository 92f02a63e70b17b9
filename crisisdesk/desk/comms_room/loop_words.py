"""Loop tests of one channel in words: how it stands, and which contact methods it is tried by."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.channel_health import provider_of
from crisisdesk.domain.contact import ContactMethod
from crisisdesk.domain.loop_standing import loop_lines
from crisisdesk.domain.loop_test import COSTLY, LONGEST_MS, SHORTEST_MS, LoopLine, loop_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crisisdesk.domain.contact import Contact
    from crisisdesk.store.queries import StationReader

Channel = tuple[str, str]
DAY_S = 86_400
USUAL_S, COSTLY_S = 900, 21_600


class Way(NamedTuple):
    """A contact method a channel can be tried by."""

    contact_id: str
    method_id: str
    word: str


class Loops(NamedTuple):
    """By (channel, provider): the loop test, and the contact methods there are for one."""

    lines: dict[Channel, LoopLine]
    ways: dict[Channel, tuple[Way, ...]]


NO_LOOPS = Loops({}, {})


class LoopWanted(NamedTuple):
    """What was filled in."""

    contact_id: str
    method_id: str
    every_s: int


def read_loops(now_ms: int) -> Callable[[StationReader], Loops]:
    """Loop tests as they stand at ``now_ms``, and what could be tried."""

    def question(reader: StationReader) -> Loops:
        lines = {(one.channel, one.provider): one for one in reversed(loop_lines(reader, now_ms))}
        return Loops(lines, ways_of(reader.contacts()))

    return question


def ways_of(contacts: Iterable[Contact]) -> dict[Channel, tuple[Way, ...]]:
    """Every contact method by its channel; of contacts that are switched off first, as no alert
    pages these."""
    found: dict[Channel, list[tuple[bool, Way]]] = {}
    for contact in contacts:
        if contact.removed:
            continue
        for method in (ContactMethod(**m) for m in contact.methods):
            off = "" if contact.enabled else " (switched off)"
            word = f"{contact.name}{off}, {method.masked}"
            way = Way(contact.contact_id, method.method_id, word)
            key = (method.channel, provider_of(method.channel, method.masked))
            found.setdefault(key, []).append((contact.enabled, way))
    return {
        key: tuple(way for _, way in sorted(ways, key=lambda one: (one[0], one[1].word.casefold())))
        for key, ways in found.items()
    }


def standing_words(line: LoopLine | None, now_ms: int) -> str:
    """How the loop test of a channel stands, in two sentences."""
    if line is None:
        return "No loop tests: whether it arrives shows only when somebody is paged."
    to = f"{line.contact_name} {line.masked}".strip()
    return f"{loop_words(line, now_ms)}. Each {span_words(line.target.every_ms)} to {to}."


def usual_s(channel: str) -> int:
    """The span a form begins with, in seconds."""
    return COSTLY_S if channel in COSTLY else USUAL_S


def warning(way: Way | None, every_s: int | None) -> str:
    """What the tests come to, before they begin."""
    if way is None or not every_s:
        return ""
    return f"At most {-(-DAY_S // every_s)} messages a day."


def wanted(way: Way | None, every_s: int | None, text: str) -> LoopWanted | str:
    """What the fields ask for, or the sentence that says what is wrong with them."""
    if way is None:
        return "Not switched on: no contact method is chosen; choose where the tests go."
    if every_s is None:
        return f"Not switched on: “{text.strip()}” is no span; write it like 15m or 6h."
    if not SHORTEST_MS <= every_s * 1_000 <= LONGEST_MS:
        bounds = f"{span_words(SHORTEST_MS)} to {span_words(LONGEST_MS)}"
        return f"Not switched on: {text.strip()} is out of bounds; write {bounds}."
    return LoopWanted(way.contact_id, way.method_id, every_s)
