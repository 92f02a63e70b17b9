"""The banner: the worst thing now in one sentence, one button to it, and the two clocks."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Signal

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import RIGHT, chip_width, draw_chip, draw_text, fill
from crisisdesk.desk.look.theme import Role, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter, QResizeEvent
    from PySide6.QtWidgets import QWidget

BannerLevel = Literal["ok", "critical", "station"]
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class BannerView(NamedTuple):
    """One banner: ``subject`` is bold, ``rest`` follows it, ``aside`` is quieter.

    ``severity`` shows that mark, else ``icon``; ``button`` is the word on its button ("" for none).
    ``tone`` overrides the colours of a critical banner with another severity's. ``goes`` names
    where F7 leads; "" is the worst alert, where F8 does.
    """

    level: BannerLevel
    subject: str
    rest: str = ""
    aside: str = ""
    severity: str = ""
    icon: str = ""
    chip: str = ""
    button: str = ""
    tone: str = "critical"
    goes: str = ""


class ClockFace(NamedTuple):
    """What the clocks at the right say."""

    date: str
    utc: str
    zone: str
    local: str


def clock_face(now_ms: int, zone: tzinfo | None = None) -> ClockFace:
    """The date and both times for UTC milliseconds; ``zone`` None is this machine's own."""
    utc = datetime.fromtimestamp(now_ms // 1000, UTC)
    local = utc.astimezone(zone)
    return ClockFace(
        date=f"{_DAYS[utc.weekday()]} {utc.day} {_MONTHS[utc.month - 1]}",
        utc=f"{utc:%H:%M:%S}",
        zone=local.tzname() or "local",
        local=f"{local:%H:%M:%S}",
    )


def _spoken(view: BannerView) -> str:
    """A banner for the screen reader; a chip and what stands aside become sentences."""
    asides = (f"{words[:1].upper()}{words[1:]}." for words in (view.chip, view.aside) if words)
    return " ".join(part for part in (view.subject, view.rest, *asides) if part)


class Banner(Painted):
    """At most two banners: the first 44 px high with the clocks, the second 36 px below it.

    ``go`` asks for the worst alert, ``asked`` for what else a banner names.
    """

    go = Signal()
    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None, zone: tzinfo | None = None) -> None:
        super().__init__(parent)
        self._views: tuple[BannerView, ...] = (
            BannerView(level="ok", subject="Nothing is open.", icon="check"),
        )
        self._shown = False
        self._zone = zone
        self._face = ClockFace(date="", utc="", zone="", local="")
        self.button = KeyButton("Go to it", "F8", parent=self)
        self.button.clicked.connect(self.go)
        self.look_button = KeyButton("Look", "F7", parent=self)
        self.look_button.clicked.connect(self._ask)
        self.show_views(self._views)

    def show_views(self, views: tuple[BannerView, ...]) -> None:
        """Show one or two banners, station trouble first; more than two are a ValueError."""
        if not 1 <= len(views) <= 2:
            raise ValueError(f"{len(views)} banners given; show one or two.")
        if views == self._views and self._shown:
            return
        self._shown = True
        self._views = views
        self.setAccessibleName(f"Banner: {' '.join(map(_spoken, views))}")
        shown = {self._button_of(view): view.button for view in views if view.button}
        for button in (self.button, self.look_button):
            if button in shown:
                button.set_text(shown[button])
            button.setVisible(button in shown)
        self.retheme()

    def _button_of(self, view: BannerView) -> KeyButton:
        return self.look_button if view.goes else self.button

    def views(self) -> tuple[BannerView, ...]:
        """What it says, top down."""
        return self._views

    def leads_to(self) -> str:
        """Where F7 leads now, "" for nowhere."""
        return next((view.goes for view in self._views if view.goes), "")

    def _ask(self) -> None:
        if goes := self.leads_to():
            self.asked.emit(goes)

    def set_now(self, now_ms: int) -> None:
        """Turn the clocks; repaints them only when the second has changed."""
        face = clock_face(now_ms, self._zone)
        if face != self._face:
            self._face = face
            self.update(QRect(self.width() - theme().px(400), 0, theme().px(400), theme().px(44)))

    def retheme(self) -> None:
        """Take the height for the banners shown and put the buttons in their places."""
        look = theme()
        self.setFixedHeight(look.px(44) + (look.px(36) if len(self._views) > 1 else 0))
        self._place_buttons()
        super().retheme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the buttons behind their sentences."""
        self._place_buttons()

    def sizeHint(self) -> QSize:
        """As high as its banners."""
        return QSize(theme().px(640), self.height())

    def _place_buttons(self) -> None:
        look = theme()
        for index, view in enumerate(self._views):
            if not view.button:
                continue
            button = self._button_of(view)
            size = button.sizeHint()
            tall = look.px(44 if index == 0 else 36)
            top = 0 if index == 0 else look.px(44)
            x = look.px(50 if index == 0 else 46) + self._text_width(index) + look.px(16)
            limit = self.width() - (self._clock_width() if index == 0 else 0) - size.width()
            x = min(x, limit - look.px(16))
            button.setGeometry(
                round(x), top + (tall - size.height()) // 2, size.width(), size.height()
            )

    def _text_width(self, index: int) -> float:
        view, look = self._views[index], theme()
        role: Role = "lead" if index == 0 else "body"
        width = look.width(view.subject, role, weight=700 if index == 0 else 600)
        if view.rest:
            width += look.width(" " + view.rest, role, weight=500)
        if view.aside:
            width += look.px(12) + look.width(view.aside, "body")
        if view.chip:
            width += look.px(12) + chip_width(view.chip, height=22)
        return width

    def _clock_width(self) -> float:
        look = theme()
        digits = look.width("00:00:00", "title", tabular=True)
        width = look.width(self._face.date or "Mon 00 Mmm", "micro") + look.px(16)
        for word, _ in self._clocks():
            width += digits + look.width(word, "micro") + look.px(14 + 5)
        return width

    def _clocks(self) -> list[tuple[str, str]]:
        """Word and digits of the clocks from the right; one is enough where local time is UTC."""
        face = self._face
        utc = ("UTC", face.utc)
        return (
            [utc]
            if face.utc and face.utc == face.local
            else [(face.zone or "CEST", face.local), utc]
        )

    def _colors(self, view: BannerView) -> tuple[QColor, QColor, QColor]:
        """Ground, edge and foot line."""
        look = theme()
        if view.level == "critical":
            tone = look.severity(view.tone)
            return tone.soft, tone.solid, tone.line
        if view.level == "station":
            tone = look.state("stale")
            return tone.soft, tone.fg, look.color.hair
        return look.color.panel, look.state("ok").fg, look.color.hair

    def paint(self, painter: QPainter) -> None:
        """Both banners, then the clocks."""
        top = 0
        for index, view in enumerate(self._views):
            tall = theme().px(44 if index == 0 else 36)
            self._paint_view(painter, index, view, top, tall)
            top += tall
        self._paint_clocks(painter)

    def _paint_view(
        self, painter: QPainter, index: int, view: BannerView, top: int, tall: int
    ) -> None:
        look, px = theme(), theme().px
        ground, edge, line = self._colors(view)
        fill(painter, 0, top, self.width(), tall, ground)
        fill(painter, 0, top + tall - 1, self.width(), 1, line)
        fill(painter, 0, top, px(6), tall - 1, edge)
        first = index == 0
        size, x = (20 if first else 16), float(px(18))
        middle = top + (tall - 1) / 2
        y = round(middle - px(size) / 2)
        if view.severity:
            draw_mark(painter, x, y, view.severity, size=size)
        elif view.icon:
            draw_icon(painter, x, y, view.icon, edge, size)
        x += px(size) + px(12)
        right = self.width() - (self._clock_width() + px(24) if first else px(16))
        if view.button:
            right -= self._button_of(view).width() + px(16)
        role: Role = "lead" if first else "body"
        parts = [(view.subject, 700 if first else 600)]
        if view.rest:
            parts.append((" " + view.rest, 500))
        for text, weight in parts:
            box = QRectF(x, top, max(0.0, right - x), tall - 1)
            x += draw_text(painter, box, text, look.color.primary, role, weight=weight)
        if view.chip and right - x > px(12) + chip_width(view.chip, height=22):
            x += px(12)
            x += draw_chip(painter, x, middle, view.chip, color=edge, line=edge, height=22)
        if view.aside and right - x > px(60):
            box = QRectF(x + px(12), top, right - x - px(12), tall - 1)
            draw_text(painter, box, view.aside, look.color.secondary, "body")

    def _paint_clocks(self, painter: QPainter) -> None:
        look, px = theme(), theme().px
        color, face = look.color, self._face
        right, tall = float(self.width() - px(16)), px(43)
        # Words sit on the digits' base line, not on their middle.
        drop = round((look.metrics("title").capHeight() - look.metrics("micro").capHeight()) / 2)
        for word, digits in self._clocks():
            width = look.width(digits, "title", tabular=True)
            box = QRectF(right - width - 2, 0, width + 2, tall)
            draw_text(painter, box, digits, color.primary, "title", align=RIGHT, tabular=True)
            right -= width + px(5)
            width = look.width(word, "micro")
            box = QRectF(right - width - 2, drop, width + 2, tall)
            draw_text(painter, box, word, color.tertiary, "micro", align=RIGHT)
            right -= width + px(14)
        box = QRectF(right - px(90), drop, px(90), tall)
        draw_text(painter, box, face.date, color.tertiary, "micro", align=RIGHT)
