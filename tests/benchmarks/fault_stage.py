"""Where faults are played: one station with its parts around it, and the pages that come of them.

A fault begins at a moment that nobody told the station. What it is measured by is the page at a
receiver, named by the words that only this fault's page has.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crisisdesk.api.client import Client

from tests.benchmarks.subjects import Subject, engine, scratch, station_environment
from tests.benchmarks.wire import Sink

OPERATOR = "bench"
ROOT = Path(__file__).resolve().parents[2]
READY_S = 120.0
LOOK_S = 0.2
# Of many alerts in one message only the worst few are named.
_MORE = re.compile(r"^and \d+ more$", re.MULTILINE)


def nothing() -> None:
    """For a fault that needs no mending."""


def no_wait(_wall_s: float) -> float:
    """For a page that waits for nothing but looks."""
    return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One page that a fault must lead to: of which kind it is, and the words that only it has.

    ``own`` tells, once the page is there, how many seconds of it the rule itself waited (a
    threshold in seconds, a grace, what another program took); it is given the fault's wall time.
    """

    kind: str
    words: str
    own: Callable[[float], float] = no_wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What breaks when ``begin`` is called, and is well again after ``end``."""

    expected: tuple[Expected, ...]
    begin: Callable[[], None]
    end: Callable[[], None] = nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one expected page: seconds from the fault to it, None when it never came."""

    kind: str
    words: str
    took_s: float | None
    own_s: float = 0.0


@dataclass(slots=True, kw_only=True)
class Stage:
    """The station and the folder of its parts. What is declared has the station's own intervals;
    ``every_s`` other than 0 shortens them, for a run that only shows that this works."""

    client: Client
    subject: Subject
    folder: Path
    stack: ExitStack
    every_s: int = 0
    names: list[str] = field(default_factory=list)

    def watch(
        self, name: str, type_: str, settings: dict[str, Any], *, paused: bool = False
    ) -> str:
        """Declare a source; its id."""
        short = {"every_s": self.every_s, "timeout_ms": self.every_s * 1000} if self.every_s else {}
        source_id: str = self.client.declare_source(name, type_, settings, **short)["source_id"]
        if paused:
            self.client.change_source(source_id, paused=True)
        else:
            self.names.append(name)
        return source_id

    def rule(
        self, name: str, conditions: dict[str, Any], source_id: str = "", kind: str = "threshold"
    ) -> None:
        """Declare an alert rule whose alerts are critical."""
        told = {"rule_type": kind, "conditions": conditions, "severity": "critical"}
        if source_id:
            told["metric_source"] = source_id
        self.client.declare_rule(name, told)

    def secret(self, name: str, value: str) -> None:
        """Keep a secret at the station, as an operator does."""
        subprocess.run(
            [sys.executable, "-m", "crisisdesk", "source", "secret", name],
            input=f"{value}\n".encode(),
            env=station_environment(self.subject.folder),
            cwd=ROOT,
            check=True,
            capture_output=True,
        )

    def until_up(self) -> None:
        """Return when every source was looked at and found up; raises with what is not."""
        end, pause = time.perf_counter() + READY_S, threading.Event()
        while True:
            found = {s["name"]: (s["state"], s["words"]) for s in self.client.sources()}
            wrong = {name: found.get(name) for name in self.names if found[name][0] != "up"}
            if not wrong:
                return
            if time.perf_counter() > end:
                raise RuntimeError(f"these sources do not come up: {wrong}")
            pause.wait(0.5)


