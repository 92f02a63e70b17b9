"""Watches the alerts and hands notices to whatever this session has to show them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal

from crisisdesk.desk.notices.courier import (
    Courier,
    NoticeClosed,
    NoticePressed,
    Unshown,
    WayChanged,
)
from crisisdesk.domain.notice_words import OPEN, Notice
from crisisdesk.domain.notices import NoticeBoard, NoticeStep

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.notices.courier import News
    from crisisdesk.desk.snapshot import Change

LOOKING = "Desktop notices: looking for a service"
ON = "Desktop notices: on"
IN_TRAY = "Desktop notices: in the tray"
NOWHERE = "No notification service here"


class Tray(Protocol):
    """The way that is left where no service answers."""

    @property
    def available(self) -> bool: ...
    def notify(self, title: str, text: str, *, grave: bool = False) -> bool: ...


def has_bus() -> bool:
    """Whether desktops of this system speak D-Bus."""
    return sys.platform not in {"win32", "darwin"}


def _session_bus() -> str:
    # Runs on the courier's thread: what speaks to the bus is not loaded on the desk's own.
    from crisisdesk.desk.notices.bus import session_bus_address

    return session_bus_address()


class NoticeWatch(QObject):
    """Shows notices of what nobody has.

    ``pressed`` carries the key of a notice, what was pressed on it (`OPEN`, `ACKNOWLEDGE`) and a
    token for taking the focus, "" for none. ``called`` says that a person is called now, and
    ``words_changed`` carries what the status bar says about notices.
    """

    pressed = Signal(str, str, str)
    called = Signal()
    words_changed = Signal(str)
    _heard = Signal(object)

    def __init__(
        self,
        tray: Tray,
        parent: QObject | None = None,
        *,
        bus: Callable[[], str] | None = _session_bus,
    ) -> None:
        """``bus`` finds the session's bus; None leaves everything to the tray."""
        super().__init__(parent)
        self._tray = tray
        self._board = NoticeBoard()
        self._in_tray = ""
        self._courier = None if bus is None else Courier(self._heard.emit, bus)
        self._words = LOOKING if self._courier is not None else self._without_service()
        self._heard.connect(self._take_news)

    @property
    def words(self) -> str:
        """What the status bar says."""
        return self._words

    def start(self) -> None:
        """Look for a service; until one is found or not, notices wait."""
        if self._courier is not None:
            self._courier.start()

    def close(self) -> None:
        """Take all notices back."""
        if self._courier is not None:
            self._courier.close()

    def take(self, change: Change, *, operator: str, now_ms: int) -> None:
        """Look at what has changed."""
        step = self._board.learn(
            change.alerts,
            operator=operator,
            now_ms=now_ms,
            full=change.full,
            loading=change.loading,
        )
        self._carry_out(step)

    def tick(self, now_ms: int) -> None:
        """Let time pass."""
        self._carry_out(self._board.tick(now_ms))

    def tell(self, notice: Notice) -> None:
        """Show one that is about who has an alert, beside those of what nobody has."""
        self._carry_out(NoticeStep(show=(notice,)))

    def tray_pressed(self) -> None:
        """Somebody pressed what the tray shows; that is the latest."""
        if self._in_tray:
            self.pressed.emit(self._in_tray, OPEN, "")

    def _carry_out(self, step: NoticeStep) -> None:
        if not step:
            return
        if self._courier is not None:
            for key in step.withdraw:
                self._courier.withdraw(key)
            for notice in step.show:
                self._courier.show(notice)
        else:
            self._show_in_tray(step.show)
        if any(not notice.quiet for notice in step.show):
            self.called.emit()

    def _show_in_tray(self, notices: tuple[Notice, ...]) -> None:
        """A tray shows one at a time, the last over the others: of several the worst goes last."""
        for notice in sorted(notices, key=lambda one: (one.severity, bool(one.alert_id))):
            if not notice.quiet and self._tray.notify(
                notice.title, notice.body, grave=notice.grave
            ):
                self._in_tray = notice.key

    def _take_news(self, news: News) -> None:
        if isinstance(news, WayChanged):
            self._words = ON if news.on else self._without_service()
            self.words_changed.emit(self._words)
        elif isinstance(news, Unshown):
            self._show_in_tray(news.notices)
        elif isinstance(news, NoticePressed):
            self.pressed.emit(news.key, news.action, news.token)
        elif isinstance(news, NoticeClosed):
            self._board.closed(news.key)

    def _without_service(self) -> str:
        return IN_TRAY if self._tray.available else NOWHERE
