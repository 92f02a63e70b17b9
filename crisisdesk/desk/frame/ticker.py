"""The one 250 ms tick that every clock on the desk shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

if TYPE_CHECKING:
    from crisisdesk.engine.ports import Clock

TICK_MS = 250


class Ticker(QObject):
    """Tells the time (UTC ms) four times a second; made once for the desk."""

    # object, since Signal(int) carries 32 bits and UTC milliseconds need 41.
    ticked = Signal(object)

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def now_ms(self) -> int:
        """The time now, UTC milliseconds."""
        return self._clock.now_ms()

    def start(self) -> None:
        """Tick at once and from now on."""
        self._timer.start()
        self._tick()

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()

    def _tick(self) -> None:
        self.ticked.emit(self._clock.now_ms())
