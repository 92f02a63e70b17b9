"""The fields of a policy by the names the domain gives them: where they stand, and in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.desk.planning.policies.content import delay_words
from crisisdesk.domain.amounts import GAP
from crisisdesk.domain.escalation.policy import LONGEST_WAIT_S, SHORTEST_WAIT_S

if TYPE_CHECKING:
    from crisisdesk.domain.errors import DomainError

_STEP = re.compile(r"steps\[(\d+)\](?:\.(\w+))?(?:\[(\d+)\])?")
_OTHERWISE = re.compile(r"otherwise(?:\[(\d+)\])?")
_WORDS = {
    "name": "Name",
    "for": "Alerts that match",
    "place": "Place",
    "repeat": "Repeat",
    "steps": "Steps",
    "otherwise": "If a step finds nobody",
    "content": "The whole policy",
    "kind": "Kind",
}
_PARTS = {"wait_s": "delay", "ack": "answers", "to": "targets"}


class Place(NamedTuple):
    """Where a field stands. ``part`` is that of the policy or, with ``step`` (from 0), of the step;
    "" means the step as a whole. ``target`` is a place in its targets, -1 for none of them."""

    part: str
    step: int = -1
    target: int = -1


def place_of(field: str) -> Place:
    """The place of ``steps[1].to[0].contact``, ``otherwise[2]``, ``for`` and their like."""
    plain = field.removeprefix("content.")
    found = _STEP.match(plain)
    if found is not None:
        target = -1 if found[3] is None else int(found[3])
        return Place(found[2] or "", int(found[1]), target)
    found = _OTHERWISE.match(plain)
    if found is not None:
        return Place("otherwise", target=-1 if found[1] is None else int(found[1]))
    return Place(plain.partition(".")[0].partition("[")[0])


def fault_words(fault: DomainError) -> str:
    """What is wrong and what to do, as a sentence in the words of the form."""
    place, remedy = place_of(fault.field), fault.remedy
    if place.part == "wait_s":
        # A plain blank would break the line inside a span.
        spans = (SHORTEST_WAIT_S, LONGEST_WAIT_S, 300)
        least, most, some = (delay_words(span).replace(" ", GAP) for span in spans)
        remedy = f"write {least} to {most}, such as {some}"
    elif place.target >= 0:
        remedy = "choose a name, a schedule, a group or everyone"
    elif place.part == "to":
        remedy = "page somebody, or remove the step" if fault.problem == "is empty" else remedy
    words = f"{fault.problem}; {remedy}."
    return words[:1].upper() + words[1:]


def field_words(field: str) -> str:
    """The same for people: ``Step 2, target 1``."""
    place = place_of(field)
    if place.step < 0:
        words = _WORDS.get(place.part, place.part)
    else:
        words = f"Step {place.step + 1}"
        if place.part and place.target < 0:
            words += f", {_PARTS.get(place.part, place.part)}"
    return words if place.target < 0 else f"{words}, target {place.target + 1}"
