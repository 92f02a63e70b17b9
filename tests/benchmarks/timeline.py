"""The page of an incident with a long timeline: opening, scrolling, going through its past."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale, percentile

if TYPE_CHECKING:
    from pathlib import Path

_ENTRIES, _FRAMES, _MOMENTS = 2_000, 120, 60
_WIDTH, _HEIGHT = 1_228, 674
_MINUTE_MS = 60_000


def timeline(scale: Scale) -> Figures:
    """An incident of 2,000 entries out of a station's file, in a window of 1280x800.

    Opening is from the question to the store until the page is painted. A frame is one step of the
    wheel and its painting. A moment is a place on the time machine, with the page painted as it
    stood; the first one lays the record out. CPU time of one thread that does all of it; the screen
    is Qt's own, off the screen.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from crisisdesk.desk.look.theme import install

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    install(app)
    entries = scale.of(_ENTRIES, 20)
    with TemporaryDirectory(prefix="crisisdesk-bench-") as folder:
        path, incident_id, since, until = _incident(Path(folder), entries)
        return _measure(app, path, incident_id, (since, until), scale)


def _incident(folder: Path, entries: int) -> tuple[Path, str, int, int]:
    """The file of a station with the incident, and from when to when things were written."""
    from crisisdesk.engine import commands as c

    from tests.store.workload import START, Station, signal

    station = Station(folder / "data", now_ms=START)
    fired = station.do(*(c.TakeIn(signals=[signal(n, severity="critical")]) for n in range(10)))
    made: Any = station.do(
        c.OpenIncident(
            title="Orders are lost", severity="critical", alerts=[alert for (alert,) in fired]
        ),
        actor="Ann",
    )
    incident_id = str(made[0])
    types = ("note", "decision", "communication", "investigation")
    # Orders at once: how fast they are kept is measured elsewhere.
    for begin in range(0, entries, 100):
        station.now_ms = START + begin * _MINUTE_MS // 4
        posts = [
            c.PostUpdate(
                incident_id=incident_id,
                update_type=types[n % len(types)],
                title=f"Entry {n}: replication is behind by {n % 90} s, writes stay frozen",
                description="The second site holds what the first has not." if n % 3 else "",
                is_pinned=n % 50 == 0,
                is_public=n % 20 == 0,
            )
            for n in range(begin, min(entries, begin + 100))
        ]
        station.do(*posts, actor="Ann")
    until = station.now_ms
    path = station.path
    station.close()
    return path, incident_id, START, until


def _measure(
    app: Any, path: Path, incident_id: str, stretch: tuple[int, int], scale: Scale
) -> Figures:
    from crisisdesk.desk.incidents.dossier import read_dossier
    from crisisdesk.desk.incidents.page import IncidentPage
    from crisisdesk.desk.incidents.past import Past
    from crisisdesk.store.queries import StationReader

    reader = StationReader(path)
    since, until = stretch
    page = IncidentPage()
    page.resize(_WIDTH, _HEIGHT)
    page.show()
    page.fit(_WIDTH, _HEIGHT)
    app.processEvents()

    def painted(work: Callable[[], object], what: Any = page) -> float:
        began = time.thread_time()
        work()
        # Pictures are of all of it, also of what did not change: a screen is never slower.
        what.grab()
        took = (time.thread_time() - began) * 1e3
        app.processEvents()
        return took

    def opened() -> None:
        dossier = read_dossier(reader, incident_id)
        assert dossier is not None
        page.show_dossier(dossier, until)

    open_ms = painted(opened)
    bar = page.timeline.view.verticalScrollBar()
    frames = [painted(lambda: bar.setValue(bar.value() + 60)) for _ in range(scale.of(_FRAMES, 3))]
    past = Past(_Desk(reader, until), page, lambda: None)  # type: ignore[arg-type]
    first_ms = painted(lambda: past.go((since + until) // 2))
    moments = scale.of(_MOMENTS, 3)
    places = [since + (until - since) * n * 7 % moments // moments for n in range(1, moments + 1)]
    moved = [painted(lambda: past.go(place)) for place in places]  # noqa: B023
    blank = [painted(lambda: None) for _ in range(20)]
    page.close()
    reader.close()
    return {
        "open_ms": open_ms,
        "frame_ms": median(frames),
        "frame_p95_ms": percentile(frames, 95),
        "first_ms": first_ms,
        "moment_ms": median(moved),
        "moment_p95_ms": percentile(moved, 95),
        "grab_ms": median(blank),
    }


class _Desk:
    """What the look back needs of a desk, answering within the call."""

    def __init__(self, reader: Any, now_ms: int) -> None:
        self._reader, self._now = reader, now_ms

    def now_ms(self) -> int:
        return self._now

    def operator(self) -> str:
        return "Ann"

    def ask(self, question: Callable[[Any], Any], answer: Callable[[Any], None]) -> None:
        answer(question(self._reader))


TIMELINE = Benchmark(
    name="timeline",
    measure=timeline,
    goals=(
        Goal(row="2,000 entries read and painted, ms", ours="open_ms", at_most=200),
        Goal(row="a frame while scrolling, p50 ms", ours="frame_ms", at_most=16.7),
        Goal(row="a frame while scrolling, p95 ms", ours="frame_p95_ms", at_most=16.7),
        Goal(row="the first moment, with laying the record out, ms", ours="first_ms", at_most=500),
        Goal(row="a moment of the time machine, p50 ms", ours="moment_ms", at_most=50),
        Goal(row="a moment of the time machine, p95 ms", ours="moment_p95_ms", at_most=50),
        Goal(row="of it painting the page alone, ms", ours="grab_ms", at_most=16.7),
    ),
)
