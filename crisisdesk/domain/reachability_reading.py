"""The audit of people from what a reader of the station's file answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from crisisdesk.domain.channel_health import Use, look_at
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.loop_standing import Board as DeliveriesById
from crisisdesk.domain.loop_standing import loop_lines, loop_uses
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.reachability import Audit, audit


class Board(DeliveriesById, Protocol):
    """What the log shows of contact methods."""

    def uses(self, method_ids: Sequence[str], now_ms: int) -> Mapping[str, Use]: ...


class Reader(Protocol):
    """What is asked of a reader."""

    def policies(self, *, declared: bool = False) -> Sequence[PolicyVersion]: ...
    def contacts(self) -> Sequence[Contact]: ...
    def board(self) -> Board: ...


def audit_people(reader: Reader, now_ms: int) -> Audit:
    """Who is proven reachable at ``now_ms``."""
    contacts = reader.contacts()
    methods = [str(m["method_id"]) for contact in contacts for m in contact.methods]
    uses = reader.board().uses(methods, now_ms)
    channels = look_at(contacts, uses, now_ms, loop_uses(loop_lines(reader, now_ms)))
    return audit(contacts, uses, channels, now_ms)
