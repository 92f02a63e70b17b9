"""Where the columns of an alert row stand, one table per width class, in pixels at 100 %."""

from __future__ import annotations

from typing import NamedTuple

from crisisdesk.desk.look.theme import theme

ROW_HEIGHT = 32
HEAD_HEIGHT = 26
COLUMN_HEAD_HEIGHT = 26
_PAD = 12


class Span(NamedTuple):
    """A column: left edge and width in pixels as painted; width 0 means it is dropped."""

    x: int
    width: int

    @property
    def right(self) -> int:
        """The first pixel after it."""
        return self.x + self.width


class Columns(NamedTuple):
    """The columns of one width; ``initials`` shortens names of owners."""

    mark: Span
    word: Span
    firings: Span
    service: Span
    title: Span
    rate: Span
    place: Span
    age: Span
    owner: Span
    clock: Span
    initials: bool

    @property
    def live_x(self) -> int:
        """From here to the right everything may change as time passes."""
        return self.age.x if self.age.width else self.owner.x


class _Class(NamedTuple):
    """Widths of one width class, used from ``least`` pixels of list on."""

    least: int
    service: int
    rate: int
    place: int
    age: int
    owner: int
    clock: int
    initials: bool


_CLASSES = (
    _Class(1040, 148, 74, 84, 60, 150, 104, False),
    _Class(880, 148, 0, 84, 60, 150, 104, False),
    _Class(0, 128, 0, 0, 0, 112, 104, True),
)
_COUNT_RIGHT = 114
_SERVICE_X = 124


def columns(width: int) -> Columns:
    """The columns of a list this many pixels wide (as painted, zoom included)."""
    px = theme().px
    at_100 = width / (theme().zoom / 100)
    chosen = next(entry for entry in _CLASSES if at_100 >= entry.least)
    right = width - px(_PAD)
    clock = Span(right - px(chosen.clock), px(chosen.clock))
    # Clocks end at the right edge of their column and rarely fill it: the owner reaches under it.
    owner = Span(right - px(chosen.owner + chosen.clock - 12), px(chosen.owner))
    edge = owner.x
    age = place = rate = Span(edge, 0)
    if chosen.age:
        age = Span(edge - px(chosen.age), px(chosen.age - 12))
        edge = age.x
    if chosen.place:
        place = Span(edge - px(chosen.place), px(chosen.place - 8))
        edge = place.x
    if chosen.rate:
        rate = Span(edge - px(chosen.rate), px(62))
        edge = rate.x
    service = Span(px(_SERVICE_X), px(chosen.service - 8))
    title_x = px(_SERVICE_X + chosen.service)
    return Columns(
        mark=Span(px(_PAD), px(16)),
        word=Span(px(34), px(44)),
        firings=Span(px(_COUNT_RIGHT - 46), px(46)),
        service=service,
        title=Span(title_x, max(px(60), edge - title_x - px(12))),
        rate=rate,
        place=place,
        age=age,
        owner=owner,
        clock=clock,
        initials=chosen.initials,
    )


def initials(name: str) -> str:
    """ "Klára Langová" as "K.L."; a single word stays, cut after eight letters."""
    words = [word for word in name.replace(".", " ").split() if word]
    if len(words) < 2:
        return name[:8]
    return "".join(f"{word[0].upper()}." for word in words[:2])


def short_name(name: str) -> str:
    """ "Klára Langová" as "K. Langová"; anything else as it is."""
    words = name.split()
    if len(words) != 2 or len(words[0]) < 3:
        return name
    return f"{words[0][0]}. {words[1]}"
