"""What the operator does with the list itself: filter, tab, order, groups, letting rows in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from crisisdesk.desk.alerts.quiet import nothing_found, nothing_open
from crisisdesk.desk.frame.heads import Tab
from crisisdesk.desk.frame.new_bar import NewView
from crisisdesk.desk.room import Action
from crisisdesk.domain.queue_order import GROUPINGS, ORDERS, Grouping, Order

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.alerts.list_pane import ListPane
    from crisisdesk.desk.alerts.model import QueueModel
    from crisisdesk.desk.alerts.rates import Rates
    from crisisdesk.desk.alerts.tally import Tally
    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.queue import Queue

_ORDER_WORDS = {
    "clock": "next to expire first",
    "severity": "worst first",
    "newest": "newest first",
    "service": "by service",
}
_GROUP_WORDS = {
    "": "no groups",
    "group": "by group",
    "service": "by service",
    "source": "by source",
}


def remembered_order(desk: Desk) -> tuple[Order, Grouping]:
    """The order and grouping of the last time."""
    order = desk.remembered("alerts.order", "clock")
    grouping = desk.remembered("alerts.grouping", "")
    return (order if order in ORDERS else "clock", grouping if grouping in GROUPINGS else "")


class ListControl(QObject):
    """``emptied`` comes when an empty state may have come or gone."""

    emptied = Signal()

    def __init__(
        self,
        desk: Desk,
        queue: Queue,
        model: QueueModel,
        pane: ListPane,
        tally: Tally,
        rates: Rates,
    ) -> None:
        super().__init__(pane)
        self.desk, self.queue, self.model, self.list = desk, queue, model, pane
        self.tally, self.rates = tally, rates
        self.loading = True
        self.last_signal_ms = 0
        self.silences = 0
        self._grouped_by: Grouping = queue.grouping or "group"
        self._text = ""
        pane.filtered.connect(self.filter)
        pane.tabbed.connect(self._tab)
        pane.new_bar.wanted.connect(self.show_new)
        pane.wanted.connect(self._empty_asked)
        remembered = desk.remembered("alerts.filter", "")
        if remembered:
            pane.filter.setText(remembered)

    def actions(self) -> list[Action]:
        """Filter, new rows, groups and orders."""

        def make(key: str, title: str, keys: str, icon: str, run: Callable[[], None]) -> Action:
            return Action(key=key, title=title, keys=keys, icon=icon, group="Alerts", run=run)

        found = [
            make("filter", "Filter the alerts", "/", "list-filter", self._start_filter),
            make("new", "Show new alerts", "U", "arrow-up-to-line", self.show_new),
            make("group", "Group or ungroup the alerts", "G", "layers", self.toggle_groups),
            make("silences", "Show the silences", "Shift S", "bell-off", self.show_shelf),
        ]
        for order in ORDERS:
            run = self._order_setter(order)
            found.append(make(f"order {order}", f"Sort {_ORDER_WORDS[order]}", "", "list", run))
        for grouping in GROUPINGS:
            run = self._group_setter(grouping)
            title = f"Group the alerts: {_GROUP_WORDS[grouping]}"
            found.append(make(f"group {grouping}", title, "", "layers", run))
        return found

    def show_shelf(self) -> None:
        """Go to the silences."""
        self._open_tab("silences")
        self.list.shelf.focus_first()

    def show_alerts(self) -> None:
        """Come back from the silences."""
        if self.list.on_shelf:
            self._open_tab("now")

    def _open_tab(self, key: str) -> None:
        self.list.tabs.set_current(key)
        self._tab(key)

    def show_all(self) -> None:
        """Drop tab and filter."""
        self.list.tabs.set_current("now")
        self.list.show_shelf(False)
        self.list.filter.clear()
        self.filter("")

    def show_new(self) -> None:
        """Let in what waits behind the new bar."""
        self.model.carry(self.queue.release())
        self.show_counts()

    def _start_filter(self) -> None:
        self.list.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.list.filter.selectAll()

    def filter(self, text: str) -> None:
        """Show what fits this text and the tab."""
        self._text = text
        self.desk.remember("alerts.filter", text)
        whose = f'owner:"{self.desk.operator()}" -is:resolved -is:closed '
        prefix = whose if self.list.tabs.current() == "mine" else ""
        self.model.carry(self.queue.set_filter(prefix + text))
        self.show_emptiness()

    def _tab(self, key: str) -> None:
        self.list.show_shelf(key == "silences")
        self.filter(self._text)

    def toggle_groups(self) -> None:
        """Group as last time, or not at all."""
        if self.queue.grouping:
            self._grouped_by = self.queue.grouping
        self._set_grouping("" if self.queue.grouping else self._grouped_by)

    def _set_grouping(self, grouping: Grouping) -> None:
        self.desk.remember("alerts.grouping", grouping)
        self.model.carry(self.queue.set_grouping(grouping))

    def _group_setter(self, grouping: Grouping) -> Callable[[], None]:
        return lambda: self._set_grouping(grouping)

    def _order_setter(self, order: Order) -> Callable[[], None]:
        def run() -> None:
            self.desk.remember("alerts.order", order)
            self.model.carry(self.queue.set_order(order))

        return run

    def show_counts(self) -> None:
        """New bar, tabs and storm chip."""
        waiting = self.queue.waiting()
        grave = waiting.get("critical", 0) + waiting.get("emergency", 0)
        words = "The worst already page and sound." if grave else ""
        self.list.new_bar.show_view(
            NewView(total=sum(waiting.values()), counts=tuple(waiting.items()), words=words)
        )
        mine = self.tally.owned_by(self.desk.operator())
        self.list.tabs.show_tabs(
            [
                Tab("now", "Now", str(self.tally.open())),
                Tab("mine", "Mine", str(mine)),
                Tab("silences", "Silences", str(self.silences)),
            ]
        )
        self.list.storm.show_rate(self.rates.total(self.desk.now_ms()))

    def show_emptiness(self) -> None:
        """An empty state where nothing is to be shown."""
        if self.queue.shown() or self.loading:
            self.list.show_empty(None)
        elif self.queue.filter_text.strip():
            self.list.show_empty(nothing_found(self.list.tabs.current(), self._text))
        else:
            self.list.show_empty(nothing_open(self.last_signal_ms))
        self.emptied.emit()

    def _empty_asked(self, key: str) -> None:
        if key == "clear":
            self.show_all()
        elif key in ("sounds", "sources", "contacts"):
            self.desk.open_room(9)
        elif key == "incident":
            self.desk.open_room(2)
