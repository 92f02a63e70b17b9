"""A collector on a station's real file; the test says what looks find, and moves the clock."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.detection.reading import Line, Reading, Verdict
from crisisdesk.domain.detection.series import Sample, Series
from crisisdesk.domain.detection.source import ALERT_SOURCE
from crisisdesk.domain.errors import DomainError, Malformed
from crisisdesk.domain.ids import alert_id_of
from crisisdesk.engine.collector_ports import Detection
from crisisdesk.engine.command import Command
from crisisdesk.engine.detection_ports import Bucket, Look
from crisisdesk.engine.ports import StoreFailed
from crisisdesk.engine.source_commands import DeclareSource
from crisisdesk.engine.source_signals import network_key
from crisisdesk.engine.workers.collector import Collector

from tests.store.workload import START, Station

SECOND, MINUTE = 1_000, 60_000
Finding = tuple[Verdict, str] | Reading | BaseException
UP, DOWN, UNSURE = Verdict.UP, Verdict.DOWN, Verdict.UNSURE


class ToldProber:
    """Finds what the test says, by the ``host`` of the settings; UP where nothing is said."""

    type = "told"

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self.finds: dict[str, Finding] = {}
        self.looked: list[tuple[str, int]] = []
        self.looks: list[Look] = []
        self.hangs: dict[str, asyncio.Event] = {}
        self.is_closed = False

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        if "host" not in settings:
            raise Malformed("settings.host", "is missing", "give it")
        return dict(settings)

    def secret_names(self, settings: Mapping[str, Any]) -> Sequence[str]:
        return [settings["secret"]] if "secret" in settings else []

    async def look(self, look: Look) -> Reading:
        host = look.source.settings["host"]
        self.looked.append((host, self._now()))
        self.looks.append(look)
        if host in self.hangs:
            await self.hangs[host].wait()
        found = self.finds.get(host, (Verdict.UP, "fine"))
        if isinstance(found, BaseException):
            raise found
        if isinstance(found, Reading):
            return found
        return Reading(
            source_id=look.source.source_id,
            verdict=found[0],
            at=look.now,
            took_ms=20,
            words=found[1],
        )

    async def aclose(self) -> None:
        self.is_closed = True


class OneProber:
    """Knows a single type."""

    def __init__(self, prober: ToldProber) -> None:
        self.prober = prober

    def get(self, type_: str, /) -> ToldProber | None:
        return self.prober if type_ == self.prober.type else None

    def types(self) -> list[str]:
        return [self.prober.type]

    async def aclose(self) -> None:
        await self.prober.aclose()


class ToldNetwork:
    """The station's own network as the test says it is."""

    def __init__(self) -> None:
        self.words = ""
        self.checks = 0

    async def check(self, _deadline_s: float) -> str:
        self.checks += 1
        return self.words


class MemorySamples:
    """Keeps samples in memory; refuses when told to."""

    def __init__(self) -> None:
        self.kept: dict[Series, dict[int, float]] = {}
        self.kept_lines: list[Line] = []
        self.refusing = ""
        self.is_closed = False

    def write(self, samples: Sequence[Sample], lines: Sequence[Line] = ()) -> None:
        if self.refusing:
            raise OSError(self.refusing)
        for sample in samples:
            self.kept.setdefault(sample.series, {})[sample.at] = sample.value
        self.kept_lines += lines

    def known(self, source_id: str = "") -> list[Series]:
        return sorted(s for s in self.kept if source_id in ("", s.source_id))

    def between(self, series: Series, since: int, until: int, step_ms: int = 0) -> list[Bucket]:
        assert step_ms == 0
        return [
            Bucket(at, value, value, value, value, 1)
            for at, value in sorted(self.kept.get(series, {}).items())
            if since <= at < until
        ]

    def lines(self, since: int, until: int, name: str = "", limit: int = 1000) -> list[Line]:
        found = [x for x in self.kept_lines if since <= x.at < until and name in ("", x.name)]
        return found[-limit:]

    def close(self) -> None:
        self.is_closed = True


class MemoryBookmarks:
    """Bookmarks that outlive the collector of one test."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, object]] = {}
        self.refusing = ""

    def load(self) -> dict[str, dict[str, object]]:
        return dict(self.kept)

    def save(self, bookmarks: Mapping[str, Mapping[str, object]]) -> None:
        if self.refusing:
            raise OSError(self.refusing)
        self.kept = {name: dict(mark) for name, mark in bookmarks.items()}


class MemorySecrets:
    """Secrets of one test."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def set(self, name: str, value: str) -> None:
        self.kept[name] = value

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)


