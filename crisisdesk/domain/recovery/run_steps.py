"""The steps of a run as its log holds them: what every reader of a run may rely on."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

VERDICTS = ("succeeded", "rolled_back", "failed", "aborted")


def sound_steps(told: Any) -> list[dict[str, Any]]:
    """The steps, when each is an object whose common fields have their types.

    Raises ValueError otherwise, so that an event with such steps is passed over: nobody who reads a
    run has to ask again.
    """
    if not isinstance(told, list):
        raise ValueError("steps are no list")
    for step in told:
        if not isinstance(step, dict) or not {"step_id", "title"} <= step.keys():
            raise ValueError("a step has no id or no title")
        for fits, names in _FITS:
            for name in names:
                if name in step and not fits(step[name]):
                    raise ValueError(f"{name} of a step is not what it must be")
    ids = [step["step_id"] for step in told]
    if len(set(ids)) < len(ids):
        raise ValueError("two steps have one id")
    return list(told)


def sound_objective(told: Any) -> dict[str, Any]:
    """By when a run is to have recovered; {} for what is none, so that a run without a sound one is
    led all the same."""
    if not isinstance(told, dict):
        return {}
    by, within_ms, of = told.get("by"), told.get("within_ms"), told.get("of")
    if not _is_number(by) or not _is_number(within_ms) or not isinstance(of, str):
        return {}
    return {"by": by, "within_ms": within_ms, "of": of}


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return type(value) is int and value >= 0


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _are_answers(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(one, str) for one in value.values())


_FITS: tuple[tuple[Callable[[Any], bool], tuple[str, ...]], ...] = (
    (_is_text, ("step_id", "title", "kind", "phase", "description", "back_of")),
    (_are_texts, ("after", "needs", "answers")),
    (_is_number, ("within_ms", "expires_ms", "approvals", "timeout_ms", "for_ms")),
    (_are_answers, ("when",)),
)


def step_of(steps: list[dict[str, Any]], step_id: str) -> dict[str, Any] | None:
    """The step of this id; None when there is none."""
    for step in steps:
        if step["step_id"] == step_id:
            return step
    return None


def kind_of(step: Mapping[str, Any]) -> str:
    """Its kind; a step that says none is checked by a person."""
    return step.get("kind", "check") or "check"


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: case, blanks and ways of writing do not count."""
    return _person(one) == _person(other)


def _person(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(plain.removeprefix("operator:").split())
