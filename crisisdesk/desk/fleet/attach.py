"""Puts what is known of hub, duty and splits into the window, and leads from there to more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.fleet.watch import FleetWatch

if TYPE_CHECKING:
    from crisisdesk.desk.app import Desk


def attach_fleet(desk: Desk) -> FleetWatch:
    """Ask from now on; the watch has to be closed."""
    shell = desk.shell
    watch = FleetWatch(desk.supervisor, shell)
    watch.changed.connect(shell.set_standing)
    desk.supervisor.changed.connect(lambda state: watch.set_away(away=state.kind != "up"))
    # Asked after connecting, and not of the window: it may not have been told of a change yet.
    watch.set_away(away=desk.supervisor.state.kind != "up")
    desk.feed.changed.connect(watch.learn)
    desk.ticker.ticked.connect(watch.tick)
    return watch
