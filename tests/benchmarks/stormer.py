"""A storm in a process of its own: distinct alerts that page nobody, posted at an even rate.

Usage: ``python -m tests.benchmarks.stormer URL TOKEN PATH RUN ALERTS_S POSTS_S SECONDS``.
Prints how many it had accepted when its time was up or it was asked to end.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

from tests.benchmarks.subjects import Subject
from tests.benchmarks.wire import Wire
from tests.benchmarks.workload import QUIET, alert, body


def main() -> int:
    """Post until the time is up or SIGTERM."""
    url, token, path, run = sys.argv[1:5]
    rate, posts, seconds = (float(word) for word in sys.argv[5:8])
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    size, sent = max(1, round(rate / posts)), 0
    began = time.perf_counter()
    with Wire(url, token) as wire:
        while not ended.is_set() and time.perf_counter() - began < seconds:
            data = body([alert(sent + k, run, **QUIET) for k in range(size)])
            status, answer = wire.request("POST", path, data)
            if status >= 300:
                sys.exit(f"refused: {answer[:200]!r}")
            sent += size
            ended.wait(max(0.0, began + sent / rate - time.perf_counter()))
    sys.stdout.write(f"{sent}\n")
    return 0


class Storm:
    """A running storm; ``end`` says how many alerts were accepted."""

    def __init__(
        self, subject: Subject, run: str, *, rate: float, posts: float, seconds: float
    ) -> None:
        words = [subject.url, subject.token, subject.path, run, *map(str, (rate, posts, seconds))]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.stormer", *words], stdout=subprocess.PIPE
        )

    def end(self, *, early: bool = True) -> int:
        """Stop it now, or when its time is up."""
        if early:
            self._process.terminate()
        out, _ = self._process.communicate(timeout=180)
        if self._process.returncode:
            raise RuntimeError("the storm was refused")
        return int(out)


@contextlib.contextmanager
def storm(subject: Subject, run: str, *, rate: float, posts: float = 10) -> Iterator[Storm]:
    """A storm around a block, at most two minutes long."""
    blowing = Storm(subject, run, rate=rate, posts=posts, seconds=120)
    try:
        yield blowing
    finally:
        blowing.end()


if __name__ == "__main__":
    sys.exit(main())
