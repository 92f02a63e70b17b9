"""The lines of the list of alert rules: drafts, those that run, those that are off or removed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from crisisdesk.desk.alerts.layout import short_name
from crisisdesk.desk.planning.alert_rules.starters import TYPE_WORDS
from crisisdesk.desk.planning.policies.drafts import UNNAMED
from crisisdesk.desk.planning.policies.shelf import (
    DRAFT,
    GONE,
    NAME,
    ShelfLine,
    band,
    count_of,
    day_words,
)
from crisisdesk.domain.detection.rule_words import condition_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.desk.planning.alert_rules.reading import KnownAlertRules
    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.desk.planning.policies.drafts import Draft
    from crisisdesk.domain.detection.rule import AlertRule
    from crisisdesk.domain.policy_version import PolicyVersion

ON, OFF, REMOVED = "Active", "Switched off", "Removed"


def alert_rule_lines(
    known: KnownAlertRules, drafts: Sequence[Draft], text: str = ""
) -> list[ShelfLine]:
    """The whole list; ``text`` leaves those whose name or words hold every word of it."""
    counts = Counter(known.ids_of.values())
    drafted = {draft.of for draft in drafts}
    loose = [draft for draft in drafts if draft.of not in known.current]
    found = band("Drafts", [_loose(draft) for draft in loose], text)
    order = sorted(known.current.items(), key=lambda one: (one[1].name.casefold(), one[0]))
    for word, is_on in ((ON, True), (OFF, False)):
        rows = [
            _line(rule_id, one, known, counts[rule_id], drafted)
            for rule_id, one in order
            if is_active(one.content) is is_on
        ]
        found += band(word, rows, text)
    newest = {known.ids_of[v.version_id]: v for v in known.versions}
    gone = sorted(i for i in newest if i not in known.current and i not in drafted)
    return found + band(REMOVED, [_gone(i, newest[i], counts[i]) for i in gone], text)


def is_active(content: Content) -> bool:
    """Whether a rule of this content runs."""
    return content.get("is_active", True) is not False


def severity_of(content: Content) -> str:
    """The severity of its alerts; "" for one that cannot be shown."""
    told = str(content.get("severity", "high"))
    return told if told in ("low", "medium", "high", "critical", "emergency") else ""


def _loose(draft: Draft) -> ShelfLine:
    return ShelfLine(
        key=DRAFT + draft.key,
        name=draft.name.strip() or UNNAMED,
        matching=type_words(draft.content),
        facts="was removed" if draft.of else "never published",
        draft=True,
        code=False,
        mark=severity_of(draft.content),
    )


def _line(
    rule_id: str, version: PolicyVersion, known: KnownAlertRules, count: int, drafted: set[str]
) -> ShelfLine:
    rule = known.rule(rule_id)
    size = f"{severity_of(version.content)}, {type_words(version.content)}"
    line = ShelfLine(
        key=NAME + rule_id,
        name=version.name,
        matching="A newer program wrote it; it cannot be read here.",
        size=f"{size}, {count_of(count, 'version')}",
        facts=_facts(rule_id, known),
        draft=rule_id in drafted,
        code=False,
        mark=severity_of(version.content),
    )
    if rule is None:
        return line._replace(verdict="cannot be read", level="error", faded=True)
    fires = known.open_of.get(rule_id, 0)
    return line._replace(
        matching=words_of(rule, known.rules),
        verdict=f"fires for {fires}" if fires else "",
        level="warning" if fires else "",
        faded=not rule.is_active,
    )


def _facts(rule_id: str, known: KnownAlertRules) -> str:
    fired = known.fired_at.get(rule_id)
    return f"fired last {day_words(fired)}" if fired else "never fired"


def _gone(rule_id: str, newest: PolicyVersion, count: int) -> ShelfLine:
    when = newest.withdrawn_at or newest.published_at
    who = short_name(newest.withdrawn_by) or "nobody named"
    return ShelfLine(
        key=GONE + rule_id,
        name=newest.name,
        matching=type_words(newest.content),
        size=count_of(count, "version"),
        facts=f"removed {day_words(when)}, {who}",
        faded=True,
        code=False,
    )


def words_of(rule: AlertRule, known: Sequence[AlertRule]) -> str:
    """What it fires on, with the rules that it is made of by their names."""
    words, names = condition_words(rule.conditions), {one.rule_id: one.name for one in known}
    for rule_id in rule.needs():
        words = words.replace(f"rule {rule_id}", f"rule “{names.get(rule_id, rule_id)}”")
    return words


def type_words(content: Content) -> str:
    """Its type in a word."""
    told = str(content.get("rule_type", ""))
    return TYPE_WORDS.get(told, told or "no type").lower()


def spoken(line: ShelfLine) -> str:
    """A line for the screen reader."""
    if not line.name:
        return f"{line.word}, {line.quiet}"
    draft = "unpublished draft" if line.draft else ""
    parts = (line.name, draft, line.verdict, line.matching, line.size, line.facts)
    return ", ".join(part for part in parts if part)
