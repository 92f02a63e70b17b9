"""Keeps the candidates of the desk: read when they change, told when new, answered at a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from crisisdesk.desk.candidates.words import ACCEPT_KEY, arranged, toast_words
from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.alert import Alert
    from crisisdesk.domain.correlation.candidate import Candidate
    from crisisdesk.store.queries import StationReader

PREFIX = "CAN-"
# A store that could not be read leaves a question without an answer.
_ANSWER_WITHIN_MS = 3_000


class Dossier(NamedTuple):
    """One candidate and its alerts as they stand."""

    candidate: Candidate
    alerts: list[Alert]


class _Read(NamedTuple):
    open_ones: list[Candidate]
    dossier: Dossier | None


class CandidateKeeper(QObject):
    """``changed`` comes when ``shown`` did, ``read`` when ``dossier`` was read anew.

    ``shown`` are the open candidates, the one that the key accepts first. ``wanted`` is the id of
    the one that is looked at, "" for none.
    """

    changed = Signal()
    read = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._known: set[str] | None = None
        self._stale = False
        self._asked_ms: int | None = None
        self.shown: tuple[Candidate, ...] = ()
        self.wanted = ""
        self.dossier: Dossier | None = None

    # -- reading ---------------------------------------------------------------------------

    def take(self, change: Change) -> None:
        """Note whether a change can matter; candidates show at once, their alerts at the tick."""
        own = change.full or any(name.startswith(PREFIX) for name in change.touched)
        members = set() if self.dossier is None else set(self.dossier.candidate.alerts)
        if own or not members.isdisjoint(change.touched):
            self._stale = True
        if own:
            self._ask()

    def tick(self, now_ms: int) -> None:
        """Catch up with what changed meanwhile."""
        if self._asked_ms is not None and now_ms - self._asked_ms > _ANSWER_WITHIN_MS:
            self._asked_ms, self._stale = None, True
        if self._stale:
            self._ask()

    def look_at(self, candidate_id: str) -> None:
        """Read this one in full, and again whenever it changes; "" for none."""
        self.wanted, self._stale = candidate_id, bool(candidate_id)
        if not candidate_id:
            self.dossier = None
        elif self._asked_ms is None:
            self._ask()

    def _ask(self) -> None:
        if self._asked_ms is not None:
            return
        self._stale, self._asked_ms = False, self._desk.now_ms()
        wanted = self.wanted

        def question(reader: StationReader) -> _Read:
            candidate = reader.candidate(wanted) if wanted else None
            dossier = None if candidate is None else Dossier(candidate, reader.members(candidate))
            return _Read(reader.candidates(), dossier)

        self._desk.ask(question, self._answer)

    def _answer(self, found: _Read) -> None:
        self._asked_ms = None
        shown = arranged(found.open_ones)
        self._tell_new(shown)
        if shown != self.shown:
            self.shown = shown
            self.changed.emit()
        dossier = found.dossier
        if dossier is not None and dossier.candidate.candidate_id == self.wanted:
            self.dossier = dossier
            self.read.emit()
        elif self.wanted and self._stale:
            self._ask()

    def _tell_new(self, shown: tuple[Candidate, ...]) -> None:
        names = {one.candidate_id for one in shown}
        if self._known is not None:
            for one in reversed(shown):
                if one.candidate_id not in self._known:
                    self._desk.say(*toast_words(one), severity=one.worst)
        self._known = names | (self._known or set())

    # -- answering -------------------------------------------------------------------------

    def actions(self) -> list[Action]:
        """What can be done from anywhere."""
        first = self.shown[0] if self.shown else None
        away = self._desk.engine_away()
        detail = "no alerts wait as a candidate" if first is None else first.title
        return [
            Action(
                key="candidate.accept",
                title="Open the incident that is proposed",
                run=self.accept_first,
                keys=ACCEPT_KEY,
                detail="not while the engine is away" if away else detail,
                icon="git-merge",
                group="Desk",
                also=("accept candidate", "related alerts", "correlation"),
                enabled=first is not None and not away,
            )
        ]

    def accept_first(self) -> None:
        """Accept the one that is looked at while it is open, else the first that is shown."""
        looked_at = next((c for c in self.shown if c.candidate_id == self.wanted), None)
        first = looked_at or (self.shown[0] if self.shown else None)
        if first is not None:
            self.accept(first)

    def accept(self, candidate: Candidate) -> None:
        """Open its incident, led by the operator, and go there."""
        name = candidate.candidate_id
        self._desk.command(
            f"open an incident of {name}",
            lambda client: client.accept_candidate(name),
            lambda incident: self._desk.show_thing(str(incident["incident_id"])),
        )

    def dismiss(self, candidate: Candidate, reason: str = "") -> None:
        """Let its group rest; can be undone."""
        name, title = candidate.candidate_id, candidate.title

        def undo() -> None:
            self._desk.command(f"bring {name} back", lambda client: client.reopen_candidate(name))

        self._desk.command(
            f"dismiss {name}",
            lambda client: client.dismiss_candidate(name, reason.strip()),
            lambda _answer: self._desk.offer_undo(f"Dismissed: {title}", undo),
        )

    def reopen(self, candidate: Candidate) -> None:
        """Take a dismissal back."""
        name = candidate.candidate_id
        self._desk.command(f"bring {name} back", lambda client: client.reopen_candidate(name))
