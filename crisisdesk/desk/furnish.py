"""What is put into the window after its first paint: rooms, palette, sound, tray, first run."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from crisisdesk.desk.alarm_bell import ASKED_ABOUT, AlarmBell
from crisisdesk.desk.desk_actions import DeskActions
from crisisdesk.desk.frame.focus_ring import FocusRing
from crisisdesk.desk.frame.tray import TrayPresence, TrayState
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.sound.player import Player
from crisisdesk.domain.queue_order import SEVERITY_NAME

if TYPE_CHECKING:
    from crisisdesk.desk.app import Desk
    from crisisdesk.desk.shell import Shell

log = logging.getLogger(__name__)
_TRAY: dict[str, TrayState] = {
    "medium": "medium",
    "high": "high",
    "critical": "critical",
    "emergency": "emergency",
}


def furnish(desk: Desk) -> None:
    """Bring everything in."""
    shell = desk.shell
    parts = desk.parts
    assert parts is not None
    shell.add_room(IncidentsRoom(shell))
    FocusRing(shell)
    player = Player(shell)
    bell = AlarmBell(player, shell)
    desk.actions = DeskActions(shell, lambda: quit_desk(desk))
    player.state_changed.connect(shell.set_sound)
    shell.settled.connect(bell.changed)
    tally = shell.alerts.tally
    desk.ticker.ticked.connect(lambda now_ms: bell.tick(tally.sounding(ASKED_ABOUT), now_ms))
    tray = TrayPresence(shell)
    shell.tray_words = tray.words
    tray.activated.connect(lambda: raise_window(shell))
    shell.settled.connect(lambda: show_in_tray(shell, tray))
    parts.append(player)
    shell.set_sound(player.arm())
    room = shell.remembered("window.room", 1)
    shell.open_room(room if room in shell.rooms else 1)


def quit_desk(desk: Desk) -> None:
    """End the desk without asking twice."""
    desk.shell.remember("told.engine_stays", True)
    desk.shell.close()


def raise_window(shell: Shell) -> None:
    """Bring the window to the front."""
    shell.showNormal() if shell.isMinimized() else shell.show()
    shell.raise_()
    shell.activateWindow()


def show_in_tray(shell: Shell, tray: TrayPresence) -> None:
    """The worst unowned severity, or that the engine is away."""
    if shell.engine_away():
        tray.show_state("away", "CrisisDesk: the engine is away")
        return
    worst = shell.alerts.tally.worst()
    if worst is None:
        tray.show_state("quiet", "CrisisDesk: nothing waits")
        return
    severity = SEVERITY_NAME[worst.severity]
    tray.show_state(
        _TRAY.get(severity, "quiet"),
        f"CrisisDesk: {shell.alerts.tally.unowned()} alerts nobody has",
    )
