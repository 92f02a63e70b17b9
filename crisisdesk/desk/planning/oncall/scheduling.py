"""Simple schedules of the page: begun, changed, published with a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimeZone, Signal

from crisisdesk.desk.planning.oncall.choosing import people_to_choose
from crisisdesk.desk.planning.oncall.orders import refusal_words
from crisisdesk.desk.planning.oncall.schedule_draft import (
    ScheduleDraft,
    drafted,
    fresh,
    schedule_of,
)
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.oncall.drafts import Order
from crisisdesk.domain.publishing import spelled_anew

if TYPE_CHECKING:
    from crisisdesk.desk.planning.oncall.page import OnCallPage
    from crisisdesk.desk.room import Refusal
    from crisisdesk.domain.oncall.schedule import Schedule


class Scheduling(QObject):
    """Between the page, its form and the engine. ``changed`` says that other things can be done
    now; ``published`` carries the name of a schedule."""

    changed = Signal()
    published = Signal(str)

    def __init__(self, page: OnCallPage) -> None:
        super().__init__(page)
        self._page = page
        self._open = False
        # What is changed, as it was when the form was opened; None for a new one.
        self._began: Schedule | None = None
        page.schedule_form.given.connect(self._publish)
        page.schedule_form.left.connect(self.leave)

    def is_open(self) -> bool:
        """Whether the form is being filled in."""
        return self._open

    def _people(self) -> list[tuple[str, str]]:
        found = self._page.outlook
        if found is None:
            return []
        known = found.published.contacts.values()
        return people_to_choose((one.contact_id, one.name) for one in known if not one.removed)

    def simple(self) -> ScheduleDraft | None:
        """The selected schedule as a draft; None when there is none, or only a file can say it."""
        found = self._page.outlook
        plan = found.published.rota.schedules.get(self._page.schedule) if found else None
        return drafted(plan, dict(self._people())) if plan is not None else None

    def begin(self) -> None:
        """Open the form for a new schedule."""
        zone = bytes(QTimeZone.systemTimeZoneId().data()).decode() or "UTC"
        self._begin(fresh(zone, self._page.desk.now_ms()))

    def change(self) -> None:
        """Open the form with the selected schedule in it."""
        draft = self.simple()
        if draft is not None:
            self._begin(draft)

    def _begin(self, draft: ScheduleDraft) -> None:
        page = self._page
        if page.outlook is None or self._open:
            return
        self._open = True
        self._began = page.outlook.published.rota.schedules.get(draft.name)
        page.show_form(True)
        page.schedule_form.begin(draft, [word for _, word in self._people()])
        page.schedule_form.set_away(page.desk.engine_away())
        self.changed.emit()

    def leave(self) -> None:
        """Put the form away; nothing of it is kept."""
        if self._open:
            self._open = False
            self._page.show_form(False)
            self._page.focus_first()
            self.changed.emit()

    def _publish(self, draft: ScheduleDraft) -> None:
        page = self._page
        try:
            order = self._anew(schedule_of(draft, self._people()))
            self._check_unchanged(order.name)
        except Malformed as error:
            page.schedule_form.refuse(error.field, f"{error.problem}; {error.remedy}.")
            return

        def done(made: dict[str, Any]) -> None:
            version_id = str(made["version_id"])
            self.leave()
            self.published.emit(order.name)
            page.desk.offer_undo(
                f"Published the schedule {order.name}", lambda: self._undo(order.name, version_id)
            )

        def refused(refusal: Refusal) -> None:
            page.schedule_form.refuse(refusal.field, refusal_words(refusal))

        page.desk.command(
            f"publish the schedule {order.name}",
            lambda client: client.publish_policy(order.name, order.content),
            done,
            refused,
        )

    def _anew(self, order: Order) -> Order:
        """As a version of its own, where the schedule was like this before."""
        found = self._page.outlook
        if found is None:
            return order
        content = spelled_anew(order.name, order.content, found.published.earlier)
        return Order(order.name, content)

    def _check_unchanged(self, name: str) -> None:
        """Raises Malformed when it would write over what nobody has seen in this form."""
        found = self._page.outlook
        now = found.published.rota.schedules.get(name) if found is not None else None
        if now == self._began:
            return
        if self._began is None:
            remedy = "leave and change that one, or write another name"
            raise Malformed("name", "is that of a schedule there is", remedy)
        raise Malformed("", "another version was published meanwhile", "leave and begin anew")

    def _undo(self, name: str, version_id: str) -> None:
        self._page.desk.command(
            f"withdraw the schedule {name}", lambda client: client.withdraw_policy(version_id)
        )
