"""The routes of contacts and of the station itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Response

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import ContactIn, MethodIn, StationIn
from crisisdesk.api.room import InRoom, Operator, Room
from crisisdesk.api.schemas import ContactOut, ContactsOut, Severity, StationOut, TestPageOut
from crisisdesk.api.views import contact_out, station_out
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.errors import DomainError, Malformed, NotFound
from crisisdesk.engine.commands import (
    ChangeOperator,
    ConfirmSound,
    NameStation,
    RemoveContact,
    SaveContact,
    SendTestPage,
)
from crisisdesk.engine.handlers.cards import card_body

router = APIRouter(prefix="/crisis", tags=["people"])


async def _needed_contact(room: Room, contact_id: str) -> Contact:
    for contact in await room.reads.ask(lambda reader: reader.contacts()):
        if contact.contact_id == contact_id:
            return contact
    raise NotFound("contact_id", f"no contact {contact_id!r} on this station", "check the id")


@router.get("/contacts/", responses=errors())
async def list_contacts(room: InRoom) -> ContactsOut:
    """All contacts, by name; addresses are masked."""
    found = await room.reads.ask(lambda reader: reader.contacts())
    return ContactsOut(results=[contact_out(c) for c in found])


@router.post("/contacts/", status_code=201, responses=errors(404))
async def add_contact(room: InRoom, operator: Operator, order: ContactIn) -> ContactOut:
    """Write a new contact's card."""
    return await _save(room, operator, "", order, {})


@router.put("/contacts/{contact_id}/", responses=errors(404))
async def replace_contact(
    room: InRoom, contact_id: str, operator: Operator, order: ContactIn
) -> ContactOut:
    """Replace a contact's whole card; methods that are left out are removed."""
    stored = await _needed_contact(room, contact_id)
    known = {str(m["method_id"]): m for m in stored.methods}
    return await _save(room, operator, contact_id, order, known)


async def _save(
    room: Room, operator: str, contact_id: str, order: ContactIn, known: dict[str, dict[str, Any]]
) -> ContactOut:
    """Check every method, keep the new addresses, then the card; forget those it leaves out.

    A power cut in between leaves an address that no card points at, never a card without one.
    """
    if not order.name.strip():
        raise Malformed("name", "is empty", "write at least one character")
    _check_methods(order.methods, known)
    fresh: dict[str, str] = {}
    methods = [
        await _checked(room, method, known, f"methods[{i}]", fresh)
        for i, method in enumerate(order.methods)
    ]
    more = order.more()
    # Refused before any address is kept: a new one of a known method would replace the old.
    card_body(name=order.name, role=order.role, enabled=True, methods=methods, more=more)
    for method_id, url in fresh.items():
        await room.apart(room.addresses.keep, method_id, url)
    command = SaveContact(
        contact_id=contact_id,
        name=order.name,
        role=order.role,
        enabled=order.enabled,
        methods=methods,
        more=more,
    )
    saved = await room.do(command, operator)
    await _forget(room, known.keys() - {str(m["method_id"]) for m in methods})
    return contact_out(await _needed_contact(room, saved))


def _check_methods(methods: list[MethodIn], known: dict[str, dict[str, Any]]) -> None:
    seen: set[str] = set()
    for index, method in enumerate(methods):
        field = f"methods[{index}]"
        if method.method_id and method.method_id not in known:
            raise NotFound(
                f"{field}.method_id",
                f"no method {method.method_id!r} of this contact",
                "leave the id of a new method out",
            )
        if method.method_id in seen:
            raise Malformed(f"{field}.method_id", "comes twice", "send each method once")
        if not method.method_id and method.url is None:
            raise Malformed(f"{field}.url", "is missing", "send the address of a new method")
        if method.method_id:
            seen.add(method.method_id)


async def _forget(room: Room, method_ids: Iterable[str]) -> None:
    for method_id in method_ids:
        await room.apart(room.addresses.forget, method_id)


async def _checked(
    room: Room,
    method: MethodIn,
    known: dict[str, dict[str, Any]],
    field: str,
    fresh: dict[str, str],
) -> dict[str, Any]:
    """The method as the card keeps it; its new address goes into ``fresh``."""
    method_id = method.method_id or room.new_method_id()
    if method.url is None:
        channel, masked = known[method_id]["channel"], known[method_id]["masked"]
    else:
        url = method.url.get_secret_value()
        try:
            channel, masked = await room.apart(room.addresses.check, url)
        except DomainError as error:
            raise type(error)(f"{field}.url", error.problem, error.remedy) from None
        fresh[method_id] = url
    told = method.model_dump(by_alias=True, exclude={"url"})
    return told | {"method_id": method_id, "channel": channel, "masked": masked}


@router.delete("/contacts/{contact_id}/", status_code=204, responses=errors(404))
async def remove_contact(room: InRoom, contact_id: str, operator: Operator) -> Response:
    """Take a contact out of the list; its history stays."""
    gone = await _needed_contact(room, contact_id)
    await room.do(RemoveContact(contact_id=contact_id), operator)
    await _forget(room, [str(m["method_id"]) for m in gone.methods])
    return Response(status_code=204)


@router.post(
    "/contacts/{contact_id}/methods/{method_id}/test/",
    status_code=202,
    responses=errors(404, 409),
)
async def send_test_page(
    room: InRoom, contact_id: str, method_id: str, operator: Operator
) -> TestPageOut:
    """Queue one test page; its delivery tells how it ended."""
    command = SendTestPage(contact_id=contact_id, method_id=method_id)
    return TestPageOut(delivery_id=await room.do(command, operator))


@router.get("/station/", responses=errors())
async def get_station(room: InRoom) -> StationOut:
    """This station: its name, and who sits at its desk."""
    return station_out(await room.reads.ask(lambda reader: reader.station()))


@router.put("/station/", responses=errors())
async def put_station(room: InRoom, operator: Operator, order: StationIn) -> StationOut:
    """Name the station, or seat an operator; what is as it should be already is left alone."""
    order.refuse_null()
    for field in ("name", "operator"):
        value = getattr(order, field)
        if value is not None and not value.strip():
            raise Malformed(field, "is empty", "write at least one character")
    now = await room.reads.ask(lambda reader: reader.station())
    if order.name is not None and order.name.strip() != now.name:
        await room.do(NameStation(name=order.name), operator)
    if order.operator is not None and order.operator.strip() != now.operator:
        await room.do(ChangeOperator(operator=order.operator), operator)
    return station_out(await room.reads.ask(lambda reader: reader.station()))


@router.post("/station/sounds/{severity}/heard/", responses=errors())
async def confirm_sound(room: InRoom, severity: Severity, operator: Operator) -> StationOut:
    """Confirm that the operator hears the sound of a severity."""
    await room.do(ConfirmSound(severity=severity), operator)
    return station_out(await room.reads.ask(lambda reader: reader.station()))
