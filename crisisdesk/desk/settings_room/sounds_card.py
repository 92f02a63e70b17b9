"""The five alarms: hear each, set how loud it is, say that it was heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QSlider, QWidget

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import draw_text, fill
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.settings_room.card import Card, Verdict
from crisisdesk.domain.alarm import Motif

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.domain.station import Station

SOUNDS = (
    ("low", "Low", "One soft note, once", 30),
    ("medium", "Medium", "Two notes, rising, every 5 min", 45),
    ("high", "High", "Three notes, rising, every 60 s", 65),
    ("critical", "Critical", "Four fast notes, falling, every 20 s", 85),
    ("emergency", "Emergency", "Two-tone siren, until somebody acts", 100),
)


def volume_key(severity: str) -> str:
    """The name under which the desk remembers a volume (percent)."""
    return f"volume.{severity}"


class _Face(Painted):
    """Mark, name and words of one sound."""

    def __init__(self, severity: str, name: str, words: str) -> None:
        super().__init__()
        self._severity, self._name, self._words = severity, name, words
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme().px(260), theme().px(48))

    def paint(self, painter: QPainter) -> None:
        px, color = theme().px, theme().color
        middle = self.height() / 2
        draw_mark(painter, px(4), round(middle - px(10)), self._severity, size=20)
        box = QRectF(px(38), middle - px(18), self.width() - px(38), px(18))
        draw_text(painter, box, self._name, color.primary, "body", weight=600)
        draw_text(painter, box.translated(0, px(19)), self._words, color.tertiary, "micro")


class SoundRow(QWidget):
    """One sound. ``played`` and ``heard`` carry its severity."""

    played = Signal(str)
    heard = Signal(str)

    def __init__(self, severity: str, name: str, words: str, volume: int) -> None:
        super().__init__()
        px = theme().px
        self.severity = severity
        self.setFixedHeight(px(56))
        self.play = KeyButton("Play", icon="play")
        self.play.setAccessibleName(f"Play the {name} alarm")
        self.play.clicked.connect(lambda: self.played.emit(severity))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setValue(volume)
        self.slider.setFixedWidth(px(110))
        self.slider.setAccessibleName(f"Volume of the {name} alarm, percent")
        self._percent = Text(f"{volume} %", "body", "secondary", tabular=True)
        self._percent.setFixedWidth(px(48))
        self.slider.valueChanged.connect(lambda value: self._percent.setText(f"{value} %"))
        self.tick = QCheckBox("I heard it")
        self.tick.setAccessibleName(f"I heard the {name} alarm")
        self.tick.clicked.connect(lambda on: self.heard.emit(severity) if on else None)
        line = QHBoxLayout(self)
        line.setContentsMargins(px(8), 0, px(8), 0)
        line.setSpacing(px(16))
        line.addWidget(_Face(severity, name, words), 1)
        line.addWidget(self.play)
        line.addWidget(self.slider)
        line.addWidget(self._percent)
        line.addWidget(self.tick)


class SoundsCard(Card):
    """``played`` carries a `Motif`; ``volume_changed`` (severity, percent)."""

    played = Signal(object)
    volume_changed = Signal(str, int)
    progressed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(
            "Sounds",
            "Play each one at the volume you will have at night. Tick it only if you heard it; "
            "the result goes into the log.",
            parent,
        )
        self._desk = desk
        self.rows: dict[str, SoundRow] = {}
        self._confirmed: set[str] = set()
        self.body.setSpacing(0)
        for severity, name, words, volume in SOUNDS:
            volume = int(desk.remembered(volume_key(severity), volume))
            entry = self.rows[severity] = SoundRow(severity, name, words, volume)
            entry.played.connect(self._play)
            entry.heard.connect(self._heard)
            entry.slider.valueChanged.connect(self._set_volume)
            if severity != "low":
                self.body.addWidget(_Line())
            self.body.addWidget(entry)
        self.verdict = Verdict()
        self.body.addWidget(self.verdict)
        note = "“Nobody has been reached” always plays at full volume and cannot be muted."
        self.body.addSpacing(theme().px(8))
        self.body.addWidget(Text(note, "small", "tertiary", wrap=True))

    def volumes(self) -> dict[str, float]:
        """Loudness by motif, 0 to 1."""
        return {name: entry.slider.value() / 100 for name, entry in self.rows.items()}

    def missing(self) -> int:
        """How many sounds were not heard yet."""
        return len(self.rows) - len(self._confirmed)

    def show_station(self, station: Station) -> None:
        """Show what was confirmed."""
        self._confirmed = set(station.sounds_heard) & set(self.rows)
        for name, entry in self.rows.items():
            entry.tick.setChecked(name in self._confirmed)
            entry.tick.setEnabled(name not in self._confirmed)
        self.progressed.emit()

    def _play(self, severity: str) -> None:
        self.played.emit(Motif(severity))

    def _set_volume(self, value: int) -> None:
        for name, entry in self.rows.items():
            if entry.slider is self.sender():
                self._desk.remember(volume_key(name), value)
                self.volume_changed.emit(name, value)

    def _heard(self, severity: str) -> None:
        def refused(refusal: Refusal) -> None:
            self.rows[severity].tick.setChecked(False)
            self.verdict.say(f"Not saved: {refusal.words}; {refusal.remedy}.", "stale")

        self._desk.command(
            f"that {severity} was heard",
            lambda client: client.confirm_sound(severity),
            lambda _: self.verdict.say(""),
            refused,
        )


class _Line(Painted):
    """A line between two sounds."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)

    def paint(self, painter: QPainter) -> None:
        fill(painter, 0, 0, self.width(), 1, theme().color.hair)
