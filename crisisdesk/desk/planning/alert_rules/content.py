"""The content of an alert rule as people write it: shown without what goes without saying, read
back from a form or a file, and checked as the engine checks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.desk.planning.policies.drafts import NAME_LIMIT, loaded
from crisisdesk.domain.detection.declaring import (
    check_name,
    declared_content,
    with_ids,
    with_names,
)
from crisisdesk.domain.detection.rule import WRITTEN, checked_rule, trial_rule
from crisisdesk.domain.errors import DomainError, Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from crisisdesk.desk.planning.policies.content import Content
    from crisisdesk.desk.planning.policies.drafts import Draft
    from crisisdesk.domain.detection.rule import AlertRule

# The order in which people write the fields.
ORDER = (
    *("description", "rule_type", "severity", "conditions", "service", "metric_source"),
    *("alert_type", "escalation_policy", "notification_channels", "is_active"),
)
_CONDITIONS = (
    *("type", "rule", "metric", "where", "log", "aggregate", "by", "rate_over", "rate_per"),
    *("rate_of", "op", "value", "score", "line", "first", "then", "without", "at_least", "within"),
    *("absent", "mode", "least", "of", "equal", "for", "clear", "clear_for", "low", "high"),
    "forget",
)
_SPANS = frozenset({"for", "clear_for", "forget", "within", "absent", "rate_over"})
_NUMBERS = frozenset({"value", "clear", "score", "low", "high"})
_ALWAYS = frozenset({"rule_type", "severity", "conditions"})
# Said even where it is the default: without it what is written reads as less than it means.
_PLAIN = frozenset({"metric", "op", "value", "score", "within", "mode", "type", "of"})
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"))


def plainly(content: Mapping[str, Any], known: Sequence[AlertRule] = ()) -> Content:
    """Published content as a person would write it: spans as ``5m``, members by name, no defaults.

    What this program cannot read is left as it is.
    """
    written = {name: value for name, value in content.items() if name in WRITTEN}
    try:
        checked_rule(written)
    except DomainError:
        return written
    told = with_names(written, known)
    told["conditions"] = _members_shown(_shown(told["conditions"]))
    told["conditions"] = _without_defaults(
        told["conditions"], lambda some: told | {"conditions": some}, _PLAIN
    )
    return ordered(_without_defaults(told, dict, _ALWAYS))


def ordered(content: Content) -> Content:
    """The fields, and those of the conditions, in the order in which people write them."""
    told = {name: content[name] for name in ORDER if name in content} | content
    if isinstance(told.get("conditions"), dict):
        told["conditions"] = _conditions_ordered(told["conditions"])
    return told


def _conditions_ordered(told: Content) -> Content:
    found = {name: told[name] for name in _CONDITIONS if name in told} | told
    if isinstance(found.get("of"), list):
        found["of"] = [
            _conditions_ordered(one) if isinstance(one, dict) else one for one in found["of"]
        ]
    return found


def _shown(told: Content) -> Content:
    found: Content = {}
    for name, value in told.items():
        if name == "of" and isinstance(value, list):
            found[name] = [_shown(one) if isinstance(one, dict) else one for one in value]
        elif name in _SPANS and type(value) is int:
            found[name] = _span(value)
        elif name in _NUMBERS and isinstance(value, str):
            found[name] = float(value)
        else:
            found[name] = value
    return found


def _members_shown(told: Content) -> Content:
    """Members without their defaults: each means by itself what it means among the others."""
    if not isinstance(told.get("of"), list):
        return told
    return told | {"of": [_member_shown(one) for one in told["of"]]}


def _member_shown(one: Any) -> Any:
    if not isinstance(one, dict) or "type" not in one:
        return one
    rest = {name: value for name, value in one.items() if name != "type"}
    kind = {"rule_type": one["type"]}
    return {
        "type": one["type"],
        **_without_defaults(rest, lambda some: kind | {"conditions": some}, _PLAIN),
    }


def _span(seconds: int) -> str | int:
    for size, unit in _UNITS:
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s" if seconds else 0


def _without_defaults(
    told: Content, whole: Callable[[Content], Content], always: frozenset[str]
) -> Content:
    """Without each field that means the same when it is left out."""
    meant = checked_rule(whole(told))
    for name in list(told):
        if name in always:
            continue
        rest = {key: value for key, value in told.items() if key != name}
        try:
            same = checked_rule(whole(rest)) == meant
        except DomainError:
            continue
        if same:
            told = rest
    return told


# ----------------------------------------------------------------------------------- checked


def faults_of(draft: Draft, known: Sequence[AlertRule]) -> list[DomainError]:
    """Why a draft cannot be published, as the engine would say: its name, then the rest of it."""
    found: list[DomainError] = []
    for check in (_check_name, _check_rest):
        try:
            check(draft, known)
        except DomainError as error:
            found.append(error)
    return found


def _check_name(draft: Draft, known: Sequence[AlertRule]) -> None:
    name = draft.name.strip()
    if not name:
        raise Malformed("name", "is empty", "write a name")
    if len(name) > NAME_LIMIT:
        raise Malformed("name", "is too long", f"keep it within {NAME_LIMIT} characters")
    check_name(name, known, draft.of)


def _check_rest(draft: Draft, known: Sequence[AlertRule]) -> None:
    conditions = draft.content.get("conditions")
    if isinstance(conditions, str):
        conditions_of(conditions)
    declared_content(
        draft.name.strip() or "unnamed",
        draft.content,
        known,
        # One of its own, so that a new rule that is made of itself is found as well.
        rule_id=draft.of or "RULE-NEW",
        since=0,
        created_at=0,
        created_by="",
    )


def whole(content: Content) -> Content:
    """Every field, those that are left out with what they mean then; raises Malformed."""
    return checked_rule(content)


def conditions_of(text: str) -> Content:
    """The conditions in a YAML text; raises Malformed naming ``conditions``."""
    told = loaded(text, "conditions")
    if not isinstance(told, dict):
        raise Malformed("conditions", "are no fields", "write one a line, as metric: NAME")
    return told


def rule_of_draft(draft: Draft, known: Sequence[AlertRule]) -> AlertRule | None:
    """The rule as it can be tried, if need be without a name; None where it cannot."""
    if draft.raw:
        return None
    try:
        _check_rest(draft, known)
        return trial_rule(draft.name.strip() or "unnamed", with_ids(draft.content, known))
    except DomainError:
        return None


# ----------------------------------------------------------------------------------- as a file


class RuleFile:
    """What ``rule add`` takes: the name and every field of the rule beside it."""

    def text(self, draft: Draft) -> str:
        """The draft as such a file."""
        return dumped({"name": draft.name, **ordered(draft.content)})

    def draft(self, text: str, draft: Draft) -> Draft:
        """The draft as the file has it; raises Malformed."""
        told = loaded(text)
        if not isinstance(told, dict):
            raise Malformed("content", "is no rule", "write name, rule_type and conditions")
        name = told.pop("name", "")
        if not isinstance(name, str):
            raise Malformed("name", "is no text", "quote it")
        return draft._replace(name=name, content=told, raw="")


def dumped(told: Content) -> str:
    """Fields as YAML."""
    import yaml

    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=78)


def conditions_text(content: Content) -> str:
    """The conditions as YAML; a text that could not be read yet as it was typed."""
    told = content.get("conditions", {})
    if isinstance(told, str):
        return told
    return dumped(_conditions_ordered(told)) if isinstance(told, dict) and told else ""