class Pages:
    """What the receiver got, in words; of a message about many alerts all their titles."""

    def __init__(self, sink: Sink, client: Client) -> None:
        self._sink = sink
        self._client = client
        self._closing = threading.Event()
        self._changed = threading.Condition()
        self._failed: Exception | None = None
        self.seen: list[tuple[float, str]] = []

    def read(self) -> None:
        """Take in what comes until `close`; whoever waits is told of what goes wrong here."""
        try:
            while not self._closing.is_set():
                one = self._sink.body(len(self.seen), LOOK_S)
                if one is None:
                    continue
                words = self._words(json.loads(one[1]))
                with self._changed:
                    self.seen.append((one[0], words))
                    self._changed.notify_all()
        except Exception as error:
            with self._changed:
                self._failed = error
                self._changed.notify_all()

    def _words(self, told: dict[str, Any]) -> str:
        words = f"{told['title']}\n{told['text']}"
        if not _MORE.search(told["text"]):
            return words
        # The commander sees a number; which alerts it stands for says the station's own record.
        newest = self._client.notifications(limit=200)["results"]
        return "\n".join([words, *(n["title"] for n in newest if n["sent_with"] == told["key"])])

    def wait(self, words: str, since: float, until: float) -> float | None:
        """When the first page after ``since`` with these words came (`time.perf_counter`)."""
        at = 0
        with self._changed:
            while True:
                if self._failed is not None:
                    raise RuntimeError("pages cannot be read any more") from self._failed
                while at < len(self.seen):
                    came, told = self.seen[at]
                    if came >= since and words in told:
                        return came
                    at += 1
                left = until - time.perf_counter()
                if left <= 0:
                    return None
                self._changed.wait(left)

    def about(self, words: str) -> int:
        """How many pages have these words."""
        with self._changed:
            return sum(words in told for _came, told in self.seen)

    def strangers(self, known: Sequence[tuple[float, str]]) -> list[str]:
        """The pages about nothing that had begun; ``known`` are moments and words of faults."""
        with self._changed:
            return [
                told
                for came, told in self.seen
                if not any(at <= came and words in told for at, words in known)
            ]

    def close(self) -> None:
        """Let `read` end."""
        self._closing.set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What a run came to. ``hushed`` counts pages about faults that nobody was to look at;
    ``strangers`` are pages about what was no fault."""

    outcomes: list[Outcome]
    hushed: int
    strangers: list[str]


@contextmanager
def stage(*, every_s: int = 0) -> Iterator[tuple[Stage, Pages]]:
    """A station that pages one receiver, with nothing declared yet."""
    with ExitStack() as stack:
        sink = stack.enter_context(Sink())
        subject = stack.enter_context(engine(sink_port=sink.port))
        folder = stack.enter_context(scratch())
        # Programs that do not run as root keep their files in it as well.
        folder.chmod(0o755)
        clients = [
            stack.enter_context(Client(subject.url, subject.token, OPERATOR, timeout_s=30.0))
            for _ in range(2)
        ]
        pages = Pages(sink, clients[1])
        reader = threading.Thread(target=pages.read, name="pages")
        reader.start()
        stack.callback(reader.join)
        stack.callback(pages.close)
        parts = stack.enter_context(ExitStack())
        one = Stage(client=clients[0], subject=subject, folder=folder, stack=parts, every_s=every_s)
        yield one, pages


def play(
    faults: Sequence[tuple[float, Fault]],
    hushed: Sequence[Fault],
    pages: Pages,
    limit_s: float,
) -> Played:
    """Begin each fault so many seconds from now, and wait for its pages for ``limit_s`` at most.

    ``hushed`` begin at once; their pages must not come.
    """
    began = time.perf_counter()
    known: list[tuple[float, str]] = []

    def one(after_s: float, fault: Fault) -> list[Outcome]:
        threading.Event().wait(max(0.0, began + after_s - time.perf_counter()))
        moment, wall_s = time.perf_counter(), time.time()
        known.extend((moment, expected.words) for expected in fault.expected)
        try:
            fault.begin()
            return [
                _outcome(expected, pages, moment, wall_s, moment + limit_s)
                for expected in fault.expected
            ]
        finally:
            fault.end()

    try:
        for fault in hushed:
            fault.begin()
        with ThreadPoolExecutor(max_workers=max(1, len(faults))) as pool:
            done = [pool.submit(one, after_s, fault) for after_s, fault in faults]
            outcomes = [outcome for each in done for outcome in each.result()]
    finally:
        for fault in hushed:
            fault.end()
    words = [expected.words for fault in hushed for expected in fault.expected]
    told = sum(pages.about(each) for each in words)
    return Played(outcomes=outcomes, hushed=told, strangers=pages.strangers(known))


def _outcome(
    expected: Expected, pages: Pages, moment: float, wall_s: float, until: float
) -> Outcome:
    came = pages.wait(expected.words, moment, until)
    if came is None:
        return Outcome(kind=expected.kind, words=expected.words, took_s=None)
    own_s = expected.own(wall_s)
    return Outcome(kind=expected.kind, words=expected.words, took_s=came - moment, own_s=own_s)