class Post:
    """One station that looks; commits are told as the committer does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.duty = True
        self.refusing: Exception | None = None
        self.secrets, self.network = MemorySecrets(), ToldNetwork()
        self.samples, self.bookmarks = MemorySamples(), MemoryBookmarks()
        self.kinds: list[str] = []
        self._begin(START, seed=1)

    def _begin(self, now_ms: int, seed: int) -> None:
        self.station = Station(self.folder, now_ms, seed)
        append = self.station.journal.append

        def keeping(sealed: list[Any], *more: Any) -> int:
            self.kinds += [one.event.kind for one in sealed]
            return append(sealed, *more)

        self.station.journal.append = keeping  # type: ignore[method-assign,assignment]
        self.prober = ToldProber(lambda: self.station.now_ms)
        parts = Detection(
            probers=OneProber(self.prober),
            network=self.network,
            samples=self.samples,
            bookmarks=self.bookmarks,
        )
        self.collector = Collector(
            self.submit,
            parts,
            self.secrets,
            lambda: self.station.now_ms,
            lambda: self.duty,
            "North",
        )

    async def restart(self, away_ms: int) -> None:
        """The engine ends, and another one begins on the same file after this long."""
        finds = self.prober.finds
        await self.collector.aclose()
        self.station.close()
        now = self.station.now_ms + away_ms
        self._begin(now, seed=now % 997)
        self.prober.finds = finds

    def submit(self, command: Command, actor: str) -> asyncio.Future[Any]:
        """As the committer: done when it is in the file."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self.refusing is not None:
            future.set_exception(self.refusing)
            return future
        before = len(self.kinds)
        (result,) = self.station.do(command, actor=actor)
        if isinstance(result, DomainError):
            future.set_exception(result)
        else:
            future.set_result(result)
        if kinds := self.kinds[before:]:
            self.collector.on_commit(dict.fromkeys(kinds, 1))
        return future

    async def declare(self, host: str, **fields: Any) -> str:
        """A source that looks at a host; its id."""
        settings = {"host": host, **fields.pop("settings", {})}
        given = {"name": host, "type": "told"} | fields
        made: str = await self.submit(DeclareSource(settings=settings, **given), "Ann")
        return made

    async def turn(self) -> None:
        """One turn, and what began in it; it goes on from what `run` would go on from."""
        with contextlib.suppress(StoreFailed):
            await self.collector.turn()
        await self.collector.settled()

    async def wait(self, ms: int, step_ms: int = 250) -> None:
        """Let time pass, the collector turning as often as it does."""
        until = self.station.now_ms + ms
        while self.station.now_ms < until:
            self.station.now_ms += min(step_ms, until - self.station.now_ms)
            await self.turn()

    async def look(self, host: str) -> None:
        """Let time pass until this one is looked at once more."""
        before = len(self.times(host))
        while len(self.times(host)) == before:
            await self.wait(250)

    async def sleep(self, ms: int) -> None:
        """Let time pass in which nothing turns: a suspend, or a stall."""
        self.station.now_ms += ms
        await self.turn()

    def told(self, key: str) -> Alert:
        """The alert of this key, which there is."""
        found = self.alert(key)
        assert found is not None
        return found

    def alert(self, key: str) -> Alert | None:
        """The alert of this key."""
        found = self.station.bench.get(alert_id_of(ALERT_SOURCE, key))
        return found if isinstance(found, Alert) else None

    def is_crying(self, key: str) -> bool:
        """Whether its alert is open."""
        found = self.alert(key)
        return found is not None and found.is_open

    @property
    def is_cut_off(self) -> bool:
        """Whether the station says that its own network does not answer."""
        return self.is_crying(network_key(self.station.bench.station_id))

    def times(self, host: str) -> list[int]:
        """When it was looked at, in ms since the test's start."""
        return [at - START for name, at in self.prober.looked if name == host]

    async def close(self) -> None:
        """End it, and let go of the file."""
        await self.collector.aclose()
        self.station.close()


Story = Callable[[Post], Awaitable[None]]
