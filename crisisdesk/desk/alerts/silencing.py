"""Silences in the Alerts room: what is known of them, and how they are set and lifted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from crisisdesk.desk.alerts.kept_words import TOLD, hushed, kept_lines
from crisisdesk.desk.alerts.silence_words import covers_words, lastings, suggested
from crisisdesk.desk.frame.clock_strip import ClockCell
from crisisdesk.desk.room import Action
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.kept_quiet import kept_by_causes
from crisisdesk.domain.matchers import is_broad, parse_matchers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crisisdesk.desk.alerts.detail import DetailPane
    from crisisdesk.desk.alerts.faces import Quieter
    from crisisdesk.desk.alerts.silence_form import SilenceForm, Wanted
    from crisisdesk.desk.alerts.silence_shelf import SilenceShelf
    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.kept_quiet import KeptQuiet
    from crisisdesk.domain.silence import Silence
    from crisisdesk.store.queries import AlertRow, StationReader

    Found = list[tuple[Silence, list[str]]]

_AGAIN_MS = 1_000
# With many open alerts an answer takes its time; the reader has others to serve meanwhile.
_REST = 4
# A store that cannot be read leaves a question unanswered: it is asked again after so long.
_LOST_MS = 10_000


class Silencing(QObject):
    """``known`` says that what is silenced changed; ``left`` that the keyboard may go elsewhere.

    ``quiet`` maps an open alert to the silence with the latest end that keeps it quiet now, and
    ``hushed`` to that or to what else does; ``causes`` counts how many each cause keeps quiet.
    """

    known = Signal()
    left = Signal()

    def __init__(self, desk: Desk, detail: DetailPane, shelf: SilenceShelf) -> None:
        super().__init__(detail)
        self._desk, self._shelf = desk, shelf
        self._form: SilenceForm = detail.silence_form
        self.quiet: dict[str, Silence] = {}
        self.found: Found = []
        self._kept: list[KeptQuiet] = []
        self.hushed: dict[str, Quieter] = {}
        self.causes: dict[str, int] = {}
        self._stale, self._asking = True, False
        self._asked_at = self._not_before = 0
        self._form.tried.connect(self._try)
        self._form.given.connect(self._set)
        self._form.left.connect(self.leave)
        detail.silenced.lifted.connect(self.lift)
        shelf.lifted.connect(self.lift)

    # -- what is known -----------------------------------------------------------------------

    def on_snapshot(self, change: Change) -> None:
        """Look again when silences changed, and soon when alerts did that one may cover."""
        if change.full or any(name.startswith("SIL-") for name in change.touched):
            self._not_before = 0
            self._stale = True
        elif any(name.startswith("ESC-") for name in change.touched) or (
            change.alerts and (self._kept or self.standing())
        ):
            self._stale = True
        self.tick(self._desk.now_ms())

    def tick(self, now_ms: int) -> None:
        """Turn the clocks; look again when one began or ended."""
        self._shelf.tick(now_ms)
        due = self._stale or self._asking or self._has_turned(now_ms)
        waits = self._asking and now_ms - self._asked_at < _LOST_MS
        if due and not waits and now_ms >= self._not_before:
            self._ask(now_ms)

    def _has_turned(self, now_ms: int) -> bool:
        """Whether anything began or ended since it was asked, by time alone."""
        if any(self._asked_at < one.until <= now_ms for one in self._kept):
            return True
        return any(s.standing(now_ms) != s.standing(self._asked_at) for s, _ids in self.found)

    def _ask(self, now_ms: int) -> None:
        def question(reader: StationReader) -> tuple[Found, list[KeptQuiet]]:
            found = [(s, reader.hidden_by(s)) for s in reader.silences(now_ms)]
            return found, reader.quieting().deferred(now_ms)

        self._asking, self._stale = True, False
        self._asked_at, self._not_before = now_ms, now_ms + _AGAIN_MS
        self._desk.ask(question, self._answer)

    def _answer(self, told: tuple[Found, list[KeptQuiet]]) -> None:
        found, kept = told
        now_ms = self._desk.now_ms()
        self._asking = False
        if self._not_before:
            self._not_before = now_ms + max(_AGAIN_MS, _REST * (now_ms - self._asked_at))
        self.found = found
        quiet: dict[str, Silence] = {}
        for silence, ids in found:
            if silence.silences(self._asked_at):
                for alert_id in ids:
                    known = quiet.get(alert_id)
                    if known is None or known.until < silence.until:
                        quiet[alert_id] = silence
        self.quiet = quiet
        self._kept = [one for one in kept if one.way in TOLD]
        self.hushed, self.causes = {**hushed(kept), **quiet}, kept_by_causes(kept)
        self._shelf.show_kept(kept_lines(self._kept))
        self._shelf.show_silences([(s, len(ids)) for s, ids in found], now_ms)
        self.known.emit()
        self.tick(now_ms)

    def standing(self) -> list[Silence]:
        """Those that keep quiet now or are planned."""
        now_ms = self._desk.now_ms()
        return [s for s, _ids in self.found if s.standing(now_ms) in ("active", "planned")]

    def clocks(self) -> list[ClockCell]:
        """When the silences of now end."""
        now_ms = self._desk.now_ms()
        return [
            ClockCell(
                key=s.silence_id,
                label=f"silence: {s.match.get('service') or s.in_text()}",
                icon="bell-off",
                deadline_ms=s.until,
                total_ms=s.until - (s.set_at if s.starts_at is None else s.starts_at),
            )
            for s in self.standing()
            if s.silences(now_ms)
        ]

    # -- what can be done --------------------------------------------------------------------

    def actions(self) -> list[Action]:
        """Lifting each of them."""
        return [
            Action(
                key=f"lift {s.silence_id}",
                title=f"Lift the silence of {s.in_text()}",
                detail=s.reason,
                icon="bell-ring",
                group="Silences",
                run=self._lifter(s.silence_id),
            )
            for s in self.standing()
        ]

    def begin(self, row: AlertRow, labels: Mapping[str, str]) -> None:
        """Open the composer for an alert."""
        self._form.begin(suggested(row, labels), lastings(self._desk.now_ms()))

    def leave(self) -> None:
        """Put the composer away."""
        if not self._form.isHidden():
            self._form.dismiss()
            self.left.emit()

    def _try(self, text: str) -> None:
        try:
            matchers = parse_matchers(text)
        except Malformed as error:
            self._form.tell(text, f"{error.field} {error.problem}; {error.remedy}.", wrong=True)
            return
        broad = is_broad(matchers)

        def answer(found: tuple[int, Sequence[object]]) -> None:
            self._form.tell(text, covers_words(found[0], broad=broad), wrong=broad)

        self._desk.ask(lambda reader: reader.would_hide(matchers, 1), answer)

    def _set(self, wanted: Wanted) -> None:
        spans = {one.key: one.ms for one in lastings(self._desk.now_ms())}
        seconds = max(1, spans[wanted.lasting] // 1_000)

        def done(made: dict[str, Any]) -> None:
            self._form.dismiss()
            self.left.emit()
            silence_id = str(made["silence_id"])
            title = f"Silenced {', '.join(made['matchers'])}"
            self._desk.offer_undo(title, lambda: self.lift(silence_id))

        def refused(refusal: Refusal) -> None:
            field = f"{refusal.field} " if refusal.field else ""
            self._form.refuse(f"Not silenced: {field}{refusal.words}; {refusal.remedy}.")

        self._desk.command(
            f"silence {wanted.matchers}",
            lambda c: c.set_silence(wanted.matchers, wanted.reason, duration_s=seconds),
            done,
            refused,
        )

    def _lifter(self, silence_id: str) -> Any:
        return lambda: self.lift(silence_id)

    def lift(self, silence_id: str) -> None:
        """Take a silence away."""
        found = next((s for s, _ids in self.found if s.silence_id == silence_id), None)
        name = found.in_text() if found is not None else silence_id
        self._desk.command(f"lift the silence of {name}", lambda c: c.lift_silence(silence_id))
