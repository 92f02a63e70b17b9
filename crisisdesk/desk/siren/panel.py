"""The panel of the siren: head, call list, what to press, and a line at the foot."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Ink, Text, ink_color
from crisisdesk.desk.look.icons import draw_icon
from crisisdesk.desk.look.paint import draw_box, draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.siren.call_row import CallRow
from crisisdesk.desk.siren.head import SirenHead
from crisisdesk.desk.siren.side import SirenSide

if TYPE_CHECKING:
    from datetime import tzinfo

    from PySide6.QtGui import QHideEvent, QPaintEvent, QShowEvent

    from crisisdesk.desk.siren.dossier import Callee, Dossier

_EDGE, _SIDE, _STACKED, _FOOT = 4, 380, 1_000, 48
_FULL = "Siren at full volume, cannot be muted. It stops when somebody is reached or takes it."


class Foot(Painted):
    """One line: that it cannot be muted, or what was not saved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._ink, self._icon = _FULL, "secondary", "volume-2"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.say("")

    def sizeHint(self) -> QSize:
        """One line with air."""
        return QSize(0, theme().px(_FOOT))

    @property
    def words(self) -> str:
        """What it says."""
        return self._words

    def say(self, words: str, ink: Ink = "primary", icon: str = "info") -> None:
        """Say something; "" goes back to the usual line."""
        usual = (_FULL, "secondary", "volume-2")
        self._words, self._ink, self._icon = (words, ink, icon) if words else usual
        self.setAccessibleName(self._words)
        self.setToolTip(self._words)
        self.update()

    def paint(self, painter: QPainter) -> None:
        """Line, icon, words."""
        color, px = theme().color, theme().px
        fill(painter, 0, 0, self.width(), 1, color.hair)
        ink = ink_color(self._ink)
        draw_icon(painter, px(20), (self.height() - px(14)) // 2, self._icon, ink, 14)
        box = QRectF(px(42), 0, self.width() - px(62), self.height())
        draw_text(painter, box, self._words, ink, "small")


class SirenPanel(QWidget):
    """``logged`` carries name and outcome of a call."""

    logged = Signal(str, str)
    settings_wanted = Signal()

    def __init__(self, parent: QWidget, zone: tzinfo | None = None) -> None:
        super().__init__(parent)
        self.head, self.side, self.foot = SirenHead(zone=zone), SirenSide(), Foot()
        self.rows: dict[str, CallRow] = {}
        self._order: list[str] = []
        self._inverted = False
        self._turn = QTimer(self)
        self._turn.timeout.connect(self._flash)
        self.list_head = Text("Call them yourself, from the top", "strong")
        self.more = Text("", "small", "tertiary", wrap=True)
        self.call_list = QScrollArea()
        self.call_list.setWidgetResizable(True)
        self.call_list.setFrameShape(QFrame.Shape.NoFrame)
        self.call_list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.call_list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._page = QWidget()
        self._page.setBackgroundRole(QPalette.ColorRole.Base)
        self._list = QVBoxLayout(self._page)
        self._list.setSpacing(0)
        self._list.addWidget(self.list_head)
        self._list.addWidget(self.more)
        self._list.addStretch(1)
        self.call_list.setWidget(self._page)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._body.setSpacing(0)
        self._body.addWidget(self.call_list, 1)
        self._body.addWidget(self.side)
        column = self._column = QVBoxLayout(self)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(self._body, 1)
        column.addWidget(self.foot)
        self.fit(self.width())

    # -- what it shows -------------------------------------------------------------------------

    def show_dossier(self, dossier: Dossier, unreached: int, now_ms: int, *, fresh: bool) -> None:
        """Show an alert; ``fresh`` is another one than before, whose list begins anew.

        While one alert is shown nobody changes places: a row must not move under a hand.
        """
        self.head.show_dossier(dossier, unreached - 1, now_ms)
        self.side.show_ways(dossier.ways, unreached)
        people = {one.contact_id: one for one in dossier.people}
        kept = [] if fresh else [name for name in self._order if name in people]
        self._order = [*kept, *(name for name in people if name not in set(kept))]
        for name in [name for name in self.rows if name not in people]:
            row = self.rows.pop(name)
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._show_people([people[name] for name in self._order])
        self.more.setText(self._more_words(dossier))
        self.more.setVisible(bool(self.more.text()))
        if fresh:
            self.foot.say("")
            self.call_list.verticalScrollBar().setValue(0)

    def _show_people(self, people: list[Callee]) -> None:
        marked = next(
            (p.contact_id for p in people if p.phones and not p.in_vain and not p.is_you), ""
        )
        for index, callee in enumerate(people):
            row = self.rows.get(callee.contact_id)
            if row is None:
                row = self.rows[callee.contact_id] = CallRow(callee)
                row.logged.connect(partial(self._log, callee.contact_id))
                row.settings_wanted.connect(self.settings_wanted)
            row.show_callee(callee, index + 1, marked=callee.contact_id == marked)
            if self._list.indexOf(row) != index + 1:
                self._list.insertWidget(index + 1, row)

    def _log(self, contact_id: str, outcome: str) -> None:
        self.logged.emit(self.rows[contact_id].callee.name, outcome)

    @staticmethod
    def _more_words(dossier: Dossier) -> str:
        if not dossier.people:
            return "Nobody is written down here. Call whoever you can, then add people in Settings."
        return f"And {dossier.more} more: print the call list." if dossier.more else ""

    # -- its sizes -----------------------------------------------------------------------------

    def fit(self, width: int) -> None:
        """Put the two sides beside each other, or over each other where there is no room."""
        px = theme().px
        edge = px(_EDGE)
        self._column.setContentsMargins(edge, edge, edge, edge)
        self._list.setContentsMargins(0, 0, 0, 0)
        self.list_head.setContentsMargins(px(16), px(10), px(16), px(10))
        self.more.setContentsMargins(px(16), px(10), px(16), px(10))
        stacked = width < px(_STACKED)
        self.side.fit(stacked=stacked)
        ways = QBoxLayout.Direction
        self._body.setDirection(ways.BottomToTop if stacked else ways.LeftToRight)
        self.side.setMinimumWidth(0 if stacked else px(_SIDE))
        self.side.setMaximumWidth(16_777_215 if stacked else px(_SIDE))
        upright = QSizePolicy.Policy.Maximum if stacked else QSizePolicy.Policy.Preferred
        self.side.setSizePolicy(QSizePolicy.Policy.Preferred, upright)

    def wanted_height(self, width: int) -> int:
        """How high it is when nothing has to be scrolled."""
        px = theme().px
        listed = self._page.sizeHint().height()
        side = self.side.sizeHint().height()
        body = listed + side if width < px(_STACKED) else max(listed, side)
        ends = self.head.sizeHint().height() + self.foot.sizeHint().height()
        return ends + body + 2 * px(_EDGE)

    # -- the keyboard --------------------------------------------------------------------------

    def stops(self) -> list[KeyButton]:
        """Where Tab stops, in order: what to press, then the rows from the top."""
        side = self.side
        found = [side.take, side.take_all, side.print]
        for name in self._order:
            row = self.rows[name]
            found += [row.reached, row.no_answer, row.add_number]
        return [button for button in found if not button.isHidden()]

    def tab(self, step: int) -> None:
        """To the next stop or the one before, around the ends."""
        stops = self.stops()
        at = next((n for n, button in enumerate(stops) if button.hasFocus()), -step)
        self._go_to(stops[(at + step) % len(stops)])

    def _go_to(self, button: KeyButton) -> None:
        button.setFocus(Qt.FocusReason.TabFocusReason)
        parent = button.parentWidget()
        if isinstance(parent, CallRow):
            self.call_list.ensureWidgetVisible(parent, 0, 0)

    # -- the frame -----------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Flash the frame while it is seen, unless the operator wants things to stand still."""
        period = theme().motion("sirenPeriod")
        self._inverted = False
        if period:
            self._turn.start(period // 2)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        self._turn.stop()
        super().hideEvent(event)

    def _flash(self) -> None:
        self._inverted = not self._inverted
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground and frame; only the frame flashes, never a word."""
        look = theme()
        tone = look.severity("emergency")
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.color.panel)
        line = tone.on if self._inverted else tone.solid
        draw_box(painter, QRectF(self.rect()), line=line, width=look.px(_EDGE))
        painter.end()
