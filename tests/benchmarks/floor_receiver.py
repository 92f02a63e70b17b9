"""The floor of a durable desk: a bare receiver and a shown table in one program.

uvicorn and starlette in a thread parse one alert a POST and upsert it into SQLite (WAL,
synchronous=FULL) before the answer; every 100 ms the table takes what has come. No authentication,
no bounds, no history, no deadlines: nothing that keeps and shows alerts in Python can do less.
Usage: ``python -m tests.benchmarks.floor_receiver PORT FOLDER``.
"""

from __future__ import annotations

import collections
import json
import os
import sqlite3
import sys
import threading
import time
from pathlib import Path

import uvicorn
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.benchmarks.floor_table import Row, TableModel, make_rows, make_view

ROWS = 1_000
_UPSERT = (
    "INSERT INTO alert (fingerprint,name,severity,status,service,labels,annotations,starts_at,"
    "updated_at,count) VALUES (?,?,?,'firing',?,?,?,?,?,1) ON CONFLICT(fingerprint) DO UPDATE SET "
    "updated_at=excluded.updated_at, count=alert.count+1"
)


def _open(folder: Path) -> sqlite3.Connection:
    db = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute(
        "CREATE TABLE alert (fingerprint TEXT PRIMARY KEY, name TEXT, severity TEXT, status TEXT, "
        "service TEXT, labels TEXT, annotations TEXT, starts_at TEXT, updated_at REAL, count INT)"
    )
    db.execute("CREATE INDEX alert_status ON alert (status, severity)")
    db.execute("CREATE INDEX alert_service ON alert (service, name)")
    return db


def _serve(port: int, folder: Path, fresh: collections.deque[Row]) -> None:
    db = _open(folder)

    async def take(request: Request) -> Response:
        a = (await request.json())[0]
        labels, notes = a["labels"], a["annotations"]
        row = (
            json.dumps(labels, sort_keys=True),
            labels["alertname"],
            labels["severity"],
            labels["service"],
            json.dumps(labels),
            json.dumps(notes),
            a["startsAt"],
            time.time(),
        )
        db.execute(_UPSERT, row)
        fresh.append(Row.of(a))
        return PlainTextResponse("ok")

    routes = [Route("/a", take, methods=["POST"])]
    config = uvicorn.Config(
        Starlette(routes=routes), "127.0.0.1", port, log_level="error", access_log=False
    )
    uvicorn.Server(config).run()


def main() -> int:
    """Serve and show until killed."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    app = QApplication([])
    model = TableModel(make_rows(ROWS))
    view = make_view(model)
    view.show()
    fresh: collections.deque[Row] = collections.deque()
    threading.Thread(target=_serve, args=(port, folder, fresh), daemon=True).start()

    def drain() -> None:
        if fresh:
            model.insert_top([fresh.popleft() for _ in range(len(fresh))][::-1])

    timers = []
    for interval_ms, work in ((100, drain), (1000, lambda: model.count_down(200))):
        timer = QTimer()
        timer.timeout.connect(work)
        timer.start(interval_ms)
        timers.append(timer)
    return app.exec()


if __name__ == "__main__":
    # uvicorn's thread has no end of its own; the process is measured and then thrown away.
    os._exit(main())
