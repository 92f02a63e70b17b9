"""The page of alert rules: a list, the editor of the open one, and the test bench beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.planning.alert_rules.actions import actions_of
from crisisdesk.desk.planning.alert_rules.bench import KEPT_KEY, Bench
from crisisdesk.desk.planning.alert_rules.bench_input import STRETCHES
from crisisdesk.desk.planning.alert_rules.bench_pane import BenchPane
from crisisdesk.desk.planning.alert_rules.book import AlertRuleBook
from crisisdesk.desk.planning.alert_rules.content import faults_of, rule_of_draft
from crisisdesk.desk.planning.alert_rules.editor import RuleEditor
from crisisdesk.desk.planning.alert_rules.lines import (
    alert_rule_lines,
    is_active,
    spoken,
    words_of,
)
from crisisdesk.desk.planning.alert_rules.publishing import RulePublisher
from crisisdesk.desk.planning.alert_rules.reading import KnownAlertRules, read_alert_rules
from crisisdesk.desk.planning.alert_rules.starters import (
    CHOOSE,
    NOTHING,
    UNREAD,
    starter,
    starter_for,
)
from crisisdesk.desk.planning.policies.drafting import DraftingPage
from crisisdesk.desk.planning.policies.file_editor import FORM
from crisisdesk.desk.planning.policies.file_shape import file_fault
from crisisdesk.desk.planning.policies.history import history_rows
from crisisdesk.desk.planning.policies.list_pane import ListPane
from crisisdesk.desk.planning.rules.differences import rule_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.desk.planning.policies.drafts import Draft
    from crisisdesk.desk.room import Action, Desk
    from crisisdesk.desk.snapshot import Change
    from crisisdesk.domain.detection.rule import AlertRule
    from crisisdesk.domain.detection.series import Series
    from crisisdesk.domain.errors import DomainError
    from crisisdesk.store.queries import StationReader

_DRAFTS = "planning.alert rules.drafts"
# How many fire is counted again so long after alerts changed.
_COUNT_MS = 3_000


class AlertRulesPage(DraftingPage):
    """What makes alerts of what is measured and read, tried on the past before it counts."""

    word = "Alert rules"
    help_page = "alert-rules"
    drafts_key, opened_key = _DRAFTS, "planning.alert rules.open"
    first_tab = FORM
    book: AlertRuleBook
    editor: RuleEditor
    publisher: RulePublisher

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(
            desk,
            AlertRuleBook(desk.remembered(_DRAFTS, [])),
            ListPane(word="Alert rules", new="New rule", lines=alert_rule_lines, said=spoken),
            RuleEditor(),
            parent,
        )
        self._choosing = self._alerts_changed = False
        self._history: tuple[str, tuple[str, ...]] | None = None
        stretch = str(desk.remembered(KEPT_KEY, ""))
        keys = [one.key for one in STRETCHES]
        self.pane = BenchPane(stretch if stretch in keys else STRETCHES[2].key)
        self.bench = Bench(desk, self.pane, self)
        self.panes = SplitPane()
        self.panes.add_pane(self.list)
        self.panes.add_pane(self.editor, stretch=2)
        self.panes.add_pane(self.pane, stretch=2)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.panes)
        self._fit()
        look().changed.connect(self._fit)
        self._connect()
        self.engine_changed(self._away)

    def _fit(self) -> None:
        """Take the widths of this zoom."""
        px = theme().px
        self.list.setMinimumWidth(px(230))
        self.pane.setMinimumWidth(px(320))
        self.panes.setSizes([px(290), px(490), px(450)])

    def _connect(self) -> None:
        self.list.new_wanted.connect(self.choose)
        self.editor.new_wanted.connect(self._begin_or_choose)
        form = self.editor.form
        form.edited.connect(lambda content: self._change(content=content))
        form.renamed.connect(lambda name: self._change(name=name))

    # -- what a page says of itself ------------------------------------------------------------

    def make_publisher(self) -> RulePublisher:
        """By the commands of rules, which keep their ids."""
        return RulePublisher(
            self.desk, lambda: self.book.known, self.show_standing, self.book.open_name
        )

    def question(self, now_ms: int) -> Callable[[StationReader], KnownAlertRules]:
        """The rules, with how each stands."""
        return read_alert_rules

    def on_snapshot(self, change: Change) -> None:
        """Read again when rules changed, and count anew when alerts did."""
        if any(name.startswith("A-") for name in change.touched):
            self._alerts_changed = True
        super().on_snapshot(change)

    def tick_more(self, now_ms: int) -> None:
        """Count anew what fires, in measure."""
        if self._alerts_changed and now_ms - self._asked_ms >= _COUNT_MS:
            self._alerts_changed = False
            self._stale = True

    def show_unread(self) -> None:
        """Say that the file cannot be read yet."""
        self.editor.show_empty(UNREAD)

    def actions(self) -> list[Action]:  # type: ignore[override]
        """What can be done with the open rule first."""
        return actions_of(self)

    def focus_name(self) -> None:
        """The name, to be written over."""
        self.editor.focus_first()
        self.editor.form.name.line.selectAll()

    def faults_of(self, draft: Draft) -> list[DomainError]:
        """Why it cannot be published, as the engine would say."""
        if draft.raw:
            fault = file_fault(self.editor.yaml.shape, draft)
            return [fault] if fault is not None else []
        return faults_of(draft, self.book.known.rules)

    def checked(self, draft: Draft) -> Content:
        """Its content as it is published; raises as the domain does."""
        found = self.faults_of(draft)
        if found:
            raise found[0]
        return draft.content

    # -- what is shown -------------------------------------------------------------------------

    def show_open(self, draft: Draft | None, faults: Sequence[DomainError]) -> None:
        """The list, the form of what is open, and what it would have done."""
        book = self.book
        self.list.show_policies(book.known, book.listed(), book.selected)
        if draft is None:
            self.bench.leave()
            if not self._choosing:
                self.editor.show_empty(NOTHING)
            return
        rule = rule_of_draft(draft, book.known.rules)
        if not self._choosing:
            self.editor.show_rule(draft, self._words(rule), self.told(draft, faults))
            self.bench.look(rule, book.known.rules, book.known.folder)
        self._show_history()

    def _words(self, rule: AlertRule | None) -> str:
        if rule is None:
            return ""
        return f"Fires when: {words_of(rule, self.book.known.rules)}."

    def _show_history(self) -> None:
        counts, versions = self.book.counts(), self.book.versions()
        now = counts.version_id if counts else ""
        shown = (now, tuple(version.version_id for version in versions))
        if shown != self._history:
            self._history = shown
            rows = history_rows(versions, now, str, rule_changes, gone=self.book.gone)
            self.editor.show_history(rows)

    def _change(self, content: Content | None = None, name: str | None = None) -> None:
        draft = self.book.working()
        if draft is None or self._away:
            return
        if content is not None:
            draft = draft._replace(content=content)
        if name is not None:
            draft = draft._replace(name=name)
        self.put(draft._replace(raw=""))

    # -- what is done --------------------------------------------------------------------------

    def is_choosing(self) -> bool:
        """Whether the page asks what a new rule is to look at."""
        return self._choosing

    def choose(self) -> None:
        """Ask what a new rule is to look at; opening another one answers it as well."""
        if not self.is_away():
            self._choosing = True
            self.bench.leave()
            self.editor.show_empty(CHOOSE)
            self.acted.emit()

    def choose_nothing(self) -> None:
        """Go back to the rule that is open."""
        self._choosing = False
        self.show_all()
        self.focus_first()

    def _begin_or_choose(self, key: str) -> None:
        self.choose() if key == "new" else self.begin(key)

    def begin(self, rule_type: str) -> None:
        """Begin a rule of a type with an example of it."""
        if not self.is_away():
            self._choosing = False
            self.orders.new(starter(rule_type))

    def begin_for(self, series: Series, value: float | None = None) -> None:
        """Begin a threshold rule about a series; ``value`` is its newest one."""
        if self.is_away():
            return
        self._choosing = False
        name, content = starter_for(series, value)
        self.orders.new(content, name)

    def switch(self) -> None:
        """Switch the rule that counts on or off; a draft of it goes on beside that."""
        counts = self.book.counts()
        if counts is None or self.is_away() or self.publisher.busy:
            return
        on = not is_active(counts.content)

        def done(version_id: str) -> None:
            self.book.switched(version_id, on=on)
            self.keep()
            self.read_anew()

        self.publisher.switch(counts, on=on, done=done)

    def open(self, key: str) -> None:
        """Open one or a draft by its key in the list."""
        self._choosing = False
        super().open(key)
