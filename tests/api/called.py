"""Parts of the client without its connection: they ask a station of the tests within the call."""

from __future__ import annotations

from typing import Generic, TypeVar

from crisisdesk.api.calls import Json

from tests.api.station import OPERATOR, Station

T = TypeVar("T", bound=Station)


class Called(Generic[T]):
    """Goes before a part of the client among the bases of a class."""

    def __init__(self, station: T) -> None:
        self.station = station
        self.operator = ""  # "" for the one of the tests

    def _ask(self, method: str, path: str, query: Json | None = None) -> Json:
        told: Json = self.station.ask(method, path, params=query).json()
        return told

    def _tell(self, method: str, path: str, body: Json | None = None) -> Json:
        headers = {"X-CrisisDesk-Operator": self.operator} if self.operator else OPERATOR
        answer = self.station.ask(method, path, json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        told: Json = answer.json() if answer.content else {}
        return told
