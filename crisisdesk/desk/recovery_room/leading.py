"""Leading a run: what was offered is done, at once or after its form has been filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from crisisdesk.desk.recovery_room.orders import Answered, order

if TYPE_CHECKING:
    from crisisdesk.desk.recovery_room.offers import Offer
    from crisisdesk.desk.recovery_room.run_page import RunPage
    from crisisdesk.desk.room import Desk, Refusal
    from crisisdesk.domain.checklist import Run


class Leading(QObject):
    """``changed`` says that the run stands otherwise now, or may."""

    changed = Signal()

    def __init__(self, desk: Desk, page: RunPage) -> None:
        super().__init__(page)
        self._desk, self._page = desk, page
        # What the open form is about: the run and the step as they were when it was opened.
        self._about: tuple[Offer, Run, str, str] | None = None
        # One order at a time: a second press is not meant for the step that comes next.
        self._busy = False
        page.form.given.connect(self._answered)

    def do(self, offer: Offer | None) -> None:
        """Do what was offered; greyed ones do nothing."""
        found, one = self._page.found, self._page.step()
        if offer is None or offer.why_not or found is None or self._busy:
            return
        step_id = one.step_id if one is not None else ""
        title = found.run.title if offer.of_run or one is None else str(one.step["title"])
        self._about = (offer, found.run, step_id, title)
        if offer.ask is not None:
            self._page.ask(offer)
        else:
            self._send(Answered())

    def _answered(self, said: Answered) -> None:
        self._send(said)

    def _send(self, said: Answered) -> None:
        if self._about is None or self._busy:
            return
        self._busy = True
        offer, run, step_id, title = self._about
        form = self._page.form

        def is_here() -> bool:
            return self._page.found is not None and self._page.found.run.run_id == run.run_id

        def done(_: Any) -> None:
            self._busy = False
            if is_here():
                if form.is_open():
                    self._page.close_form()
                self._page.follow()
            self.changed.emit()

        def refused(refusal: Refusal) -> None:
            self._busy = False
            words = f"Not saved: {refusal.words}. {refusal.remedy}".strip()
            if is_here() and form.is_open():
                form.refuse(words)
            else:
                self._desk.say(f"Not saved: {offer.title}, {title}", words, "high")
            self.changed.emit()

        call = order(run, step_id, offer, said)
        self._desk.command(f"{offer.title}: {title}", call, done, refused)
