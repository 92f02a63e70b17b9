"""The vault: contact methods' addresses, shared between stations as sealed boxes in the hub.

A station can only page by an address it has, and an address is a secret: it stands in no event.
So each station seals its addresses with the fleet's key, which the hub never sees, and takes over
those of the others. A box has a version, sealed with it; the newer one wins, and a removed address
leaves a box that says so. Nothing is asked of the hub but to keep boxes.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from crisisdesk.engine.exchange.exchange import Outcome
from crisisdesk.engine.ports import Clock, Secrets
from crisisdesk.engine.workers.pager import secret_name

log = logging.getLogger(__name__)

FLEET_KEY = "hub:fleet-key"
LOOK_AGAIN_S = 300.0


class CannotOpen(Exception):
    """A box was changed on its way, or sealed with another key; the message is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One sealed address as the hub keeps it. ``name`` is the contact method's id."""

    name: str
    version: int
    sealed: bytes


class Sealer(Protocol):
    """Seals and opens with the fleet's key; a box opens only under its own name and version."""

    def seal(self, name: str, version: int, address: str | None) -> Box:
        """Seal an address; None says that there is none any more."""

    def open(self, box: Box) -> str | None:
        """What `seal` was given; raises CannotOpen."""


class Boxes(Protocol):
    """The hub's side. Blocking; raises `engine.exchange.ports.HubAway` and `HubRefused`."""

    def versions(self) -> dict[str, int]:
        """Which boxes there are, and their versions."""

    def fetch(self, names: Sequence[str]) -> list[Box]:
        """These boxes."""

    def put(self, box: Box) -> bool:
        """Keep it unless the same or a newer version is there; whether it was kept."""


class Cards(Protocol):
    """What the vault asks of this station's states."""

    def contacts_mark(self) -> int:
        """Grows with every change of any contact."""

    def methods(self) -> dict[str, int]:
        """Every contact method on a card, with the hlc of the card's newest event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What this station last agreed on with the hub: a version, and a mark of the address then."""

    version: int
    mark: str


class Vault:
    """A `Chore` of the exchange. Blocking; used by the exchange's thread alone.

    ``taken`` is called with the ids of contact methods whose address has come or changed.
    ``refused`` holds a sentence for each box that could not be opened.
    """

    name = "sharing addresses"

    def __init__(
        self,
        boxes: Boxes,
        sealer: Sealer,
        cards: Cards,
        secrets: Secrets,
        clock: Clock,
        taken: Callable[[frozenset[str]], None] = lambda _names: None,
    ) -> None:
        self._boxes = boxes
        self._sealer = sealer
        self._cards = cards
        self._secrets = secrets
        self._clock = clock
        self._taken = taken
        self._seen: tuple[int, dict[str, int]] | None = None
        self._look_at = 0.0
        self.refused: dict[str, str] = {}

    def run(self, _outcome: Outcome | None = None) -> None:
        """Put what the hub lacks, take what is newer; raises CannotOpen when boxes were refused.

        Cheap when neither cards nor boxes have changed: secrets are then looked at only every five
        minutes, since a keyring may take long.
        """
        versions, mark = self._boxes.versions(), self._cards.contacts_mark()
        now = self._clock.boottime()
        if self._seen != (mark, versions) or now >= self._look_at:
            self._compare(versions)
            self._seen = (mark, self._boxes.versions())
            self._look_at = now + LOOK_AGAIN_S
        if self.refused:
            raise CannotOpen("; ".join(self.refused.values()))

    def _compare(self, versions: Mapping[str, int]) -> None:
        cards = self._cards.methods()
        self.refused = {}
        came: set[str] = set()
        for name in sorted({*cards, *versions}):
            if self._settle(name, versions.get(name, 0), cards.get(name)):
                came.add(name)
        if came:
            self._taken(frozenset(came))

    def _settle(self, name: str, there: int, card_hlc: int | None) -> bool:
        """Bring one name to agreement; whether its address here has changed."""
        address = self._secrets.get(secret_name(name))
        known = self._known(name)
        agreed = known is not None and known.mark == self._mark(address)
        ours = known.version if known and agreed else self._news(address, known, card_hlc)
        if there > 0 and (ours is None or there > ours or (there == ours and not agreed)):
            return self._take(name, address, known)
        if ours is not None and ours > there:
            box = self._sealer.seal(name, ours, address)
            if self._boxes.put(box):
                self._remember(name, ours, address)
        return False

    def _news(self, address: str | None, known: _Known | None, card_hlc: int | None) -> int | None:
        """The version of what this station newly has to say about a name; None for nothing.

        A changed address counts from its card's last change, as the card itself does. One that
        vanished is given up only when no card names it: a lost keyring removes nobody's address.
        """
        after = 1 if known is None else known.version + 1
        if address is not None:
            return max(after, card_hlc or 0)
        return after if known is not None and card_hlc is None else None

    def _take(self, name: str, address: str | None, known: _Known | None) -> bool:
        fetched = self._boxes.fetch([name])
        if not fetched or fetched[0].name != name:
            return False
        box = fetched[0]
        try:
            theirs = self._sealer.open(box)
        except CannotOpen as error:
            self._cannot_open(box, address, known, str(error))
            return False
        if theirs is None:
            self._secrets.delete(secret_name(name))
        elif theirs != address:
            self._secrets.set(secret_name(name), theirs)
        self._remember(name, box.version, theirs)
        log.info("took over the address of contact method %s, version %d", name, box.version)
        return theirs != address

    def _cannot_open(self, box: Box, address: str | None, known: _Known | None, why: str) -> None:
        """Leave it, and say so; an address that was entered here since takes its place."""
        if known is None:
            self._remember(box.name, 0, address)
        elif address is not None and known.mark != self._mark(address):
            fresh = self._sealer.seal(box.name, box.version + 1, address)
            if self._boxes.put(fresh):
                self._remember(box.name, fresh.version, address)
                return
        self.refused[box.name] = why

    # -- what was agreed on, beside the secret itself ----------------------------------------

    def _known(self, name: str) -> _Known | None:
        text = self._secrets.get(_note_name(name))
        if text is None:
            return None
        try:
            version, mark = json.loads(text)
            return _Known(version=int(version), mark=str(mark))
        except (ValueError, TypeError):
            # Written by nobody we know: as if nothing had been agreed on yet.
            log.warning("the note about contact method %s cannot be read, made anew", name)
            return None

    def _remember(self, name: str, version: int, address: str | None) -> None:
        self._secrets.set(_note_name(name), json.dumps([version, self._mark(address)]))

    def _mark(self, address: str | None) -> str:
        """Tells whether an address has changed, without giving it away to who sees the note."""
        if address is None:
            return "gone"
        key = (self._secrets.get(FLEET_KEY) or "").encode()
        return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()


def _note_name(name: str) -> str:
    return f"box:{name}"
