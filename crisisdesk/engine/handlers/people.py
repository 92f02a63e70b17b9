"""Contacts, and the station with its operator."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.severity import SEVERITY_RANK
from crisisdesk.domain.station import INCARNATED, REACHABLE, Station
from crisisdesk.engine.commands import (
    AnnounceStation,
    AskStationName,
    ChangeOperator,
    ConfirmSound,
    NameStation,
    RemoveContact,
    SaveContact,
    TellReachable,
)
from crisisdesk.engine.handlers.cards import NAME_LIMIT, card_body, write_card
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.workbench import Workbench


def save_contact(command: SaveContact, bench: Workbench) -> str:
    """Write the whole card."""
    contact_id = command.contact_id
    known = bench.need(Contact, contact_id, "contact_id") if contact_id else None
    body = card_body(
        name=command.name,
        role=command.role,
        enabled=command.enabled,
        methods=command.methods,
        more=command.more,
    )
    return write_card(bench, known, body)


def remove_contact(command: RemoveContact, bench: Workbench) -> None:
    """Take it out of the list; its history stays."""
    contact = bench.need(Contact, command.contact_id, "contact_id")
    if not contact.removed:
        bench.emit(contact.contact_id, "contact.removed", {"base": contact.saved_id})


def ask_station_name(_command: AskStationName, bench: Workbench) -> str:
    """The name as it stands in the log."""
    station = bench.get(bench.station_id)
    return station.name if isinstance(station, Station) else ""


def name_station(command: NameStation, bench: Workbench) -> None:
    """Give the station its name."""
    name = checked_text(command.name, "name", 50, required=True)
    bench.emit(bench.station_id, "station.named", {"name": name})


def change_operator(command: ChangeOperator, bench: Workbench) -> None:
    """Seat an operator."""
    operator = checked_text(command.operator, "operator", NAME_LIMIT, required=True)
    bench.emit(bench.station_id, "station.operator_changed", {"operator": operator})


def confirm_sound(command: ConfirmSound, bench: Workbench) -> None:
    """Log that a motif was heard."""
    if command.severity not in SEVERITY_RANK:
        raise Malformed("severity", f"{command.severity!r} is no severity", "name one of the five")
    bench.emit(bench.station_id, "station.sound_heard", {"severity": command.severity})


def announce_station(command: AnnounceStation, bench: Workbench) -> bool:
    """Write the announcement when it tells anything new."""
    if command.origin != bench.origin:
        return False
    name = checked_text(command.name, "name", NAME_LIMIT, required=True)
    before = bench.get(bench.station_id)
    if isinstance(before, Station) and before.name:
        # What people called it stands; the name of the settings is for a station without one.
        name = before.name
    facts = {"name": name, "version": command.version, "duty_rank": command.duty_rank}
    if not isinstance(before, Station) or _is_news(before, command, facts):
        body = {
            **facts,
            "origin": command.origin,
            "station_id": bench.station_id,
            "public_key": command.public_key,
        }
        bench.emit(bench.station_id, INCARNATED, body)
    after = bench.need(Station, bench.station_id, "station_id")
    return after.incarnations.get(command.origin) == command.public_key


def _is_news(known: Station, command: AnnounceStation, facts: dict[str, Any]) -> bool:
    if command.origin not in known.incarnations:
        # A key that an earlier incarnation had is never taken; saying it again tells nothing.
        return command.public_key not in known.incarnations.values()
    return any(getattr(known, field) != value for field, value in facts.items())


def tell_reachable(command: TellReachable, bench: Workbench) -> None:
    """Write it when it is news."""
    told = {"certificate": command.certificate, "addresses": list(command.addresses)}
    before = bench.get(bench.station_id)
    if not isinstance(before, Station) or before.reachable.get(bench.origin) != told:
        bench.emit(bench.station_id, REACHABLE, told)
