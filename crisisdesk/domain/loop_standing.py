"""How every loop test stands, put together from what a reader of the station's file answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from crisisdesk.domain.channel_health import Use
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.loop_test import (
    LoopLine,
    Proof,
    loop_delivery_id,
    method_of,
    slots,
    standing,
    targets,
)
from crisisdesk.domain.policy_version import PolicyVersion

# What a test has to arrive, where nobody says otherwise: the engine's judgement is in the log.
WITHIN_MS = 120_000


class Board(Protocol):
    """Deliveries by id."""

    def some(self, delivery_ids: Iterable[str]) -> list[Delivery]: ...


class Reader(Protocol):
    """What is asked of a reader."""

    def policies(self, *, declared: bool = False) -> Sequence[PolicyVersion]: ...
    def contacts(self) -> Sequence[Contact]: ...
    def board(self) -> Board: ...


def loop_lines(reader: Reader, now_ms: int, within_ms: int = WITHIN_MS) -> list[LoopLine]:
    """Every target, those that do not arrive first."""
    known = targets(reader.policies(declared=True))
    if not known:
        return []
    contacts = {contact.contact_id: contact for contact in reader.contacts()}
    ids = [loop_delivery_id(target, slot) for target in known for slot in slots(target, now_ms)]
    found = {one.delivery_id: one for one in reader.board().some(ids)}
    lines = []
    for target in known:
        contact, method = contacts.get(target.contact_id), method_of(contacts, target)
        name = contact.name if contact else target.contact_id
        lines.append(standing(target, method, name, found, now_ms, within_ms))
    order = [Proof.BROKEN, Proof.GONE, *Proof]
    return sorted(lines, key=lambda line: (order.index(line.proof), line.name, line.masked))


def loop_uses(lines: Iterable[LoopLine]) -> Mapping[tuple[str, str], Use]:
    """What the loop tests show of each (channel, provider), for the verdict on it."""
    found = {}
    for line in lines:
        key = (line.channel, line.provider)
        if line.proof in (Proof.ARRIVED, Proof.SENT):
            found[key] = Use(last_success=line.at_ms)
        elif line.proof is Proof.BROKEN:
            found[key] = Use(last_failure=line.at_ms, failure_words=f"loop test: {line.words}")
    return found
