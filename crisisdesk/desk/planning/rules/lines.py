"""The lines of the page of rules: what counts now, what is switched off, what cannot be read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from crisisdesk.desk.planning.policies.drafts import to_yaml
from crisisdesk.desk.planning.policies.shelf import day_words
from crisisdesk.domain.correlation.rule import (
    BUILT_IN,
    KIND,
    CorrelationRule,
    content_of,
    read_rule,
)
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.policy_version import PolicyVersion, current

# What the other pages of the room are about.
ELSEWHERE = frozenset({"escalation", "schedule", "override"})


class RuleLine(NamedTuple):
    """One rule. ``standing`` says whether it counts, ``words`` what it does; ``fault`` why not."""

    key: str
    kind: str
    name: str
    standing: str
    facts: str
    words: str
    yaml: str
    counts: bool = True


def rule_lines(versions: Iterable[PolicyVersion]) -> list[RuleLine]:
    """Every rule that counts now and every one that was switched off, by kind and name."""
    published = [v for v in current(versions) if v.content.get("kind") not in ELSEWHERE]
    named = {version.name for version in published if version.content.get("kind") == KIND}
    lines = [_published(version) for version in published]
    lines += [_built_in(rule) for rule in BUILT_IN if rule.name not in named]
    return sorted(lines, key=lambda line: (line.kind, line.name.casefold()))


def _published(version: PolicyVersion) -> RuleLine:
    kind = str(version.content.get("kind", ""))
    by = f" by {version.published_by}" if version.published_by else ""
    words, standing = "", "counts now"
    if kind == KIND:
        words, standing = _standing(version)
    return RuleLine(
        key=version.version_id,
        kind=kind,
        name=version.name,
        standing=standing,
        facts=f"published {day_words(version.published_at)}{by}",
        words=words,
        yaml=to_yaml(version.name, version.content),
        counts=standing == "counts now",
    )


def _standing(version: PolicyVersion) -> tuple[str, str]:
    try:
        rule = read_rule(version.name, version.content)
    except DomainError as error:
        return f"Cannot be read here: {error}", "not used"
    if rule.disabled:
        return "Switched off: nothing is proposed by it.", "switched off"
    return _says(rule), "counts now"


def _says(rule: CorrelationRule) -> str:
    done = "opens an incident of" if rule.at_once else "proposes as an incident"
    return f"It {done} {rule.words()}."


def _built_in(rule: CorrelationRule) -> RuleLine:
    return RuleLine(
        key=f"built in {rule.name}",
        kind=KIND,
        name=rule.name,
        standing="counts now",
        facts="built in",
        words=f"{_says(rule)} Publish one of this name to change it or to switch it off.",
        yaml=to_yaml(rule.name, content_of(rule)),
    )


def spoken(line: RuleLine) -> str:
    """A line for the screen reader."""
    return ", ".join((line.name, line.kind, line.standing, line.facts))
