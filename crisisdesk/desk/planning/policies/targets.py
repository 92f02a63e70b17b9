"""Whom a target means, by the label it is chosen and shown with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crisisdesk.desk.planning.policies.content import (
    EVERYONE,
    OTHERWISE,
    shape_fault,
    steps_of,
    targets_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crisisdesk.desk.planning.policies.content import Content, Target
    from crisisdesk.domain.contact import Contact

_TYPED = re.compile(r"(schedule|group|contact)\s+(\S.*)", re.IGNORECASE)
_KIND_WORDS = {"schedule": "On call by", "group": "Group", "contact": "Contact"}
Key = tuple[str, Any]


def _key(target: Target) -> Key:
    ((kind, name),) = target.items()
    return kind, name if isinstance(name, str | bool) else str(name)


class Labels:
    """Targets by label and labels by target; each label is that of one target alone."""

    def __init__(
        self,
        contacts: Mapping[str, Contact],
        schedules: Iterable[str],
        groups: Iterable[str],
        used: Sequence[Target] = (),
    ) -> None:
        """``used`` are targets that stand in a draft; those nobody knows get a label as well."""
        self._targets: dict[str, Target] = {}
        self._labels: dict[Key, str] = {}
        self._add("Everyone", dict(EVERYONE))
        for name in sorted(schedules):
            self._add(f"On call by {name}", {"schedule": name})
        for name in sorted(groups):
            self._add(f"Group {name}", {"group": name})
        for one in sorted(contacts.values(), key=lambda c: (c.name.casefold(), c.contact_id)):
            if not one.removed:
                self._add(one.name, {"contact": one.contact_id})
        for target in used:
            ((kind, name),) = target.items()
            if name != "" and _key(target) not in self._labels:
                self._add(f"{_KIND_WORDS.get(kind, kind)} {name} (unknown)", dict(target))

    def _add(self, label: str, target: Target) -> None:
        taken = label in self._targets or label.strip() != label or not label
        if taken:
            ((_, name),) = target.items()
            label = f"{label.strip()} · {name}"
        while label in self._targets:
            label += "'"
        self._targets[label] = target
        self._labels[_key(target)] = label

    def all(self) -> list[str]:
        """Every label, in the order to choose from."""
        return list(self._targets)

    def of(self, target: Target) -> str:
        """The label of a target; "" for one not written yet."""
        return self._labels.get(_key(target), "")

    def knows(self, targets: Iterable[Target]) -> bool:
        """Whether each has a label, or is not written yet."""
        return all(_key(one) in self._labels or "" in one.values() for one in targets)

    def read(self, text: str) -> Target:
        """The target of a label, or of ``schedule Name``, ``group Name`` and ``contact id``.

        Anything else is taken for the id of a contact, which the domain or the linter then names.
        """
        known = self._targets.get(text)
        if known is not None:
            return dict(known)
        plain = text.strip()
        folded = {label.casefold(): target for label, target in reversed(self._targets.items())}
        if plain.casefold() in folded:
            return dict(folded[plain.casefold()])
        typed = _TYPED.fullmatch(plain)
        if typed is not None:
            return {typed[1].lower(): typed[2]}
        return {"contact": plain}


def used_targets(content: Content) -> list[Target]:
    """Every target that stands in a content, the steps' first; none in one of another shape."""
    if shape_fault(content) is not None:
        return []
    places = [*range(len(steps_of(content))), OTHERWISE]
    return [target for where in places for target in targets_of(content, where)]
