"""The route that Twilio calls with a text message: only its signature opens it."""

from __future__ import annotations

from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from fastapi.responses import Response

from crisisdesk.api.answers import Refused
from crisisdesk.api.room import InRoom
from crisisdesk.engine.answer_links import SMS_PATH

router = APIRouter(include_in_schema=False)

SIGNATURE = "x-twilio-signature"
_FIELDS = 200


@router.post(SMS_PATH)
async def take_text(room: InRoom, request: Request) -> Response:
    """Answer with a text message; what was done goes back as TwiML."""
    if room.texts is None:
        remedy = 'set [answers] sms = "webhook" in settings.toml; a sealed station takes none'
        raise Refused(403, "station", "takes no answers by text message", remedy)
    try:
        text = (await request.body()).decode("utf-8")
        form = parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS, errors="strict")
    except ValueError:
        raise Refused(400, "body", "is no form", "send it as Twilio does") from None
    words = await room.texts.take_call(room.door.submit, request.headers.get(SIGNATURE, ""), form)
    if words is None:
        remedy = "check [answers] url, and that the account's own token is in a contact's address"
        raise Refused(403, "X-Twilio-Signature", "is not of an account used here", remedy)
    told = f"<Message>{escape(words)}</Message>" if words else ""
    twiml = f'<?xml version="1.0" encoding="UTF-8"?><Response>{told}</Response>'
    return Response(twiml, media_type="text/xml")
