"""The way in for changes in a form that a published mapping describes."""

from __future__ import annotations

import re

from crisisdesk.api.answers import Send
from crisisdesk.api.auth import Auth, Grant
from crisisdesk.api.intake import IntakeHandler
from crisisdesk.api.room import IntakeRoute, Room
from crisisdesk.domain.context.change_mapping import NAME
from crisisdesk.domain.errors import NotFound
from crisisdesk.engine.intake import Parsed

SHOWN = "/intake/changes/by/{name}"
PATH = re.compile(rf"/intake/changes/by/({NAME.pattern})")


class MappedChanges:
    """Serves the address of one mapping; the mapping is the one that is published now."""

    key_in_body = False

    def __init__(self, room: Room, auth: Auth, name: str) -> None:
        self._room, self._auth, self._name = room, auth, name

    async def serve(self, body: bytes, grant: Grant | None, send: Send) -> None:
        """Take in what ``body`` says; raises NotFound without such a mapping, and as
        `IntakeHandler.serve` does."""
        name, parse = self._name, self._room.mapped_changes
        mapping = await self._room.reads.ask(lambda reader: reader.change_mapping(name))
        if mapping is None or parse is None:
            remedy = "publish one of kind change-mapping, or correct the address"
            raise NotFound("path", f"no mapping {name!r} is published", remedy)

        def parsed(said: bytes, _now_ms: int) -> Parsed:
            return parse(said, mapping)

        route = IntakeRoute(parse=parsed, source=name)
        await IntakeHandler(self._room, route, self._auth).serve(body, grant, send)
