"""The routes of channels: how they do by what the log shows, and a page to try one."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from crisisdesk.api.documented import errors
from crisisdesk.api.orders import Id, Order
from crisisdesk.api.reads import StationReader
from crisisdesk.api.room import InRoom, Operator
from crisisdesk.api.schemas import EmergencyOut, NotificationOut, Out, Time
from crisisdesk.api.times import iso_or_none
from crisisdesk.api.views import notification_out
from crisisdesk.domain.channel_health import (
    ChannelLine,
    Channels,
    MethodLine,
    Stranded,
    Use,
    channel_why,
    look_at,
    why_words,
)
from crisisdesk.domain.delivery import Delivery
from crisisdesk.domain.errors import NotFound
from crisisdesk.domain.loop_standing import loop_lines, loop_uses
from crisisdesk.engine.commands import SendTestPage

router = APIRouter(prefix="/crisis", tags=["overview"])

Verdict = Literal["failing", "slow", "not used lately", "works"]


class SendNotification(Order):
    """Which contact to send a test page to, and by which of its methods."""

    contact_id: Id
    method_id: Id


class UseOut(Out):
    """What the log shows. ``failing_share`` (0 to 1) and ``median_wait_ms`` (from queued to sent)
    are of the last hour and null when nothing ended or was sent in it; the last failure is one of
    the last week. ``waiting`` counts what is queued or on its way now."""

    last_success_at: Time | None
    last_failure_at: Time | None
    failure_words: str
    waiting: int
    sent_last_hour: int
    failed_last_hour: int
    failing_share: float | None
    median_wait_ms: int | None
    verdict: Verdict
    why: str


class ChannelMethodOut(UseOut):
    """One contact method; its address is masked."""

    contact_id: str
    contact_name: str
    method_id: str
    label: str
    masked: str
    enabled: bool


class ChannelOut(UseOut):
    """One kind of channel at one provider. ``contacts`` rely on it, ``only`` of them have no other
    channel."""

    channel: str
    provider: str
    contacts: int
    only: int
    methods: list[ChannelMethodOut]


class StrandedOut(Out):
    """A contact without a working channel, with what people call or write to by hand."""

    contact_id: str
    name: str
    role: str
    why: str
    emergency: EmergencyOut


class ChannelsOut(Out):
    """The channels in use, the worst first; who has none that works; how many contacts have only
    channels that nothing was sent by in the last day."""

    results: list[ChannelOut]
    without_working_channel: list[StrandedOut]
    untried_contacts: int


def _use(use: Use, verdict: str, why: str) -> dict[str, object]:
    return {
        "last_success_at": iso_or_none(use.last_success),
        "last_failure_at": iso_or_none(use.last_failure),
        "failure_words": use.failure_words,
        "waiting": use.waiting,
        "sent_last_hour": use.sent_hour,
        "failed_last_hour": use.failed_hour,
        "failing_share": use.failing_share,
        "median_wait_ms": use.median_wait_ms,
        "verdict": str(verdict),
        "why": why,
    }


def _method(line: MethodLine, now_ms: int) -> ChannelMethodOut:
    return ChannelMethodOut(
        contact_id=line.contact_id,
        contact_name=line.contact_name,
        method_id=line.method_id,
        label=line.label,
        masked=line.masked,
        enabled=line.on,
        **_use(line.use, line.verdict, why_words(line.use, now_ms)),  # type: ignore[arg-type]
    )


def _channel(line: ChannelLine, now_ms: int) -> ChannelOut:
    return ChannelOut(
        channel=line.channel,
        provider=line.provider,
        contacts=line.contacts,
        only=line.only,
        methods=[_method(method, now_ms) for method in line.methods],
        **_use(line.use, line.verdict, channel_why(line, now_ms)),  # type: ignore[arg-type]
    )


def stranded_out(one: Stranded) -> StrandedOut:
    """A contact whom no page reaches as it is told."""
    return StrandedOut(
        contact_id=one.contact_id,
        name=one.name,
        role=one.role,
        why=one.why,
        emergency=EmergencyOut(phones=list(one.phones), mails=list(one.mails)),
    )


@router.get("/channels/", responses=errors())
async def list_channels(room: InRoom) -> ChannelsOut:
    """How each channel does by what the log shows of it; nothing is sent to find out."""
    now_ms = room.door.now_ms()

    def question(reader: StationReader) -> Channels:
        contacts = reader.contacts()
        methods = [str(m["method_id"]) for c in contacts for m in c.methods]
        loops = loop_uses(loop_lines(reader, now_ms))
        return look_at(contacts, reader.board().uses(methods, now_ms), now_ms, loops)

    found = await room.reads.ask(question)
    return ChannelsOut(
        results=[_channel(line, now_ms) for line in found.lines],
        without_working_channel=[stranded_out(one) for one in found.stranded],
        untried_contacts=found.untried,
    )


@router.post("/notifications/send/", status_code=202, responses=errors(404, 409))
async def send_notification(
    room: InRoom, operator: Operator, order: SendNotification
) -> NotificationOut:
    """Queue a test page to one contact method; the notification as it stands at once."""
    command = SendTestPage(contact_id=order.contact_id, method_id=order.method_id)
    delivery_id = await room.do(command, operator)

    def question(reader: StationReader) -> Delivery | None:
        return reader.board().one(delivery_id)

    queued = await room.reads.ask(question)
    if queued is None:
        raise NotFound("delivery_id", f"no delivery {delivery_id!r} on this station", "ask again")
    return notification_out(queued, None)
