"""Snapshots: what compacted events left, put into the hub, and taken from there by a fresh station.

What is trusted: the hub is reached over TLS, only the station on duty may put one there, the hub
itself compares its heads with the events it holds, and everything pulled behind it must continue
those heads. The maker's signature is held against the snapshot before anything of it is taken, and
the maker's key against the one it has announced as soon as all is pulled. Behind all that stands
the digest of states that stations compare. What fails any check is thrown away whole, and
everything is pulled: no event is ever dropped from the hub for a snapshot.
"""

from __future__ import annotations

import hashlib
import json
import logging
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal, Protocol

from crisisdesk.domain.canonical import canonical_bytes
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.heads import Keys
from crisisdesk.engine.duty.ports import Lease
from crisisdesk.engine.exchange.exchange import Outcome
from crisisdesk.engine.exchange.ports import BATCH_BYTES, Mark
from crisisdesk.engine.exchange.signing import KeyRing, Verifier

log = logging.getLogger(__name__)

PART_BASES = 1_000
# A newer one is made when a day more has been compacted; hlc readings are ms in their upper bits.
AGAIN_HLC = 86_400_000 << 16
_TAG = b"CrisisDesk snapshot 1\n"


class Unfit(Exception):
    """A snapshot cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What compacted events left of one aggregate: canonical ``state`` bytes, folded by
    ``fold_version``, up to ``hlc``."""

    aggregate: str
    hlc: int
    fold_version: int
    state: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A snapshot as the hub offers it: number, maker, and what the maker ``told`` and signed."""

    id: int
    maker: str
    told: bytes
    public_key: str
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an offer says: up to which hlc, where each origin's log goes on, by which fold, and the
    SHA-256 of each part in hex."""

    maker: str
    cut: int
    fold_version: int
    heads: Mapping[str, Mark]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of taking snapshot ``number``, done in one transaction.

    ``kind`` is add (``bases`` are its part ``part``), complete (by ``terms``, signed with
    ``public_key``), checked (that key was the right one) or drop (throw all of it away again).
    """

    kind: Literal["add", "complete", "checked", "drop"]
    number: int
    part: int = 0
    bases: Sequence[Base] = ()
    terms: Terms | None = None
    public_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """How far this station is with one: its number, the next part, and once it is complete who
    made it with which key. ``checked`` says that the key was found to be the announced one."""

    number: int = 0
    next_part: int = 0
    maker: str = ""
    public_key: str = ""
    complete: bool = False
    checked: bool = False


class SnapshotHub(Protocol):
    """The hub's side. Blocking; raises `engine.exchange.ports.HubAway` and `HubRefused`."""

    def offers(self) -> list[Offer]:
        """The complete ones, newest first."""

    def part(self, number: int, part: int) -> bytes | None:
        """One part; None when it is not, or no longer, there."""

    def begin(self, holder: str, token: int) -> int:
        """The number of a new one; 0 when the lease is not held under this token."""

    def put(self, holder: str, token: int, number: int, part: int, data: bytes) -> bool:
        """Add a part; False when it is too late for that."""

    def finish(self, holder: str, token: int, offer: Offer) -> bool:
        """Show it to all; False when parts, heads or the lease are not as it says."""


class OwnBases(Protocol):
    """This station's bases in one unchanging view; raises `engine.ports.StoreFailed`."""

    cut: int
    heads: Mapping[str, Mark]

    def bases(self) -> Iterator[Base]:
        """All, by aggregate."""


class BaseStore(Protocol):
    """This station's file; raises `engine.ports.StoreFailed`."""

    def cut(self) -> int:
        """Up to which hlc its log is compacted; 0 when it is whole."""

    def view(self) -> AbstractContextManager[OwnBases]:
        """Its bases, while the context lasts."""

    def taking(self) -> Taking:
        """How far it is with taking a snapshot."""

    def is_fresh(self, cut: int, heads: Mapping[str, Mark]) -> bool:
        """Whether it holds nothing that a snapshot up to ``cut`` would have to be merged with."""

    def keys(self) -> Keys:
        """The keys that the log announces."""


