"""What changed between two versions of a policy, in words."""

from __future__ import annotations

import json
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from crisisdesk.desk.planning.policies.content import (
    EVERYONE,
    FIELD_DEFAULTS,
    STEP_DEFAULTS,
    delay_words,
    shape_fault,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.planning.policies.content import Content, Target

    Name = Callable[[Target], str]

SAME = "Nothing changed."
ONLY_WRITING = "Says the same, written in another way."
FIRST = "The first version."
_ACK_WORDS = {"one": "one answer is enough", "all": "everybody in it must answer"}


def changes(old: Content | None, new: Content, name: Name) -> list[str]:
    """What ``new`` says that ``old`` did not, a line for each; never empty.

    ``name`` says whom a target means. ``old`` is None for the first version.
    """
    if old is None:
        return [FIRST]
    if shape_fault(old) is not None or shape_fault(new) is not None:
        return [SAME] if old == new else ["Cannot be compared: one of them is no policy."]
    before, after = _whole(old), _whole(new)
    found = [
        _field(field, before.get(field), after.get(field), name)
        for field in dict.fromkeys([*before, *after])
        if field != "steps" and before.get(field) != after.get(field)
    ]
    found += _steps(before["steps"], after["steps"], name)
    if found:
        return found
    return [SAME] if old == new else [ONLY_WRITING]


def _whole(content: Content) -> Content:
    """With everything that was left out, as the domain takes it."""
    told = FIELD_DEFAULTS | content
    told["for"] = str(told["for"]).strip()
    told["otherwise"] = told["otherwise"] or [dict(EVERYONE)]
    told["steps"] = [STEP_DEFAULTS | {"to": []} | step for step in told.get("steps", [])]
    return told


def _field(field: str, old: Any, new: Any, name: Name) -> str:
    if field == "for":
        return f"Matches {new or 'every alert'}, before {old or 'every alert'}."
    if field == "otherwise":
        return f"A step that finds nobody pages {_all(new, name)}, before {_all(old, name)}."
    word = {"place": "Place", "repeat": "Repeats"}.get(field, field)
    return f"{word} {_plain(new)}, before {_plain(old)}."


def _plain(value: Any) -> str:
    return "nothing" if value is None else str(value)


def _all(targets: list[Target], name: Name) -> str:
    return ", ".join(name(target) for target in targets) or "nobody"


def _steps(old: list[Content], new: list[Content], name: Name) -> list[str]:
    texts = [[json.dumps(step, sort_keys=True) for step in steps] for steps in (old, new)]
    gone: list[int] = []
    come: list[int] = []
    found: list[tuple[int, str]] = []
    matcher = SequenceMatcher(None, texts[0], texts[1], autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            continue
        pairs = min(i2 - i1, j2 - j1)
        for i, j in zip(range(i1, i1 + pairs), range(j1, j1 + pairs), strict=True):
            if texts[0][i] in texts[1] or texts[1][j] in texts[0]:
                gone.append(i)
                come.append(j)
            else:
                words = _step(old[i], new[j], name)
                found += [(j, f"Step {j + 1} {one}") for one in words]
        gone += range(i1 + pairs, i2)
        come += range(j1 + pairs, j2)
    for i in list(gone):
        moved = next((j for j in come if texts[1][j] == texts[0][i]), None)
        if moved is not None:
            gone.remove(i)
            come.remove(moved)
            found.append((moved, f"Step {i + 1} became step {moved + 1}."))
    found += [(j, f"Step {j + 1} is new: {_told(new[j], name)}.") for j in come]
    found += [(i, f"Step {i + 1} of before is gone: {_told(old[i], name)}.") for i in gone]
    return [words for _, words in sorted(found, key=lambda one: one[0])]


def _told(step: Content, name: Name) -> str:
    every = ", everybody must answer" if step["ack"] == "all" else ""
    return f"pages {_all(step['to'], name)}, waits {delay_words(step['wait_s'])}{every}"


def _step(old: Content, new: Content, name: Name) -> list[str]:
    found = []
    added = [one for one in new["to"] if one not in old["to"]]
    lost = [one for one in old["to"] if one not in new["to"]]
    if added:
        found.append(f"also pages {_all(added, name)}.")
    if lost:
        found.append(f"no longer pages {_all(lost, name)}.")
    if not added and not lost and old["to"] != new["to"]:
        found.append(f"pages {_all(new['to'], name)}, in another order.")
    if old["wait_s"] != new["wait_s"]:
        words = f"waits {delay_words(new['wait_s'])}, before {delay_words(old['wait_s'])}."
        found.append(words)
    if old["ack"] != new["ack"]:
        found.append(f"now: {_ACK_WORDS.get(new['ack'], new['ack'])}.")
    more = sorted({*old, *new} - {"to", *STEP_DEFAULTS})
    return found + [
        f"{field}: {_plain(new.get(field))}, before {_plain(old.get(field))}."
        for field in more
        if old.get(field) != new.get(field)
    ]
