"""The floor of a start: a bare PySide6 window with a table of 100 rows; tells its first paint."""

from __future__ import annotations

import json
import sys
import time

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.benchmarks.floor_table import TableModel, make_rows, make_view


class Window(QMainWindow):
    """Ends the program once it has been painted."""

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self.report)
        return done

    def report(self) -> None:
        """Say when, and end."""
        sys.stdout.write(json.dumps({"event": "window", "t": time.perf_counter()}) + "\n")
        QApplication.quit()


def main() -> int:
    """Show it."""
    app = QApplication([])
    window = Window()
    window.setCentralWidget(make_view(TableModel(make_rows(100))))
    window.resize(1400, 900)
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
