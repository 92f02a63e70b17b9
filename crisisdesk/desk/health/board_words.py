"""How services and sources look in the Health room: their marks, the filter, the order held."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.domain.amounts import span_words
from crisisdesk.domain.detection.source import Freshness
from crisisdesk.domain.detection.source_state import State
from crisisdesk.domain.service_board.judging import ServiceLine, ServiceState
from crisisdesk.domain.service_board.words import look_words, why_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crisisdesk.domain.service_board.watching import SourceLine


class Face(NamedTuple):
    """A mark, the tone of mark and word ("" for none), and the word."""

    icon: str
    tone: str
    word: str

    @property
    def is_loud(self) -> bool:
        """Whether its word stands out."""
        return self.tone not in ("", "ok")


SERVICE_FACES: dict[ServiceState, Face] = {
    ServiceState.DOWN: Face("circle-x", "critical", "down"),
    ServiceState.DEGRADED: Face("triangle-alert", "high", "degraded"),
    ServiceState.UNSURE: Face("circle-help", "stale", "not sure"),
    ServiceState.NO_DATA: Face("circle-dashed", "", "no data"),
    ServiceState.OK: Face("check", "ok", "ok"),
}
_SOURCE_FACES: dict[State, Face] = {
    State.DOWN: Face("circle-x", "critical", "down"),
    State.STALE: Face("unplug", "down", "silent"),
    State.FAILING: Face("circle-alert", "stale", "failing"),
    State.UNSURE: Face("circle-help", "stale", "not sure"),
    State.NEW: Face("circle-dashed", "", "new"),
    State.ELSEWHERE: Face("radio-tower", "", "elsewhere"),
    State.PAUSED: Face("pause", "", "paused"),
}
_FRESH = Face("check", "ok", "fresh")
_LATE = Face("clock-alert", "stale", "late")
_SOURCE_ORDER = tuple(State(word) for word in (
    "down", "no reading", "failing", "not sure", "new", "up", "elsewhere", "paused"
))  # fmt: skip


def source_face(line: SourceLine, now_ms: int) -> Face:
    """How a source looks at ``now_ms``; one that falls silent says so before it is read again."""
    if line.state in (State.UP, State.NEW):
        fresh = line.freshness(now_ms)
        if fresh is Freshness.STALE:
            return _SOURCE_FACES[State.STALE]
        if fresh is Freshness.LATE:
            return _LATE
    return _FRESH if line.state is State.UP else _SOURCE_FACES[line.state]


def source_order(lines: Iterable[SourceLine], now_ms: int) -> list[SourceLine]:
    """Those that want somebody first, then late ones, then by name."""
    return sorted(
        lines,
        key=lambda one: (
            _SOURCE_ORDER.index(one.state),
            one.freshness(now_ms) is not Freshness.LATE,
            one.source.name,
            one.source.source_id,
        ),
    )


def matching_services(lines: Iterable[ServiceLine], words: str) -> list[ServiceLine]:
    """The services that have all of these words in name, state, owner, tier or sources."""
    wanted = words.casefold().split()
    return [one for one in lines if all(word in _service_text(one) for word in wanted)]


def matching_sources(lines: Iterable[SourceLine], words: str) -> list[SourceLine]:
    """The sources that have all of these words in name, type, service or state."""
    wanted = words.casefold().split()
    return [one for one in lines if all(word in _source_text(one) for word in wanted)]


def _service_text(one: ServiceLine) -> str:
    tier = f"tier {one.tier}" if one.tier else ""
    watchers = " ".join(w.source.name for w in one.watchers)
    return f"{one.name} {one.state} {one.owner} {tier} {watchers}".casefold()


def _source_text(one: SourceLine) -> str:
    source = one.source
    return f"{source.name} {source.type} {source.service} {one.state} {source.source_id}".casefold()


def held_order(before: Sequence[str], lines: Sequence[ServiceLine]) -> list[ServiceLine]:
    """These lines in the order in which their names stood ``before``; new ones at the end."""
    places = {name: at for at, name in enumerate(before)}
    return sorted(lines, key=lambda one: places.get(one.name, len(places)))


def moved(shown: Sequence[ServiceLine], lines: Sequence[ServiceLine]) -> int:
    """How many of what is shown would stand elsewhere if it were sorted anew."""
    return sum(one.name != other.name for one, other in zip(shown, lines, strict=True))


def since_words(line: ServiceLine, now_ms: int) -> str:
    """How long it has not been well; "" where it is."""
    return "" if line.since is None else span_words(max(0, now_ms - line.since))


def spoken_service(line: ServiceLine, now_ms: int) -> str:
    """A service for a screen reader."""
    since = since_words(line, now_ms)
    lasting = f" for {since}" if since else ""
    owner = f", of {line.owner}" if line.owner else ""
    return f"{line.name}, {line.state}{lasting}, {why_words(line, now_ms)}{owner}"


def spoken_source(line: SourceLine, now_ms: int) -> str:
    """A source for a screen reader."""
    face = source_face(line, now_ms)
    return f"{line.source.name}, {line.source.type}, {face.word}, {look_words(line, now_ms)}"
