"""Questions to the engine that may take seconds: a worker and a connection apart from those of
commands, so that nobody's command waits behind a look."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from crisisdesk.desk.ops import Op, Ops

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from crisisdesk.api.client import Client
    from crisisdesk.desk.room import Refusal
    from crisisdesk.desk.supervisor import Supervisor

T = TypeVar("T")
# A look of the engine's takes at most `engine.workers.step_looks.ALL_S`, and checks before it.
TIMEOUT_S = 15.0


class Looks:
    """The worker begins with the first question."""

    def __init__(self, supervisor: Supervisor, parent: QObject) -> None:
        self._connector = supervisor.connector(TIMEOUT_S)
        self._ops = Ops(self._connector, parent)
        self._begun = False

    def ask(
        self,
        call: Callable[[Client], T],
        done: Callable[[T], None],
        refused: Callable[[Refusal], None],
    ) -> None:
        """Ask, behind what was asked before; one of both is called on the Qt thread."""
        if not self._begun:
            self._begun = True
            self._ops.start()
        Op(self._ops, call).success(done).failure(refused).start()

    def close(self) -> None:
        """End the worker after the question in hand, and its connection."""
        self._ops.stop()
        self._connector.close()
