"""The Planning room: a head with tabs, and the page behind each of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from crisisdesk.desk.frame.heads import RoomHead, Tab, TabRow
from crisisdesk.desk.planning.alert_rules.page import AlertRulesPage
from crisisdesk.desk.planning.oncall.page import OnCallPage
from crisisdesk.desk.planning.policies.page import PoliciesPage
from crisisdesk.desk.planning.rules.page import RulesPage
from crisisdesk.desk.room import Action, Room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.desk.planning.page import Page
    from crisisdesk.desk.room import Desk
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.detection.series import Series

_TAB = "planning.tab"


class PlanningRoom(Room):
    """Room 6 of the desk. ``help_wanted`` carries the name of a help page.

    Its pages stand in the order of their tabs; without any given it makes its own.
    """

    key = 6
    word = "Planning"
    icon = "map"

    help_wanted = Signal(str)

    def __init__(
        self, desk: Desk, pages: Sequence[Page] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, parent)
        self.pages: list[Page] = list(pages) or [
            OnCallPage(desk),
            PoliciesPage(desk),
            RulesPage(desk),
            AlertRulesPage(desk),
        ]
        self.oncall = next(page for page in self.pages if isinstance(page, OnCallPage))
        self.oncall.counted.connect(self.counted)
        self.oncall.helped.connect(lambda: self.help_wanted.emit(self.oncall.help_page))
        self.tabs = TabRow([Tab(page.word, page.word) for page in self.pages])
        self.tabs.chosen.connect(self.show_page)
        self.stack = QStackedWidget()
        for page in self.pages:
            assert isinstance(page, QWidget)
            self.stack.addWidget(page)
            page.acted.connect(self.acted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(RoomHead(self.word, self.tabs))
        column.addWidget(self.stack, 1)
        self.show_page(str(desk.remembered(_TAB, "")))

    @property
    def page(self) -> Page:
        """The page that is open."""
        return self.pages[self.stack.currentIndex()]

    def show_page(self, word: str) -> None:
        """Open the page of this word; nothing happens for a word that no page has."""
        at = next((n for n, page in enumerate(self.pages) if page.word == word), -1)
        if at < 0:
            return
        self.stack.setCurrentIndex(at)
        self.tabs.set_current(word)
        self.desk.remember(_TAB, word)
        self.page.tick(self.desk.now_ms())
        if self.isVisible():
            self.page.focus_first()
        self.acted.emit()

    def turn_page(self, step: int) -> None:
        """Open the page ``step`` tabs further on, around the end."""
        at = (self.stack.currentIndex() + step) % len(self.pages)
        self.show_page(self.pages[at].word)

    def begin_alert_rule(self, series: Series, value: float) -> None:
        """Begin an alert rule for a series, with its newest value; nothing without their page."""
        page = next((one for one in self.pages if isinstance(one, AlertRulesPage)), None)
        if page is not None:
            self._go_to_page(page.word)
            page.begin_for(series, value)

    def watch(self, now_ms: int) -> None:
        """Notice what time alone changes, in view or not: hand-overs and gaps."""
        self.oncall.watch(now_ms)

    # -- what the desk asks ------------------------------------------------------------------

    def count(self) -> int:
        """Schedules with nobody on call now, or not all through the next 24 hours."""
        return self.oncall.count()

    def count_severity(self) -> str:
        """How bad the worst of them is."""
        return self.oncall.count_severity()

    def on_snapshot(self, change: Change) -> None:
        """Every page takes it, in view or not."""
        for page in self.pages:
            page.on_snapshot(change)

    def actions(self) -> list[Action]:  # type: ignore[override]
        """Those of the page that is open, then ways to the others."""
        return [*self.page.actions(), *self._ways()]

    def tick(self, now_ms: int) -> None:
        """Turn what moves on the page that is open."""
        self.page.tick(now_ms)

    def engine_changed(self, away: bool) -> None:
        """Every page disables or enables what needs the engine."""
        for page in self.pages:
            page.engine_changed(away)

    def focus_first(self) -> None:
        """Where the open page begins."""
        self.page.focus_first()

    def help_page(self) -> str:
        """The one about the open page."""
        return self.page.help_page

    def _ways(self) -> list[Action]:
        found = [
            Action(
                key=f"planning {page.word}",
                title=page.word,
                icon=self.icon,
                group=self.word,
                run=partial(self._go_to_page, page.word),
            )
            for page in self.pages
        ]
        if len(self.pages) > 1:
            for title, keys, step in (
                ("Next tab", "Ctrl PgDown", 1),
                ("Tab before", "Ctrl PgUp", -1),
            ):
                found.append(
                    Action(
                        key=f"planning {title}",
                        title=title,
                        keys=keys,
                        icon=self.icon,
                        group="Tabs",
                        run=partial(self.turn_page, step),
                    )
                )
        return found

    def _go_to_page(self, word: str) -> None:
        self.desk.open_room(self.key)
        self.show_page(word)
