"""The siren over the whole window: it stays until somebody takes the alert or was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from crisisdesk.desk.frame.overlay import Overlay
from crisisdesk.desk.key_map import in_a_field
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.siren.panel import SirenPanel

if TYPE_CHECKING:
    from datetime import tzinfo

    from PySide6.QtGui import QKeyEvent, QMouseEvent
    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.siren.dossier import Dossier

# Somebody was typing or pressing something else when it came: those keys are not meant for it.
DEAF_MS, DEAF_IN_A_FIELD_MS = 600, 1_500


class Siren(Overlay):
    """``taken`` asks to acknowledge the alert shown (True: all), ``called`` carries the name and
    outcome of a call, ``print_wanted`` and ``settings_wanted`` ask for these."""

    taken = Signal(bool)
    called = Signal(str, str)
    print_wanted = Signal()
    settings_wanted = Signal()

    def __init__(self, window: QWidget, zone: tzinfo | None = None) -> None:
        super().__init__(window)
        self.dossier: Dossier | None = None
        self.panel = SirenPanel(self, zone)
        self._deaf = QTimer(self)
        self._deaf.setSingleShot(True)
        self._deaf.timeout.connect(self._listen)
        side = self.panel.side
        side.take.clicked.connect(lambda: self._take(everything=False))
        side.take_all.clicked.connect(lambda: self._take(everything=True))
        side.print.clicked.connect(self._print)
        self.panel.logged.connect(self._log)
        self.panel.settings_wanted.connect(self.settings_wanted)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._keep_focus)
        self.setAccessibleName("Siren")

    @property
    def is_deaf(self) -> bool:
        """Whether keys and presses are not taken yet."""
        return self._deaf.isActive()

    def show_dossier(self, dossier: Dossier | None, unreached: int, now_ms: int) -> None:
        """Show an alert of ``unreached`` in all; None uncovers the window."""
        before, self.dossier = self.dossier, dossier
        if dossier is None:
            self._deaf.stop()
            self.dismiss()
            return
        fresh = before is None or (before.alert_id, before.epoch) != (
            dossier.alert_id,
            dossier.epoch,
        )
        self.panel.show_dossier(dossier, unreached, now_ms, fresh=fresh)
        if self.isHidden():
            self._deaf.start(DEAF_IN_A_FIELD_MS if in_a_field() else DEAF_MS)
            self.open_over()
            self.setFocus(Qt.FocusReason.PopupFocusReason)
        elif fresh:
            self._deaf.start(DEAF_MS)
            self.setFocus(Qt.FocusReason.PopupFocusReason)
            self.place()
        else:
            self.place()

    def set_now(self, now_ms: int) -> None:
        """Turn the clocks."""
        if self.isVisible():
            self.panel.head.set_now(now_ms)

    def place(self) -> None:
        """Centre the panel; it is as high as what it holds, or as the window."""
        px = theme().px
        edge = min(px(24), self.width() // 40)
        width = min(px(1440), self.width() - 2 * edge)
        self.panel.fit(width)
        height = min(self.panel.wanted_height(width), self.height() - 2 * edge)
        self.panel.setGeometry(
            (self.width() - width) // 2, (self.height() - height) // 2, width, height
        )

    def _listen(self) -> None:
        if self.isVisible():
            self.panel.side.take.setFocus(Qt.FocusReason.PopupFocusReason)

    def _keep_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Take the keyboard back from whatever of the window below took it."""
        if not self.isVisible() or new is None or new is self or self.isAncestorOf(new):
            return
        if self._window.isAncestorOf(new) and new.window() is self._window.window():
            (self if self.is_deaf else self.panel.side.take).setFocus(
                Qt.FocusReason.PopupFocusReason
            )

    # -- what is pressed -----------------------------------------------------------------------

    def _take(self, *, everything: bool) -> None:
        if not self.is_deaf:
            self.taken.emit(everything)

    def _log(self, name: str, outcome: str) -> None:
        if not self.is_deaf:
            self.called.emit(name, outcome)

    def _print(self) -> None:
        if not self.is_deaf:
            self.print_wanted.emit()

    def event(self, event: QEvent) -> bool:
        """Keep every key from the shortcuts of the window below."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A, Shift A and Ctrl P; Esc and every other key end here."""
        event.accept()
        if self.is_deaf:
            # Who is still typing has not seen it yet.
            self._deaf.start()
            return
        key, held = event.key(), event.modifiers()
        shift, ctrl = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
        if key == Qt.Key.Key_A and held in (Qt.KeyboardModifier.NoModifier, shift):
            self._take(everything=held == shift)
        elif key == Qt.Key.Key_P and held == ctrl:
            self._print()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab and the arrows stay on the panel."""
        self.panel.tab(1 if forward else -1)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press beside the panel does nothing."""
        event.accept()
