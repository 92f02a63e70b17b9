"""A page that can be replaced by words: nothing there, nothing found, cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget

from crisisdesk.desk.frame.empty_state import EmptyButton, EmptyState, EmptyView
from crisisdesk.domain.delivery_words import EVERYTHING, group_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_LONGEST = 24
NOBODY_PAGED = EmptyView(
    title="Nobody was paged yet.",
    text="Each page to a person stands here from the moment it is queued, with what became of it. "
    "Send somebody a test page to see one.",
    buttons=(EmptyButton("people", "People to page", "9", primary=True),),
)
NO_CHANNEL = EmptyView(
    title="No contact has a channel yet.",
    text="Until somebody can be reached by one, alerts page nobody.",
    buttons=(EmptyButton("people", "People to page", "9", primary=True),),
)


def nothing_found(group: str, text: str) -> EmptyView:
    """What is said when a group or a text leaves nothing of the deliveries."""
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    kind = "" if group == EVERYTHING else f" in “{group_of(group).word}”"
    words = f"No delivery with “{text}”{kind}." if text else f"No delivery{kind}."
    return EmptyView(title=words, buttons=(EmptyButton("clear", "Show all", "A", primary=True),))


def unreadable(what: str, words: str) -> EmptyView:
    """What is said when the station's file cannot be read."""
    return EmptyView(
        title=f"{what} cannot be read now.",
        text=f"{words[:1].upper()}{words[1:]}.",
        buttons=(EmptyButton("again", "Read again", primary=True),),
    )


class EmptyPages(QStackedWidget):
    """Shows ``body``, or an empty state in its place; ``asked`` is the key of its button."""

    asked = Signal(str)

    def __init__(self, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body = body
        self._empty: EmptyState | None = None
        self.view: EmptyView | None = None
        self.addWidget(body)

    def show_empty(self, view: EmptyView | None) -> None:
        """Show this in place of the body, or the body again."""
        if view == self.view:
            return
        self.view = view
        focused = QApplication.focusWidget()
        held = focused is not None and self.isAncestorOf(focused)
        gone, self._empty = self._empty, None
        if view is not None:
            self._empty = EmptyState(view)
            self._empty.chosen.connect(self.asked)
            self.addWidget(self._empty)
        shown = self._empty or self._body
        self.setCurrentWidget(shown)
        if gone is not None:
            self.removeWidget(gone)
            gone.deleteLater()
        if held:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)
