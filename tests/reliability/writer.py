"""A small process that does what an engine's writer does, to be traced: groups in, words out.

    python -m tests.reliability.writer <folder> <groups> <seed> [normal]

Each group is answered on stdout after it was kept: ``ack <last seq>``; a refused one ``refused
<words>``, a spool that cannot take it ``problem <words>``. ``normal`` seeds the fault of a writer
that does not wait for the disk.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from crisisdesk.engine.ports import StoreFailed

from tests.reliability.spoiling import AidedStation, aid_of

# Small, so that the log is moved into the file and begun anew many times.
CHECKPOINT_PAGES = 60


def say(words: str) -> None:
    """One line in one write, so that a trace shows it where it happened."""
    os.write(1, f"{words}\n".encode())


def main(folder: Path, groups: int, seed: int, *, flush: bool) -> int:
    """Work; 0 when all groups were tried, 3 when the file could not be opened again."""
    station = AidedStation(folder, aid_of(folder), seed)
    say("opened")
    for n in range(groups):
        raw = station.journal._connected()
        raw.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        if not flush:
            raw.execute("PRAGMA synchronous=NORMAL")
        try:
            station.fire(station.random.randint(1, 4), first=n * 4)
            say(f"ack {station.journal.head().seq}")
        except StoreFailed as error:
            say(f"refused {error}")
            try:
                station.recover()
            except StoreFailed as again:
                say(f"refused {again}")
                return 3
        spool = station.journal._spool
        if spool is not None and spool.problem:
            say(f"problem {spool.problem}")
    # As it is after a power cut: nothing is closed.
    os._exit(0)


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(main(Path(words[0]), int(words[1]), int(words[2]), flush="normal" not in words))
