"""What the page says while no schedule is published: what to do, and a file to begin with."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetricsF, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.paint import fill
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.settings_room.card import row
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.wall import checked_zone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from crisisdesk.domain.contact import Contact

FILE = "database.yaml"
COMMAND = f"crisisdesk policy publish {FILE}"
_WIDTH, _MEMBERS = 620, 3
_UNKNOWN = (("C-7K3QX2M9", "the id of a contact"), ("C-4W8TZB1H", "of the next one"))


def example_text(people: Sequence[Contact], zone: str, now_ms: int) -> str:
    """A schedule as a YAML file: weekly turns from last Monday on, with the station's own people.

    Without any it names ids that have to be filled in.
    """
    known = [(p.contact_id, p.name) for p in people if p.enabled and not p.removed][:_MEMBERS]
    members = "\n".join(f"        - {one}  # {name}" for one, name in known or _UNKNOWN)
    try:
        checked_zone(zone, "zone")
    except Malformed:
        zone = "UTC"  # a machine may call its own zone by a name that others do not know
    today = datetime.fromtimestamp(now_ms / 1000, ZoneInfo(zone)).date()
    monday = today - timedelta(days=today.weekday())
    return (
        "name: Database\n"
        "content:\n"
        "  kind: schedule\n"
        f"  zone: {zone}\n"
        "  layers:\n"
        "    - name: Primary\n"
        "      members:\n"
        f"{members}\n"
        "      rotation: week\n"
        "      every: 1\n"
        '      handover: {time: "09:00", weekday: 0}\n'
        f'      start: "{monday.isoformat()}"'
    )


class NoSchedule(Painted):
    """Words, the file, and buttons. ``helped`` asks for the help page, ``written`` for the form."""

    helped = Signal()
    written = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme().px
        self.setAccessibleName("No schedule is published")
        self.words = Text(
            "A schedule says who is paged first at any moment, and who next. Without one an "
            "escalation pages people by name, or everyone.",
            "lead",
            "secondary",
            weight=400,
            wrap=True,
        )
        self.trouble = Text("", "body", "stale", wrap=True)
        self.trouble.hide()
        self.how = Text(
            "People in turn are written here (N). For all else save this as "
            f"{FILE}, change what is not yours, and publish it in a shell:",
            "body",
            "secondary",
            wrap=True,
        )
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Example of a schedule")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.command = Text(COMMAND, "body", mono=True)
        self.command.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.write = KeyButton("New schedule", "N", "primary", icon="plus")
        self.copy = KeyButton("Copy the file", "C", icon="copy")
        self.help = KeyButton("Help: On call", "F1")
        self.copied = Text("", "small", "ok")
        self.write.clicked.connect(self.written)
        self.copy.clicked.connect(self.copy_file)
        self.help.clicked.connect(self.helped)
        page = self._page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(10))
        column.addWidget(Text("No schedule is published", "figure"))
        for widget in (self.words, self.trouble, self.how, self.text, self.command):
            column.addWidget(widget)
        column.addLayout(row(self.write, self.copy, self.help, self.copied, 1))
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(2)
        look().changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        self._page.setFixedWidth(theme().px(_WIDTH))
        self.text.setFont(theme().mono(12))
        px, lines = theme().px, self.text.document().blockCount()
        spacing = QFontMetricsF(theme().mono(12)).lineSpacing()
        self.text.setFixedHeight(ceil(spacing) * max(2, lines) + px(22))
        # Wrapped words ask for too little where the page is not as wide as their hint.
        for words in (self.words, self.trouble, self.how):
            words.setFixedHeight(max(0, words.heightForWidth(px(_WIDTH))))

    def show_example(self, text: str, problems: Sequence[str]) -> None:
        """Show this file, and what is published but cannot be used."""
        if text != self.text.toPlainText():
            self.text.setPlainText(text)
        self.trouble.setText("\n".join(f"{problem}." for problem in problems))
        self.trouble.setVisible(bool(problems))
        self._measure()

    def copy_file(self) -> None:
        """Put the file on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText() + "\n")
        self.copied.setText("Copied")

    def paint(self, painter: QPainter) -> None:
        """The ground of a pane."""
        fill(painter, 0, 0, self.width(), self.height(), theme().color.panel)
