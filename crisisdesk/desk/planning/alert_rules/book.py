"""What the page of alert rules works on: they are told apart by their ids, not by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.planning.alert_rules.lines import alert_rule_lines, is_active
from crisisdesk.desk.planning.alert_rules.reading import NO_ALERT_RULES, KnownAlertRules
from crisisdesk.desk.planning.policies.book import BookOf

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from crisisdesk.desk.planning.policies.drafts import Draft


class AlertRuleBook(BookOf[KnownAlertRules]):
    """The book of alert rules. ``of`` of a draft is the id of the rule that it will change."""

    noun, after = "rule", "It is looked at with what is measured from then on."
    gone = "removed"

    def __init__(self, kept: Iterable[Any] = ()) -> None:
        super().__init__(NO_ALERT_RULES, alert_rule_lines, kept)

    def ident_of(self, draft: Draft) -> str:
        """The rule's id; the name of one that has none yet."""
        return draft.of or draft.name.strip()

    def counts_word(self) -> str:
        """Whether it runs."""
        counts = self.counts()
        off = counts is not None and not is_active(counts.content)
        return "switched off" if off else super().counts_word()

    def replaces(self, _draft: Draft) -> bool:
        """A name that another rule bears is refused, so publishing takes the place of none."""
        return False

    def published_as(self, version_id: str, draft: Draft) -> str:
        """The id that the rule was given."""
        return self.known.ids_of.get(version_id, draft.of)

    def switched(self, version_id: str, *, on: bool) -> None:
        """The open rule was switched: a draft of it says the same, and goes on from there."""
        kept = self._kept()
        if kept is not None:
            content = {name: value for name, value in kept.content.items() if name != "is_active"}
            if not on:
                content["is_active"] = False
            self.drafts[kept.key] = kept._replace(content=content, began=version_id)
