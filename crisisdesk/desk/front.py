"""What the frame around the rooms shows: gathered from everywhere, shown when it has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.fleet.banner_words import Rejoined, fleet_banner, troubles
from crisisdesk.desk.fleet.standing import Standing
from crisisdesk.desk.frame.banner import Banner, BannerView
from crisisdesk.desk.frame.clock_strip import ClockStrip
from crisisdesk.desk.frame.rail import Rail, RailRoom, RailTone
from crisisdesk.desk.frame.status_bar import StatusBar
from crisisdesk.desk.status_words import (
    ChannelCount,
    alert_banner,
    engine_banner,
    segments,
    store_banner,
)
from crisisdesk.domain.service_board.watching import SourceCount

if TYPE_CHECKING:
    from crisisdesk.desk.alerts.room import AlertsRoom
    from crisisdesk.desk.room import Room
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.desk.sound.player import SoundState
    from crisisdesk.desk.supervisor import EngineState

ROOMS = (
    RailRoom("1", "1", "bell-ring", "Alerts"),
    RailRoom("2", "2", "siren", "Incidents"),
    RailRoom("3", "3", "activity", "Health"),
    RailRoom("4", "4", "megaphone", "Comms"),
    RailRoom("5", "5", "rotate-ccw", "Recovery"),
    RailRoom("6", "6", "map", "Planning"),
    RailRoom("9", "9", "settings-2", "Settings", foot=True),
)
_TONES: dict[str, RailTone] = {"emergency": "emergency", "critical": "critical", "high": "high"}


class Front:
    """Banner, clock strip, rail and status bar, and what is known for them.

    Set the fields and ``stale``; ``show`` puts it on the screen.
    """

    def __init__(self) -> None:
        self.banner, self.strip = Banner(), ClockStrip()
        self.rail, self.status = Rail(ROOMS), StatusBar()
        self.operator = self.station = ""
        self.unreadable = ""
        self.tray_words = ""
        self.channels = ChannelCount()
        self.watched = SourceCount()
        self.sound: SoundState | None = None
        self.standing = Standing()
        self.rejoined: Rejoined | None = None
        self.stale = True
        self._sources: set[str] = set()
        self._head_pos = self._head_ms = 0
        self._second = 0

    def take(self, change: Change) -> None:
        """Learn what a change says of the station as a whole."""
        if change.head_pos:
            self._head_pos, self._head_ms = change.head_pos, change.head_ms or self._head_ms
        if change.station is not None:
            self.operator, self.station = change.station.operator, change.station.name
        self._sources.update(row.source for row in change.alerts)
        self.stale = True

    def set_watched(self, count: SourceCount) -> None:
        """Take how the declared sources stand."""
        self.watched, self.stale = count, True

    def due(self, now_ms: int) -> bool:
        """Whether something has to be shown anew: a change, or a second of what counts them."""
        fleet, second = self.standing.fleet, now_ms // 1000
        if second != self._second:
            self._second = second
            counting = fleet is not None and (
                fleet.hub.state == "away" or fleet.duty.kind in ("waiting", "not_paging")
            )
            ending = any(one.until is not None for one in self.channels.out)
            return self.stale or counting or ending
        return self.stale

    def show(
        self, engine: EngineState, rooms: dict[int, Room], alerts: AlertsRoom, now_ms: int
    ) -> None:
        """Show everything as it is now."""
        self.stale = False
        self.banner.show_views(self._views(engine, alerts, now_ms))
        self.strip.show_cells([cell for room in rooms.values() for cell in room.clocks()])
        self.rail.show_rooms([_counted(entry, rooms) for entry in ROOMS])
        from crisisdesk.desk.sound.player import NOT_ASKED

        self.status.show_segments(
            segments(
                station=self.station,
                operator=self.operator,
                engine=engine,
                standing=self.standing,
                channels=self.channels,
                sources=len(self._sources),
                sound=self.sound or NOT_ASKED,
                head_ms=self._head_ms,
                tray=self.tray_words,
                now_ms=now_ms,
                watched=self.watched,
            )
        )

    def _views(
        self, engine: EngineState, alerts: AlertsRoom, now_ms: int
    ) -> tuple[BannerView, ...]:
        """The worst trouble of the station above the worst alert; good news stands below it."""
        hidden = sum(alerts.queue.waiting().values())
        alert = alert_banner(alerts.tally, hidden)
        trouble = engine_banner(engine, now_ms, self._head_ms)
        if trouble is None and self.unreadable:
            trouble = store_banner(self.unreadable)
        if trouble is None:
            trouble = fleet_banner(troubles(self.standing, self.rejoined, now_ms))
        if trouble is None:
            return (alert,)
        if alert.level == "ok":
            return (trouble,)
        return (alert, trouble) if trouble.level == "ok" else (trouble, alert)


def _counted(entry: RailRoom, rooms: dict[int, Room]) -> RailRoom:
    room = rooms.get(int(entry.key))
    if room is None:
        return entry
    return entry._replace(waiting=room.count(), tone=_TONES.get(room.count_severity(), ""))
