"""The hub and the stations around it: how they stand, what was split, how to join."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from crisisdesk.desk.alerts.faces import utc_time
from crisisdesk.desk.fleet.bar_words import durability_words, events, waits_here
from crisisdesk.desk.fleet.presence_watch import desk_lines
from crisisdesk.desk.fleet.standing import PAGES_HERE, Fleet, Standing
from crisisdesk.desk.frame.banner import clock_face
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.countdown import format_span
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.settings_room.card import Card, Verdict, row
from crisisdesk.desk.settings_room.station_table import StationTable, station_row
from crisisdesk.domain.amounts import span_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.desk.frame.text import Ink
    from crisisdesk.desk.splits.reading import CutOff
    from crisisdesk.domain.presence import Presence

_LABEL, _SPLITS_SHOWN, _SAME_MS = 112, 5, 100
JOINING = (
    (
        "The first station sets the hub up",
        "crisisdesk hub init postgresql://crisis_admin@HOST:5432/crisis --ca ca.pem",
    ),
    ("It makes a code for each other one", "crisisdesk hub invite NAME"),
    ("Each other one pastes the code, unseen", "crisisdesk hub join"),
)


class Fact(QWidget):
    """A word at the left, what is known at the right."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = Text(label, "small", "tertiary")
        name.setFixedWidth(theme().px(_LABEL))
        self.value = Text("", "small", "primary", wrap=True)
        line = row(name, self.value)
        line.setAlignment(name, Qt.AlignmentFlag.AlignTop)
        line.setContentsMargins(0, 0, 0, 0)
        line.setStretch(1, 1)
        self.setLayout(line)
        self._label = label

    def show_words(self, words: str, ink: Ink = "primary") -> None:
        """Say it; "" hides the line."""
        self.setVisible(bool(words))
        if words != self.value.text():
            self.value.setText(words)
            self.setAccessibleName(f"{self._label}: {words}")
        self.value.set_ink(ink)


