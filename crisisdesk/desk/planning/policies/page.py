"""The page of escalation policies: the list, the editor, and the simulator beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.planning.policies.actions import actions_of
from crisisdesk.desk.planning.policies.book import Book
from crisisdesk.desk.planning.policies.content import fresh
from crisisdesk.desk.planning.policies.drafting import DraftingPage
from crisisdesk.desk.planning.policies.drafts import KEPT, Draft, policy_of
from crisisdesk.desk.planning.policies.editor import (
    BUILT_IN,
    FORM,
    NOTHING_PUBLISHED,
    UNREAD,
    Editor,
)
from crisisdesk.desk.planning.policies.history import history_rows
from crisisdesk.desk.planning.policies.list_pane import ListPane
from crisisdesk.desk.planning.policies.player import Player
from crisisdesk.desk.planning.policies.reading import NOTHING, Known, read_known
from crisisdesk.desk.planning.policies.simulator import Simulator
from crisisdesk.desk.planning.policies.targets import Labels, used_targets
from crisisdesk.domain.escalation.policy import EVERYONE, KIND

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.desk.room import Action, Desk
    from crisisdesk.domain.errors import DomainError
    from crisisdesk.store.queries import StationReader


class PoliciesPage(DraftingPage):
    """Its drafts are shown as a form, and played ahead beside it."""

    word = "Escalation policies"
    help_page = "escalation"
    drafts_key, opened_key = KEPT, "planning.policies.open"
    first_tab = FORM
    kinds = (KIND,)
    book: Book
    editor: Editor

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, Book(desk.remembered(KEPT, [])), ListPane(), Editor(), parent)
        self._labels: Labels | None = None
        self._labelled = (NOTHING, "")
        self._history: tuple[Labels | None, str, tuple[str, ...]] | None = None
        self.simulator = Simulator()
        self.player = Player(desk, self.simulator, self.editor.form, self)
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
        form, orders = self.editor.form, self.orders
        self.list.new_wanted.connect(lambda: orders.new(fresh()))
        self.editor.new_wanted.connect(lambda _: orders.new(fresh()))
        form.edited.connect(lambda content: self._change(content=content))
        form.renamed.connect(lambda name: self._change(name=name))
        form.dropped.connect(orders.offer_step)
        self.simulator.jumped.connect(self.jump)

    # -- what a page says of itself ------------------------------------------------------------

    def question(self, now_ms: int) -> Callable[[StationReader], Known]:
        """Policies, with whom they can name and what is wrong with them."""
        return lambda reader: read_known(reader, now_ms)

    def tick_more(self, now_ms: int) -> None:
        """Play again what begins now."""
        self.player.tick(now_ms)

    def show_unread(self) -> None:
        """Say that the file cannot be read yet."""
        self.editor.show_empty(UNREAD)

    def actions(self) -> list[Action]:  # type: ignore[override]
        """What can be done with the open policy first."""
        return actions_of(self)

    def focus_name(self) -> None:
        """The name, to be written over."""
        self.editor.focus_first()
        self.editor.form.name.line.selectAll()

    # -- what is shown -------------------------------------------------------------------------

    def show_open(self, draft: Draft | None, faults: Sequence[DomainError]) -> None:
        """The list, the form of what is open, and how it would go."""
        book = self.book
        self.list.show_policies(book.known, book.listed(), book.selected)
        if draft is None:
            nothing = not book.known.current and not book.drafts
            self.editor.show_empty(NOTHING_PUBLISHED if nothing else BUILT_IN)
            self.player.play(EVERYONE, ())
            return
        labels = self._labels_of(draft)
        self.editor.show_draft(draft, labels, self.told(draft, faults))
        self._show_history(labels)
        self.player.play(policy_of(draft), faults)

    def _show_history(self, labels: Labels) -> None:
        """The versions, compared anew only when they or the names in them changed."""
        counts, versions = self.book.counts(), self.book.versions()
        now = counts.version_id if counts else ""
        shown = (labels, now, tuple(version.version_id for version in versions))
        if shown != self._history:
            self._history = shown
            self.editor.show_history(history_rows(versions, now, labels.of))

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

    def _change(self, content: Content | None = None, name: str | None = None) -> None:
        draft = self.book.working()
        if draft is None:
            return
        if content is not None:
            draft = draft._replace(content=content)
        if name is not None:
            draft = draft._replace(name=name)
        self.put(draft._replace(raw=""))
