"""What the Comms room reads from the station's file; each question gives one value or `Unread`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from crisisdesk.domain.channel_health import look_at
from crisisdesk.domain.delivery_story import Telling, sequel, station_names, station_of, story
from crisisdesk.domain.delivery_words import State, worst
from crisisdesk.domain.loop_standing import loop_lines, loop_uses

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from crisisdesk.domain.alert import Alert
    from crisisdesk.domain.channel_health import Channels
    from crisisdesk.domain.delivery import Delivery
    from crisisdesk.domain.delivery_story import Passage
    from crisisdesk.store.queries import Page, StationReader

T = TypeVar("T")
PAGE = 200
_EVENTS = 300
_CARRIED = 8


class Unread(NamedTuple):
    """The file could not be read; ``words`` say why and what to do."""

    words: str


class First(NamedTuple):
    """The board as it opens: its first page, the counts of every state, station names."""

    page: Page[Delivery]
    counts: dict[State, int]
    names: dict[str, str]


class News(NamedTuple):
    """What changed: the newest states, and the counts of every state where they were asked for."""

    states: list[Delivery]
    counts: dict[State, int] | None


class Bad(NamedTuple):
    """Deliveries that ended badly for alerts nobody has: how many, and the worst severity."""

    number: int
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One delivery in full. ``contact_has`` says whether its contact method is still there to be
    tested, ``carried`` are the first of the ``carries`` that went in its message."""

    delivery: Delivery
    passages: tuple[Passage, ...]
    station: str
    alert: Alert | None
    carries: int
    carried: tuple[Delivery, ...]
    carrier: Delivery | None
    contact_has: bool


def guarded(question: Callable[[StationReader], T]) -> Callable[[StationReader], T | Unread]:
    """The question, with a file that cannot be read as an answer, so that a page can say so."""

    def ask(reader: StationReader) -> T | Unread:
        from crisisdesk.store.queries import StoreUnavailable

        try:
            return question(reader)
        except StoreUnavailable as error:
            return Unread(str(error))

    return ask


def read_first(group: str, text: str) -> Callable[[StationReader], First]:
    """The newest page of a group with a text."""

    def question(reader: StationReader) -> First:
        board = reader.board()
        page = board.page(group, text, None, PAGE)
        return First(page, board.counts(), station_names(reader.stations()))

    return question


def read_older(group: str, text: str, after: str) -> Callable[[StationReader], Page[Delivery]]:
    """The page behind a cursor."""
    return lambda reader: reader.board().page(group, text, after, PAGE)


def read_news(delivery_ids: Collection[str], *, counted: bool) -> Callable[[StationReader], News]:
    """The states of these, and if wanted the counts, which cost a look at every delivery."""
    ids = tuple(delivery_ids)

    def question(reader: StationReader) -> News:
        board = reader.board()
        return News(board.some(ids), board.counts() if counted else None)

    return question


def read_bad(reader: StationReader) -> Bad:
    """What needs somebody."""
    severities = reader.board().unanswered()
    return Bad(len(severities), worst(severities))


def read_told(delivery_id: str, now_ms: int) -> Callable[[StationReader], Told | None]:
    """One delivery's whole story; None when it is not there."""

    def question(reader: StationReader) -> Told | None:
        board = reader.board()
        one = board.one(delivery_id)
        if one is None:
            return None
        telling = Telling(station_names(reader.stations()), now_ms)
        carries, carried = board.carried_by(delivery_id, _CARRIED)
        siblings = reader.deliveries_of(one.alert_id) if one.alert_id else []
        events = reader.history([delivery_id], _EVENTS)
        methods = {
            (contact.contact_id, method["method_id"])
            for contact in reader.contacts()
            for method in contact.methods
        }
        return Told(
            delivery=one,
            passages=(*story(events, telling), *sequel(one, siblings, carries, telling)),
            station=station_of(one, telling.names),
            alert=reader.alert(one.alert_id) if one.alert_id else None,
            carries=carries,
            carried=tuple(carried),
            carrier=board.one(one.into) if one.into else None,
            contact_has=(one.contact_id, one.method_id) in methods,
        )

    return question


def read_channels(now_ms: int) -> Callable[[StationReader], Channels]:
    """How all channels do."""

    def question(reader: StationReader) -> Channels:
        contacts = reader.contacts()
        methods = [str(m["method_id"]) for contact in contacts for m in contact.methods]
        loops = loop_uses(loop_lines(reader, now_ms))
        return look_at(contacts, reader.board().uses(methods, now_ms), now_ms, loops)

    return question
