"""Who has an alert, in the Alerts room: still on it, hand-off, its answer, and what is news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from crisisdesk.desk.alerts.hand_form import OFFER, HandForm, Said
from crisisdesk.desk.alerts.hand_words import (
    Person,
    concerns,
    news_of,
    people_of,
    same,
)
from crisisdesk.desk.alerts.keeping import NONE_HELD, renewable, still_title, still_words
from crisisdesk.desk.frame.clock_strip import ClockCell
from crisisdesk.desk.room import Action
from crisisdesk.domain.queue_order import SEVERITY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crisisdesk.desk.alerts.detail import DetailPane
    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.store.queries import AlertRow, StationReader


class Handing(QObject):
    """``left`` says that the keyboard may go elsewhere, ``told`` carries a `News` for outside the
    window."""

    left = Signal()
    told = Signal(object)

    def __init__(self, desk: Desk, detail: DetailPane) -> None:
        super().__init__(detail)
        self._desk = desk
        self._form: HandForm = detail.hand_form
        self._row: AlertRow | None = None
        # What this operator has or is asked to take, and what they took back themselves.
        self._mine: dict[str, AlertRow] = {}
        self._withdrawn: set[str] = set()
        self._form.given.connect(self._give)
        self._form.left.connect(self.leave)

    # -- what is known -----------------------------------------------------------------------

    def on_snapshot(self, change: Change) -> None:
        """Say what concerns this operator; the first load is no news."""
        if change.full:
            self._mine.clear()
        operator = self._desk.operator()
        for row in change.alerts:
            before = self._mine.get(row.alert_id)
            if before is None and not concerns(row, operator):
                continue
            if not (change.full or change.loading):
                self._say(before, row, operator)
            if concerns(row, operator):
                self._mine[row.alert_id] = row
            else:
                self._mine.pop(row.alert_id, None)

    def _say(self, before: AlertRow | None, row: AlertRow, operator: str) -> None:
        ended = before is not None and before.handed_to and not row.handed_to
        if ended and row.alert_id in self._withdrawn:
            self._withdrawn.discard(row.alert_id)
            return
        news = news_of(before, row, operator)
        if news is not None:
            self._desk.say(news.title, news.body, SEVERITY_NAME[news.severity])
            self.told.emit(news)

    def clocks(self) -> list[ClockCell]:
        """When what this operator was asked about runs out."""
        operator = self._desk.operator()
        return [
            ClockCell(
                key=row.alert_id,
                label=f"still on it: {row.service or row.source}",
                icon="circle-help",
                deadline_ms=row.hold_until,
                total_ms=row.hold_until - (row.acknowledged_at or row.detected_at),
                grave=True,
            )
            for row in self._mine.values()
            if row.hold_asked_at is not None and row.hold_until is not None
            if row.owner == operator
        ]

    # -- what can be done --------------------------------------------------------------------

    def around(
        self, row: AlertRow, mine: Sequence[Action], targets: Sequence[AlertRow] = ()
    ) -> list[Action]:
        """The actions on one alert, with those about who has it among them; ``targets`` are those
        of the group it leads."""
        operator = self._desk.operator()
        group = mine[0].group if mine else "Alerts"

        def make(key: str, title: str, keys: str, icon: str, run: Callable[[], None]) -> Action:
            return Action(key=key, title=title, keys=keys, icon=icon, group=group, run=run)

        held = renewable(targets or (row,), operator)
        title = still_title(held)
        still = make("still", title, "T", "user-check", lambda: self.still(held))
        also = [still] if held else []
        offer = make("hand off", "Hand off", "H", "arrow-left-right", lambda: self.begin(row))
        accept = make("accept", "Accept", "Y", "check", lambda: self.accept(row))
        decline = make("decline", "Decline", "D", "x", lambda: self.begin_decline(row))
        withdraw = make(
            "withdraw", "Take the offer back", "W", "undo-2", lambda: self.withdraw(row)
        )
        if row.status in ("resolved", "closed"):
            return [*mine, *also]
        if same(row.handed_to, operator):
            return [accept, decline, *mine, *also]
        if row.owner != operator or not operator:
            return [*mine, *also]
        more = [withdraw] if row.handed_to else [offer]
        if not held:
            return [*mine, *more]
        place = 0 if row.hold_asked_at is not None else 1
        return [*mine[:place], still, *mine[place:], *more]

    def answer(self, row: AlertRow) -> bool:
        """Say yes to what is asked of this operator, from outside; False when nothing is."""
        operator = self._desk.operator()
        if same(row.handed_to, operator):
            self.accept(row)
        elif row.owner == operator and row.hold_asked_at is not None:
            self.still([row])
        else:
            return False
        return True

    def for_shown(self, rows: Callable[[], Sequence[AlertRow]]) -> Action:
        """To say it of all that are shown and this operator has; ``rows`` gives them when it is
        asked, for the list moves while nobody selects anything."""

        def run() -> None:
            held = renewable(rows(), self._desk.operator())
            self.still(held)
            if not held:
                self._desk.say("Nothing to renew", NONE_HELD)

        return Action(
            key="still all",
            title="Still on all alerts shown that are yours",
            keys="Shift T",
            icon="user-check",
            group="Alerts",
            run=run,
        )

    def still(self, rows: Sequence[AlertRow]) -> None:
        """Say that one still has these, all or none; several can be given back for ten seconds."""
        if not rows:
            return
        ids, epochs = [row.alert_id for row in rows], [row.epoch for row in rows]
        words = still_words(rows)

        def done(changed: list[str]) -> None:
            if len(changed) > 1:
                # There is no earlier end to go back to: what was said was said.
                title = f"Still on {len(changed)} alerts. On undo you give them back."
                self._desk.offer_undo(title, lambda: self._give_back(changed))

        self._desk.command(words, lambda c: c.still_on_it(ids, epochs=epochs), done)

    def _give_back(self, ids: list[str]) -> None:
        self._desk.command(f"give back {len(ids)} alerts", lambda c: c.unacknowledge(ids))

    def accept(self, row: AlertRow) -> None:
        """Take over what is offered."""
        self._desk.command(f"accept {row.alert_id}", lambda c: c.accept(row.alert_id))

    def withdraw(self, row: AlertRow) -> None:
        """Take the offer back."""
        self._take_back(row.alert_id)

    def _take_back(self, alert_id: str) -> None:
        def refused(refusal: Refusal) -> None:
            self._withdrawn.discard(alert_id)
            self._desk.say("The offer stands", f"{refusal.words}; {refusal.remedy}.", "high")

        self._withdrawn.add(alert_id)
        words = f"take the offer of {alert_id} back"
        self._desk.command(words, lambda c: c.withdraw_hand_off(alert_id), None, refused)

    def begin(self, row: AlertRow) -> None:
        """Open the form to hand it off, with everybody who can be asked."""
        self._row = row
        operator = self._desk.operator()

        def question(reader: StationReader) -> list[Person]:
            return people_of(reader.contacts(), reader.stations())

        def answer(people: list[Person]) -> None:
            if self._row is row:
                others = [person for person in people if not same(person.name, operator)]
                self._form.begin_offer(others)

        self._desk.ask(question, answer)

    def begin_decline(self, row: AlertRow) -> None:
        """Open the form to decline it."""
        self._row = row
        self._form.begin_decline()

    def put_away(self) -> None:
        """Put the form away; another alert is looked at."""
        self._row = None
        if not self._form.isHidden():
            self._form.dismiss()

    def leave(self) -> None:
        """Put the form away, and let the keyboard go elsewhere."""
        if not self._form.isHidden():
            self.put_away()
            self.left.emit()

    def _give(self, said: Said) -> None:
        row = self._row
        if row is None:
            return
        verb = "offered" if said.what == OFFER else "declined"

        def done(made: dict[str, Any]) -> None:
            self.leave()
            if said.what == OFFER and made.get("handoff"):
                to = made["handoff"]["to"]
                self._desk.offer_undo(f"Offered to {to}", lambda: self._take_back(row.alert_id))

        def refused(refusal: Refusal) -> None:
            field = f"{refusal.field} " if refusal.field == "reason" else ""
            self._form.refuse(f"Not {verb}: {field}{refusal.words}; {refusal.remedy}.")

        if said.what == OFFER:
            self._desk.command(
                f"hand {row.alert_id} to {said.to}",
                lambda c: c.hand_off(row.alert_id, said.to, said.text),
                done,
                refused,
            )
        else:
            self._desk.command(
                f"decline {row.alert_id}",
                lambda c: c.decline(row.alert_id, said.text),
                done,
                refused,
            )
