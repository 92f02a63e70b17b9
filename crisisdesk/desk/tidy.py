"""Garbage collection in small steps: the collector's own full passes would stop the window.

A queue of 100,000 alerts is as many tuples that never lie in a cycle. What survives one look at the
young objects is set aside (``gc.freeze``) and not looked at again, except once an hour while
nothing happens.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

STEP_MS = 5_000
THOROUGH_EVERY = 720
# More young objects than this come from a load: they are set aside unseen.
CROWD = 40_000


class Tidy(QObject):
    """Takes the collector over from ``start`` to ``stop``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self.step)
        self._steps = 0
        self._busy = False

    def start(self) -> None:
        """Begin."""
        gc.collect()
        gc.freeze()
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give the collector back."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def note_work(self) -> None:
        """Something happens: the thorough look waits."""
        self._busy = True

    def step(self) -> None:
        """Look at what is new; at everything when it is time and nothing happens."""
        self._steps += 1
        if self._steps >= THOROUGH_EVERY and not self._busy:
            self._steps = 0
            gc.unfreeze()
            gc.collect()
        elif gc.get_count()[0] < CROWD:
            gc.collect(0)
        gc.freeze()
        self._busy = False
