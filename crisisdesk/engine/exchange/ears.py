"""Ears for the hub's bell, on a thread of their own: hear it, ring it, and do without it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from crisisdesk.engine.exchange.ports import Bell, HubAway, HubRefused

log = logging.getLogger(__name__)

LISTEN_S = 1.0
TRY_AGAIN_S = 2.0


class Ears:
    """``open_bell`` connects anew after each failure; ``heard`` is called on the ears' thread."""

    def __init__(self, open_bell: Callable[[], Bell], heard: Callable[[], None]) -> None:
        self._open_bell = open_bell
        self._heard = heard
        self._bell: Bell | None = None

    def listen(self, stop: threading.Event) -> None:
        """Blocking, until told to stop. The exchange says what is wrong with the hub; it polls."""
        while not stop.is_set():
            try:
                if self._bell is None:
                    self._bell = self._open_bell()
                if self._bell.wait(LISTEN_S):
                    self._heard()
            except (HubAway, HubRefused) as error:
                log.debug("the bell does not ring: %s", error)
                self.close()
                stop.wait(TRY_AGAIN_S)
        self.close()

    def ring(self) -> None:
        """Wake the others, if a bell is there; they look by themselves before long."""
        if (bell := self._bell) is not None:
            try:
                bell.ring()
            except (HubAway, HubRefused) as error:
                log.debug("the bell could not be rung: %s", error)

    def close(self) -> None:
        """Let go of the bell, and wake who waits for it; from any thread."""
        bell, self._bell = self._bell, None
        if bell is not None:
            bell.close()
