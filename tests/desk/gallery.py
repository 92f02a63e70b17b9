"""Renders every widget of the frame in every theme to PNG files, for people to look at.

Run ``python -m tests.desk.gallery [folder]``; QT_SCALE_FACTOR=2 gives the pictures at 2x.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from crisisdesk.desk.frame.banner import Banner, BannerView
from crisisdesk.desk.frame.clock_strip import ClockCell, ClockStrip
from crisisdesk.desk.frame.command_palette import CommandPalette
from crisisdesk.desk.frame.empty_state import (
    EmptyButton,
    EmptyCard,
    EmptyState,
    EmptyView,
    QuietBars,
)
from crisisdesk.desk.frame.focus_ring import FocusRing
from crisisdesk.desk.frame.heads import FilterField, PaneHead, RoomHead, Tab, TabRow
from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.keys_sheet import KeyGroup, KeysSheet
from crisisdesk.desk.frame.new_bar import NewBar, NewView
from crisisdesk.desk.frame.painted import Painted
from crisisdesk.desk.frame.palette_model import PaletteAction
from crisisdesk.desk.frame.rail import Rail, RailRoom
from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.frame.status_bar import StatusBar, StatusSegment
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.frame.toast import ToastAction, ToastStack, ToastView, undo_toast
from crisisdesk.desk.frame.tray import tray_pixmap
from crisisdesk.desk.look.countdown import countdown
from crisisdesk.desk.look.marks import draw_mark
from crisisdesk.desk.look.paint import (
    draw_chip,
    draw_countdown,
    draw_dots,
    draw_key,
    draw_mono,
    draw_sparkbars,
    draw_text,
    draw_word,
    fill,
)
from crisisdesk.desk.look.theme import Look, install, theme
from crisisdesk.desk.look.tokens import THEMES, ThemeName

NOW = int(datetime(2026, 2, 12, 2, 9, 21, tzinfo=UTC).timestamp() * 1000)
CET = timezone(timedelta(hours=1), "CET")

ROOMS = (
    RailRoom("alerts", "1", "bell-ring", "Alerts", 11, "critical"),
    RailRoom("incidents", "2", "siren", "Incidents", 1),
    RailRoom("health", "3", "activity", "Health"),
    RailRoom("comms", "4", "megaphone", "Comms", 1, "stale"),
    RailRoom("recovery", "5", "rotate-ccw", "Recovery", 1),
    RailRoom("planning", "6", "map", "Planning"),
    RailRoom("drills", "7", "flag-triangle-right", "Drills"),
    RailRoom("insight", "8", "chart-line", "Insight"),
    RailRoom("settings", "9", "settings-2", "Settings", foot=True),
)


def _cell(key: str, icon: str, label: str, left_s: int, share: float) -> ClockCell:
    total = int(left_s * 1000 / share) if share else 1000
    return ClockCell(
        key=key, label=label, icon=icon, deadline_ms=NOW + left_s * 1000, total_ms=total
    )


CELLS = (
    _cell("a1", "timer", "ack: db-primary", 41, 0.14),
    _cell("a2", "timer", "ack: orders-db", 72, 0.24),
    _cell("a3", "timer", "ack: checkout-api", 139, 0.46),
    _cell("u1", "globe", "public update: INC-0146", 190, 0.52),
    _cell("p1", "stamp", "approval: P-03 step 4", 480, 0.8),
    _cell("l1", "hand", "lease: payments-gw", 828, 0.92),
    _cell("u2", "briefcase", "executive update: INC-0146", 1239, 0.69),
    _cell("s1", "bell-off", "silence: rec-engine", 2530, 0.7),
    _cell("r1", "life-buoy", "RTO: orders", 3341, 0.93),
)
LATE = ClockCell(
    key="t", label="task: read-only notice", icon="square-check", deadline_ms=NOW - 80_000,
    total_ms=1000,
)  # fmt: skip
SEGMENTS = (
    StatusSegment(
        "duty", "Duty:", "BRNO-1, this station", "radio-tower", "ok", "Duty:", short_strong="BRNO-1"
    ),
    StatusSegment("hub", "Hub 0.3 s behind", "", "database", "ok", "Hub 0.3 s"),
    StatusSegment(
        "sources", "Sources 14 fresh, 1 stale", "", "activity", "stale", "Sources 14 / 15"
    ),
    StatusSegment(
        "channels", "Channels 5 up, 1 down", "", "message-square", "down", "Channels 5 / 6"
    ),
    StatusSegment("sound", "Sound armed", "", "volume-2", "ok"),
    StatusSegment(
        "commit", "Last commit", dots=(True, True, False), tail="disk, hub, peer", drop=True
    ),
    StatusSegment("operator", "Klára Langová", icon="user", right=True),
    StatusSegment("palette", "every action", keys="Ctrl K", right=True),
)
ACTIONS = (
    PaletteAction(
        "esc", "Escalate to incident", "and attach the 6 alerts of this group", "E",
        "arrow-up-right", "For A-20931, replication to db-standby-fra2 stopped",
    ),
    PaletteAction(
        "next", "Escalate: page the next step now", "Mateo Ruiz, by voice, not in 00:41",
        "Shift E", "arrow-up-right", "For A-20931, replication to db-standby-fra2 stopped",
    ),
    PaletteAction("declare", "Declare an incident…", "without an alert", "Ctrl I", "siren"),
    PaletteAction("policies", "Escalation policies", "Planning", "G P", "users"),
    PaletteAction(
        "vendor", "Run P-11 Escalate to vendor", "procedure, 4 steps", "R", "book-open-check"
    ),
    PaletteAction(
        "page", "Page a person…", "", "P", "phone-forwarded", also=("escalate", "call", "wake")
    ),
    PaletteAction("theme", "Theme: light", "", "", "sun"),
)  # fmt: skip
KEYS = (
    KeyGroup("Anywhere", (("Ctrl K", "every action"), ("1–9", "rooms"), ("F8", "the worst thing"),
                          ("F11", "wall mode"), ("?", "all keys"), ("Ctrl Z", "undo"))),
    KeyGroup("Lists", (("J", "next row"), ("K", "row before"), ("X", "mark"), ("/", "filter"),
                       ("U", "show new"))),
    KeyGroup("Alerts", (("A", "acknowledge"), ("E", "escalate to incident"), ("S", "silence"),
                        ("N", "note"), ("R", "run a procedure"))),
)  # fmt: skip
CRITICAL = BannerView(
    level="critical", severity="critical", subject="db-primary: replication stopped.",
    rest="Nobody has it yet.", aside="2 more critical, 37 new rows", button="Go to it",
)  # fmt: skip
AWAY = BannerView(
    level="station", icon="plug-zap", subject="Engine restarting, 7 s.",
    rest="Read-only, as of 02:09:14 UTC.", chip="paging moved to BRNO-2",
)  # fmt: skip
QUIET = EmptyView(
    title="No alert needs you.",
    text="15 sources are fresh, the last signal came 2 s ago, and the pager loop test passed at "
    "01:59 UTC. If that changes, this room sounds.",
    cards=(
        EmptyCard("test", "volume-2", "Start-of-shift sound test", "5 sounds, one minute",
                  "Not done this shift", "Shift T"),
        EmptyCard("gaps", "phone-off", "2 people have no working channel", "S. Marin, J. Novák",
                  "Found by the weekly test", "G P", "high"),
        EmptyCard("p3", "book-open-check", "P-03 was last tested 97 days ago",
                  "review was due 5 days ago", "Run it as a drill", "G D"),
    ),
    buttons=(EmptyButton("declare", "Declare an incident by hand", "Ctrl I"),
             EmptyButton("drill", "Start a drill", "G D")),
    bars=QuietBars((0, 14, 6, *([0] * 25)), "19:30", "alerts per 15 min", "02:09 UTC",
                   "last alert resolved 19:57", 2),
)  # fmt: skip


class Sheet(Painted):
    """Every mark, chip, clock and type step on one sheet."""

    def paint(self, painter: QPainter) -> None:
        """Row by row."""
        look, color = theme(), theme().color
        fill(painter, 0, 0, self.width(), self.height(), color.panel)
        x = 16.0
        for severity in ("low", "medium", "high", "critical", "emergency"):
            for state in ("filled", "acked", "outline"):
                draw_mark(painter, x, 12, severity, state)
                x += look.px(26)
            x += draw_word(painter, x, 20, severity, look.severity(severity).fg) + look.px(24)
        draw_mark(painter, x, 4, "critical", size=96 // 3)
        x, y = 16.0, look.px(60)
        for text in ("A", "F8", "Ctrl K"):
            x += draw_key(painter, x, y, text) + 8
        ok, down = look.state("ok").fg, look.state("down").fg
        x += draw_chip(painter, x, y, "INC-0146") + 8
        x += draw_chip(painter, x, y, "delivered 02:05:09", color=ok, line=ok) + 8
        x += draw_chip(painter, x, y, "failed 02:05:34", color=down, line=down) + 8
        x += draw_chip(painter, x, y, "public", icon="globe", color=ok, line=ok) + 20
        bars = (1, 2, 1, 3, 2, 5, 8, 9, 10, 9, 9, 8)
        draw_sparkbars(painter, QRectF(x, y - 7, 62, 14), bars, color.secondary)
        draw_dots(painter, x + 90, y, (True, True, False))
        right, y = look.px(80), look.px(96)
        for left, total, paused, glyph in (
            (41, 300, False, ""), (72, 300, False, ""), (649, 700, False, ""), (-80, 1, False, ""),
            (828, 900, True, "hand"), (6660, 6660, True, "bell-off"), (510, 900, True, "waves"),
        ):  # fmt: skip
            clock = countdown(
                deadline_ms=left * 1000, now_ms=0, total_ms=total * 1000, paused=paused
            )
            draw_countdown(painter, right, y, clock, glyph=glyph)
            right += look.px(112)
        y = look.px(120)
        for role in ("micro", "small", "body", "strong", "lead", "title", "clock", "figure"):
            box = QRectF(16, y, 500, look.line(role))
            draw_text(painter, box, f"{role}: Klára Langová 00:41 ×37", color.primary, role)
            y += look.line(role) + 2
        draw_mono(
            painter, QRectF(520, look.px(120), 400, 20), "A-20931 pg-lag fra1 != ->", color.tertiary
        )


def desk(width: int, height: int, *, body: QWidget | None = None, away: bool = False) -> QWidget:
    """A window with the whole frame around a body."""
    window = QWidget()
    window.resize(width, height)
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    banner = Banner(zone=CET)
    if away:
        banner.show_views((AWAY, CRITICAL._replace(button="")))
    else:
        banner.show_views((CRITICAL,))
    banner.set_now(NOW)
    strip = ClockStrip()
    strip.set_now(NOW)
    strip.show_cells((LATE, *CELLS) if away else CELLS)
    rail = Rail(ROOMS)
    rail.set_current("alerts")
    rail.fit(width)
    status = StatusBar()
    middle = QHBoxLayout()
    middle.setSpacing(0)
    middle.addWidget(rail)
    middle.addWidget(body or _room(), 1)
    column.addWidget(banner)
    column.addWidget(strip)
    column.addLayout(middle, 1)
    column.addWidget(status)
    status.show_segments(SEGMENTS)
    FocusRing(window)
    window.show()
    return window


def _room() -> QWidget:
    room = QWidget()
    column = QVBoxLayout(room)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    tabs = TabRow([Tab("now", "Now", "18 groups"), Tab("mine", "Mine", "2"), Tab("rules", "Rules")])
    head = RoomHead("Alerts", tabs)
    head.add_right(FilterField())
    bar = NewBar()
    bar.show_view(
        NewView(37, (("critical", 2), ("high", 9), ("medium", 26)),
                "Both critical ones already page and sound.")
    )  # fmt: skip
    split = SplitPane()
    split.add_pane(Sheet(), stretch=1)
    split.add_pane(_controls(), 420)
    column.addWidget(head)
    column.addWidget(bar)
    column.addWidget(split, 1)
    return room


def _controls() -> QWidget:
    pane = QWidget()
    pane.setAutoFillBackground(True)
    pane.setBackgroundRole(QPalette.ColorRole.Base)
    column = QVBoxLayout(pane)
    column.setContentsMargins(16, 0, 16, 16)
    column.setSpacing(10)
    column.addWidget(PaneHead("Timeline", "46 entries", "UTC, then CET"))
    column.addWidget(Text("Replication to db-standby-fra2 stopped", "title"))
    column.addWidget(Text("Standby is 41 s behind and falling.", "body", "secondary", wrap=True))
    row = QHBoxLayout()
    for button in (
        KeyButton("Acknowledge", "A", "primary"),
        KeyButton("Escalate", "E"),
        KeyButton("Run", "R"),
        KeyButton("Roll back now…", "", "destructive"),
    ):
        row.addWidget(button)
    row.addStretch(1)
    column.addLayout(row)
    row = QHBoxLayout()
    off = KeyButton("Silence", "S")
    off.setEnabled(False)
    row.addWidget(off)
    row.addWidget(KeyButton("I have it", "A", "primary", big=True))
    row.addStretch(1)
    column.addLayout(row)
    column.addWidget(FilterField("Note for the timeline", "N", "message-square-plus", 0))
    choice = QComboBox()
    choice.addItems(["Identified", "Monitoring"])
    column.addWidget(choice)
    check = QCheckBox("I heard it")
    check.setChecked(True)
    column.addWidget(check)
    area = QPlainTextEdit("Since 02:05 UTC some orders fail.")
    area.setFixedHeight(60)
    column.addWidget(area)
    column.addStretch(1)
    return pane


def _grab(window: QWidget, path: Path) -> None:
    QApplication.processEvents()
    window.grab().save(str(path))


def render(look: Look, name: ThemeName, folder: Path) -> list[Path]:
    """All pictures of one theme; returns the files written."""
    look.switch(name=name)
    look.reduced_motion = True
    paths = [folder / f"{name}-{shot}.png" for shot in ("desk", "slim", "empty", "palette", "keys")]
    wide = desk(1920, 1080)
    toasts = ToastStack(wide)
    toasts.show_toast(
        undo_toast("u", "38 alerts acknowledged", "payments-gw and 4 others, by your filter.", NOW)
        ._replace(aside="disk, hub", dots=(True, True, False)), NOW,
    )  # fmt: skip
    toasts.show_toast(
        ToastView("c", "db-primary: replication stopped", "Standby is 41 s behind.", "critical",
                  deadline_ms=NOW + 41_000, total_ms=300_000, lasting=True, aside="sounding",
                  aside_icon="volume-2",
                  actions=(ToastAction("ack", "Acknowledge", primary=True),
                           ToastAction("o", "Open"))),
        NOW,
    )  # fmt: skip
    buttons = wide.findChildren(KeyButton)
    next(button for button in buttons if button.text() == "Acknowledge").setFocus()
    _grab(wide, paths[0])
    palette = CommandPalette(wide)
    palette.open_with(ACTIONS, "esc")
    _grab(wide, paths[3])
    palette.dismiss()
    sheet = KeysSheet(wide)
    sheet.open_with(KEYS)
    _grab(wide, paths[4])
    wide.close()
    slim = desk(1280, 800, away=True)
    _grab(slim, paths[1])
    slim.close()
    empty = desk(1280, 800, body=EmptyState(QUIET))
    _grab(empty, paths[2])
    empty.close()
    for window in (wide, slim, empty):
        window.deleteLater()
    for state in ("quiet", "high", "critical", "away"):
        path = folder / f"{name}-tray-{state}.png"
        tray_pixmap(state, 44).save(str(path))
        paths.append(path)
    return paths


def main(arguments: list[str]) -> int:
    """Write all pictures; returns 0."""
    folder = Path(arguments[0] if arguments else "artefacts/gallery")
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    look = install(app)
    for name in THEMES:
        for path in render(look, name, folder):
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
