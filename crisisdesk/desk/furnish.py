"""What is put into the window after its first paint: rooms, palette, sound, tray, first run."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from crisisdesk.desk.alarm_bell import ASKED_ABOUT, AlarmBell
from crisisdesk.desk.comms_room.room import CommsRoom
from crisisdesk.desk.desk_actions import DeskActions
from crisisdesk.desk.first_run import FirstRun
from crisisdesk.desk.fleet.attach import FleetDoor
from crisisdesk.desk.fleet.presence_watch import PresenceWatch, Touched
from crisisdesk.desk.frame.focus_ring import FocusRing
from crisisdesk.desk.frame.tray import TrayPresence, TrayState
from crisisdesk.desk.health.room import HealthRoom
from crisisdesk.desk.incidents.room import IncidentsRoom
from crisisdesk.desk.notices.attach import attach_notices
from crisisdesk.desk.planning.room import PlanningRoom
from crisisdesk.desk.recovery_room.doors import wanted_actions
from crisisdesk.desk.recovery_room.room import RecoveryRoom
from crisisdesk.desk.settings_room.room import SettingsRoom
from crisisdesk.desk.siren.door import SirenDoor
from crisisdesk.desk.sound.player import Player, SoundState
from crisisdesk.domain.queue_order import SEVERITY_NAME

if TYPE_CHECKING:
    from crisisdesk.desk.app import Desk
    from crisisdesk.desk.shell import Shell
    from crisisdesk.domain.station import Station

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
    incidents, settings = IncidentsRoom(shell), SettingsRoom(shell)
    comms, planning, health = CommsRoom(shell), PlanningRoom(shell), HealthRoom(shell)
    recovery = RecoveryRoom(shell)
    for room in (incidents, health, comms, recovery, planning, settings):
        shell.add_room(room)
    health.rule_wanted.connect(planning.begin_alert_rule)
    shell.status.chosen.connect(comms.chosen)
    shell.status.chosen.connect(health.chosen)
    desk.ticker.ticked.connect(health.watch.tick)
    health.watch.counted.connect(shell.front.set_watched)
    FocusRing(shell)
    player = Player(shell)
    bell = AlarmBell(player, shell)
    desk.actions = DeskActions(shell, lambda: quit_desk(desk))
    desk.actions.add(incidents.candidates.keeper.actions)
    desk.actions.add(lambda: wanted_actions(shell.room, recovery))
    player.state_changed.connect(shell.set_sound)
    planning.help_wanted.connect(desk.actions.help.open)
    desk.ticker.ticked.connect(planning.watch)
    connect_settings(desk, settings, bell)
    greet_newcomer(desk, bell)
    shell.settled.connect(bell.changed)
    tally = shell.alerts.tally
    desk.ticker.ticked.connect(lambda now_ms: bell.tick(tally.sounding(ASKED_ABOUT), now_ms))
    attach_siren(desk, settings, bell)
    tray = TrayPresence(shell)
    tray.activated.connect(lambda: raise_window(shell))
    shell.settled.connect(lambda: show_in_tray(shell, tray))
    parts.append(player)
    fleet = attach_fleet(desk, settings)
    fleet.watch.changed.connect(health.set_standing)
    parts.append(fleet)
    parts.append(attach_presence(desk, incidents, settings))
    parts.append(attach_notices(desk, tray, lambda: raise_window(shell)))
    shell.set_sound(player.arm() if desk.sounds else SoundState("error", "Sound is off"))
    last = shell.remembered("window.room", 1)
    shell.open_room(last if last in shell.rooms else 1)


def connect_settings(desk: Desk, settings: SettingsRoom, bell: AlarmBell) -> None:
    """Let the Settings room play sounds, set volumes and change the look."""
    actions = desk.actions
    assert actions is not None
    settings.theme_wanted.connect(lambda name: actions.set_look(name=name))
    settings.zoom_wanted.connect(lambda zoom: actions.set_look(zoom=zoom))
    settings.sounds.played.connect(bell.play)
    settings.sounds.volume_changed.connect(bell.set_volume)
    bell.volumes.update(settings.sounds.volumes())

    def show_door(_: object) -> None:
        door = desk.supervisor.door()
        if door is not None:
            settings.show_url(door.url)

    desk.supervisor.changed.connect(show_door)
    show_door(None)


def attach_fleet(desk: Desk, settings: SettingsRoom) -> FleetDoor:
    """Watch hub and duty, and lead to the page of splits."""
    actions = desk.actions
    assert actions is not None
    door = FleetDoor(desk, settings)
    actions.add(door.actions)
    desk.shell.status.chosen.connect(door.chosen)
    settings.hub.help_wanted.connect(actions.help.open)
    return door


def attach_presence(desk: Desk, incidents: IncidentsRoom, settings: SettingsRoom) -> PresenceWatch:
    """Give the sign of this desk, and show beside incidents and stations who is at one."""
    shell = desk.shell
    touched = Touched(shell.now_ms, shell)
    touched.watch(shell.windowHandle())

    def shows() -> str:
        return incidents.current() if shell.room is incidents else ""

    watch = PresenceWatch(desk.supervisor, shell.operator, shows, touched, shell)
    watch.changed.connect(lambda found: incidents.page.set_presences(found, shell.now_ms()))
    watch.changed.connect(lambda found: settings.hub.show_desks(found, shell.now_ms()))
    desk.ticker.ticked.connect(watch.tick)
    return watch


def attach_siren(desk: Desk, settings: SettingsRoom, bell: AlarmBell) -> SirenDoor:
    """Let the siren lie over the window while nobody has been reached."""
    actions = desk.actions
    assert actions is not None
    door = SirenDoor(desk.shell, bell, actions.close_overlays)
    files = settings.people.files
    door.siren.print_wanted.connect(files.choose_paper)
    files.printed.connect(door.say)
    desk.feed.changed.connect(door.watch.take)
    desk.ticker.ticked.connect(door.tick)
    return door


def greet_newcomer(desk: Desk, bell: AlarmBell) -> None:
    """Open the first run over the window while the station has no name or nobody sits here."""
    shell = desk.shell
    opened: list[FirstRun] = []

    def finished() -> None:
        page = opened[0]
        shell.pages.setCurrentWidget(shell.desk_page)
        shell.pages.removeWidget(page)
        page.deleteLater()
        if desk.actions is not None:
            desk.actions.keys.listening = True
        shell.remember("first_run.done", True)
        shell.room.focus_first()

    def look_at(station: Station) -> None:
        if opened:
            if shell.pages.currentWidget() is opened[0]:
                opened[0].show_station(station)
                opened[0].people.read()
            return
        if (station.name and station.operator) or shell.remembered("first_run.done", False):
            return
        page = FirstRun(shell)
        opened.append(page)
        page.finished.connect(finished)
        page.sounds.played.connect(bell.play)
        page.sounds.volume_changed.connect(bell.set_volume)
        page.show_station(station)
        shell.pages.addWidget(page)
        shell.pages.setCurrentWidget(page)
        if desk.actions is not None:
            desk.actions.keys.listening = False
        page.start()

    shell.station_known.connect(look_at)
    if shell.last_station is not None:
        look_at(shell.last_station)


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
