"""Actions of the pages of Planning, and those that all pages which publish have."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.planning.policies.file_editor import HISTORY
from crisisdesk.desk.room import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.planning.policies.drafting import DraftingPage

AWAY = "the engine is away"
STANDS = "it is published as it stands"


class Actions(NamedTuple):
    """Makes the actions of one page: ``page`` begins their keys, ``group`` and ``icon`` are theirs
    unless another is said."""

    page: str
    group: str
    icon: str

    def make(
        self,
        title: str,
        keys: str,
        run: Callable[[], None],
        group: str = "",
        enabled: bool = True,
        *,
        icon: str = "",
        why: str = AWAY,
    ) -> Action:
        """One action; ``why`` is told while it is not ``enabled``."""
        return Action(
            key=f"{self.page} {title}",
            title=title,
            keys=keys,
            run=run,
            group=group or self.group,
            enabled=enabled,
            detail="" if enabled else why,
            icon=icon or self.icon,
        )

    def of_open(self, page: DraftingPage, group: str) -> list[Action]:
        """Publish, edit and look at the versions of what is open."""
        changes = page.can_change()
        publish = changes and page.standing.can_publish
        why = AWAY if not changes else STANDS
        return [
            self.make(
                "Publish", "Ctrl Enter", page.orders.publish, group, publish, icon="upload", why=why
            ),
            self.make("Edit", "E", page.edit, group),
            self.make("Show its versions", "H", partial(page.open_tab, HISTORY), group),
        ]

    def of_draft(self, page: DraftingPage, group: str, remove: str = "Withdraw") -> list[Action]:
        """Duplicate, discard and take away what is open, or publish an earlier version of it."""
        changes, orders = page.can_change(), page.orders
        found = [self.make("Duplicate", "D", orders.duplicate, group, changes, icon="copy")]
        if page.book.is_draft():
            found.append(
                self.make("Discard the draft", "X", orders.discard, group, changes, icon="trash-2")
            )
        if page.standing.counts:
            found.append(self.make(remove, "W", orders.withdraw, group, changes, icon="undo-2"))
        history = page.editor.history
        if page.editor.tab() == HISTORY and history.can_publish_again():
            again = history.publish.click
            found.append(self.make("Publish this version again", "P", again, group, changes))
        return found
