"""The page of rules: a list, the editor of the open one, and what it says beside it."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from crisisdesk.desk.frame.split_pane import SplitPane
from crisisdesk.desk.look.theme import look, theme
from crisisdesk.desk.planning.policies.book import BookOf
from crisisdesk.desk.planning.policies.drafting import DraftingPage
from crisisdesk.desk.planning.policies.file_editor import YAML, FileEditor
from crisisdesk.desk.planning.policies.history import history_rows
from crisisdesk.desk.planning.policies.list_pane import ListPane
from crisisdesk.desk.planning.policies.plan_rows import finding_rows
from crisisdesk.desk.planning.policies.yaml_pane import YamlPane
from crisisdesk.desk.planning.rules.actions import actions_of
from crisisdesk.desk.planning.rules.checker import Checker
from crisisdesk.desk.planning.rules.differences import rule_changes
from crisisdesk.desk.planning.rules.lines import rule_lines
from crisisdesk.desk.planning.rules.reading import NO_RULES, KnownRules, Looked, read_rules
from crisisdesk.desk.planning.rules.side import CLEAN, NOT_YET, RuleSide
from crisisdesk.desk.planning.rules.starters import CHOOSE, STARTERS, UNREAD
from crisisdesk.desk.planning.rules.words import RULE_KINDS, said
from crisisdesk.domain.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crisisdesk.desk.planning.policies.drafts import Draft
    from crisisdesk.desk.room import Action, Desk
    from crisisdesk.store.queries import StationReader

_DRAFTS = "planning.rules.drafts"
_WORDS = "A file as “crisisdesk policy publish” takes it. Nothing counts before it is published."


class RuleBook(BookOf[KnownRules]):
    """The book of rules."""

    noun, after = "rule", "It counts for what happens from then on."


class RulesPage(DraftingPage):
    """What is published besides who is paged: related alerts, causes, what depends on what."""

    word = "Rules"
    help_page = "rules"
    drafts_key, opened_key = _DRAFTS, "planning.rules.open"
    first_tab = YAML
    kinds = RULE_KINDS
    book: RuleBook

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(
            desk,
            RuleBook(NO_RULES, rule_lines, desk.remembered(_DRAFTS, [])),
            ListPane(word="Rules", new="New rule", lines=rule_lines),
            FileEditor(YamlPane(noun="rule", words=_WORDS), ()),
            parent,
        )
        self._choosing = False
        self._history: tuple[str, tuple[str, ...]] | None = None
        self._faults: Sequence[DomainError] = ()
        self._looked_at: KnownRules | None = None
        self.side = RuleSide()
        self.checker = Checker(desk, self._show_looked, self)
        self._looked: Looked | None = None
        self.panes = SplitPane()
        self.panes.add_pane(self.list)
        self.panes.add_pane(self.editor, stretch=3)
        self.panes.add_pane(self.side, stretch=1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.panes)
        self._fit()
        look().changed.connect(self._fit)
        self.list.new_wanted.connect(self.choose)
        self.editor.new_wanted.connect(self.begin)
        self.side.jumped.connect(self.jump)
        self.engine_changed(self._away)

    def _fit(self) -> None:
        """Take the widths of this zoom."""
        px = theme().px
        self.list.setMinimumWidth(px(230))
        self.side.setMinimumWidth(px(260))
        self.panes.setSizes([px(280), px(608), px(340)])

    # -- what a page says of itself ------------------------------------------------------------

    def question(self, now_ms: int) -> Callable[[StationReader], KnownRules]:
        """The rules, with what each says."""
        return read_rules

    def show_unread(self) -> None:
        """Say that the file cannot be read yet."""
        self.editor.show_empty(UNREAD)

    def actions(self) -> list[Action]:  # type: ignore[override]
        """What can be done with the open rule first."""
        return actions_of(self)

    def focus_name(self) -> None:
        """The line with the name."""
        self.editor.jump("name")

    # -- what is shown -------------------------------------------------------------------------

    def show_open(self, draft: Draft | None, faults: Sequence[DomainError]) -> None:
        """The list, the text of what is open, and what it says."""
        book = self.book
        self.list.show_policies(book.known, book.listed(), book.selected)
        if draft is None:
            return
        if not self._choosing:
            self.editor.show_file(draft, self.told(draft, faults))
        self._show_history()
        self._faults = faults
        anew = self._looked_at is not book.known
        self._looked_at = book.known
        self.checker.look(draft.name, None if faults else draft.content, anew=anew)
        self._show_side()

    def _show_history(self) -> None:
        counts, versions = self.book.counts(), self.book.versions()
        now = counts.version_id if counts else ""
        shown = (now, tuple(version.version_id for version in versions))
        if shown != self._history:
            self._history = shown
            self.editor.show_history(history_rows(versions, now, str, rule_changes))

    def _show_looked(self, found: Looked | None) -> None:
        self._looked = found
        self._show_side()

    def _show_side(self) -> None:
        if self._choosing:
            self.side.show_said("", ())
            self.side.show_findings((), "")
            return
        draft, looked = self.book.working(), self._looked
        words = ""
        if draft is not None and not draft.raw:
            try:
                words = said(draft.name, draft.content)
            except DomainError:
                words = "What it says shows once every field can be read."
        self.side.show_said(words, looked.told if looked else ())
        rows = finding_rows(self._faults, looked.findings if looked else ())
        self.side.show_findings(
            [row._replace(where=self._where(row.field)) for row in rows],
            CLEAN if looked else NOT_YET,
        )

    def _where(self, field: str) -> str:
        """The field as it stands in the file, with its line while that is in view."""
        line = self.editor.yaml.line_of(field) if self.editor.tab() == YAML else 0
        return f"line {line}, {field}" if line else field

    # -- what is done --------------------------------------------------------------------------

    def is_choosing(self) -> bool:
        """Whether the page asks which kind of rule is to be begun."""
        return self._choosing

    def choose(self) -> None:
        """Ask which kind of rule is to be begun; opening another one answers it as well."""
        if not self.is_away():
            self._choosing = True
            self.editor.show_empty(CHOOSE)
            self._show_side()
            self.acted.emit()

    def choose_nothing(self) -> None:
        """Go back to the rule that is open."""
        self._choosing = False
        self.show_all()
        self.focus_first()

    def begin(self, kind: str) -> None:
        """Begin a rule of a kind with an example of it."""
        if not self.is_away():
            self._choosing = False
            self.orders.new(deepcopy(STARTERS[kind]))

    def open(self, key: str) -> None:
        """Open one or a draft by its key in the list."""
        self._choosing = False
        super().open(key)
