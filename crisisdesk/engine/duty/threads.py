"""A thread of one's own for a blocking worker, awaited by the loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable


class OwnThread:
    """Runs a blocking function on its own thread, so that it takes none from the loop's pool."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def run(self, work: Callable[[], None], stop: Callable[[], None]) -> None:
        """Until ``work`` returns; raises what it raised. When cancelled, ``stop`` is called and the
        end of ``work`` awaited first."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def serve() -> None:
            failure: Exception | None = None
            try:
                work()
            except Exception as error:  # noqa: BLE001 - handed to the loop below
                failure = error
            # The loop may be gone when a test or a crash tears it down first; nobody waits then.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_finish, done, failure)

        thread = threading.Thread(target=serve, name=self._name, daemon=False)
        thread.start()
        try:
            await asyncio.shield(done)
        except asyncio.CancelledError:
            stop()
            await asyncio.shield(done)
            raise
        finally:
            stop()
            thread.join()


def _finish(done: asyncio.Future[None], failure: Exception | None) -> None:
    if done.done():
        return
    if failure is None:
        done.set_result(None)
    else:
        done.set_exception(failure)
