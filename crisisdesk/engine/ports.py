"""The ports: what the engine needs from the world, as protocols that other rooms implement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.answering import Offer
from crisisdesk.domain.bundle import Digest
from crisisdesk.domain.channel_health import Use
from crisisdesk.domain.checklist import Run
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.correlation.candidate import Candidate
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.event import Event, Sealed
from crisisdesk.domain.fold import State
from crisisdesk.domain.frontier import Standing
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.domain.silence import Silence
from crisisdesk.engine.exchange.ports import SignedHead

if TYPE_CHECKING:
    from crisisdesk.engine.command import Submit
    from crisisdesk.engine.exchange.snapshots import Step


class Clock(Protocol):
    """The only reader of time."""

    def now_ms(self) -> int:
        """Wall clock, UTC milliseconds since the epoch."""

    def boottime(self) -> float:
        """Seconds on a clock that never jumps and runs through suspend."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """One page on its way to one contact method.

    ``url`` is the contact method's address with its secrets, in Apprise's URL form (plus
    ``webhook://`` / ``webhooks://`` for a plain JSON POST over HTTP/HTTPS); never log it.
    ``key`` is stable over retries, for providers that drop repeats. ``deadline_s`` bounds the
    whole attempt. ``possible_repeat`` marks a resend whose first attempt had an unknown end.
    ``thread`` is the same for all that is said of one life of one alert, for providers that put
    such messages together. ``link`` opens the alert where the reader can reach it. ``answer`` is
    how it can be answered; the text says so already where the channel has nothing better.
    """

    key: str
    url: str
    title: str
    text: str
    severity: str
    alert_id: str
    deadline_s: float
    possible_repeat: bool = False
    thread: str = ""
    link: str = ""
    answer: Offer | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How one attempt ended.

    ``words`` are the provider's own, shortened to 300 characters and free of secrets.
    ``retryable`` says that trying again may help (timeout, 429, 5xx, no connection);
    a definite refusal (bad token, unknown recipient) is not retryable. ``retry_after_s`` is the
    provider's wish.
    """

    ok: bool
    words: str
    retryable: bool = True
    provider_id: str = ""
    retry_after_s: float | None = None


class Sender(Protocol):
    """Hands a page to its provider within the deadline; never raises for what a provider does."""

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Try once."""

    async def aclose(self) -> None:
        """Let go of threads and connections."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """What became of a page that its provider took; ``words`` as in `Outcome`.

    ``pending`` may still become anything; ``unknown`` says that the provider cannot tell, or did
    not just now.
    """

    state: Literal["delivered", "read", "failed", "pending", "unknown"]
    words: str


class Confirmer(Protocol):
    """Asks a provider what became of a page; never raises for what a provider does."""

    async def confirm(self, url: str, provider_id: str, deadline_s: float) -> Confirmation:
        """``url`` is the address it was sent to with its secrets, ``provider_id`` its `Outcome`'s.

        Asked once, within ``deadline_s``.
        """


class Beacon(Protocol):
    """Tells an outside watchdog that this station lives; never raises for what that one does."""

    async def beat(self, url: str, trouble: str, deadline_s: float) -> str:
        """Once, within ``deadline_s``; ``trouble`` says what is wrong, or nothing.

        Why it was not taken; empty when it was.
        """

    async def aclose(self) -> None:
        """Close its connections."""


class Offers(Protocol):
    """Says how a page can be answered from where it is read."""

    async def offer(self, delivery: Delivery, url: str) -> Offer | None:
        """For one page to a contact method with this address; None where there is no way."""


class Inbox(Protocol):
    """Where answers to pages come in. ``name`` says which, ``problem`` why nothing is heard."""

    name: str
    problem: str

    async def poll(self, submit: Submit) -> None:
        """Read what is new and answer with it; never raises for what the other side does."""

    async def aclose(self) -> None:
        """Let go of connections and threads."""


class Renderer(Protocol):
    """Puts a page into words; must not fail for any alert."""

    def __call__(
        self, delivery: Delivery, alert: Alert | None, digest: Digest | None = None, /
    ) -> tuple[str, str]:
        """The (title, text) to send: of the one alert, or of all that the digest tells of."""


class Keeper(Protocol):
    """Keeps verified copies of the store."""

    def back_up(self) -> None:
        """Make one now and drop what is too old; raises StoreFailed in words."""

    def last_backup_ms(self) -> int | None:
        """When the newest good copy was made, UTC ms."""


class Secrets(Protocol):
    """Where secrets live: the OS keyring or the sealed file that stands in for it."""

    def get(self, name: str) -> str | None:
        """The secret, or None."""

    def set(self, name: str, value: str) -> None:
        """Keep it."""

    def delete(self, name: str) -> None:
        """Forget it; no error when absent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The end of this station's own log: incarnation, last seq, hash, clock and local position."""

    origin: str
    seq: int
    hash: bytes
    hlc: int
    pos: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One step of compaction: the seq up to which each origin's events leave the log, the greatest
    hlc among them, and how many they are."""

    upto: Mapping[str, int]
    hlc: int
    events: int


class Planner(Protocol):
    """Finds what may leave the log."""

    def plan(self, now_ms: int, others: Sequence[Standing]) -> list[Piece]:
        """The next pieces, oldest first. ``others`` are the other registered stations' standings.

        Blocking; on any thread. Raises StoreFailed.
        """


class StoreFailed(Exception):
    """The store could not keep what it was given; nothing of it was kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DueMethod:
    """A contact method that has something due, and when messages went to it lately.

    ``messages`` are the moments (UTC ms) of those to this method, ``channel_messages`` of those to
    all methods of its channel, as far back as a throttle looks.
    """

    method_id: str
    channel: str
    messages: tuple[int, ...] = ()
    channel_messages: tuple[int, ...] = ()


class Journal(Protocol):
    """The station's log with its projections; used by one thread, the only writer.

    ``station_id`` is the aggregate of this installation itself.
    """

    station_id: str

    @property
    def short_of_space(self) -> str:
        """Why nothing big is to be written now, in words; empty while there is room."""

    def head(self) -> Head:
        """Where the log ends."""

    def load(self, aggregates: Iterable[str]) -> dict[str, State]:
        """The states of those aggregates that exist."""

    def contacts(self) -> list[Contact]:
        """All contacts that were not removed."""

    def silences(self) -> list[Silence]:
        """All silences that were not lifted, those that have ended among them."""

    def open_incidents(self) -> list[Incident]:
        """All incidents that are being led."""

    def attached_alerts(self) -> list[Alert]:
        """All open alerts that belong to an incident."""

    def uses(self, method_ids: Sequence[str], now_ms: int) -> dict[str, Use]:
        """What the log shows of each of these contact methods."""

    def due_alerts(self, now_ms: int, limit: int) -> list[str]:
        """Alerts whose next moment has come, soonest first."""

    def due_holds(self, now_ms: int, limit: int) -> list[str]:
        """Alerts of which who has them is to be asked or decided now, soonest first."""

    def unheld(self, severities: Sequence[str], limit: int) -> list[str]:
        """Alerts of these severities that somebody has without an end, oldest first."""

    def operators(self) -> list[str]:
        """Who sits at the desks of the stations whose events are here, by name."""

    def policies(self) -> list[PolicyVersion]:
        """All published versions that were not withdrawn."""

    def recent_alerts(self, within_ms: int, limit: int) -> list[Alert]:
        """Open alerts that began within that time of the newest, the newest few, oldest first."""

    def candidates(self) -> list[Candidate]:
        """Candidates that may still matter: open ones, those dismissed lately, and those whose
        incident is not over."""

    def due_escalations(self, now_ms: int, limit: int) -> list[str]:
        """Escalations whose next moment has come, soonest first."""

    def due_tasks(self, now_ms: int, limit: int) -> list[str]:
        """Tasks that are overdue and were not told of, soonest first."""

    def open_tasks(self, incident_id: str) -> list[str]:
        """The tasks of an incident that are still to be done."""

    def due_decisions(self, now_ms: int, limit: int) -> list[str]:
        """Decisions that are to be looked at again and did not ring yet, soonest first."""

    def due_handovers(self, now_ms: int, limit: int) -> list[str]:
        """Incidents in which an offer to hand a role over has run out, soonest first."""

    def merged_incidents(self, limit: int) -> list[str]:
        """Incidents that are part of one that is itself part of another: a way, or a ring."""

    def open_alerts(self) -> list[Alert]:
        """All alerts that are open."""

    def open_runs(self, since_ms: int) -> list[Run]:
        """Runs of procedures that have not ended, or ended since then."""

    def quieted_by(self, name: str, limit: int | None = None) -> list[str]:
        """Escalations that a silence or an alert keeps quiet, by its id; all without a limit."""

    def quieting(self) -> list[str]:
        """What keeps any escalation quiet, each once."""

    def unattended(self, severities: Sequence[str], limit: int) -> list[str]:
        """Alerts of these severities, oldest first, that nobody has and no escalation looks at."""

    def due_deliveries(
        self, method_id: str, now_ms: int, limit: int, *, urgent: bool = False
    ) -> list[str]:
        """Deliveries to one contact method whose moment has come, soonest first; of ``urgent``
        alerts only, if asked."""

    def waiting_for(self, alert_id: str, method_id: str) -> list[str]:
        """Deliveries of one alert by one method that have not ended."""

    def due_methods(self, now_ms: int) -> list[DueMethod]:
        """Contact methods with a delivery whose moment has come."""

    def carried_by(self, delivery_id: str, status: str, limit: int) -> list[str]:
        """Deliveries of this status that go or went in the message of another."""

    def codes(self, since_ms: int) -> list[tuple[int, str]]:
        """The codes that text messages handed over since then are answered with, each with its
        delivery."""

    def due_questions(self, now_ms: int, limit: int) -> list[str]:
        """Sent deliveries whose provider is to be asked now whether they arrived."""

    def next_due(self) -> int | None:
        """The soonest moment anything is due, UTC ms."""

    def marks(self, origins: Iterable[str]) -> dict[str, tuple[int, bytes]]:
        """(seq, hash) where the log of each of these origins ends here; none for unknown ones."""

    def last_hlcs(self, aggregates: Iterable[str]) -> dict[str, int]:
        """The greatest hlc among the events of each aggregate that has any."""

    def story(self, aggregate: str) -> tuple[State | None, list[Event]]:
        """All that its state is folded from: what compacted events left, and the events since."""

    def append(
        self,
        sealed: list[Sealed],
        states: dict[str, tuple[State, int]],
        spoilt: list[tuple[Event, str]] | None = None,
    ) -> int:
        """Keep events and the states after them in one durable transaction.

        ``sealed`` may hold events of several origins, each of them continuing its chain.
        ``spoilt`` are events among them that no state could use, with the reason. ``states`` maps
        an aggregate to its state and the index of its last event in ``sealed``. Returns the last
        local position. Raises StoreFailed with nothing kept.
        """

    def compact(self, piece: Piece) -> int:
        """Let a piece leave the log for the archive, in a transaction of its own; how many left.

        Raises StoreFailed with the log as it was.
        """

    def leave(self, agreed: int) -> Head:
        """Go on under a fresh origin, own events behind seq ``agreed`` written anew under it.

        One durable transaction of its own; the head afterwards. Raises StoreFailed with the log as
        it was.
        """

    def install(self, step: Step) -> Head:
        """Do one step of taking a snapshot, in a durable transaction of its own; the head after it.

        Raises Malformed for what no station could have put into one, and StoreFailed.
        """

    def keep_heads(self, heads: Sequence[SignedHead]) -> None:
        """Keep signed heads, the newest few of each origin; raises StoreFailed."""

    def reopen(self) -> Head:
        """Forget what is in memory and read the file again after a failure."""

    def close(self) -> None:
        """Release the file."""
