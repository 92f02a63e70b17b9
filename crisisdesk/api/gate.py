"""The gate before every route: bounds, names, tokens; intake goes straight through from here."""

from __future__ import annotations

from crisisdesk.api.answers import (
    Message,
    Receive,
    Refused,
    Scope,
    Send,
    refusal_of,
    send_refusal,
)
from crisisdesk.api.auth import Auth, Grant, forbidden, unauthorized
from crisisdesk.api.beats import BEAT_METHODS, BEAT_PATH, BODY_BYTES, serve_beat
from crisisdesk.api.bounds import (
    ClientGone,
    Heads,
    Hosts,
    Limits,
    check_content,
    check_json,
    read_body,
    read_heads,
)
from crisisdesk.api.intake import IntakeHandler
from crisisdesk.api.mapped_changes import PATH as MAPPED_PATH
from crisisdesk.api.mapped_changes import MappedChanges
from crisisdesk.api.room import Room
from crisisdesk.engine.answer_links import LINK_PATH, SMS_PATH

OPEN_PATHS = frozenset({"/healthz"})
# What an intake token opens besides the intake routes themselves.
INTAKE_READS = frozenset({"/api/v2/status"})
ANSWER_BODY_BYTES = 64 * 1024
Handler = IntakeHandler | MappedChanges
_BODY_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Gate:
    """ASGI application around the routes ``app``."""

    def __init__(self, app: object, room: Room, auth: Auth, hosts: Hosts, limits: Limits) -> None:
        self._app = app
        self._auth, self._room = auth, room
        self._ear = room.ear
        self._hosts = hosts
        self._limits = limits
        self._intakes = {
            path: IntakeHandler(room, route, auth) for path, route in room.intakes.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a refusal has the common shape, a bug is logged and told as 500."""
        if scope["type"] != "http":
            await self._other(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._serve(scope, receive, watched)
        except ClientGone:
            return
        except Exception as error:
            refused = refusal_of(error)
            if started:
                raise
            await send_refusal(send, refused)

    async def _other(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._app(scope, receive, send)  # type: ignore[operator]

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        limits, path, method = self._limits, scope["path"], scope["method"]
        heads = read_heads(scope, limits)
        self._hosts.check(heads.host)
        if is_answer(path):
            # A token in the path, or a provider's signature, is the right to answer a page.
            await self._answer(scope, heads, receive, send)
            return
        if self._hosts.is_outside(heads.host):
            raise Refused(404, "path", "leads nowhere", "use one of the station's own names")
        beat = BEAT_PATH.fullmatch(path) if method in BEAT_METHODS else None
        if beat is not None:
            said = await read_body(receive, heads, BODY_BYTES, limits.body_s)
            await serve_beat(self._ear, beat, method, said, send)
            return
        handler = self._handler(path) if method == "POST" else None
        grant = self._auth.grant(heads.authorization)
        self._admit(path, grant, handler)
        check_content(method, heads)
        if handler is not None:
            body = await read_body(receive, heads, limits.intake_body_bytes, limits.body_s)
            await handler.serve(body, grant, send)
            return
        if method == "HEAD":
            raise Refused(405, "method", "HEAD is not served", "send GET", (b"allow", b"GET"))
        replay = await self._checked_body(method, heads, receive)
        await self._app(scope, replay, send)  # type: ignore[operator]

    def _handler(self, path: str) -> Handler | None:
        """What takes in what is posted here; None for a path that is no intake's."""
        mapped = MAPPED_PATH.fullmatch(path)
        if mapped is not None:
            return MappedChanges(self._room, self._auth, mapped[1])
        return self._intakes.get(path)

    async def _answer(self, scope: Scope, heads: Heads, receive: Receive, send: Send) -> None:
        """Pass an answer on, its body (a form, if any) read and bounded."""
        if scope["method"] not in ("GET", "POST"):
            allow = (b"allow", b"GET, POST")
            raise Refused(405, "method", "is not served here", "use GET or POST", allow)
        body = b""
        if heads.chunked or heads.content_length:
            body = await read_body(receive, heads, ANSWER_BODY_BYTES, self._limits.body_s)
        await self._app(scope, _replay(body, receive), send)  # type: ignore[operator]

    def _admit(self, path: str, grant: Grant | None, handler: Handler | None) -> None:
        """Raises Refused 401 without a known token, 403 with one that does not open this path."""
        if grant is Grant.DESK or path in OPEN_PATHS:
            return
        if handler is not None and (grant is Grant.INTAKE or handler.key_in_body):
            return
        if grant is None:
            raise unauthorized()
        if path not in INTAKE_READS and not path.startswith("/intake/"):
            raise forbidden()

    async def _checked_body(self, method: str, heads: Heads, receive: Receive) -> Receive:
        """The body, read and found to be plain JSON, to be received again by the route."""
        if method not in _BODY_METHODS or not (heads.chunked or heads.content_length):
            return receive
        body = await read_body(receive, heads, self._limits.body_bytes, self._limits.body_s)
        check_json(body)
        return _replay(body, receive)


def is_answer(path: str) -> bool:
    """Whether it is one of the few paths that whoever was paged may call from anywhere."""
    return path == SMS_PATH or path.startswith(LINK_PATH)


def _replay(body: bytes, receive: Receive) -> Receive:
    """What gives this body once more, then goes on receiving."""
    message: Message | None = {"type": "http.request", "body": body, "more_body": False}

    async def replay() -> Message:
        nonlocal message
        if message is not None:
            given, message = message, None
            return given
        return await receive()

    return replay
