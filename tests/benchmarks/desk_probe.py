"""The desk's own program with a clock on its GUI thread; all it does is the desk's real code.

Usage: ``python -m tests.benchmarks.desk_probe`` with ``CRISISDESK_DATA_DIR`` set. It prints JSON
lines: ``window`` at the first paint, ``rows`` when a paint shows a queue that has grown, ``mark``
when a row whose title begins with MARK has been painted. Commands come on stdin, one a line, and
are carried out on the GUI thread: ``gaps`` (of a 5 ms timer since the last such command), ``filter
TEXT``, ``order NAME``, ``scroll FRAMES``, ``tick COUNT``, ``quit``.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from crisisdesk.desk import app as desk_app
from crisisdesk.desk.alerts.faces import alert_of
from crisisdesk.desk.alerts.room import AlertsRoom
from crisisdesk.desk.alerts.view import QueueView

from tests.benchmarks.figures import latencies

MARK = "Mark"
BEAT_MS = 5


def say(event: str, **facts: Any) -> None:
    """One JSON line."""
    sys.stdout.write(json.dumps({"event": event, "t": time.perf_counter(), **facts}) + "\n")
    sys.stdout.flush()


class FirstWindow(QObject):
    """Tells the first paint of any window, then steps aside."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            QCoreApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
            QTimer.singleShot(0, lambda: say("window", rss_mb=_rss_mb()))
        return False


class PaintWatch:
    """Looks at what stands in the list each time it has been painted."""

    def __init__(self) -> None:
        self._most = 0
        self._seen: set[str] = set()
        self._paint = QueueView.paintEvent
        watch = self

        def painted(view: QueueView, event: QPaintEvent) -> None:
            watch._paint(view, event)
            watch.look(view)

        QueueView.paintEvent = painted  # type: ignore[method-assign,assignment]

    def look(self, view: QueueView) -> None:
        model = view._queue
        count = model.rowCount()
        if count > self._most:
            self._most = count
            say("rows", count=count)
        for row in view.visible_rows():
            alert = alert_of(model.items[row])
            if alert is not None and alert.title.startswith(MARK) and alert.title not in self._seen:
                self._seen.add(alert.title)
                say("mark", title=alert.title)


class Beat:
    """The gaps between the timeouts of a 5 ms timer: how long the event loop did not come round."""

    def __init__(self, parent: QObject) -> None:
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        timer = QTimer(parent)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self._beat)
        timer.start(BEAT_MS)

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


class Commands(QObject):
    """Carries out what comes on stdin."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app, self._beat = app, Beat(app)
        self._input = sys.stdin
        self._notifier = QSocketNotifier(self._input.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._come)

    def _come(self) -> None:
        word, _, rest = self._input.readline().strip().partition(" ")
        if word in ("", "quit"):
            self._notifier.setEnabled(False)
            self._app.exit(0)  # quit() would ask the window first, which may answer no
        elif word == "gaps":
            gaps, self._beat.gaps = self._beat.gaps, []
            say("gaps", count=len(gaps), rss_mb=_rss_mb(), **latencies("gap", gaps))
        else:
            times = getattr(self, f"_{word}")(_alerts(), rest)
            say(word, shown=_alerts().model.rowCount(), **latencies(word, times))

    def _filter(self, room: AlertsRoom, text: str) -> list[float]:
        return [self._frame(room, lambda: room.list.filter.setText(text))]

    def _order(self, room: AlertsRoom, name: str) -> list[float]:
        actions = {a.key: a for a in room.actions()}
        return [self._frame(room, actions[f"order {name}"].run)]

    def _scroll(self, room: AlertsRoom, frames: str) -> list[float]:
        bar = room.view.verticalScrollBar()
        step = max(1, bar.maximum() // int(frames))
        return [
            self._frame(room, partial(bar.setValue, number * step % max(1, bar.maximum())))
            for number in range(int(frames))
        ]

    def _tick(self, room: AlertsRoom, count: str) -> list[float]:
        now = room.desk.now_ms()
        return [
            self._frame(room, partial(room.tick, now + number * 1000), paint=False)
            for number in range(1, int(count) + 1)
        ]

    def _frame(self, room: AlertsRoom, change: Callable[[], None], *, paint: bool = True) -> float:
        """Seconds from a change to its being on the screen."""
        began = time.perf_counter()
        change()
        self._app.sendPostedEvents()
        if paint:
            room.view.viewport().repaint()
        else:
            self._app.processEvents()
        return time.perf_counter() - began


def _alerts() -> AlertsRoom:
    for window in QApplication.topLevelWidgets():
        if found := window.findChild(AlertsRoom):
            return found
    raise RuntimeError("the desk has no room of alerts")


def _rss_mb() -> float:
    return float(psutil.Process(os.getpid()).memory_info().rss) / 2**20


def main() -> int:
    """Run the desk until told to end."""
    app = QApplication(["crisisdesk"])
    first = FirstWindow(app)
    app.installEventFilter(first)
    PaintWatch()
    QTimer.singleShot(0, lambda: Commands(app))
    return desk_app.main()


if __name__ == "__main__":
    sys.exit(main())
