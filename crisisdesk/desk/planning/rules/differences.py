"""What changed between two versions of a rule, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.desk.planning.policies.differences import FIRST, ONLY_WRITING, SAME

if TYPE_CHECKING:
    from crisisdesk.desk.planning.policies.content import Content


def rule_changes(old: Content | None, new: Content, _name: object = None) -> list[str]:
    """What ``new`` says that ``old`` did not, a line for each; never empty. ``old`` is None for the
    first version."""
    if old is None:
        return [FIRST]
    if old == new:
        return [SAME]
    if _plain_fields(old) == _plain_fields(new):
        return [ONLY_WRITING]
    found = []
    for field in dict.fromkeys([*old, *new]):
        before, after = old.get(field), new.get(field)
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            found += [
                _line(f"{field}, {key}", before.get(key), after.get(key))
                for key in dict.fromkeys([*before, *after])
                if before.get(key) != after.get(key)
            ]
        else:
            found.append(_line(field, before, after))
    return found


def _plain_fields(content: Content) -> Content:
    """Without what means nothing: blanks around a text, names that come twice in a list."""
    return {field: _plain(value) for field, value in content.items() if _plain(value) != ""}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [one for at, one in enumerate(value) if one not in value[:at]]
    return value


def _line(field: str, before: Any, after: Any) -> str:
    return f"{field}: {_word(after)}, before {_word(before)}."


def _word(value: Any) -> str:
    if value is None:
        return "left out"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "empty"
    if value == "":
        return "empty"
    return str(value)
