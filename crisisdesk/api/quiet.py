"""The route of what is kept quiet now, by whatever it is."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from crisisdesk.api.documented import errors
from crisisdesk.api.room import InRoom
from crisisdesk.api.schemas import Out, Severity, Time
from crisisdesk.api.times import iso
from crisisdesk.domain.kept_quiet import KeptQuiet, quiet_words

Way = Literal["silence", "inhibition", "flapping", "waiting"]

router = APIRouter(prefix="/crisis/quiet", tags=["silences"])


class QuietOut(Out):
    """One open alert that pages nobody now. ``by`` is the id of the silence or of the alert that is
    its cause, "" for the other ways; ``until`` is when it is looked at again at the latest."""

    alert_id: str
    severity: Severity
    service: str
    title: str
    way: Way
    by: str
    why: str
    words: str
    until: Time


class QuietsOut(Out):
    """All of them, the gravest first, then those next to page."""

    results: list[QuietOut]


@router.get("/", responses=errors())
async def list_quiet(room: InRoom, way: Way | None = None) -> QuietsOut:
    """What is kept quiet now: by a silence, by its cause, because it flaps, or for a moment."""
    now_ms = room.door.now_ms()
    found = await room.reads.ask(lambda reader: reader.quieting().kept(now_ms))
    return QuietsOut(results=[quiet_out(one) for one in found if way in (None, one.way)])


def quiet_out(kept: KeptQuiet) -> QuietOut:
    """One as it is told."""
    return QuietOut(
        alert_id=kept.alert_id,
        severity=kept.severity_name,  # type: ignore[arg-type]
        service=kept.service,
        title=kept.title,
        way=kept.way,  # type: ignore[arg-type]
        by=kept.by,
        why=kept.why,
        words=quiet_words(kept),
        until=iso(kept.until),
    )
