"""The banner: the worst thing now in one sentence, one button to it, and the two clocks."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import QRect, QRectF, QSize, Signal

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import RIGHT, draw_chip, draw_text, fill
from crisisdesk.desk.look.theme import Role, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPainter, QResizeEvent
    from PySide6.QtWidgets import QWidget

BannerLevel = Literal["ok", "critical", "station"]
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class BannerView(NamedTuple):
    """One banner: ``subject`` is bold, ``rest`` follows it, ``aside`` is quieter.

    ``severity`` shows that mark, else ``icon``; ``button`` is the word beside F8 ("" for none).
    ``tone`` overrides the colours of a critical banner with another severity's.
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


class Banner(Painted):
    """At most two banners: the first 44 px high with the clocks, the second 36 px below it."""

    go = Signal()

    def __init__(self, parent: QWidget | None = None, zone: tzinfo | None = None) -> None:
        super().__init__(parent)
        self._views: tuple[BannerView, ...] = (
            BannerView(level="ok", subject="Nothing is open.", icon="check"),
        )
        self._zone = zone
        self._face = ClockFace(date="", utc="", zone="", local="")
        self.button = KeyButton("Go to it", "F8", parent=self)
        self.button.clicked.connect(self.go)
        self.show_views(self._views)

    def show_views(self, views: tuple[BannerView, ...]) -> None:
        """Show one or two banners, station trouble first; more than two are a ValueError."""
        if not 1 <= len(views) <= 2:
            raise ValueError(f"{len(views)} banners given; show one or two.")
        self._views = views
        texts = " ".join(f"{view.subject} {view.rest} {view.aside}".strip() for view in views)
        self.setAccessibleName(f"Banner: {texts}")
        button = next((view.button for view in views if view.button), "")
        self.button.set_text(button or "Go to it")
        self.button.setVisible(bool(button))
        self.retheme()

    def set_now(self, now_ms: int) -> None:
        """Turn the clocks; repaints them only when the second has changed."""
        face = clock_face(now_ms, self._zone)
        if face != self._face:
            self._face = face
            self.update(QRect(self.width() - theme().px(400), 0, theme().px(400), theme().px(44)))

    def retheme(self) -> None:
        """Take the height for the banners shown and put the button in its place."""
        look = theme()
        self.setFixedHeight(look.px(44) + (look.px(36) if len(self._views) > 1 else 0))
        self._place_button()
        super().retheme()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button behind the sentence."""
        self._place_button()

    def sizeHint(self) -> QSize:
        """As high as its banners."""
        return QSize(theme().px(640), self.height())

    def _place_button(self) -> None:
        look = theme()
        size = self.button.sizeHint()
        for index, view in enumerate(self._views):
            if not view.button:
                continue
            tall = look.px(44 if index == 0 else 36)
            top = 0 if index == 0 else look.px(44)
            x = look.px(50 if index == 0 else 46) + self._text_width(index) + look.px(16)
            limit = self.width() - (self._clock_width() if index == 0 else 0) - size.width()
            x = min(x, limit - look.px(16))
            self.button.setGeometry(
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
        return width

    def _clock_width(self) -> float:
        look = theme()
        digits = look.width("00:00:00", "title", tabular=True)
        words = sum(
            look.width(word, "micro")
            for word in (self._face.date or "Mon 00 Mmm", "UTC", self._face.zone or "CEST")
        )
        return 2 * digits + words + look.px(14 * 2 + 5 * 2 + 16)

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
            right -= self.button.width() + px(16)
        role: Role = "lead" if first else "body"
        parts = [(view.subject, 700 if first else 600)]
        if view.rest:
            parts.append((" " + view.rest, 500))
        for text, weight in parts:
            box = QRectF(x, top, max(0.0, right - x), tall - 1)
            x += draw_text(painter, box, text, look.color.primary, role, weight=weight)
        if view.aside and right - x > px(60):
            box = QRectF(x + px(12), top, right - x - px(12), tall - 1)
            x += px(12) + draw_text(painter, box, view.aside, look.color.secondary, "body")
        if view.chip and right - x > px(80):
            draw_chip(painter, x + px(12), middle, view.chip, color=edge, line=edge, height=22)

    def _paint_clocks(self, painter: QPainter) -> None:
        look, px = theme(), theme().px
        color, face = look.color, self._face
        right, tall = float(self.width() - px(16)), px(43)
        # Words sit on the digits' base line, not on their middle.
        drop = round((look.metrics("title").capHeight() - look.metrics("micro").capHeight()) / 2)
        for word, digits in ((face.zone, face.local), ("UTC", face.utc)):
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
