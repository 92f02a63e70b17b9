"""The floor of sorting and filtering: a plain model behind Qt's own proxy model.

Usage: ``python -m tests.benchmarks.floor_sorting ROWS ROUNDS``; prints one JSON line of medians.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QApplication

from tests.benchmarks.floor_table import DUE, INSTANCE, SUMMARY, TableModel, make_rows, make_view


def main() -> int:
    """Sort by a text column and filter by a part of the summary, painted each time."""
    count, rounds = int(sys.argv[1]), int(sys.argv[2])
    app = QApplication([])
    model = TableModel(make_rows(count))
    proxy = QSortFilterProxyModel()
    proxy.setSourceModel(model)
    proxy.setSortRole(Qt.ItemDataRole.UserRole)
    proxy.setFilterKeyColumn(SUMMARY)
    view = make_view(proxy)
    view.show()
    app.processEvents()

    def timed(work: Callable[[], None]) -> float:
        began = time.perf_counter()
        work()
        view.viewport().repaint()
        return (time.perf_counter() - began) * 1e3

    sorts, filters, ticks = [], [], []
    for number in range(rounds):
        order = Qt.SortOrder.AscendingOrder if number % 2 else Qt.SortOrder.DescendingOrder
        sorts.append(timed(partial(proxy.sort, INSTANCE, order)))
        proxy.sort(DUE)
        text = f"host-00{number % 10}"
        filters.append(timed(partial(proxy.setFilterFixedString, text)))
        proxy.setFilterFixedString("")
    plain = make_view(model)
    plain.show()
    app.processEvents()
    for _ in range(rounds * 5):
        began = time.perf_counter()
        model.count_down(200)
        app.processEvents()
        ticks.append((time.perf_counter() - began) * 1e3)
    figures = {"sort_ms": median(sorts), "filter_ms": median(filters), "tick_ms": median(ticks)}
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
