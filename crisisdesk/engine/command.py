"""What every command has in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """An order; ``actor`` of the submission says who gives it.

    One that is ``alone`` shares its transaction with no other.
    """

    alone: ClassVar[bool] = False
