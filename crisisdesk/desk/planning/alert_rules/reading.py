"""Reads the page of alert rules from the station's file: what is declared, and how it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.planning.alert_rules.content import plainly
from crisisdesk.domain.detection.rule import KIND, alert_rules, read_rule, rule_id_of, standing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.domain.detection.rule import AlertRule
    from crisisdesk.domain.policy_version import PolicyVersion
    from crisisdesk.store.queries import StationReader


class KnownAlertRules(NamedTuple):
    """Rules are told from one another by their ids, so that one may be given another name.

    ``versions`` are all there were, the oldest first, with what a person would write as their
    content; ``current`` has the standing ones by id. ``open_of`` says how many alerts of each are
    open, ``fired_at`` when one fired last (UTC ms). ``unread`` are the ids of those that a newer
    program wrote. ``folder`` is where the station's samples are.
    """

    versions: tuple[PolicyVersion, ...]
    current: dict[str, PolicyVersion]
    ids_of: dict[str, str]
    rules: tuple[AlertRule, ...]
    open_of: dict[str, int]
    fired_at: dict[str, int]
    unread: frozenset[str]
    folder: Path | None

    def of_name(self, name: str) -> list[PolicyVersion]:
        """The versions of one rule by its id, the newest first."""
        return [v for v in reversed(self.versions) if self.ids_of[v.version_id] == name]

    def ids(self) -> frozenset[str]:
        """Every version there ever was."""
        return frozenset(self.ids_of)

    def ident(self, name: str, _content: Content, /) -> str:
        """The id of the rule of this name; the name itself while there is none."""
        return next((r.rule_id for r in self.rules if r.name == name), name)

    def rule(self, rule_id: str) -> AlertRule | None:
        """A standing rule; None for one that is not, or cannot be read here."""
        return next((one for one in self.rules if one.rule_id == rule_id), None)


NO_ALERT_RULES = KnownAlertRules((), {}, {}, (), {}, {}, frozenset(), None)


def known_of(
    versions: Iterable[PolicyVersion],
    open_of: dict[str, int] | None = None,
    fired_at: dict[str, int] | None = None,
    folder: Path | None = None,
) -> KnownAlertRules:
    """The rules among everything that is declared."""
    found = [v for v in versions if v.content.get("kind") == KIND and rule_id_of(v)]
    found.sort(key=lambda v: (v.published_at, v.version_id))
    ids = {v.version_id: rule_id_of(v) for v in found}
    rules = alert_rules(found)
    by_rule: dict[str, list[PolicyVersion]] = {}
    for one in found:
        by_rule.setdefault(ids[one.version_id], []).append(one)
    shown, current = [], {}
    for rule_id, mine in by_rule.items():
        stands = standing(mine)
        for one in mine:
            replaced = one is not mine[-1]
            # Each version is withdrawn by the next: that is to be replaced, not taken away.
            gone = (None, "") if replaced else (one.withdrawn_at, one.withdrawn_by)
            content = plainly(one.content, rules)
            told = replace(one, content=content, withdrawn_at=gone[0], withdrawn_by=gone[1])
            shown.append(told)
            if one is stands:
                current[rule_id] = told
    unread = {rule_id for rule_id, one in current.items() if not _can_read(found, one.version_id)}
    shown.sort(key=lambda v: (v.published_at, v.version_id))
    return KnownAlertRules(
        versions=tuple(shown),
        current=current,
        ids_of=ids,
        rules=tuple(rules),
        open_of=open_of or {},
        fired_at=fired_at or {},
        unread=frozenset(unread),
        folder=folder,
    )


def _can_read(found: list[PolicyVersion], version_id: str) -> bool:
    return any(v.version_id == version_id and read_rule(v) is not None for v in found)


def read_alert_rules(reader: StationReader) -> KnownAlertRules:
    """The rules as the file has them."""
    versions = reader.policies(declared=True)
    return known_of(versions, reader.open_of_rules(), reader.fired_of_rules(), reader.folder)
