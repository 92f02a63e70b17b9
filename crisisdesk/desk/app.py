"""The desk as a program: the first window at once, everything heavy after it has been painted."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, QTimer, Signal
from PySide6.QtWidgets import QApplication

from crisisdesk.desk.feed import Feed
from crisisdesk.desk.frame.ticker import Ticker
from crisisdesk.desk.look.theme import ZOOM_MAX, ZOOM_MIN, install, look
from crisisdesk.desk.look.tokens import THEMES, ThemeName
from crisisdesk.desk.ops import Ops
from crisisdesk.desk.shell import Shell
from crisisdesk.desk.supervisor import Supervisor
from crisisdesk.desk.tidy import Tidy
from crisisdesk.desk.wall_clock import WallClock
from crisisdesk.desk.window_state import WindowState
from crisisdesk.settings.figures import FlappingFigures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget

    from crisisdesk.desk.desk_actions import DeskActions
    from crisisdesk.engine.ports import Clock
    from crisisdesk.settings.places import Places

log = logging.getLogger(__name__)


UNPAINTED_MS = 500


class FirstPaint(QObject):
    """``happened`` comes once, after the event in which a widget was painted first."""

    happened = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait for the paint, then for the event loop to come round."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self.happened.emit)
        return False


@dataclass(kw_only=True)
class Desk:
    """All parts of one running desk; ``finish`` loads what may wait, ``close`` ends its threads."""

    app: QApplication
    shell: Shell
    ticker: Ticker
    feed: Feed
    ops: Ops
    supervisor: Supervisor
    state: WindowState
    sounds: bool = True
    actions: DeskActions | None = None
    parts: list[QObject] | None = None
    begun: bool = False

    def start(self) -> None:
        """Show the window; once it has been painted, read, watch and load the rest."""
        painted = FirstPaint(self.shell.banner)
        painted.happened.connect(self._begin)
        self.shell.show()
        # A window that opens minimised is never painted and must work all the same.
        QTimer.singleShot(UNPAINTED_MS, self.shell, self._begin)

    def _begin(self) -> None:
        if self.begun:
            return
        self.begun = True
        self.ticker.start()
        self.feed.start()
        self.supervisor.start()
        self.ops.start()
        QTimer.singleShot(0, self.shell, self.finish)

    def finish(self) -> None:
        """Load the other rooms, the palette, the sound and the tray."""
        if self.parts is not None:
            return
        from crisisdesk.desk.furnish import furnish

        self.parts = []
        furnish(self)

    def close(self) -> None:
        """Stop everything this desk started; the engine is not among it."""
        self.ticker.stop()
        self.supervisor.stop()
        self.feed.stop()
        self.ops.stop()
        self.shell.looks.close()
        self.supervisor.hang_up()
        self.state.save()
        self.state.wait()
        for part in self.parts or []:
            if hasattr(part, "close"):
                part.close()
        self.shell.hide()
        self.shell.deleteLater()


def build_desk(
    app: QApplication,
    places: Places,
    *,
    clock: Clock | None = None,
    starts_engine: bool = True,
    sounds: bool = True,
) -> Desk:
    """Put a desk together; nothing runs and nothing is shown before ``start``.

    With ``sounds`` False it never opens an audio device (pictures on a server). With
    ``starts_engine`` False an engine is used when one runs and never started.
    """
    state = WindowState(places.desk)
    name = state.get("look.theme", "dark")
    zoom = min(ZOOM_MAX, max(ZOOM_MIN, state.get("look.zoom", 100)))
    dress(app, cast("ThemeName", name if name in THEMES else "dark"), zoom)
    clock = clock or WallClock()
    ticker = Ticker(clock)
    feed = Feed(places.store, clock, FlappingFigures(places.settings))
    supervisor = Supervisor(places, clock, starts_engine=starts_engine)
    ops = Ops(supervisor.client)
    shell = Shell(ticker=ticker, feed=feed, ops=ops, supervisor=supervisor, state=state)
    return Desk(
        app=app,
        shell=shell,
        ticker=ticker,
        feed=feed,
        ops=ops,
        supervisor=supervisor,
        state=state,
        sounds=sounds,
    )


def dress(app: QApplication, name: ThemeName, zoom: int) -> None:
    """Put the look on; an application that wears one already only changes it."""
    try:
        worn = look()
    except RuntimeError:
        install(app, name, zoom)
        return
    if (worn.theme.name, worn.theme.zoom) != (name, zoom):
        worn.switch(name=name, zoom=zoom)


def run_desk(places: Places, argv: list[str] | None = None, *, starts_engine: bool = True) -> int:
    """Run the desk until it is closed; returns the exit code."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(argv or ["crisisdesk"])
    app.setApplicationName("CrisisDesk")
    app.setDesktopFileName("crisisdesk")
    places.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    desk = build_desk(app, places, starts_engine=starts_engine)
    tidy = Tidy(app)
    desk.shell.settled.connect(tidy.note_work)
    with _signals(app):
        tidy.start()
        desk.start()
        try:
            return app.exec()
        finally:
            desk.close()
            tidy.stop()


def main() -> int:
    """Open the desk on the data folder of the environment; returns the exit code."""
    from crisisdesk.settings.places import Places, default_data_dir

    return run_desk(Places(default_data_dir()))


@contextlib.contextmanager
def _signals(app: QApplication) -> Iterator[None]:
    """Quit on SIGTERM and SIGINT, which Python would only handle at the next line of its own."""
    reading, writing = socket.socketpair()
    for end in (reading, writing):
        end.setblocking(False)
    before = signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    handlers = {
        number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)
    }
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read)

    def woken() -> None:
        with contextlib.suppress(BlockingIOError):
            reading.recv(64)
        # quit() asks the windows first, and one of them may say no.
        app.exit(0)

    notifier.activated.connect(woken)
    try:
        yield
    finally:
        notifier.setEnabled(False)
        signal.set_wakeup_fd(before)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        reading.close()
        writing.close()
