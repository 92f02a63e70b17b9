"""The form that starts a run, without a screen: its fields, and what was typed into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crisisdesk.domain.recovery.parameters import Parameter, checked_arguments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crisisdesk.domain.recovery.procedure import Procedure


class Start(NamedTuple):
    """A run to begin; ``confirmed`` are the numbers (from 1) of prerequisites that are so."""

    procedure: str
    version_id: str
    arguments: dict[str, str]
    incident_id: str
    confirmed: tuple[int, ...]


def label_of(one: Parameter) -> str:
    """What stands above a field."""
    kind = {"whole": "a whole number", "host": "a host", "name": "a name"}.get(one.type, "")
    title = one.title or one.name
    return f"{title} ({kind})" if kind else title


def hint_of(one: Parameter) -> str:
    """What stands in a field while it is empty."""
    if one.default is not None:
        return f"{one.default}, unless said"
    return {"host": "db2.example.org", "whole": "5", "name": "db2"}.get(one.type, "")


def checked_start(
    one: Procedure, typed: Mapping[str, str], incident_id: str, confirmed: tuple[int, ...]
) -> Start:
    """What was typed, by the domain's own check; Malformed names ``arguments.NAME``."""
    given = {name: value.strip() for name, value in typed.items() if value.strip()}
    arguments = checked_arguments(one.parameters, given)
    return Start(one.name, one.version_id, arguments, incident_id, confirmed)


def prerequisite_ids(start: Start) -> list[str]:
    """The steps of the run that the confirmed prerequisites became."""
    return [f"pre-{number}" for number in start.confirmed]
