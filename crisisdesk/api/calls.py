"""What the parts of `api.client.Client` have in common: how the engine is asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

Json = dict[str, Any]


class Calls(ABC):
    """The calls of one subject; `api.client.Client` says how they are made, and their errors."""

    @abstractmethod
    def _ask(self, method: str, path: str, query: Json | None = None) -> Json:
        """The answer's JSON to a question."""

    @abstractmethod
    def _tell(self, method: str, path: str, body: Json | None = None) -> Json:
        """The answer's JSON to a command."""
