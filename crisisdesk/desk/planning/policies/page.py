"""The page of escalation policies: the list, the editor, and the simulator beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.planning.policies.actions import actions_of
from crisisdesk.desk.planning.policies.book import Book
from crisisdesk.desk.planning.policies.drafts import (
    KEPT,
    Draft,
    encoded,
    faults_of,
    from_yaml,
    is_missing,
    policy_of,
    yaml_fault,
)
from crisisdesk.desk.planning.policies.editor import (
    BUILT_IN,
    FORM,
    NOTHING_PUBLISHED,
    UNREAD,
    YAML,
    Editor,
)
from crisisdesk.desk.planning.policies.history import history_rows
from crisisdesk.desk.planning.policies.list_pane import ListPane
from crisisdesk.desk.planning.policies.orders import Orders
from crisisdesk.desk.planning.policies.player import Player
from crisisdesk.desk.planning.policies.publishing import Publisher
from crisisdesk.desk.planning.policies.reading import NOTHING, Known, read_known
from crisisdesk.desk.planning.policies.simulator import Simulator
from crisisdesk.desk.planning.policies.standing import Standing, standing_of
from crisisdesk.desk.planning.policies.targets import Labels, used_targets
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.escalation.policy import EVERYONE

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.desk.room import Action, Desk
    from crisisdesk.desk.snapshot import Change

# Quiet hours and gaps come closer by themselves; nothing in the store tells of it.
_LOOK_AGAIN_MS = 60_000
_REST, _LOST_MS = 4, 10_000
_UNREAD_MS = 2_000
_OPENED = "planning.policies.open"


class PoliciesPage(QWidget):
    """``acted`` says that ``actions()`` has changed."""

    word = "Escalation policies"
    help_page = "escalation"
    acted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.book = Book(desk.remembered(KEPT, []))
        self.book.selected = desk.remembered(_OPENED, "")
        self.standing = Standing()
        self._labels: Labels | None = None
        self._labelled = (NOTHING, "")
        self._fault: DomainError | None = None
        self._insisted = ""
        self._history: tuple[Labels | None, str, tuple[str, ...]] | None = None
        self._away = desk.engine_away()
        self._stale, self._asking = True, False
        self._asked_ms = self._not_before_ms = 0
        self.publisher = Publisher(desk, lambda: self.book.known, self._show_standing)
        self.orders = Orders(self)
        self.list, self.editor, self.simulator = ListPane(), Editor(), Simulator()
        self.player = Player(desk, self.simulator, self.editor.form, self)
        self.setAccessibleName(self.word)
        panes = SplitPane()
        panes.add_pane(self.list)
        panes.add_pane(self.editor, stretch=3)
        panes.add_pane(self.simulator, stretch=1)
        self.panes = panes
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(panes)
        self._fit()
        look().changed.connect(self._fit)
        self._connect()
        self.engine_changed(self._away)

    def _fit(self) -> None:
        """Take the widths of this zoom."""
        px = theme().px
        self.list.setMinimumWidth(px(230))
        self.simulator.setMinimumWidth(px(300))
        self.panes.setSizes([px(260), px(568), px(400)])

    def _connect(self) -> None:
        listed, editor, orders = self.list, self.editor, self.orders
        listed.chosen.connect(self.open)
        listed.opened.connect(self.edit)
        listed.new_wanted.connect(orders.new)
        editor.form.edited.connect(lambda content: self._change(content=content))
        editor.form.renamed.connect(lambda name: self._change(name=name))
        editor.form.dropped.connect(orders.offer_step)
        editor.yaml.written.connect(self._write)
        editor.publish_wanted.connect(orders.publish)
        editor.withdraw_wanted.connect(orders.withdraw)
        editor.discard_wanted.connect(orders.discard)
        editor.duplicate_wanted.connect(orders.duplicate)
        editor.new_wanted.connect(orders.new)
        editor.tab_changed.connect(lambda _: self.acted.emit())
        editor.history.taken.connect(orders.take_version)
        editor.history.again.connect(orders.publish_again)
        self.simulator.jumped.connect(self.jump)

    # -- what the room asks --------------------------------------------------------------------

    def on_snapshot(self, change: Change) -> None:
        """Read again when policies or people changed."""
        touched = any(name.startswith("POL-") for name in change.touched)
        if change.full or change.contacts_changed or touched:
            self._stale = True
            if change.full:
                self._asking, self._not_before_ms = False, 0
        self.tick(self.desk.now_ms())

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while nobody looked."""
        super().showEvent(event)
        self.tick(self.desk.now_ms())

    def tick(self, now_ms: int) -> None:
        """Read what is stale, in measure, and play again what begins now; both while in view."""
        if not self.isVisible():
            return
        waits = self._asking and now_ms - self._asked_ms < _LOST_MS
        due = self._stale or now_ms - self._asked_ms >= _LOOK_AGAIN_MS
        if due and not waits and now_ms >= self._not_before_ms:
            self._stale, self._asking, self._asked_ms = False, True, now_ms
            self.desk.ask(lambda reader: read_known(reader, now_ms), self._take)
        if self._asking and self.book.known is NOTHING and now_ms - self._asked_ms >= _UNREAD_MS:
            self.editor.show_empty(UNREAD)
        self.player.tick(now_ms)

    def engine_changed(self, away: bool) -> None:
        """Nothing can be changed while the engine is away."""
        self._away = away
        self.editor.set_read_only(away)
        self.list.new.setEnabled(not away)
        self._show_standing()

    def focus_first(self) -> None:
        """The list."""
        self.list.list.focus_row()

    def actions(self) -> list[Action]:  # type: ignore[override]
        """What can be done with the open policy first."""
        return actions_of(self)

    def is_away(self) -> bool:
        """Whether the engine is away."""
        return self._away

    def can_change(self) -> bool:
        """Whether a policy is open and may be changed now."""
        return not self._away and not self.editor.is_empty()

    # -- what is shown -------------------------------------------------------------------------

    def _take(self, known: Known) -> None:
        now_ms = self.desk.now_ms()
        self._asking = False
        # With many policies an answer takes its time; the reader has others to serve meanwhile.
        self._not_before_ms = now_ms + _REST * (now_ms - self._asked_ms)
        self.book.take(known)
        self.keep()
        self.show_all()

    def show_all(self) -> None:
        """Show everything as it is now."""
        book = self.book
        self.list.show_policies(book.known, book.listed(), book.selected)
        draft = book.working()
        if draft is None:
            nothing = not book.known.current and not book.drafts
            self._fault = None
            self.editor.show_empty(NOTHING_PUBLISHED if nothing else BUILT_IN)
            self.player.play(EVERYONE, ())
        else:
            faults = faults_of(draft)
            self._fault = next(iter(faults), None)
            labels = self._labels_of(draft)
            self.editor.show_draft(draft, labels, self._told(draft, faults))
            self._show_history(labels)
            self.player.play(policy_of(draft), faults)
        self._show_standing()

    def _show_history(self, labels: Labels) -> None:
        """The versions, compared anew only when they or the names in them changed."""
        counts, versions = self.book.counts(), self.book.versions()
        now = counts.version_id if counts else ""
        shown = (labels, now, tuple(version.version_id for version in versions))
        if shown != self._history:
            self._history = shown
            self.editor.show_history(history_rows(versions, now, labels.of))

    def _show_standing(self) -> None:
        busy = self.publisher.busy
        self.standing = standing_of(self.book, self._fault, away=self._away, busy=busy)
        self.editor.show_standing(self.standing)
        self.acted.emit()

    def _labels_of(self, draft: Draft) -> Labels:
        """Labels for everything that stands in it or in an older version; kept while they do."""
        used = used_targets(draft.content)
        known, labels = self.book.known, self._labels
        same = self._labelled[0] is known and self._labelled[1] == draft.of
        if labels is not None and same and labels.knows(used):
            return labels
        for version in self.book.versions():
            used += used_targets(version.content)
        self._labels = Labels(known.contacts, known.schedules, known.groups, used)
        self._labelled = (known, draft.of)
        return self._labels

    # -- what is edited ------------------------------------------------------------------------

    def open(self, key: str) -> None:
        """Open a policy or a draft by its key in the list."""
        self.editor.form.settle()
        self.book.select(key)
        self.desk.remember(_OPENED, self.book.selected)
        self.show_all()

    def go(self, step: int) -> None:
        """Open the policy ``step`` lines further down (negative: up)."""
        self.list.list.go(step)

    def edit(self) -> None:
        """Put the keyboard into the open policy."""
        if not self.editor.is_empty():
            self.editor.focus_first()

    def open_tab(self, key: str) -> None:
        """Open a tab of the editor and put the keyboard there; the open one leads to the form."""
        if not self.editor.is_empty():
            self.editor.open_tab(FORM if self.editor.tab() == key else key)
            self.editor.focus_first()

    def jump(self, field: str) -> None:
        """Put the keyboard on a field by the domain's name."""
        draft = self.book.working()
        if draft is None:
            return
        if draft.raw:
            self.editor.open_tab(YAML)
            self.editor.focus_first()
            return
        self.editor.open_tab(FORM)
        self.editor.form.go_to(field)

    def _change(self, content: Content | None = None, name: str | None = None) -> None:
        draft = self.book.working()
        if draft is None:
            return
        if content is not None:
            draft = draft._replace(content=content)
        if name is not None:
            draft = draft._replace(name=name)
        self.put(draft._replace(raw=""))

    def _write(self, text: str) -> None:
        draft = self.book.working()
        if draft is None:
            return
        if yaml_fault(text) is not None:
            self.put(draft._replace(raw=text))
            return
        name, content = from_yaml(text)
        self.put(draft._replace(name=name, content=content, raw=""))

    def put(self, draft: Draft) -> None:
        """Keep a draft as it is now, and show it."""
        self.book.put(draft)
        self.keep()
        self.show_all()

    def keep(self) -> None:
        """Keep the drafts over restarts, and which one is open."""
        self.desk.remember(KEPT, encoded(self.book.listed()))
        self.desk.remember(_OPENED, self.book.selected)

    def fault(self) -> DomainError | None:
        """Why the open draft cannot be published; None when it can."""
        return self._fault

    def _told(self, draft: Draft, faults: list[DomainError]) -> DomainError | None:
        """What stands in red at its field: what is merely missing only once it was asked for."""
        insisted = draft.key == self._insisted
        return next((one for one in faults if insisted or not is_missing(one)), None)

    def insist(self, fault: DomainError) -> None:
        """Say of the open draft whatever keeps it from being published, and go there."""
        draft = self.book.working()
        self._insisted = draft.key if draft is not None else ""
        self.show_all()
        self.jump(fault.field)

    def refuse(self, fault: DomainError) -> None:
        """Say at its field why it was not published, and go there."""
        self._fault = fault
        self.editor.form.show_fault(fault)
        self.editor.yaml.show_fault(fault)
        self._show_standing()
        self.jump(fault.field)

    def read_anew(self) -> None:
        """Read at once what is published."""
        self._stale, self._not_before_ms = True, 0
        self.tick(self.desk.now_ms())
