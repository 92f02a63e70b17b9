"""What a rule says, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.domain import channel_dependencies
from crisisdesk.domain.correlation import rule as correlation
from crisisdesk.domain.errors import DomainError
from crisisdesk.domain.inhibition import DEPENDENCIES, INHIBITION, READERS, Dependencies, Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crisisdesk.desk.planning.policies.content import Content

RULE_KINDS = (correlation.KIND, INHIBITION, DEPENDENCIES, channel_dependencies.KIND)
KIND_WORDS = {
    correlation.KIND: "Related alerts",
    INHIBITION: "Causes keep quiet",
    DEPENDENCIES: "Services need services",
    channel_dependencies.KIND: "Channels depend on",
}
_SHOWN = 6


def said(name: str, content: Content) -> str:
    """The rule as a sentence or two; raises DomainError for what cannot be read."""
    kind = str(content.get("kind", ""))
    if kind == correlation.KIND:
        return _related(correlation.read_rule(name, content))
    if (read := READERS.get(kind)) is not None:
        return _quieting(read(name, content))
    if kind == channel_dependencies.KIND:
        return _channels(channel_dependencies.read_dependencies(name, content))
    return "This program knows no rule of this kind; a newer one may have published it."


def standing(name: str, content: Content) -> tuple[str, str]:
    """How a published one stands in a word or two, and what it says or why it does not count."""
    try:
        words = said(name, content)
    except DomainError as error:
        return "not used", f"Cannot be read here: {error}."
    if content.get("kind") not in RULE_KINDS:
        return "not used", words
    if content.get("kind") == correlation.KIND and content.get("disabled") is True:
        return "switched off", words
    return "counts now", words


def _related(rule: correlation.CorrelationRule) -> str:
    if rule.disabled:
        return "Switched off: nothing is proposed by it."
    done = "Opens an incident of" if rule.at_once else "Proposes as an incident"
    return f"{done} {rule.words()}."


def _quieting(rule: Rule) -> str:
    if isinstance(rule, Dependencies):
        return (
            f"{_listed(rule.services, 'needs')}. While an alert of {rule.from_severity} or worse "
            "is open on what is needed, those that need it page nobody."
        )
    when = ", ".join(m.text for m in rule.when)
    quiet = ", ".join(m.text for m in rule.keep_quiet)
    same = f" with the same {', '.join(rule.equal)}" if rule.equal else ""
    return f"While {when} is open, {quiet}{same} pages nobody."


def _channels(told: Mapping[str, tuple[str, ...]]) -> str:
    added = {key: [n for n in names if n[:1] != "-"] for key, names in told.items()}
    removed = {key: [n[1:] for n in names if n[:1] == "-"] for key, names in told.items()}
    parts = (_listed(added, "also needs"), _listed(removed, "does not need"))
    return ". ".join(part for part in parts if part) + "."


def _listed(told: Mapping[str, tuple[str, ...] | list[str]], verb: str) -> str:
    found = [f"{key} {verb} {', '.join(names)}" for key, names in told.items() if names]
    more = len(found) - _SHOWN
    return "; ".join(found[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
