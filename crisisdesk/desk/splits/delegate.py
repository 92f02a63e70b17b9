"""Paints the lines of a split: the thing, both sides beside each other, what stands, choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from crisisdesk.desk.alerts.faces import utc_time
from crisisdesk.desk.frame.patched_list import PatchedList
from crisisdesk.desk.incidents.prose import Prose, lay_text
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import (
    draw_box,
    draw_key,
    draw_mono,
    draw_ring,
    draw_text,
    fill,
    key_width,
)
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.splits.choices import KEYS
from crisisdesk.desk.splits.lines import Line, findings_of, shown_deeds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from crisisdesk.desk.frame.patched_list import Index
    from crisisdesk.domain.split import Deed

OPEN_KEY = "Enter"
_BAND, _BRIEF, _PAD, _WORDS, _WHO = 28, 30, 16, 18, 16
_ICONS = {
    "alert": "bell-ring",
    "incident": "siren",
    "update": "message-square",
    "contact": "user",
    "silence": "bell-off",
    "run": "book-open-check",
    "policy": "users",
    "candidate": "git-merge",
    "change": "git-commit-horizontal",
}


class Columns(NamedTuple):
    """Left edges of the columns and the right end, pixels."""

    thing: int
    here: int
    elsewhere: int
    now: int
    end: int


def columns(width: int) -> Columns:
    """Where the columns of a list this wide stand."""
    px = theme().px
    thing = px(_PAD)
    here = thing + max(px(170), min(px(280), round(width * 0.19)))
    rest = width - px(_PAD) - here
    elsewhere = here + round(rest * 0.29)
    return Columns(thing, here, elsewhere, elsewhere + round(rest * 0.29), width - px(_PAD))


class Button(NamedTuple):
    """A painted button: its key, its words and where it stands in its line."""

    key: str
    words: str
    box: QRectF


class Body(NamedTuple):
    """A line laid out for one width."""

    height: int
    findings: tuple[tuple[Prose, bool, float], ...]
    buttons: tuple[Button, ...]


def lay_out(line: Line, width: int) -> Body:
    """Where everything in a line stands; what is wider than its column is wrapped or cut."""
    px = theme().px
    if line.item is None:
        return Body(px(_BAND), (), ())
    if line.brief:
        return Body(px(_BRIEF), (), ())
    at = columns(width)
    y, found = float(px(10)), []
    room = at.end - at.now - px(20)
    for words, decide in findings_of(line.item):
        prose = lay_text(words, "body", room)
        found.append((prose, decide, y))
        y += prose.height + px(4)
    buttons, y = _lay_buttons(line, at, y + px(2))
    sides = max(
        _side_height(line.item.mine, at.elsewhere - at.here - px(_PAD)),
        _side_height(line.item.theirs, at.now - at.elsewhere - px(_PAD)),
    )
    return Body(round(max(y, sides + px(12), px(56)) + px(8)), tuple(found), tuple(buttons))


def _lay_buttons(line: Line, at: Columns, y: float) -> tuple[list[Button], float]:
    px, found = theme().px, list[Button]()
    wanted = [(key, choice.words) for key, choice in zip(KEYS, line.choices, strict=False)]
    if line.opens:
        wanted.append((OPEN_KEY, "Open"))
    left, tall, gap = float(at.now + px(20)), px(26), px(6)
    x = left
    for key, words in wanted:
        width = key_width(key) + theme().width(words, "body", weight=500) + px(6 + 7 + 10)
        width = min(float(round(width)), at.end - left)
        if x > left and x + width > at.end:
            x, y = left, y + tall + gap
        found.append(Button(key, words, QRectF(x, y, width, tall)))
        x += width + gap
    return found, y + tall if found else y


def _side_height(deeds: Sequence[Deed], room: float) -> int:
    hidden, shown = shown_deeds(deeds)
    tall = sum(len(deed_lines(deed, room)) * theme().px(_WORDS) for deed in shown)
    return tall + theme().px(_WHO) * len(shown) + (theme().px(18) if hidden else 0)


def deed_lines(deed: Deed, room: float) -> tuple[str, ...]:
    """What was done in at most two lines of this width; more is cut, the thing itself has it."""
    words = " ".join((deed.words[:1].upper() + deed.words[1:]).split())
    look = theme()
    if look.width(words, "body") <= room:
        return (words,)
    first, taken = "", words.split(" ")
    while taken and look.width(f"{first} {taken[0]}".strip(), "body") <= room:
        first = f"{first} {taken.pop(0)}".strip()
    # A word that is wider than the line is left to be cut where it is painted.
    return (first, " ".join(taken)) if first else (words,)


class SplitDelegate(QStyledItemDelegate):
    """Paints `Line` rows; ``width`` is the viewport's, the same for all rows."""

    width = 0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as its words need."""
        return QSize(theme().px(300), lay_out(_line(index), self.width).height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One line."""
        line, rect = _line(index), QRectF(option.rect)
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = selected and bool(option.state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        color = theme().color
        ground = color.raised if line.item is None else None
        if hovered and (line.item is not None or line.folded is not None):
            ground = color.hover
        if selected:
            ground = color.selected if focused else color.selected_idle
        if ground is not None:
            painter.fillRect(rect, ground)
        fill(painter, rect.x(), rect.bottom() - 1, rect.width(), 1, color.hair)
        if line.item is None:
            _paint_band(painter, rect, line)
        elif line.brief:
            _paint_brief(painter, rect, line)
        else:
            _paint_item(painter, rect, line)
        if focused:
            draw_ring(painter, rect.adjusted(0, 0, 0, -1))
        painter.restore()

    def button_at(self, line: Line, x: float, y: float) -> str:
        """The key of the button at a place within a line, "" for none."""
        found = (b.key for b in lay_out(line, self.width).buttons if b.box.contains(x, y))
        return next(found, "")


def _line(index: Index) -> Line:
    model = index.model()
    assert isinstance(model, PatchedList)
    line = model.row(index.row())
    assert isinstance(line, Line)
    return line


def _paint_band(painter: QPainter, rect: QRectF, line: Line) -> None:
    px, color = theme().px, theme().color
    box = rect.adjusted(px(_PAD), 0, -px(_PAD), -1)
    if line.folded is not None:
        glyph = "chevron-right" if line.folded else "chevron-down"
        draw_icon(
            painter, box.x() - px(2), round(box.center().y() - px(7)), glyph, color.secondary, 14
        )
        box.setLeft(box.left() + px(18))
    box.setLeft(
        box.left() + draw_text(painter, box, line.word, color.primary, "small", weight=600) + px(8)
    )
    draw_text(painter, box, line.quiet, color.tertiary, "small", weight=500)


def _paint_brief(painter: QPainter, rect: QRectF, line: Line) -> None:
    item = line.item
    assert item is not None
    px, color = theme().px, theme().color
    x, middle = rect.x() + px(_PAD), rect.center().y()
    draw_icon(
        painter, x, round(middle - px(7)), _ICONS.get(item.kind, "circle"), color.tertiary, 14
    )
    at = columns(round(rect.width()))
    box = QRectF(x + px(22), rect.y(), at.here - x - px(22 + 12), rect.height() - 1)
    draw_text(painter, box, item.title, color.secondary, "body", weight=500)
    deeds = item.mine or item.theirs
    box = QRectF(at.here, rect.y(), at.end - at.here, rect.height() - 1)
    last = deeds[-1]
    more = f", {len(deeds)} changes" if len(deeds) > 1 else ""
    used = draw_text(painter, box, f"{last.words}{more}", color.secondary, "body") + px(10)
    box.setLeft(box.left() + used)
    draw_text(painter, box, f"{_name(last.by)}, {utc_time(last.at_ms)}", color.tertiary, "small")


def _paint_item(painter: QPainter, rect: QRectF, line: Line) -> None:
    item = line.item
    assert item is not None
    look = theme()
    px, color = look.px, look.color
    at, body = columns(round(rect.width())), lay_out(line, round(rect.width()))
    top = rect.y() + px(10)
    if line.wants_decision:
        fill(painter, rect.x(), rect.y(), px(3), rect.height() - 1, look.state("stale").fg)
    draw_icon(painter, at.thing, top + 1, _ICONS.get(item.kind, "circle"), color.secondary, 14)
    x = at.thing + px(22)
    room = at.here - x - px(16)
    title = lay_text(item.title, "strong", room)
    painter.save()
    painter.setClipRect(QRectF(x, top, room, rect.bottom() - top - px(22)))
    title.draw(painter, x, top, color.primary)
    painter.restore()
    name = QRectF(x, min(top + title.height, rect.bottom() - px(22)), room, px(16))
    draw_mono(painter, name, item.subject, color.tertiary, 11)
    for left, right, deeds, away in (
        (at.here, at.elsewhere, item.mine, False),
        (at.elsewhere, at.now, item.theirs, line.sides[1] != "here"),
    ):
        box = QRectF(left, top, right - left - px(16), rect.bottom() - top)
        _paint_deeds(painter, box, deeds, named=away)
    for prose, decide, y in body.findings:
        ink = look.state("stale").fg if decide else color.tertiary
        icon = "triangle-alert" if decide else "git-merge"
        draw_icon(painter, at.now, rect.y() + y + 1, icon, ink, 14)
        prose.draw(
            painter, at.now + px(20), rect.y() + y, color.primary if decide else color.secondary
        )
    for button in body.buttons:
        _paint_button(painter, button, rect)


def _paint_deeds(painter: QPainter, box: QRectF, deeds: Sequence[Deed], *, named: bool) -> None:
    """What one side did; ``named`` tells at which station."""
    px, color = theme().px, theme().color
    hidden, shown = shown_deeds(deeds)
    y = box.y()
    if not deeds:
        draw_text(
            painter, QRectF(box.x(), y, box.width(), px(18)), "nothing", color.tertiary, "body"
        )
    if hidden:
        line = QRectF(box.x(), y, box.width(), px(16))
        draw_text(painter, line, f"{hidden} earlier", color.tertiary, "small")
        y += px(18)
    for deed in shown:
        for words in deed_lines(deed, box.width()):
            line = QRectF(box.x(), y, box.width(), px(_WORDS))
            draw_text(painter, line, words, color.primary, "body")
            y += px(_WORDS)
        where = f" at {deed.station}" if named else ""
        who = f"{_name(deed.by)}{where}, {utc_time(deed.at_ms, seconds=True)}"
        line = QRectF(box.x(), y - px(1), box.width(), px(14))
        draw_text(painter, line, who, color.tertiary, "micro")
        y += px(_WHO)


def _paint_button(painter: QPainter, button: Button, rect: QRectF) -> None:
    px, color = theme().px, theme().color
    box = button.box.translated(rect.topLeft())
    draw_box(painter, box, fill=color.raised, line=color.strong, radius=px(4))
    x = box.x() + px(6)
    x += draw_key(painter, x, box.center().y(), button.key) + px(7)
    room = QRectF(x, box.y(), box.right() - x - px(4), box.height())
    draw_text(painter, room, button.words, color.primary, "body", weight=500)


def _name(actor: str) -> str:
    return actor.removeprefix("operator:")
