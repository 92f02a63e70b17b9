"""Overrides of the page: the form for the selected shift, publishing, and taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from crisisdesk.desk.planning.oncall.choosing import people_to_choose
from crisisdesk.desk.planning.oncall.prefill import prefilled
from crisisdesk.domain.oncall.drafts import Draft, written

if TYPE_CHECKING:
    from crisisdesk.desk.planning.oncall.page import OnCallPage


def has_focus(widget: QWidget) -> bool:
    """Whether the keyboard is somewhere in a widget."""
    focus = QApplication.focusWidget()
    return isinstance(focus, QWidget) and (focus is widget or widget.isAncestorOf(focus))


class Overriding(QObject):
    """Between the page, its form and the engine. ``changed`` says that other things can be done
    now, ``left`` that the form was closed and had the keyboard."""

    changed = Signal()
    left = Signal()

    def __init__(self, page: OnCallPage) -> None:
        super().__init__(page)
        self._page = page
        self._given_at = ""
        page.form.given.connect(self._publish)
        page.form.left.connect(self.leave)

    def begin(self) -> None:
        """Open the form for what is left of the selected shift."""
        page = self._page
        found, form, zone = page.outlook, page.form, page.zone()
        if found is None or page.schedule not in found.published.rota.schedules:
            return
        if form.is_open():
            form.who.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        start, end = prefilled(page.hold(), page.desk.now_ms())
        people = [
            (one.contact_id, one.name)
            for one in found.published.contacts.values()
            if one.enabled and not one.removed
        ]
        schedule = found.published.rota.schedules[page.schedule]
        ids = dict.fromkeys(one for layer in schedule.layers for one in layer.members)
        members = [(one, found.published.name_of(one)) for one in ids]
        self._given_at = page.orders.stamp()
        page.detail.set_filling(True)
        form.begin(
            page.schedule,
            zone,
            people_to_choose(people),
            written(start, zone),
            written(end, zone),
            people_to_choose(members),
        )
        form.set_away(page.desk.engine_away())
        self.changed.emit()

    def leave(self) -> None:
        """Put the form away."""
        form = self._page.form
        if form.is_open():
            focused = has_focus(form)
            form.dismiss()
            self._page.detail.set_filling(False)
            if focused:
                self.left.emit()
            self.changed.emit()

    def _publish(self, draft: Draft) -> None:
        page = self._page
        if page.outlook is not None:
            page.orders.add(
                draft,
                page.schedule,
                page.outlook.published,
                self._given_at,
                self.leave,
                page.form.refuse,
            )

    def take_back(self) -> None:
        """Withdraw the override of the selected shift."""
        page = self._page
        hold = page.hold()
        if hold is not None and hold.override is not None and page.outlook is not None:
            page.orders.take_back(hold.override, page.outlook.published)
