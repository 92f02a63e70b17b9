"""Commands about alert rules, and about what the station found by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crisisdesk.domain.detection.rule import AlertRule
from crisisdesk.domain.signal import Signal
from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareRule(Command):
    """Declare one, or change a known one (``rule_id``); the result is its id.

    ``written`` holds fields of `domain.detection.rule.WRITTEN`; a known one keeps those that are
    left out, and its name when that is "". Conditions may name other rules by name or id. ``again``
    is the id of a version of a rule that was taken away: that one comes back, with its id.
    """

    name: str = ""
    written: Mapping[str, Any] = field(default_factory=dict)
    rule_id: str = ""
    again: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveRule(Command):
    """Take it away; its alerts end. Refused while another rule is made of it."""

    rule_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRules(Command):
    """Ask what is declared and what is open; the result is a `DeclaredRules`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRules:
    """The rules by name; the keys of alerts of rules that are open, with the moment each began
    (UTC ms); the names of rules that a newer program wrote and this one cannot read."""

    found: tuple[AlertRule, ...]
    told: Mapping[str, int]
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFindings(Command):
    """Write down what rules found: a firing signal counts unless its alert is open, an ending one
    only when it is."""

    signals: Sequence[Signal]
