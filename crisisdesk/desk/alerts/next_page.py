"""Who is paged next for an alert, and when, as a line behind those who were told already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.desk.alerts.history import Line
from crisisdesk.domain.flapping import FLAPPING
from crisisdesk.domain.rota import Rota

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crisisdesk.domain.alert import Alert
    from crisisdesk.domain.contact import Contact
    from crisisdesk.domain.escalation.planning import TakenStep
    from crisisdesk.domain.escalation.running import Escalation
    from crisisdesk.store.queries import StationReader


def next_page(reader: StationReader, alert: Alert) -> Line | None:
    """What its escalation does next; None where there is none for its present life."""
    state = next(
        (
            one
            for one in reader.escalations_of(alert.alert_id)
            if (one.epoch, one.life) == (alert.epoch, alert.life)
        ),
        None,
    )
    if state is None:
        return None
    contacts = {contact.contact_id: contact for contact in reader.contacts()}
    rota = Rota(reader.policies())
    upcoming = rota.next_step(state, alert.severity, rota.directory(contacts))
    return line_of(state, upcoming, contacts)


def line_of(
    state: Escalation, upcoming: TakenStep | None, contacts: Mapping[str, Contact]
) -> Line | None:
    """The line; None for an escalation that is over, which the activity tells of."""
    if state.is_over:
        return None
    if state.due_at is None:
        at_ms = state.held_at or 0
        return Line(at_ms, "hand", "Nobody else", f"rests while somebody has it, {state.policy}")
    if upcoming is None:
        words = f"policy {state.policy} cannot be read here"
        return Line(state.due_at, "triangle-alert", "Everyone is next", words, "", "critical")
    step = f"step {upcoming.step}, round {upcoming.round} of {state.policy}"
    if state.quiet_by.startswith("SIL-"):
        return Line(state.due_at, "bell-off", "Silenced until then", step)
    if state.quiet_by.startswith("A-"):
        return Line(
            state.due_at, "bell-off", "Kept quiet until then", f"by {state.quiet_by}, {step}"
        )
    if state.quiet_by == FLAPPING:
        return Line(state.due_at, "bell-off", "Flaps, quiet until then", step)
    if not upcoming.contacts:
        words = f"{step}: {upcoming.words}"
        return Line(state.due_at, "triangle-alert", "Nobody is next", words, "", "critical")
    names = [contacts[i].name if i in contacts else i for i in upcoming.contacts]
    who = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    words = f"{step}, unless it ends before" if state.quiet_by else step
    return Line(state.due_at, "hourglass", f"Next: {who}", words)
