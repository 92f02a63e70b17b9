"""What the channel map is made of, read from the station's file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crisisdesk.domain.channel_survey import Known
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.incident import DONE_STATUSES, Incident
from crisisdesk.domain.outages import Naming, naming
from crisisdesk.domain.policy_version import PolicyVersion
from crisisdesk.store.queries.deliveries import read_uses
from crisisdesk.store.states import decode

Rows = Callable[[str, Sequence[Any]], list[Any]]
_DONE = ",".join(f"'{status.value}'" for status in DONE_STATUSES)
_OPEN_INCIDENTS = f"SELECT state FROM incident WHERE status NOT IN ({_DONE})"  # noqa: S608
_ENDED = f"SELECT agg FROM incident WHERE status IN ({_DONE})"  # noqa: S608
_ATTACHED = (
    "SELECT agg, service, place, status FROM alert WHERE incident_id = ? AND incident_id != ''"
)


def read_known(rows: Rows, now_ms: int, *, measured: bool = True) -> Known:
    """Contacts, what was published, what each contact method did (if ``measured``), what open
    incidents name."""
    contacts = [
        decode(Contact, data) for (data,) in rows("SELECT state FROM contact WHERE removed = 0", ())
    ]
    contacts.sort(key=lambda c: (c.name, c.contact_id))
    methods = [str(m["method_id"]) for contact in contacts for m in contact.methods]
    uses = read_uses(rows, methods, now_ms) if measured else {}
    return Known(
        contacts=contacts,
        versions=[decode(PolicyVersion, data) for (data,) in rows("SELECT state FROM policy", ())],
        uses=uses,
        named=[_naming(rows, decode(Incident, data)) for (data,) in rows(_OPEN_INCIDENTS, ())],
        ended=frozenset(incident_id for (incident_id,) in rows(_ENDED, ())),
    )


def _naming(rows: Rows, incident: Incident) -> Naming:
    # One that was taken off again keeps the id of the incident it was in.
    attached = set(incident.alerts)
    found = [row[1:] for row in rows(_ATTACHED, (incident.incident_id,)) if row[0] in attached]
    return naming(
        incident.incident_id, incident.title, incident.category, incident.created_at, found
    )
