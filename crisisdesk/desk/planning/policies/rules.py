"""What is published about causes, readable below the list of policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.alerts.sections import Fact
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.inhibition import QUIETING_KINDS, READERS, Dependencies, Rule
from crisisdesk.domain.policy_version import current

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.domain.policy_version import PolicyVersion

SHOWN = 3


def rule_facts(versions: Iterable[PolicyVersion]) -> tuple[Fact, ...]:
    """Each rule that counts now by name, in words; at most `SHOWN`, then how many more."""
    found = [v for v in current(versions) if v.content.get("kind") in QUIETING_KINDS]
    facts = [Fact(one.name, _words(one), mono=True) for one in found[:SHOWN]]
    if len(found) > SHOWN:
        facts.append(Fact("", f"and {len(found) - SHOWN} more; see crisisdesk policy list"))
    return tuple(facts)


def _words(version: PolicyVersion) -> str:
    try:
        return _rule_words(READERS[str(version.content["kind"])](version.name, version.content))
    except DomainError as error:
        return f"not used, it cannot be read: {error}"


def _rule_words(rule: Rule) -> str:
    if isinstance(rule, Dependencies):
        needs = "; ".join(f"{name} needs {', '.join(of)}" for name, of in rule.services.items())
        return f"{needs} (from {rule.from_severity})"
    when = ", ".join(m.text for m in rule.when)
    quiet = ", ".join(m.text for m in rule.keep_quiet)
    same = f", same {', '.join(rule.equal)}" if rule.equal else ""
    return f"while {when}: quiet is {quiet}{same}"
