"""The intake port: what a source's parser gives back, and how it refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from crisisdesk.domain.context.change_record import ChangeReport
from crisisdesk.domain.signal import Signal


class IntakeError(Exception):
    """A payload that is refused as a whole; nothing of it may be stored.

    ``status`` is the HTTP status (always 4xx), ``field`` the path of what is wrong
    (``alerts[3].labels.severity``, or ``body``), ``problem`` what is wrong with it and ``remedy``
    what the sender can do about it.
    """

    def __init__(self, status: int, field: str, problem: str, remedy: str) -> None:
        super().__init__(f"{field}: {problem}. {remedy}")
        self.status = status
        self.field = field
        self.problem = problem
        self.remedy = remedy

    def inside(self, path: str) -> IntakeError:
        """The same error with its field seen from further out: ``.labels.a`` inside ``[3]``."""
        dotted = bool(self.field) and self.field[0] not in ".["
        field = f".{self.field}" if dotted else self.field
        return IntakeError(self.status, f"{path}{field}", self.problem, self.remedy)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parsed:
    """What one request said.

    ``answer`` is the JSON body of a success (None: an empty body) and ``status`` its HTTP status,
    both to be sent only after the signals and changes are committed. ``routing_key`` is the
    credential that came inside the payload, for protocols that carry theirs there.
    """

    signals: list[Signal]
    status: int = 200
    answer: dict[str, Any] | None = None
    routing_key: str = field(default="", repr=False)
    changes: tuple[ChangeReport, ...] = ()


class Intake(Protocol):
    """A parser bound to its rules."""

    def __call__(self, body: bytes, now_ms: int, /) -> Parsed:
        """Translate one request body, or raise IntakeError."""
