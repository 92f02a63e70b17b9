"""What an operator can decide about a thing that both sides of a split have changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from crisisdesk.desk.incidents.orders import edit_field
from crisisdesk.domain.alert import Alert
from crisisdesk.domain.incident import EDITABLE_INCIDENT_FIELDS, Incident
from crisisdesk.domain.split_words import field_word
from crisisdesk.domain.timeline_words import value_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.api.client import Client
    from crisisdesk.domain.fold import State
    from crisisdesk.domain.split import SplitItem

KEYS = ("A", "B", "C", "D")
# What the door lets an operator set again on an alert.
ALERT_FIELDS = frozenset(
    {"severity", "title", "description", "alert_type", "affected_systems", "impact_scope"}
)
_SHORT = 32


class Choice(NamedTuple):
    """One way to decide: ``words`` stand on its button, ``named`` in a refusal."""

    words: str
    named: str
    call: Callable[[Client], Any]


def choices_of(item: SplitItem, state: State | None) -> tuple[Choice, ...]:
    """The ways to decide, commanders first; empty where nothing is left to choose."""
    found: list[Choice] = []
    if isinstance(state, Incident):
        found = _commanders(state)
    if isinstance(state, Alert) and state.rival_owners and state.is_open:
        alert_id = state.alert_id
        take = partial(_investigate, alert_id)
        found.append(Choice("I take it over", f"take {alert_id} over", take))
    if isinstance(state, Incident | Alert):
        found += _lost_values(item, state)
    return tuple(found[: len(KEYS)])


def _commanders(incident: Incident) -> list[Choice]:
    if not incident.rivals:
        return []
    names = [incident.commander, *incident.rivals]
    return [
        Choice(
            f"{name or 'nobody'} commands",
            f"name {name or 'nobody'} commander of {incident.incident_id}",
            edit_field(incident.incident_id, "commander", name),
        )
        for name in names
    ]


def _lost_values(item: SplitItem, state: Incident | Alert) -> list[Choice]:
    """The newest value that each field lost in this split, unless it stands there again."""
    ids = {deed.event_id for deed in (*item.mine, *item.theirs)}
    newest: dict[str, dict[str, Any]] = {}
    for trace in state.overwritten:
        if trace["by_event"] in ids:
            newest[trace["field"]] = trace
    found = []
    for field, trace in newest.items():
        settable = EDITABLE_INCIDENT_FIELDS if isinstance(state, Incident) else ALERT_FIELDS
        if field not in settable or getattr(state, field) == trace["value"]:
            continue
        value = trace["value"]
        words = value_words(field, value).replace("\n", " ")
        short = words if len(words) <= _SHORT else words[: _SHORT - 1] + "…"
        call = (
            edit_field(item.subject, field, value)
            if isinstance(state, Incident)
            else partial(_edit_alert, item.subject, field, value)
        )
        word = field_word(field)
        found.append(
            Choice(f"Put back {word.lower()} “{short}”", f"put back the {word.lower()}", call)
        )
    return found


def _investigate(alert_id: str, client: Client) -> Any:
    return client.investigate(alert_id)


def _edit_alert(alert_id: str, field: str, value: Any, client: Client) -> Any:
    return client.edit_alert(alert_id, **{field: value})
