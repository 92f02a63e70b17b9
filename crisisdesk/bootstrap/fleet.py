"""Makes a station one of a fleet out of the concrete classes: hub, duty, and what goes with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial

from crisisdesk import __version__
from crisisdesk.bootstrap.peering import make_links
from crisisdesk.domain.fold import FOLD_VERSION
from crisisdesk.domain.heads import Keys
from crisisdesk.engine.commands import AnnounceStation, InstallSnapshot, KeepHeads
from crisisdesk.engine.duty.ports import Lease
from crisisdesk.engine.exchange.desks import DeskTeller
from crisisdesk.engine.exchange.leaving import HashAt, left_behind
from crisisdesk.engine.exchange.parts import Absorber, Chore, Errand, ExchangeParts, Leaver
from crisisdesk.engine.exchange.ports import HubRefused, Mark, Report, SignedHead
from crisisdesk.engine.exchange.publisher import Publisher
from crisisdesk.engine.exchange.signing import Witness, WitnessParts
from crisisdesk.engine.exchange.snapshots import SnapshotMaker, SnapshotTaker, Step
from crisisdesk.engine.exchange.vault import FLEET_KEY, Vault
from crisisdesk.engine.membership import HubParts
from crisisdesk.engine.ports import Clock, Secrets, StoreFailed
from crisisdesk.engine.presence import PresenceBoard
from crisisdesk.hub.address import HubAddress, hub_address
from crisisdesk.hub.bell import PgBell
from crisisdesk.hub.connection import HubLink
from crisisdesk.hub.duty import PgDuty
from crisisdesk.hub.log import PgHub
from crisisdesk.hub.presence import PgPresence
from crisisdesk.hub.published import PgPublishedTables
from crisisdesk.hub.sealing import FleetSealer
from crisisdesk.hub.snapshots import PgSnapshots
from crisisdesk.hub.vault import PgBoxes
from crisisdesk.settings.errors import SettingsError
from crisisdesk.settings.keys import Ed25519Verifier, SigningKeys
from crisisdesk.settings.model import HubSettings, Settings
from crisisdesk.settings.places import Places
from crisisdesk.store.exchange import ExchangeLog
from crisisdesk.store.files import reading_connection
from crisisdesk.store.heads import announced_keys
from crisisdesk.store.snapshots import SnapshotStore
from crisisdesk.store.spool import SpoolChore, UnpushedSpool
from crisisdesk.store.touched import TouchedStates

HUB_PASSWORD = "hub:password"


def address_of(settings: HubSettings, secrets: Secrets) -> HubAddress | None:
    """The way to the hub that the station was told; None when it was told none.

    Raises SettingsError naming the field that is wrong.
    """
    if not settings.url:
        return None
    try:
        return hub_address(settings.url, settings.ca_file, secrets.get(HUB_PASSWORD) or "")
    except HubRefused as error:
        raise SettingsError(f"{error}; see the help page Several stations") from error


def compare_with(address: HubAddress) -> Callable[[str, int, HashAt], Mark | None]:
    """What asks the hub at the start whether someone else has written as this station."""

    def compare(origin: str, seq: int, hash_at: HashAt) -> Mark | None:
        with closing(PgHub(address)) as hub:
            return left_behind(hub, origin, seq, hash_at)

    return compare


def _told_of(witness: Witness) -> list[str]:
    return [f"origin {origin[:8]}: {why}" for origin, why in sorted(witness.problems.items())]


class FleetParts:
    """Makes what `engine.membership` works with; each connection is opened where it is used."""

    def __init__(
        self,
        places: Places,
        settings: Settings,
        secrets: Secrets,
        clock: Clock,
        address: HubAddress,
        *,
        station_id: str,
        spool: UnpushedSpool | None,
    ) -> None:
        self._places = places
        self._settings = settings
        self._secrets = secrets
        self._clock = clock
        self._address = address
        self._station_id = station_id
        self._spool = spool
        # Who is at the desks of this station; the engine's own once there is one.
        self.board = PresenceBoard()
        # Told by the engine's pager, which keeps addresses at hand.
        self.on_addresses: Callable[[frozenset[str]], None] = lambda _names: None

    def make(self) -> HubParts:
        """The parts."""
        where = self._address.parameters
        exchange = ExchangeParts(
            where=f"{where['host']}/{where['dbname']}",
            open_hub=partial(PgHub, self._address),
            open_bell=partial(PgBell, self._address),
            open_log=self._open_log,
            describe=self._describe,
            begin=self._begin,
        )
        return HubParts(
            exchange=exchange,
            open_duty=partial(PgDuty, self._address),
            duty_rank=self._settings.hub.duty_rank,
            chores=self._chores,
            links=make_links(self._places, self._settings.hub, self._secrets, self._station_id),
        )

    def _open_log(self, own: Callable[[], str], absorb: Absorber, leave: Leaver) -> ExchangeLog:
        return ExchangeLog(self._places.store, own=own, absorb=absorb, leave=leave)

    def _describe(self, own: str, vector: dict[str, int], hlc: int, digest: bytes) -> Report:
        return Report(
            station_id=self._station_id,
            origin=own,
            name=self._settings.station_name,
            version=__version__,
            vector=vector,
            hlc=hlc,
            fold_version=FOLD_VERSION,
            digest=digest,
            duty_rank=self._settings.hub.duty_rank,
        )

    def _chores(self, errand: Errand, lease: Callable[[], Lease | None]) -> Sequence[Chore]:
        link = HubLink(self._address, "chores")
        states = TouchedStates(self._places.store)
        errand.lines.append(link)
        errand.files.append(states)
        witness = Witness(errand.hub, errand.log, self._witness(errand))
        errand.notices.append(lambda: _told_of(witness))
        chores: list[Chore] = [
            witness,
            Publisher(PgPublishedTables(link), states, lease, errand.stop),
            self._taker(errand, link),
            self._maker(errand, link, lease),
            DeskTeller(PgPresence(link), self.board, self._clock.boottime),
        ]
        fleet_key = self._secrets.get(FLEET_KEY)
        if fleet_key is not None:
            sealer = FleetSealer(fleet_key)
            boxes = PgBoxes(link)
            chores.append(
                Vault(boxes, sealer, states, self._secrets, self._clock, self.on_addresses)
            )
        if self._spool is not None:
            chores.append(SpoolChore(self._spool, errand.log))
        return chores

    def _begin(self, errand: Errand) -> None:
        link = HubLink(self._address, "snapshot")
        errand.lines.append(link)
        self._taker(errand, link).begin()
        link.close()

    def _taker(self, errand: Errand, link: HubLink) -> SnapshotTaker:
        def install(step: Step) -> None:
            errand.ask(InstallSnapshot(step=step))

        return SnapshotTaker(
            PgSnapshots(link),
            SnapshotStore(self._places.store),
            Ed25519Verifier(),
            install,
            FOLD_VERSION,
            errand.stop,
        )

    def _maker(
        self, errand: Errand, link: HubLink, lease: Callable[[], Lease | None]
    ) -> SnapshotMaker:
        return SnapshotMaker(
            PgSnapshots(link),
            SnapshotStore(self._places.store),
            SigningKeys(self._secrets),
            lease,
            FOLD_VERSION,
            errand.stop,
        )

    def _witness(self, errand: Errand) -> WitnessParts:
        def announce(origin: str, public_key: str) -> bool:
            command = AnnounceStation(
                origin=origin,
                public_key=public_key,
                version=__version__,
                duty_rank=self._settings.hub.duty_rank,
                name=self._settings.station_name,
            )
            return bool(errand.ask(command))

        def keep(heads: Sequence[SignedHead]) -> None:
            errand.ask(KeepHeads(heads=heads))

        return WitnessParts(
            keys=SigningKeys(self._secrets),
            verifier=Ed25519Verifier(),
            announce=announce,
            announced=self._announced,
            keep=keep,
            boottime=self._clock.boottime,
        )

    def _announced(self) -> Keys:
        try:
            with closing(reading_connection(self._places.store)) as raw:
                return announced_keys(raw)
        except sqlite3.Error as error:
            raise StoreFailed(f"the station's file cannot be read ({error})") from error
