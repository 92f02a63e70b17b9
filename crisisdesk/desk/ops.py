"""Commands to the engine: one worker thread, one typed operation each, answers on the Qt thread."""

from __future__ import annotations

import logging
import queue
import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from crisisdesk.desk.room import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.api.client import Client

T = TypeVar("T")
log = logging.getLogger(__name__)


class Op(Generic[T]):
    """One command on its way: ``Op(ops, call).success(...).failure(...).start()``.

    Exactly one of both is called, on the Qt thread, unless the desk is closed before.
    """

    def __init__(self, ops: Ops, call: Callable[[Client], T]) -> None:
        self._ops, self.call = ops, call
        self.done: Callable[[T], None] | None = None
        self.refused: Callable[[Refusal], None] | None = None

    def success(self, done: Callable[[T], None]) -> Op[T]:
        """What to do with the result."""
        self.done = done
        return self

    def failure(self, refused: Callable[[Refusal], None]) -> Op[T]:
        """What to do when it was not kept."""
        self.refused = refused
        return self

    def start(self) -> None:
        """Hand it to the worker."""
        self._ops.put(self)


class Ops(QObject):
    """The worker. ``find_client`` runs on its thread and raises EngineAway when there is none."""

    _ended = Signal(object)

    def __init__(self, find_client: Callable[[], Client], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._find = find_client
        self._queue: queue.SimpleQueue[Op[Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="desk commands", daemon=True)
        self._stopping = False
        self._ended.connect(self._finish)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """End after the command in hand; those behind it are not sent."""
        self._stopping = True
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def put(self, op: Op[Any]) -> None:
        """Take one more."""
        self._queue.put(op)

    def _finish(self, answer: Callable[[], None] | None) -> None:
        # What was on its way when the desk closed has nobody to go to.
        if answer is not None and not self._stopping:
            answer()

    def _run(self) -> None:
        while (op := self._queue.get()) is not None:
            self._ended.emit(self._carry_out(op))

    def _carry_out(self, op: Op[Any]) -> Callable[[], None] | None:
        from crisisdesk.api.client import ApiRefused, EngineAway

        try:
            result = op.call(self._find())
        except EngineAway as away:
            refusal = Refusal(
                words=away.problem,
                remedy="look whether it took effect, then try again"
                if away.maybe_saved
                else "try again when the engine is back",
                away=True,
            )
        except ApiRefused as error:
            refusal = Refusal(words=error.problem, remedy=error.remedy, field=error.field)
        except Exception as error:
            log.exception("a command of the desk failed")
            refusal = Refusal(
                words=f"the desk itself failed ({type(error).__name__})",
                remedy="try again; the log has the details",
            )
        else:
            done = op.done
            return None if done is None else lambda: done(result)
        refused = op.refused
        return None if refused is None else lambda: refused(refusal)
