"""Guard: Qt windows left open and Qt timers left running."""

from __future__ import annotations

import gc
import inspect
import sys
import weakref
from typing import TYPE_CHECKING, Any

from tests.guards.origins import origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QWidget

# Qt keeps one of each for the whole application once it has been shown.
KEPT_BY_QT = frozenset({"QTipLabel", "QDesktopWidget", "QSystemTrayIconSys"})

_timers: dict[int, tuple[weakref.ref[QTimer], str]] = {}


def record_timer_starts() -> None:
    """Note the place of every ``QTimer.start`` from now on; once per process."""
    from PySide6.QtCore import QTimer

    plain_start: Any = QTimer.start
    if getattr(plain_start, "records_origin", False):
        return

    def start(self: QTimer, *args: Any) -> None:
        plain_start(self, *args)
        _timers[id(self)] = (weakref.ref(self), origin())

    start.records_origin = True  # type: ignore[attr-defined]
    QTimer.start = start  # type: ignore[method-assign]


def _qt_application() -> Any | None:
    """The running QApplication; None when there is none (Qt is then not imported here)."""
    if "PySide6.QtWidgets" not in sys.modules:
        return None
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    return app if isinstance(app, QApplication) else None


def _settle(app: Any, is_clean: Callable[[], bool]) -> None:
    """Let deferred deletions happen and drop what only a reference cycle keeps."""
    from PySide6.QtCore import QEvent

    for _ in range(3):
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        app.processEvents()
        if is_clean():
            return
        # It looks at everything that the session has made so far, which takes a while.
        gc.collect()


def _windows(app: Any) -> list[QWidget]:
    return [w for w in app.topLevelWidgets() if w.metaObject().className() not in KEPT_BY_QT]


def _address(widget: QWidget) -> int:
    import shiboken6

    return int(shiboken6.getCppPointer(widget)[0])


def _describe(widget: QWidget) -> str:
    kind = type(widget)
    try:
        place = f"{inspect.getsourcefile(kind)}:{inspect.getsourcelines(kind)[1]}"
    except (TypeError, OSError):
        place = "a class of Qt itself"
    name = widget.objectName() or widget.windowTitle() or "without a name"
    return f"{kind.__name__} {name!r}, class at {place}"


class WidgetWatch:
    """Top-level widgets that were not there before the test."""

    def __init__(self) -> None:
        app = _qt_application()
        self._before = {_address(w) for w in _windows(app)} if app else set()

    def _new(self, app: Any) -> list[QWidget]:
        return [w for w in _windows(app) if _address(w) not in self._before]

    def leftovers(self) -> list[str]:
        """Class, name and source of each window left after deferred deletions."""
        app = _qt_application()
        if app is None or not self._new(app):
            return []
        _settle(app, lambda: not self._new(app))
        return [_describe(widget) for widget in self._new(app)]


def _active(entries: Iterable[tuple[weakref.ref[QTimer], str]]) -> list[tuple[QTimer, str]]:
    import shiboken6

    return [
        (timer, place)
        for ref, place in entries
        if (timer := ref()) is not None and shiboken6.isValid(timer) and timer.isActive()
    ]


class TimerWatch:
    """Timers started during the test and still running after it."""

    def __init__(self) -> None:
        if "PySide6.QtCore" in sys.modules:
            record_timer_starts()
        for key, (ref, _) in list(_timers.items()):
            if ref() is None:
                del _timers[key]
        self._before = {id(timer) for timer, _ in _active(_timers.values())} if _timers else set()

    def _new(self) -> list[tuple[QTimer, str]]:
        return [pair for pair in _active(_timers.values()) if id(pair[0]) not in self._before]

    def leftovers(self) -> list[str]:
        """Interval and starting place of each timer left after deferred deletions."""
        if not _timers or not self._new():
            return []
        app = _qt_application()
        if app is not None:
            _settle(app, lambda: not self._new())
        return [
            f"{type(timer).__name__} every {timer.interval()} ms, started at {place}"
            for timer, place in self._new()
        ]
