"""The intake's hot path: body, parser, one command, and the answer after the commit."""

from __future__ import annotations

from typing import Any

import orjson

from crisisdesk.api.answers import Refused, Send, encode, error_body, send_json
from crisisdesk.api.auth import Auth, Grant, unauthorized
from crisisdesk.api.room import IntakeRoute, Room
from crisisdesk.engine.commands import TakeIn
from crisisdesk.engine.context_commands import RecordChanges
from crisisdesk.engine.intake import IntakeError, Parsed

# A body above this is parsed off the loop, which must go on turning meanwhile.
APART_BYTES = 512 * 1024
_EMPTY_OK: dict[str, Any] = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-length", b"0")],
}
_NO_BODY: dict[str, Any] = {"type": "http.response.body", "body": b""}


class IntakeHandler:
    """Serves one intake path."""

    __slots__ = ("_actor", "_auth", "_door", "_room", "_route")

    def __init__(self, room: Room, route: IntakeRoute, auth: Auth) -> None:
        self._room = room
        self._door = room.door
        self._route = route
        self._auth = auth
        self._actor = f"source:{route.source}"

    @property
    def key_in_body(self) -> bool:
        """Whether the sender may bring its credential in the body."""
        return self._route.key_in_body

    async def serve(self, body: bytes, grant: Grant | None, send: Send) -> None:
        """Take in what ``body`` says; the 2xx is sent when it is on disk.

        Raises what the parser, the credential check and the engine refuse with.
        """
        parse = self._route.parse
        now = self._door.now_ms()
        try:
            if len(body) > APART_BYTES:
                parsed: Parsed = await self._room.apart(parse, body, now)
            else:
                parsed = parse(body, now)
        except IntakeError as error:
            await self._refuse(error, body, grant, send)
            return
        if grant is None and self._auth.grant_of_token(parsed.routing_key) is None:
            raise unauthorized()
        # Only who may send is counted: strangers must not use up what a sender has.
        self._room.allowances.take(self._route.source, now)
        if parsed.signals:
            await self._door.submit(TakeIn(signals=parsed.signals), self._actor)
        if parsed.changes:
            await self._door.submit(RecordChanges(changes=parsed.changes), self._actor)
        if parsed.answer is None and parsed.status == 200:
            await send(_EMPTY_OK)
            await send(_NO_BODY)
        else:
            answer = b"" if parsed.answer is None else encode(parsed.answer)
            await send_json(send, parsed.status, answer)

    async def _refuse(
        self, error: IntakeError, body: bytes, grant: Grant | None, send: Send
    ) -> None:
        """Answer in the sender's own shape, but only to a sender that may know more than "who?"."""
        if grant is None and self._auth.grant_of_token(_routing_key(body)) is None:
            raise unauthorized()
        refused = Refused(error.status, error.field, error.problem, error.remedy)
        answer = error_body(refused)
        if self._route.refusal is not None:
            answer |= self._route.refusal(error)
        await send_json(send, error.status, encode(answer))


def _routing_key(body: bytes) -> str:
    """The credential in a payload that its parser has refused; "" when it holds none."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    key = value.get("routing_key") if isinstance(value, dict) else None
    return key if isinstance(key, str) else ""
