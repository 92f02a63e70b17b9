"""What the workers ask of the engine about deliveries, from claim to confirmation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crisisdesk.engine.command import Command
from crisisdesk.engine.ports import Confirmation, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTerms:
    """Under which terms a station that shares the work claims deliveries.

    ``holder`` is the origin it claims under, ``token`` its lease's (0 when it acts without the
    hub). ``granted`` are the deliveries that the hub's ledger granted, with the attempt each is;
    None when no hub was asked. Without it, what is in ``shared`` (origin -> seq that others may
    know as well) waits ``patience_ms`` longer.
    """

    holder: str
    token: int = 0
    granted: Mapping[str, int] | None = None
    patience_ms: int = 0
    shared: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDeliveries(Command):
    """Claim due deliveries before they are sent, as at most ``per_method`` messages in flight for
    each contact method. ``busy`` counts those already in flight, ``apart`` are left alone. Without
    ``terms`` nobody else could claim them; where the hub granted some, ``messages`` are what was
    chosen (see `ChooseDeliveries`), or each goes by itself.

    The result is (delivery, its alert or None); behind each carrier those that go in its message,
    which are ``bundled`` into it.
    """

    busy: dict[str, int] = field(default_factory=dict)
    per_method: int = 4
    apart: frozenset[str] = frozenset()
    terms: ClaimTerms | None = None
    messages: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseDeliveries(Command):
    """As `ClaimDeliveries`, but only name what would be claimed: one list for each message, its
    carrier first. What is no longer wanted ends."""

    busy: dict[str, int] = field(default_factory=dict)
    per_method: int = 4
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinBundle(Command):
    """Let more of what is due join a message that was claimed and not sent yet, a bounded number.

    ``attempt`` and ``holder`` are the claim's. Of what the hub granted under ``terms``, that only.
    The result is (delivery, its alert or None) of those that joined.
    """

    carrier_id: str
    attempt: int
    holder: str = ""
    apart: frozenset[str] = frozenset()
    terms: ClaimTerms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseJoining(Command):
    """As `JoinBundle`, but only name what would join."""

    carrier_id: str
    attempt: int
    holder: str = ""
    apart: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckDelivery(Command):
    """Directly before it is sent: the result says why it must not be, empty when it must.

    What is no longer wanted ends.
    """

    delivery_id: str
    attempt: int
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckBundle(Command):
    """Directly before a bundle is sent: which of these are still to be told in it.

    ``carried`` are some of those in it; the carrier is always looked at. What is no longer wanted
    ends, except the carrier. The result is (why nothing must be sent, or empty; ids still wanted).
    """

    delivery_id: str
    attempt: int
    holder: str = ""
    carried: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseDelivery(Command):
    """Give a claim back before anything was sent under it."""

    delivery_id: str
    attempt: int
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOverdue(Command):
    """Ask which wanted deliveries nobody has acted on for ``late_ms`` since they were due; the
    result is their ids, soonest due first, at most ``limit`` for each contact method."""

    late_ms: int = 30_000
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleDelivery(Command):
    """Write down how an attempt ended. ``holder`` is the origin it was claimed under, if shared.

    ``carried`` are those that were told in the same message. The result are those of them whose end
    is not written down yet: they are for `SettleBundled`.
    """

    delivery_id: str
    attempt: int
    outcome: Outcome
    holder: str = ""
    carried: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleBundled(Command):
    """Write down how it ended for more of those that went in one message, a bounded number.

    The result are those that are left.
    """

    delivery_id: str
    outcome: Outcome
    carried: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuestions(Command):
    """Ask which sent deliveries are due to be asked after at their providers; the result is a list
    of `Delivery`, at most ``limit``."""

    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteConfirmation(Command):
    """Write down what a provider said of a message it had taken.

    Bad news, or none for too long, pages the contact's next method. The result is whether more of
    those that went in the same message wait to be told; then the same is to be asked again.
    """

    delivery_id: str
    provider_id: str
    confirmation: Confirmation
