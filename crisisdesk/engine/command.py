"""What every command has in common, and how workers give theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

# Under which name the engine gives orders to itself.
ENGINE = "engine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """An order; ``actor`` of the submission says who gives it.

    One that is ``alone`` shares its transaction with no other.
    """

    alone: ClassVar[bool] = False


Submit = Callable[[Command, str], "asyncio.Future[Any]"]
