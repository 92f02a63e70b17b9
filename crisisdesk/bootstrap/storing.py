"""Opens a station's store with everything there is to bring it back, and to keep it writable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crisisdesk.engine.ports import Clock
from crisisdesk.settings.model import Settings
from crisisdesk.settings.places import Places
from crisisdesk.store.ballast import Ballast
from crisisdesk.store.compaction import CompactionPlanner
from crisisdesk.store.mending import Aid
from crisisdesk.store.opening import Opened, open_station
from crisisdesk.store.spool import UnpushedSpool

if TYPE_CHECKING:
    from crisisdesk.hub.address import HubAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An opened station, the room kept for a full disk, and the second copy of un-pushed events."""

    opened: Opened
    ballast: Ballast
    planner: CompactionPlanner
    spool: UnpushedSpool | None

    def problems(self) -> tuple[str, ...]:
        """What an operator should know of the disk, in sentences; empty ones among them."""
        spool = "" if self.spool is None else self.spool.problem
        return (self.opened.recovered, spool)


def open_store(
    places: Places, settings: Settings, clock: Clock, address: HubAddress | None
) -> Stored:
    """Open it, bring a damaged one back; with a hub its own end is compared with the hub's first.

    Raises `store.errors.StoreError` and SettingsError in words.
    """
    # Beside a hub only: a station that stands alone has its hourly verified copies.
    spool = None
    if address is not None:
        spool = UnpushedSpool(places.spool_in(settings.hub.spool_dir))
    ballast = Ballast(places.data_dir)
    aid = Aid(
        backups=places.backups,
        now_ms=clock.now_ms(),
        spool=spool,
        has_hub=address is not None,
        ballast=ballast,
    )
    compare = None
    if address is not None:
        from crisisdesk.bootstrap.fleet import compare_with

        compare = compare_with(address)
    planner = CompactionPlanner(
        places.store,
        keep_days=settings.compaction.keep_days,
        most_events=settings.compaction.most_events,
    )
    opened = open_station(places.store, aid, compare=compare)
    # Laid before anything is served: a disk that fills up later finds it there.
    ballast.look()
    return Stored(
        opened=opened,
        ballast=ballast,
        planner=planner,
        spool=spool,
    )
