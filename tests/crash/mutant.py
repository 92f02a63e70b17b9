"""A seeded fault: an engine that answers before its facts are on disk. Only to be caught."""

from __future__ import annotations

import sys
from typing import Any

from crisisdesk.__main__ import main
from crisisdesk.engine.committer import Committer, _Job
from crisisdesk.engine.workbench import Workbench

_decide = Committer._decide
_deliver = Committer._deliver


def decide_and_answer(self: Committer, job: _Job, bench: Workbench) -> None:
    """Answer as soon as the command is decided; the commit comes after."""
    _decide(self, job, bench)
    assert self._loop is not None
    self._loop.call_soon_threadsafe(_deliver, self, [job], {})


def deliver_the_rest(self: Committer, jobs: list[Any], kinds: dict[str, int]) -> None:
    """The answers after the commit, for those who have none yet."""
    _deliver(self, [job for job in jobs if not job.future.done()], kinds)


def plant() -> None:
    """Put the fault in."""
    Committer._decide = decide_and_answer  # type: ignore[method-assign]
    Committer._deliver = deliver_the_rest  # type: ignore[method-assign]


if __name__ == "__main__":
    plant()
    sys.exit(main())