def pack(bases: Sequence[Base]) -> bytes:
    """One part."""
    rows = [[b.aggregate, b.hlc, b.fold_version, b.state.decode()] for b in bases]
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), 3)


def unpack(data: bytes, digest: str) -> list[Base]:
    """The bases of a part with this SHA-256; raises Unfit."""
    if hashlib.sha256(data).hexdigest() != digest:
        raise Unfit("one of its parts is not the one that was signed")
    rows = json.loads(zlib.decompress(data))
    return [
        Base(aggregate=aggregate, hlc=hlc, fold_version=fold, state=state.encode())
        for aggregate, hlc, fold, state in rows
    ]


def told_bytes(terms: Terms) -> bytes:
    """What is signed, as canonical JSON."""
    return canonical_bytes(
        {
            "maker": terms.maker,
            "cut": terms.cut,
            "fold_version": terms.fold_version,
            "heads": {o: [mark.seq, mark.hash.hex()] for o, mark in terms.heads.items()},
            "parts": list(terms.parts),
        }
    )


def read_offer(offer: Offer, verifier: Verifier) -> Terms:
    """What an offer says when its key has signed it; raises Unfit."""
    if not verifier.verify(offer.public_key, offer.signature, _TAG + offer.told):
        raise Unfit("its signature does not belong to it")
    try:
        told = json.loads(offer.told)
        terms = Terms(
            maker=told["maker"],
            cut=told["cut"],
            fold_version=told["fold_version"],
            heads={o: Mark(seq, bytes.fromhex(x)) for o, (seq, x) in told["heads"].items()},
            parts=tuple(told["parts"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unfit(f"it cannot be read ({error})") from error
    if terms.maker != offer.maker:
        raise Unfit("its maker is another than the hub says")
    return terms


class SnapshotMaker:
    """A chore of the exchange: while this station has duty, puts what compaction left into the hub.

    Blocking; used by one thread. A lease that is lost meanwhile ends it, and nobody sees any of it.
    """

    name = "snapshots"

    def __init__(
        self,
        hub: SnapshotHub,
        store: BaseStore,
        keys: KeyRing,
        lease: Callable[[], Lease | None],
        fold_version: int,
        stop: Callable[[], bool],
    ) -> None:
        self._hub = hub
        self._store = store
        self._keys = keys
        self._lease = lease
        self._fold_version = fold_version
        self._stop = stop
        self._looked_at = 0

    def run(self, outcome: Outcome) -> None:
        """Make one when it is due; may raise HubAway and HubRefused."""
        lease, cut = self._lease(), self._store.cut()
        if lease is None or not cut or cut == self._looked_at or outcome.held_back:
            return
        if self._is_due(cut) and not self._make(lease):
            return
        self._looked_at = cut

    def _is_due(self, cut: int) -> bool:
        for offer in self._hub.offers():
            told = json.loads(offer.told)
            if told["fold_version"] == self._fold_version:
                return bool(cut >= told["cut"] + AGAIN_HLC)
        return True

    def _make(self, lease: Lease) -> bool:
        number = self._hub.begin(lease.holder, lease.token)
        if not number:
            return False
        hashes: list[str] = []
        with self._store.view() as own:
            for bases in _batches(own.bases()):
                data = pack(bases)
                put = self._hub.put(lease.holder, lease.token, number, len(hashes), data)
                if self._stop() or not put:
                    return False
                hashes.append(hashlib.sha256(data).hexdigest())
            terms = Terms(
                maker=lease.holder,
                cut=own.cut,
                fold_version=self._fold_version,
                heads=own.heads,
                parts=tuple(hashes),
            )
        offer = sign_offer(number, terms, self._keys)
        done = self._hub.finish(lease.holder, lease.token, offer)
        if done:
            log.info("a snapshot of %d parts is in the hub", len(hashes))
        return done


def sign_offer(number: int, terms: Terms, keys: KeyRing) -> Offer:
    """The offer of these terms, signed with the maker's key."""
    signer, told = keys.of(terms.maker), told_bytes(terms)
    return Offer(
        id=number,
        maker=terms.maker,
        told=told,
        public_key=signer.public_key,
        signature=signer.sign(_TAG + told),
    )


def _batches(bases: Iterator[Base]) -> Iterator[list[Base]]:
    batch: list[Base] = []
    size = 0
    for base in bases:
        batch.append(base)
        size += len(base.state)
        if len(batch) >= PART_BASES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class SnapshotTaker:
    """Lets a fresh station begin with the newest snapshot that fits; goes on where it was cut off.

    ``install`` gives a step to the one writer and returns when it is on disk. `begin` is called
    before the first exchange, `run` as a chore after each. Blocking; used by one thread.
    """

    name = "the snapshot taken"

    def __init__(
        self,
        hub: SnapshotHub,
        store: BaseStore,
        verifier: Verifier,
        install: Callable[[Step], None],
        fold_version: int,
        stop: Callable[[], bool],
    ) -> None:
        self._hub = hub
        self._store = store
        self._verifier = verifier
        self._install = install
        self._fold_version = fold_version
        self._stop = stop
        self._done = False

    def begin(self) -> None:
        """Take one if there is one to take; may raise HubAway and HubRefused."""
        taking = self._store.taking()
        if taking.complete:
            return
        for offer in self._hub.offers():
            if taking.number not in (0, offer.id):
                continue
            try:
                self._take(offer, taking)
            except (Unfit, Malformed) as why:
                log.error("snapshot %d of the hub is not used: %s", offer.id, why)
                self._throw_away()
                taking = Taking()
                continue
            return
        if self._store.taking().number:
            log.warning("the snapshot that was being taken is gone; pulling everything")
            self._throw_away()

    def _take(self, offer: Offer, taking: Taking) -> None:
        terms = read_offer(offer, self._verifier)
        if terms.fold_version != self._fold_version:
            if taking.number:
                raise Unfit("this program folds otherwise than the one that began to take it")
            log.info("snapshot %d is of another version; it is not used", offer.id)
            return
        if not taking.number and not self._store.is_fresh(terms.cut, terms.heads):
            return
        for part in range(taking.next_part, len(terms.parts)):
            if self._stop():
                return
            data = self._hub.part(offer.id, part)
            if data is None:
                raise Unfit("it is no longer there")
            bases = unpack(data, terms.parts[part])
            self._install(Step(kind="add", number=offer.id, part=part, bases=bases))
        self._install(
            Step(kind="complete", number=offer.id, terms=terms, public_key=offer.public_key)
        )
        log.info("began with snapshot %d, made by %s", offer.id, offer.maker[:8])

    def _throw_away(self) -> None:
        if (taking := self._store.taking()).number:
            self._install(Step(kind="drop", number=taking.number))

    def run(self, outcome: Outcome) -> None:
        """Once all is pulled, hold the maker's key against the one it has announced."""
        if self._done:
            return
        taking = self._store.taking()
        if not taking.complete or taking.checked:
            self._done = True
            return
        if any(m.seq > _seq(outcome.here, o) for o, m in outcome.hub.items()):
            if not outcome.held_back:
                return
            why = f"what lies behind it does not continue it: {next(iter(outcome.held_back))[:8]}"
        elif self._store.keys().of_origin.get(taking.maker) == taking.public_key:
            self._install(Step(kind="checked", number=taking.number))
            self._done = True
            return
        else:
            why = f"{taking.maker[:8]} has not announced the key that signed it"
        log.error("snapshot %d is thrown away, pulling everything: %s", taking.number, why)
        self._throw_away()
        self._done = True


def _seq(marks: Mapping[str, Mark], origin: str) -> int:
    return marks[origin].seq if origin in marks else 0