class HubCard(Card):
    """``split_wanted`` asks for the page of one split."""

    split_wanted = Signal(str)
    help_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Hub and stations",
            "Stations share what they know through one Postgres, the hub. Each goes on without it "
            "when it cannot be reached.",
            parent,
        )
        self._standing = Standing()
        self.facts = {
            name: Fact(name)
            for name in ("Hub", "Duty", "By itself", "Safe", "Clock", "Held back", "At a desk")
        }
        for fact in self.facts.values():
            self.body.addWidget(fact)
        self.table = StationTable()
        self.body.addWidget(self.table)
        self._splits_head = Text("Splits", "small", "primary", weight=600)
        self.body.addWidget(self._splits_head)
        self._splits = QVBoxLayout()
        self._splits.setSpacing(theme().px(4))
        self.body.addLayout(self._splits)
        self._build_joining()
        self.show_standing(self._standing)
        self.show_desks(None, 0)
        self.show_cuts([])

    def _build_joining(self) -> None:
        px = theme().px
        self.joining = QWidget()
        column = QVBoxLayout(self.joining)
        column.setContentsMargins(0, px(4), 0, 0)
        column.setSpacing(px(6))
        column.addWidget(Text("Joining", "small", "primary", weight=600))
        why = "It is done in a terminal on the station itself: the code is a secret and is typed "
        why += "where nobody else sees it."
        column.addWidget(Text(why, "small", "tertiary", wrap=True))
        self.verdict = Verdict()
        for words, command in JOINING:
            label = Text(words, "small", "secondary", wrap=True)
            label.setFixedWidth(px(268))
            shown = Text(command, "small", "primary", mono=True)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            copy = KeyButton("Copy", icon="copy", height=24)
            copy.setAccessibleName(f"Copy {command}")
            copy.clicked.connect(partial(self._copy, command))
            column.addLayout(row(label, shown, 1, copy))
        column.addWidget(self.verdict)
        more = KeyButton("Help: the hub", icon="circle-help", height=24)
        more.clicked.connect(lambda: self.help_wanted.emit("hub"))
        several = KeyButton("Help: several stations", icon="circle-help", height=24)
        several.clicked.connect(lambda: self.help_wanted.emit("fleet"))
        column.addLayout(row(more, several, 1))
        self.body.addWidget(self.joining)

    def _copy(self, command: str) -> None:
        QApplication.clipboard().setText(command)
        self.verdict.say("Copied.")

    # -- what is shown -----------------------------------------------------------------------

    def show_standing(self, standing: Standing) -> None:
        """Show how the station stands."""
        self._standing = standing
        fleet = standing.fleet
        if fleet is None:
            self.facts["Hub"].show_words("The engine has not said yet.", "stale")
            for name in ("Duty", "By itself", "Safe", "Clock", "Held back"):
                self.facts[name].show_words("")
            self.table.hide()
            return
        now_ms = standing.heard_ms
        stale: Ink = "stale" if standing.stale else "primary"
        words, ink = hub_words(standing, fleet, now_ms)
        if standing.stale:
            words += f" Last heard at {utc_time(standing.heard_ms, seconds=True)} UTC."
        self.facts["Hub"].show_words(words, "stale" if standing.stale else ink)
        words, ink = duty_words(fleet)
        self.facts["Duty"].show_words(words, "stale" if standing.stale else ink)
        self.facts["By itself"].show_words(rank_words(fleet), stale)
        self.facts["Safe"].show_words(durability_words(standing), stale)
        self.facts["Clock"].show_words(*clock_words(fleet))
        self.facts["Held back"].show_words("\n".join(fleet.held_back), "stale")
        self.table.setVisible(bool(fleet.stations))
        self.table.show_rows([station_row(one, standing, now_ms) for one in fleet.stations])

    def show_desks(self, presences: Sequence[Presence] | None, now_ms: int) -> None:
        """Say who is at which desk; nothing while nobody can say."""
        self.facts["At a desk"].show_words("\n".join(desk_lines(presences or (), now_ms)))

    def show_cuts(self, cuts: Sequence[CutOff]) -> None:
        """List the last splits, newest first."""
        while (entry := self._splits.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._splits_head.setVisible(bool(cuts))
        for cut in cuts[:_SPLITS_SHOWN]:
            self._splits.addWidget(self._cut(cut))

    def _cut(self, cut: CutOff) -> QWidget:
        split = cut.split
        who = "this station" if cut.here else cut.station or "another station"
        lasted = span_words(split.until_ms - split.since_ms)
        when = f"{day_words(split.since_ms)} to {utc_time(split.until_ms)} UTC"
        button = KeyButton("Look", height=24)
        button.setAccessibleName(f"Look what changed while {who} was cut off, {when}")
        button.clicked.connect(lambda: self.split_wanted.emit(cut.key))
        line = row(
            Text(when, "small", "primary", tabular=True),
            Text(f"{who}, {lasted}", "small", "secondary"),
            1,
            button,
        )
        line.setContentsMargins(0, 0, 0, 0)
        holder = QWidget()
        holder.setLayout(line)
        return holder


def hub_words(standing: Standing, fleet: Fleet, now_ms: int) -> tuple[str, Ink]:
    """The link in a sentence, and its ink."""
    hub = fleet.hub
    if hub.state == "none":
        return "None is set up: what this station knows is on this machine only.", "primary"
    lasted = format_span(standing.since(hub.since_ms, now_ms))
    if hub.state == "up":
        lag = f"{events(hub.to_push)} to send, {events(hub.to_pull)} to fetch"
        return f"{hub.where}, up for {lasted}; {lag}.", "primary"
    why, waits = f" ({hub.words})" if hub.words else "", waits_here(standing.waiting())
    if hub.state == "away":
        return f"{hub.where}, away for {lasted}{why}; {waits}.", "stale"
    return f"{hub.where} refuses this station{why}; {waits}.", "critical"


def duty_words(fleet: Fleet) -> tuple[str, Ink]:
    """Who pages, in a sentence, and its ink."""
    duty = fleet.duty
    if duty.kind == "not_paging":
        return f"NOT PAGING. {duty.words}".strip(), "critical"
    if duty.kind == "waiting":
        return "Nobody in sight pages; this station waits for its turn.", "stale"
    if duty.kind in PAGES_HERE:
        how = {"alone": ".", "holds": " by the hub's word.", "acting": " without the hub's word."}
        return (
            f"This station pages{how[duty.kind]}",
            "stale" if duty.kind == "acting" else "primary",
        )
    return f"{duty.name or 'Another station'} pages by the hub's word.", "primary"


def rank_words(fleet: Fleet) -> str:
    """Whether this station may page when the hub cannot be asked; "" where that cannot happen."""
    own = next((one for one in fleet.stations if one.is_self), None)
    if own is None or fleet.hub.state == "none":
        return ""
    if own.duty_rank is None:
        return "Never pages without the hub: it has no duty rank."
    return f"May page when the hub is away: duty rank {own.duty_rank}, the lowest in sight first."


def clock_words(fleet: Fleet) -> tuple[str, Ink]:
    """How far this machine's clock is from the hub's, and its ink."""
    hub = fleet.hub
    if hub.state == "none":
        return "", "primary"
    if abs(hub.offset_ms) < _SAME_MS:
        return "Agrees with the hub's.", "primary"
    way = "behind" if hub.offset_ms > 0 else "ahead of"
    words = f"{abs(hub.offset_ms) / 1000:.1f} s {way} the hub's."
    if hub.clock_suspect:
        return f"{words} Set it: people and pages see the hub's time.", "stale"
    return words, "primary"


def day_words(at_ms: int) -> str:
    """``12 Feb 02:05``."""
    return f"{clock_face(at_ms).date.partition(' ')[2]} {utc_time(at_ms)}"
