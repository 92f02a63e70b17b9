"""How workers give their orders."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from crisisdesk.engine.commands import Command

ENGINE = "engine"

Submit = Callable[[Command, str], "asyncio.Future[Any]"]
