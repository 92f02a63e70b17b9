"""By what the people of an incident speak to each other: a line each, to open and to copy."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import PaneHead
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme
from crisisdesk.domain.incident_channels import channel_key, channels_of, kind_word

if TYPE_CHECKING:
    from crisisdesk.domain.incident import Incident

Channel = dict[str, Any]
NONE_YET = "None is named yet. D names one: a bridge, a chat, a room."
_WORD_ROOM = 34


def title_of(channel: Channel) -> str:
    """``War room (bridge)``, cut where it is long."""
    text = f"{channel['name']} ({kind_word(channel['kind'])})"
    return text if len(text) <= _WORD_ROOM else f"{text[: _WORD_ROOM - 1].rstrip()}…"


def detail_of(channel: Channel) -> str:
    """Where it is and what it is for; says so where nobody has said where it is."""
    where = channel["address"] or "no address"
    return f"{where}; {channel['use']}" if channel["use"] else where


class ChannelRow(QWidget):
    """One channel: its name, where it is, and two buttons where there is an address."""

    opened = Signal(str)
    copied = Signal(str)

    def __init__(self, channel: Channel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        layout = QHBoxLayout(self)
        layout.setContentsMargins(px(12), px(4), px(12), px(4))
        layout.setSpacing(px(8))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(title_of(channel), "body", "primary", weight=500))
        words.addWidget(Text(detail_of(channel), "small", "secondary", wrap=True))
        layout.addLayout(words, 1)
        self.buttons: dict[str, KeyButton] = {}
        if channel["address"]:
            for word, icon, signal in (
                ("Open", "external-link", self.opened),
                ("Copy", "copy", self.copied),
            ):
                button = self.buttons[word] = KeyButton(word, icon=icon, height=24)
                button.setAccessibleName(f"{word} {channel['name']}, {channel['address']}")
                button.clicked.connect(partial(signal.emit, channel["address"]))
                layout.addWidget(button)


class ChannelsPane(QWidget):
    """Head and lines; hidden where nothing is known of any incident."""

    opened = Signal(str)
    copied = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[Channel] | None = None
        self.head = PaneHead("Channels")
        self.none = Text(NONE_YET, "small", "tertiary", wrap=True)
        px = theme().px
        self.none.setContentsMargins(px(12), px(6), px(12), px(6))
        self.rows: list[ChannelRow] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.head)
        self._layout.addWidget(self.none)

    def show_incident(self, incident: Incident) -> None:
        """Take its channels; nothing moves where they are the same."""
        found = channels_of(incident)
        if found == self._shown:
            return
        held = self._held()
        self._shown = found
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = [ChannelRow(one) for one in found]
        for row in self.rows:
            row.opened.connect(self.opened)
            row.copied.connect(self.copied)
            self._layout.addWidget(row)
        self.none.setVisible(not found)
        self.head.show_words("Channels", str(len(found)) if found else "")
        self._give_back(held)

    def _held(self) -> tuple[str, str] | None:
        """The channel and the button that have the keyboard."""
        for channel, row in zip(self._shown or (), self.rows, strict=True):
            for word, button in row.buttons.items():
                if button.hasFocus():
                    return channel_key(channel["name"]), word
        return None

    def _give_back(self, held: tuple[str, str] | None) -> None:
        for channel, row in zip(self._shown or (), self.rows, strict=True):
            if held is not None and channel_key(channel["name"]) == held[0]:
                button = row.buttons.get(held[1])
                if button is not None:
                    button.setFocus()
