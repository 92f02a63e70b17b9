"""Looks at the open rule, off the Qt thread, a moment after the last change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from crisisdesk.desk.planning.rules.reading import Looked, look_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.desk.room import Desk

# A week of alerts is gone through: not with each letter.
_SETTLE_MS = 400
# A store that cannot be read leaves a question unanswered: it is asked again after so long.
_LOST_MS = 10_000


class Checker(QObject):
    """One question at a time: a change while one is under way is looked at after its answer.

    ``show`` has the answer to what was wanted last, with whether there is any yet.
    """

    def __init__(self, desk: Desk, show: Callable[[Looked | None], None], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._show = desk, show
        self._wanted: tuple[str, Content] | None = None
        self._number = 0
        self._asking = self._again = False
        self._asked_ms = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE_MS)
        self._timer.timeout.connect(self.ask)

    def look(self, name: str, content: Content | None, *, anew: bool = False) -> None:
        """Look at this one; None when it cannot be published. ``anew`` looks at the same again."""
        wanted = None if content is None else (name, content)
        if wanted == self._wanted and not anew:
            return
        changed = wanted != self._wanted
        self._wanted = wanted
        self._number += 1
        if changed:
            self._show(None)
        if wanted is None:
            self._timer.stop()
        else:
            self._timer.start()

    def ask(self) -> None:
        """Ask now."""
        now_ms = self._desk.now_ms()
        if self._wanted is None:
            return
        if self._asking and now_ms - self._asked_ms < _LOST_MS:
            self._again = True
            return
        (name, content), number = self._wanted, self._number
        self._asking, self._again, self._asked_ms = True, False, now_ms

        def answer(found: Looked) -> None:
            self._asking = False
            if number == self._number:
                self._show(found)
            if self._again:
                self.ask()

        self._desk.ask(lambda reader: look_at(reader, name, content, now_ms), answer)
