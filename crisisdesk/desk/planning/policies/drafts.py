"""Drafts of policies: kept with the window until they are published, checked as the engine does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from crisisdesk.desk.planning.policies.content import shape_fault
from crisisdesk.domain.errors import DomainError, Malformed
from crisisdesk.domain.escalation.policy import KIND, EscalationPolicy, read_policy
from crisisdesk.domain.publishing import checked_content

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crisisdesk.desk.planning.policies.content import Content

KEPT = "planning.policies.drafts"
UNNAMED = "Without a name"
# As the engine has it; a test holds the two together.
NAME_LIMIT = 100
_ORDER = (
    *("kind", "disabled", "for", "place", "steps", "repeat", "otherwise"),
    *("by", "within_s", "at_least", "at_least_services", "with_severity", "name"),
    *("severity_from", "category", "accept", "join", "rest_s"),
    *("when", "keep_quiet", "equal", "services", "from_severity", "at_most_h"),
)
_STEP_ORDER = ("to", "wait_s", "ack")


class Draft(NamedTuple):
    """What is worked on. ``of`` is the name of the policy it will replace, "" for a new one;
    ``began`` the version it was begun from. ``raw`` is YAML that cannot be read yet, "" if none."""

    key: str
    name: str
    content: Content
    of: str = ""
    began: str = ""
    raw: str = ""


def encoded(drafts: Iterable[Draft]) -> list[str]:
    """As the window keeps them: a text for each, as its file knows no objects."""
    return [json.dumps(draft._asdict(), ensure_ascii=False) for draft in drafts]


def decoded(kept: Iterable[Any]) -> list[Draft]:
    """The drafts that were kept; one that cannot be read is no draft any more."""
    found: dict[str, Draft] = {}
    for text in kept:
        try:
            told = json.loads(text) if isinstance(text, str) else None
        except ValueError:
            continue
        if not isinstance(told, dict) or not {"key", "name", "content"} <= told.keys():
            continue
        texts = {name: told.get(name, "") for name in ("key", "name", "of", "began", "raw")}
        content = told["content"]
        if all(isinstance(text, str) for text in texts.values()) and isinstance(content, dict):
            found[texts["key"]] = Draft(content=content, **texts)
    return list(found.values())


def faults_of(draft: Draft, kinds: Sequence[str] = (KIND,)) -> list[DomainError]:
    """Why it cannot be published, as the engine would say: its name, then the rest of it.

    ``kinds`` are those that can be written where it is edited.
    """
    if draft.raw:
        fault = yaml_fault(draft.raw)
        return [fault] if fault is not None else []
    found: list[DomainError] = []
    for check in (_checked_name, lambda one: _checked_rest(one, kinds)):
        try:
            check(draft)
        except DomainError as error:
            found.append(error)
    return found


def is_missing(fault: DomainError) -> bool:
    """Whether something was merely not written yet, so that nobody is to be blamed for it."""
    return fault.problem == "is empty"


def checked(draft: Draft, kinds: Sequence[str] = (KIND,)) -> Content:
    """Its content as it is published; raises Malformed naming the field."""
    _checked_name(draft)
    return _checked_rest(draft, kinds)


def _checked_name(draft: Draft) -> None:
    if not draft.name.strip():
        raise Malformed("name", "is empty", "write a name")
    if len(draft.name.strip()) > NAME_LIMIT:
        raise Malformed("name", "is too long", f"keep it within {NAME_LIMIT} characters")


def _checked_rest(draft: Draft, kinds: Sequence[str] = (KIND,)) -> Content:
    kind = draft.content.get("kind")
    if kind not in kinds:
        known = " or ".join(f'"{one}"' for one in kinds)
        raise Malformed("kind", f"is {str(kind)[:40]!r}", f"write {known}; no other is edited here")
    return checked_content(draft.name.strip(), draft.content)


def policy_of(draft: Draft) -> EscalationPolicy | None:
    """The policy as it can be run, if need be without a name; None when it cannot."""
    if draft.raw:
        return None
    try:
        return read_policy(draft.name.strip(), _checked_rest(draft))
    except DomainError:
        return None


# ----------------------------------------------------------------------------------- as a file


def to_yaml(name: str, content: Content) -> str:
    """As the file that ``policy publish`` takes."""
    import yaml

    told = {"name": name, "content": _in_order(content)}
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=78)


def _in_order(content: Content) -> Content:
    """Its fields as people write them; what is stored has them by the alphabet."""
    told = {field: content[field] for field in _ORDER if field in content} | content
    if isinstance(told.get("steps"), list):
        told["steps"] = [
            {field: step[field] for field in _STEP_ORDER if field in step} | step
            if isinstance(step, dict)
            else step
            for step in told["steps"]
        ]
    return told


def from_yaml(text: str) -> tuple[str, Content]:
    """Name and content in such a file. Raises Malformed for what is none or has another shape."""
    told = loaded(text)
    if not isinstance(told, dict) or set(told) != {"name", "content"}:
        raise Malformed("content", "is something else", "write name and content, nothing else")
    if not isinstance(told["name"], str):
        raise Malformed("name", "is no text", "quote it")
    fault = shape_fault(told["content"])
    if fault is not None:
        raise fault
    return told["name"], told["content"]


def loaded(text: str, field: str = "content") -> Any:
    """What YAML holds, as JSON has it. Raises Malformed naming ``field`` for what is none."""
    import yaml

    try:
        return _plain(yaml.safe_load(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise Malformed(field, f"is no YAML{where}: {problem}", "mend it there") from error
    except ValueError as error:
        # A date such as 2026-13-45 is YAML by its form alone.
        raise Malformed(field, f"is no YAML: {error}", "quote that value") from error
    except RecursionError as error:
        raise Malformed(field, "is nested too deeply", "take brackets away") from error


def yaml_fault(text: str) -> DomainError | None:
    """Why this file cannot be taken; None when it can."""
    try:
        from_yaml(text)
    except DomainError as error:
        return error
    return None


def _plain(value: Any) -> Any:
    """YAML may hold what JSON has no word for (dates, bytes, keys that are no text)."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return str(value)
