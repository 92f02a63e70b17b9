"""Twelve charts of the Health room painted anew, beside plain pyqtgraph on the same points."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from tests.benchmarks.figures import Benchmark, Figures, Goal, Scale, percentile

_CHARTS, _ACROSS, _POINTS, _FRAMES = 12, 3, 3_600, 60
# The room's place in a window of 1280x800.
_WIDTH, _HEIGHT = 1_228, 640
_START_S, _EVERY_S = 1_796_026_800, 1


def charts(scale: Scale) -> Figures:
    """12 charts of 3,600 points move on by a second and are painted, cards and all, each with two
    limits, an expected band of as many points, a gap and the marks of an alert.

    Beside as many plain plots of pyqtgraph on the same points and nothing else, frame by frame in
    turn; CPU time of the painting thread, a frame.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import numpy as np
    from PySide6.QtWidgets import QApplication

    from crisisdesk.desk.look.theme import install

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    install(app)
    points, frames = scale.of(_POINTS, 100), scale.of(_FRAMES, 3)
    many = points + frames
    noise = np.random.default_rng(1).normal(0, 0.1, (_CHARTS, many))
    values = 2 + np.sin(np.arange(many) / 30) + noise
    at = np.arange(many) * _EVERY_S + _START_S
    # One stretch without samples.
    at[many // 3 :] += 120 * _EVERY_S
    ours, plain = _Cards(at, values, points), _Plots(at, values, points)
    took: dict[str, list[float]] = {"ours": [], "plain": []}
    for frame in range(frames):
        took["ours"].append(_cpu_ms(lambda: ours.paint(frame)))  # noqa: B023
        took["plain"].append(_cpu_ms(lambda: plain.paint(frame)))  # noqa: B023
    ours.window.close()
    plain.window.close()
    return {
        "frame_ms": median(took["ours"]),
        "frame_p95_ms": percentile(took["ours"], 95),
        "plain_ms": median(took["plain"]),
    }


def _cpu_ms(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1e3


class _Cards:
    """The room's charts, as its grid lays them out."""

    def __init__(self, at: Any, values: Any, points: int) -> None:
        import numpy as np

        from crisisdesk.desk.health.chart import Chart
        from crisisdesk.domain.detection.series import series

        self._at, self._values, self._points = at * 1_000, values, points
        self._usual = 2 + np.sin(np.arange(len(at)) / 30)
        self._charts = [Chart() for _ in range(_CHARTS)]
        self._series = [
            series("SRC-shop", "http_latency_seconds", {"instance": f"web-{n}"})
            for n in range(_CHARTS)
        ]
        self.window = _window(self._charts)

    def paint(self, frame: int) -> None:
        """Show the stretch that ends with this frame."""
        from crisisdesk.desk.health.reading import Charted

        seen = slice(frame, frame + self._points)
        at = self._at[seen]
        since, until = int(at[0]), int(at[-1])
        over, every = _over(at, self._usual[seen]), _EVERY_S * 1_000
        for chart, one, all_of_it in zip(self._charts, self._series, self._values, strict=True):
            part = all_of_it[seen]
            newest = until, float(part[-1])
            told = Charted(one, at, part, part, *newest, every, over, usual_ms=every)
            chart.show_series(told, since, until, until)
        self.window.grab()


def _over(at: Any, usual: Any) -> Any:
    """Limits, a band and an alert over these times."""
    from crisisdesk.desk.health.over import Band, Over
    from crisisdesk.desk.health.raised import Spell
    from crisisdesk.domain.detection.watchers import Limit, Unusual, Watchers

    limits = (
        Limit("RULE-1", "Slow", "high", ">", 3.5, 3.0),
        Limit("RULE-2", "Idle", "medium", "<", 0.2, 0.2),
    )
    rule = Unusual("RULE-3", "Unlike itself", "high", 0.6, None, None)
    band = Band(rule, at, usual, usual - 0.2, usual + 0.2, usual, usual_ms=_EVERY_S * 1_000)
    middle, end = int(at[len(at) // 2]), int(at[-len(at) // 4])
    spell = Spell("A-1", "Slow: web", "high", middle, end)
    return Over(Watchers(limits, (rule,)), band, (spell,))


class _Plots:
    """Plain plots, each with its line set anew."""

    def __init__(self, at: Any, values: Any, points: int) -> None:
        import pyqtgraph as pg

        self._at, self._values, self._points = at, values, points
        plots = [pg.PlotWidget(axisItems={"bottom": pg.DateAxisItem()}) for _ in range(_CHARTS)]
        self._lines = [plot.plot() for plot in plots]
        self.window = _window(plots)

    def paint(self, frame: int) -> None:
        """Show the stretch that ends with this frame."""
        seen = slice(frame, frame + self._points)
        for line, all_of_it in zip(self._lines, self._values, strict=True):
            line.setData(self._at[seen], all_of_it[seen])
        self.window.grab()


def _window(inside: list[Any]) -> Any:
    from PySide6.QtWidgets import QGridLayout, QWidget

    window = QWidget()
    grid = QGridLayout(window)
    for number, one in enumerate(inside):
        grid.addWidget(one, number // _ACROSS, number % _ACROSS)
    window.resize(_WIDTH, _HEIGHT)
    window.show()
    return window


CHARTS = Benchmark(
    name="charts",
    measure=charts,
    goals=(
        Goal(row="22 12 charts x 3,600 points painted, ms", ours="frame_ms", at_most=16.0),
        Goal(row="22 the same", ours="frame_ms", anchor="plain_ms", at_most=0.5),
    ),
)
