"""The demonstration: a day that is played into a throw-away station, shown at the desk."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crisisdesk.desk.supervisor import read_door
from crisisdesk.domain.delivery import REACHED_STATUSES
from crisisdesk.settings.places import DATA_DIR_VARIABLE, Places, resource_path

if TYPE_CHECKING:
    from collections.abc import Iterator

READY_S = 60.0
POLL_S = 0.1
STOP_S = 10.0
SUMMARY = "summary.txt"


def run_demo(screenshots: Path | None) -> int:
    """Play the shipped day on a sealed engine; show it, or with a folder write its pictures there.

    Nothing leaves the machine and nothing is kept. Returns the exit code.
    """
    with tempfile.TemporaryDirectory(prefix="crisisdesk-demo-") as folder:
        places = Places(Path(folder) / "station")
        sys.stdout.write("Playing a day into a throw-away station; no page leaves this machine.\n")
        sys.stdout.flush()
        with _engine(places) as started:
            if not started:
                return _complain(places)
            if screenshots is None:
                from crisisdesk.desk.app import run_desk

                return run_desk(places, starts_engine=False)
            from crisisdesk.desk.screens import write_screens

            code = write_screens(places, screenshots)
            if code == 0:
                (screenshots / SUMMARY).write_text(story(places), encoding="utf-8")
            return code


def story(places: Places) -> str:
    """What happened on the played day, in words, from what its store holds."""
    from crisisdesk.store.queries import StationReader

    reader = StationReader(places.store)
    try:
        rows = reader.alert_rows()
        incidents = reader.incident_rows()
        pages = reader.delivery_counts()
        updates = {i.incident_id: len(reader.updates_of(i.incident_id)) for i in incidents}
        position = reader.head_pos()
    finally:
        reader.close()
    still = [r for r in rows if r.status not in ("resolved", "closed")]
    nobody = [r for r in still if not r.owner]
    sent = sum(pages.get(word, 0) for word in REACHED_STATUSES)
    lines = [
        "A day at the shop, played into a throw-away station; nothing left this machine.",
        (
            f"{len(rows)} alerts came in, reported {sum(r.count for r in rows)} times; "
            f"{len(still)} are open, {len(nobody)} of them in nobody's hands."
        ),
        (
            f"{sent} pages were sent, {pages.get('failed', 0)} failed, "
            f"{pages.get('superseded', 0)} were not needed any more."
        ),
        *(
            f"{i.incident_id}: {i.title} ({i.status}, led by {i.commander}, "
            f"{updates[i.incident_id]} updates)"
            for i in incidents
        ),
        f"{position} facts stand in its log.",
    ]
    return "\n".join(lines) + "\n"


@contextmanager
def _engine(places: Places) -> Iterator[bool]:
    """An engine that plays the day in that folder; yields whether it came up, and stops it."""
    places.data_dir.mkdir(mode=0o700, parents=True)
    day = resource_path("demo", "day.yaml")
    with (places.data_dir / "engine-output.log").open("wb") as output:
        engine = subprocess.Popen(  # noqa: S603 - our own program with fixed words
            [sys.executable, "-m", "crisisdesk", "engine", "--port", "0", "--play", str(day)],
            env={**os.environ, DATA_DIR_VARIABLE: str(places.data_dir)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield _came_up(engine, places)
    finally:
        engine.terminate()
        try:
            engine.wait(STOP_S)
        except subprocess.TimeoutExpired:
            engine.kill()
            engine.wait()


def _came_up(engine: subprocess.Popen[bytes], places: Places) -> bool:
    tick = threading.Event()
    for _ in range(round(READY_S / POLL_S)):
        if read_door(places) is not None:
            return True
        if engine.poll() is not None:
            return False
        tick.wait(POLL_S)
    return False


def _complain(places: Places) -> int:
    told = (places.data_dir / "engine-output.log").read_text(encoding="utf-8", errors="replace")
    sys.stderr.write(f"crisisdesk: the demonstration's engine did not start:\n{told[-2000:]}\n")
    return 1
