"""Paints timeline entries: times, icon on its spine, words, who, chips, what stood before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from crisisdesk.desk.frame.patched_list import PatchedList
from crisisdesk.desk.incidents.image_layout import Tiles
from crisisdesk.desk.incidents.image_tiles import ImageTiles
from crisisdesk.desk.incidents.note_markdown import marked, marked_line
from crisisdesk.desk.incidents.prose import Prose, lay_segments, lay_text
from crisisdesk.desk.incidents.times import local_minute, utc_clock, utc_day, utc_minute, when_words
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import chip_width, draw_chip, draw_ring, draw_text, fill
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.domain.timeline import TimelineEntry
from crisisdesk.domain.told import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPainter

    from crisisdesk.desk.frame.patched_list import Index
    from crisisdesk.domain.image import NoteImage
    from crisisdesk.domain.told import Segment, Told

_LEAST, _PAD, _TEXT_X, _SPINE_X = 44, 6, 162, 142
_ABOVE_IMAGES = 6
_SEEN_GRACE_MS = 1_000
_CACHED = 4_000


class _Laid(NamedTuple):
    """One entry measured for one width."""

    entry: TimelineEntry
    line: Prose
    detail: Prose | None
    tiles: Tiles
    before: tuple[Prose, ...]
    height: float


def byline(entry: TimelineEntry) -> str:
    """The second line: who, when it was seen if that differs, how often it was edited."""
    parts = [entry.author]
    if entry.logged_at - entry.happened_at > _SEEN_GRACE_MS:
        seen, written = utc_clock(entry.happened_at), utc_clock(entry.logged_at)
        parts.append(f"seen {seen}, written {written}")
    if entry.revisions:
        times = len(entry.revisions)
        parts.append("edited once" if times == 1 else f"edited {times} times")
    return " · ".join(part for part in parts if part)


def spoken(entry: TimelineEntry) -> str:
    """An entry for the screen reader."""
    flags = [word for word, on in (("public", entry.is_public), ("pinned", entry.is_pinned)) if on]
    parts = [utc_clock(entry.happened_at) + " UTC", entry.told.plain, entry.told.detail]
    parts += [shown.words for shown in entry.images]
    return ", ".join(part for part in (*parts, byline(entry), *flags) if part)


def _line(told: Told) -> tuple[Segment, ...]:
    if not told.is_markdown:
        return told.line
    parts = (marked_line(s.text) if s.style == "plain" else (s,) for s in told.line)
    return tuple(segment for part in parts for segment in part)


def _detail(told: Told, room: float) -> Prose:
    words = marked(told.detail) if told.is_markdown else (plain(told.detail),)
    return lay_segments(words, room, "small")


class TimelineDelegate(QStyledItemDelegate):
    """``expanded`` holds the keys of entries that show what stood there before."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.expanded: set[str] = set()
        self.images = ImageTiles()
        self.now_ms = 0
        self.width = 400
        self._laid: dict[tuple[str, int, bool], _Laid] = {}
        look().changed.connect(self._laid.clear)

    def show_images(self, known: Mapping[str, NoteImage]) -> bool:
        """Take the images of the incident shown; whether entries may have another height now."""
        if self.images.known.keys() == known.keys():
            return False
        self.images.known = known
        self._laid = {key: laid for key, laid in self._laid.items() if not laid.entry.images}
        return True

    def image_at(self, rect: QRectF, place: QPointF, index: Index) -> int | None:
        """Which image of an entry, painted in ``rect``, is there."""
        laid = self._lay(self._entry(index))
        corner = rect.topLeft() + QPointF(theme().px(_TEXT_X), self._tiles_top(laid))
        return laid.tiles.at(place.x() - corner.x(), place.y() - corner.y())

    @staticmethod
    def _tiles_top(laid: _Laid) -> float:
        words = laid.line.height + (laid.detail.height if laid.detail else 0)
        return theme().px(_PAD) + words + theme().px(_ABOVE_IMAGES)

    def _lay(self, entry: TimelineEntry) -> _Laid:
        width = self.width
        key = (entry.key, width, entry.key in self.expanded)
        laid = self._laid.get(key)
        if laid is None or laid.entry != entry:
            if len(self._laid) > _CACHED:
                self._laid.clear()
            laid = self._laid[key] = self._measure(entry, float(width), expanded=key[2])
        return laid

    def _measure(self, entry: TimelineEntry, width: float, *, expanded: bool) -> _Laid:
        look = theme()
        px = look.px
        room = max(px(120), width - px(_TEXT_X) - px(16))
        line = lay_segments(_line(entry.told), room)
        detail = _detail(entry.told, room) if entry.told.detail else None
        tiles = self.images.lay(entry, room)
        before = []
        for revision in entry.revisions if expanded else ():
            head = f"until {when_words(revision.until, self.now_ms)}, {revision.by}: "
            body = f"{revision.title}\n{revision.description}".strip()
            before.append(lay_text(head + body, "small", room - px(12)))
        height = px(_PAD) * 2 + line.height + px(14)
        height += detail.height if detail else 0
        height += tiles.height + px(_ABOVE_IMAGES) if tiles.tiles else 0
        height += sum(prose.height + px(4) for prose in before)
        return _Laid(entry, line, detail, tiles, tuple(before), max(px(_LEAST), height))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as its words at the width of the view."""
        return QSize(self.width, round(self._lay(self._entry(index)).height))

    @staticmethod
    def _entry(index: Index) -> TimelineEntry:
        model = index.model()
        assert isinstance(model, PatchedList)
        entry = model.row(index.row())
        assert isinstance(entry, TimelineEntry)
        return entry

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One entry."""
        entry, rect = self._entry(index), QRectF(option.rect)
        color = theme().color
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = selected and bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        if selected:
            painter.fillRect(rect, color.selected if focused else color.selected_idle)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, color.hover)
        self._times(painter, rect, entry, index)
        self._spine(painter, rect, entry, last=index.row() + 1 == index.model().rowCount())
        self._words(painter, rect, self._lay(entry))
        if focused:
            draw_ring(painter, rect)
        painter.restore()

    def _times(self, painter: QPainter, rect: QRectF, entry: TimelineEntry, index: Index) -> None:
        px, color = theme().px, theme().color
        box = QRectF(rect.x() + px(16), rect.y() + px(_PAD), px(118), px(18))
        used = draw_text(
            painter, box, utc_clock(entry.happened_at), color.primary, "small", tabular=True,
            weight=500,
        )  # fmt: skip
        box.setLeft(box.left() + used + px(5))
        local = local_minute(entry.happened_at)
        if local != utc_minute(entry.happened_at):
            draw_text(painter, box, local, color.tertiary, "small", tabular=True)
        day = utc_day(entry.happened_at)
        above = index.model().index(index.row() - 1, 0)
        newer = utc_day(self._entry(above).happened_at) if above.isValid() else utc_day(self.now_ms)
        if day != newer:
            box = QRectF(rect.x() + px(16), rect.y() + px(_PAD + 18), px(118), px(14))
            draw_text(painter, box, day, color.tertiary, "micro")

    def _spine(self, painter: QPainter, rect: QRectF, entry: TimelineEntry, *, last: bool) -> None:
        look = theme()
        px, color = look.px, look.color
        x, top = rect.x() + px(_SPINE_X), rect.y() + px(_PAD + 1)
        fill(painter, round(x), rect.y(), 1, px(_PAD - 3), color.strong)
        if not last:
            from_y = top + px(16 + 4)
            fill(painter, round(x), from_y, 1, rect.bottom() - from_y + 1, color.strong)
        ink = color.link if entry.is_pinned else color.secondary
        draw_icon(painter, x - px(8), top, entry.told.icon, ink)

    def _words(self, painter: QPainter, rect: QRectF, laid: _Laid) -> None:
        look, entry = theme(), laid.entry
        px, color = look.px, look.color
        x, y = rect.x() + px(_TEXT_X), rect.y() + px(_PAD)
        room = rect.right() - px(16) - x
        ink = color.tertiary if entry.told.withdrawn else color.primary
        laid.line.draw(painter, x, y, ink)
        chips = self._chips(entry)
        wide = sum(chip_width(word, icon=True) + px(8) for word, _, _ in chips)
        in_line = laid.line.last_width + px(10) + wide <= room
        if in_line:
            self._draw_chips(
                painter, x + laid.line.last_width + px(10), y + laid.line.last_top, chips
            )
        y += laid.line.height
        if laid.detail is not None:
            laid.detail.draw(painter, x, y, color.secondary)
            y += laid.detail.height
        if laid.tiles.tiles:
            self.images.paint(painter, x, y + px(_ABOVE_IMAGES), entry, laid.tiles)
            y += laid.tiles.height + px(_ABOVE_IMAGES)
        box = QRectF(x, y, room, px(14))
        used = draw_text(painter, box, byline(entry), color.tertiary, "micro", tabular=True)
        if not in_line:
            self._draw_chips(painter, x + used + px(10), y - px(2), chips)
        y += px(14)
        for prose in laid.before:
            y += px(4)
            fill(painter, x, y, px(2), prose.height, color.strong)
            prose.draw(painter, x + px(12), y, color.tertiary)
            y += prose.height

    @staticmethod
    def _chips(entry: TimelineEntry) -> list[tuple[str, str, bool]]:
        chips = [("public", "globe", True)] if entry.is_public else []
        return [*chips, ("pinned", "pin", False)] if entry.is_pinned else chips

    @staticmethod
    def _draw_chips(
        painter: QPainter, x: float, y: float, chips: list[tuple[str, str, bool]]
    ) -> None:
        look = theme()
        for word, icon, public in chips:
            ink = look.state("ok").fg if public else look.color.secondary
            line = ink if public else look.color.strong
            x += draw_chip(painter, x, y + look.px(9), word, color=ink, line=line, icon=icon)
            x += look.px(8)
