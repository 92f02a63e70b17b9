"""The values of the host that this runs on, by psutil. Blocking."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.errors import Malformed
from crisisdesk.engine.detection_ports import Look
from crisisdesk.sources.probes.looking import whole_at

_IDLE = ("idle", "iowait")
# Counted within user and nice already.
_COUNTED_TWICE = ("guest", "guest_nice")
# Images of packages and discs: full by nature.
_ALWAYS_FULL = ("squashfs", "iso9660", "udf", "erofs")


@dataclass(slots=True)
class HostValues:
    """Samples, mount points that were named and are not there, what could not be told, and the
    bookmark: the processors' busy and whole time, in ms since the start of the machine."""

    source_id: str
    at: int
    samples: list[Sample] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bookmark: dict[str, object] = field(default_factory=dict)

    def add(self, metric: str, value: float, **labels: str) -> None:
        """One value; one whose labels are out of bounds is told of instead."""
        try:
            name = series(self.source_id, f"host_{metric}", labels)
        except Malformed as error:
            self.notes.append(f"host_{metric} left out: {error}")
            return
        self.samples.append(Sample(name, self.at, float(value)))


def host_values(source_id: str, settings: Mapping[str, Any], look: Look) -> HostValues:
    """All values of one look; raises OSError when not even the processors can be read."""
    found = HostValues(source_id, look.now)
    found.add("info", 1, **_identity())
    _processors(found, look.bookmark)
    parts: list[tuple[str, Callable[[HostValues], None]]] = [
        ("memory", _memory),
        ("disks", lambda f: _disks(f, settings["disks"])),
        ("disk traffic", _disk_traffic),
    ]
    if settings["network"]:
        parts.append(("network", _network))
    if settings["temperatures"]:
        parts.append(("temperatures", _temperatures))
    for name, part in parts:
        try:
            part(found)
        except (OSError, RuntimeError) as error:
            # A container may hide one of them; the others are still worth having.
            found.notes.append(f"{name} cannot be read: {error}")
    return found


def _identity() -> dict[str, str]:
    """What this host is called and what runs on it; what cannot be told is left out."""
    try:
        told = platform.freedesktop_os_release()
    except OSError:
        told = {}
    return {
        "host": platform.node(),
        "os": told.get("PRETTY_NAME") or platform.system(),
        "kernel": platform.release(),
        "machine": platform.machine(),
    }


def _processors(found: HostValues, bookmark: Mapping[str, object]) -> None:
    import psutil

    times = psutil.cpu_times()._asdict()
    whole = sum(seconds for mode, seconds in times.items() if mode not in _COUNTED_TWICE)
    busy = whole - sum(times.get(mode, 0.0) for mode in _IDLE)
    for mode, seconds in times.items():
        found.add("cpu_seconds_total", seconds, mode=mode)
    booted = int(psutil.boot_time())
    whole_ms, busy_ms = round(whole * 1000), round(busy * 1000)
    spent = whole_ms - whole_at(bookmark, "whole_ms")
    # Only between two looks of one run of the machine is there a share.
    if whole_at(bookmark, "whole_ms") > 0 and spent > 0:
        share = (busy_ms - whole_at(bookmark, "busy_ms")) / spent
        found.add("cpu_used_ratio", min(1.0, max(0.0, share)))
    found.bookmark = {"whole_ms": whole_ms, "busy_ms": busy_ms}
    found.add("cpus", psutil.cpu_count() or 1)
    for name, load in zip(("load1", "load5", "load15"), psutil.getloadavg(), strict=True):
        found.add(name, load)
    found.add("uptime_seconds", max(0.0, found.at / 1000 - booted))


def _memory(found: HostValues) -> None:
    import psutil

    memory, swap = psutil.virtual_memory(), psutil.swap_memory()
    found.add("memory_bytes", memory.total)
    found.add("memory_available_bytes", memory.available)
    if memory.total:
        found.add("memory_used_ratio", 1 - memory.available / memory.total)
    found.add("swap_bytes", swap.total)
    found.add("swap_used_bytes", swap.used)
    if swap.total:
        found.add("swap_used_ratio", swap.used / swap.total)


def _disks(found: HostValues, named: list[str]) -> None:
    import psutil

    mounts = [p.mountpoint for p in psutil.disk_partitions() if p.fstype not in _ALWAYS_FULL]
    # In a container nothing that is mounted is a disk of its own; its root is still one to watch.
    for mount in named or sorted(set(mounts)) or ["/"]:
        if not Path(mount).is_mount():
            found.missing.append(mount)
            continue
        try:
            told = os.statvfs(mount)
        except OSError as error:
            found.notes.append(f"{mount} cannot be read: {error.strerror}")
            continue
        if not told.f_blocks:
            continue
        free, avail = told.f_bfree, told.f_bavail
        used = told.f_blocks - free
        found.add("disk_bytes", told.f_blocks * told.f_frsize, disk=mount)
        found.add("disk_available_bytes", avail * told.f_frsize, disk=mount)
        # As df tells it: of what those without privileges may use.
        if used + avail:
            found.add("disk_used_ratio", used / (used + avail), disk=mount)
        if told.f_files:
            found.add("disk_files_used_ratio", 1 - told.f_ffree / told.f_files, disk=mount)
        found.add("disk_read_only", bool(told.f_flag & os.ST_RDONLY), disk=mount)


def _disk_traffic(found: HostValues) -> None:
    import psutil

    for device, told in sorted((psutil.disk_io_counters(perdisk=True) or {}).items()):
        found.add("disk_read_bytes_total", told.read_bytes, device=device)
        found.add("disk_written_bytes_total", told.write_bytes, device=device)


def _network(found: HostValues) -> None:
    import psutil

    states = psutil.net_if_stats()
    for name, told in sorted(psutil.net_io_counters(pernic=True).items()):
        found.add("network_received_bytes_total", told.bytes_recv, interface=name)
        found.add("network_sent_bytes_total", told.bytes_sent, interface=name)
        found.add("network_errors_total", told.errin + told.errout, interface=name)
        found.add("network_drops_total", told.dropin + told.dropout, interface=name)
        if name in states:
            found.add("network_up", states[name].isup, interface=name)


def _temperatures(found: HostValues) -> None:
    import psutil

    # Only where psutil knows how to ask.
    read = getattr(psutil, "sensors_temperatures", None)
    for chip, sensors in sorted((read() if read else {}).items()):
        for number, sensor in enumerate(sensors):
            if sensor.current is not None:
                label = sensor.label or str(number)
                found.add("temperature_celsius", sensor.current, chip=chip, sensor=label)
