"""Sources of type ``file``: a log on this machine, read on from look to look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crisisdesk.domain.detection.reading import Line, Reading, Verdict
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.engine.detection_ports import Look
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.log_tail import Tail, read_on
from crisisdesk.sources.probes.looking import Sight, Unanswered, unsure
from crisisdesk.sources.probes.threads import Threads

KIB, MIB = 1024, 1024 * 1024


class FileProber:
    """Hands on each whole line once, as far as the file can be told to be the same."""

    type = "file"

    def __init__(self) -> None:
        self._threads = Threads("file")

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """``path`` is the log's; ``log`` what its lines are called (the file's name)."""
        names = ("path", "log", "from_start", "kib_a_look", "mib_behind", "quiet_min")
        fields = Fields(settings, names)
        path = fields.text("path")
        if not Path(path).is_absolute():
            raise fields.wrong("path", "is no absolute path", "write it from / on")
        return {
            "path": path,
            "log": fields.text("log", Path(path).name or path, limit=100),
            "from_start": fields.yes("from_start", default=False),
            "kib_a_look": fields.whole("kib_a_look", 64, 8 * KIB, 1 * KIB),
            "mib_behind": fields.whole("mib_behind", 1, 4 * KIB, 64),
            "quiet_min": fields.whole("quiet_min", 0, 7 * 24 * 60, 0),
        }

    def secret_names(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """None."""
        return ()

    async def look(self, look: Look) -> Reading:
        """Up while the file is there, and not quiet for longer than ``quiet_min`` (0: never)."""
        sight, settings = Sight(look), look.source.settings
        try:
            tail = await self._threads.run(
                look.source.source_id, lambda: _tail(settings, look), sight.left_s
            )
        except Unanswered as error:
            return sight.failed(error)
        except TimeoutError:
            return sight.late(settings["path"], Verdict.UNSURE)
        quiet_s = max(0.0, look.now / 1000 - tail.changed_at)
        is_quiet = 0 < settings["quiet_min"] * 60 < quiet_s
        told = f"{len(tail.lines)} new lines"
        if is_quiet:
            told = f"nothing was written for {int(quiet_s // 60)} min"
        if tail.behind > settings["kib_a_look"] * KIB:
            tail.notes.append(f"{tail.behind // KIB} KiB still to read")
        return sight.reading(
            Verdict.DOWN if is_quiet else Verdict.UP,
            "; ".join([told, *tail.notes]),
            samples=_samples(look, tail, quiet_s),
            lines=[Line(at=look.now, name=settings["log"], text=text) for text in tail.lines],
            bookmark=tail.place.bookmark(),
        )

    async def aclose(self) -> None:
        """A thread that hangs is left to itself."""


def _tail(settings: Mapping[str, Any], look: Look) -> Tail:
    try:
        return read_on(
            settings["path"],
            look.bookmark,
            from_start=settings["from_start"],
            most=settings["kib_a_look"] * KIB,
            most_behind=settings["mib_behind"] * MIB,
        )
    except OSError as error:
        raise unsure(f"{settings['path']} cannot be read: {error.strerror}") from None


def _samples(look: Look, tail: Tail, quiet_s: float) -> list[Sample]:
    values = {
        "file_size_bytes": float(tail.size),
        "file_behind_bytes": float(tail.behind),
        "file_quiet_seconds": quiet_s,
        "file_new_lines": float(len(tail.lines)),
    }
    source_id = look.source.source_id
    return [Sample(series(source_id, name), look.now, value) for name, value in values.items()]
