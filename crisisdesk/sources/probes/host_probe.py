"""Sources of type ``host``: the machine that the station runs on, its load, memory and disks."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.engine.detection_ports import Look
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.host_values import host_values
from crisisdesk.sources.probes.looking import Sight, Unanswered
from crisisdesk.sources.probes.threads import Threads


class HostProber:
    """Reads what the kernel tells; nothing of single processes."""

    type = "host"

    def __init__(self) -> None:
        self._threads = Threads("host")

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """``disks`` are mount points that must be there; without any, all local ones are told."""
        fields = Fields(settings, ("disks", "network", "temperatures"))
        disks = fields.texts("disks")
        for number, disk in enumerate(disks):
            if not Path(disk).is_absolute():
                raise fields.wrong(f"disks[{number}]", "is no absolute path", "write it from / on")
        return {
            "disks": list(dict.fromkeys(os.path.normpath(disk) for disk in disks)),
            "network": fields.yes("network", default=True),
            "temperatures": fields.yes("temperatures", default=True),
        }

    def secret_names(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """None."""
        return ()

    async def look(self, look: Look) -> Reading:
        """Up unless a disk that is named is not mounted."""
        sight = Sight(look)
        source_id, settings = look.source.source_id, look.source.settings
        try:
            found = await self._threads.run(
                source_id, lambda: host_values(source_id, settings, look), sight.left_s
            )
        except Unanswered as error:
            return sight.failed(error)
        except TimeoutError:
            return sight.late("this host", Verdict.UNSURE)
        except OSError as error:
            return sight.reading(Verdict.UNSURE, f"this host cannot be read: {error.strerror}")
        told = f"{len(found.samples)} values of this host"
        if found.missing:
            told = f"not mounted: {', '.join(found.missing)}; {told}"
        return sight.reading(
            Verdict.DOWN if found.missing else Verdict.UP,
            "; ".join([told, *found.notes]),
            samples=found.samples,
            bookmark=found.bookmark,
        )

    async def aclose(self) -> None:
        """A thread that hangs is left to itself."""
