"""The host that an alert is about: what a source of type ``host`` measured of it last, in words.

A host says what it is called in the labels of one series, `INFO`; the values of the same source are
its own.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from crisisdesk.domain.amounts import GAP, span_words
from crisisdesk.domain.detection.rule import SOURCE as RULE_SOURCE
from crisisdesk.domain.detection.rule import key_of, rule_in
from crisisdesk.domain.detection.series import Series
from crisisdesk.domain.detection.source import ALERT_SOURCE

INFO = "host_info"
# The labels that name a host, the plainest first; the first that is there is told.
HOST_LABELS = ("host", "hostname", "node", "nodename", "server", "machine", "instance")
DISKS_TOLD = 4
# What was measured so much before the newest value is of an older look: a disk taken out since.
OF_ONE_LOOK_MS = 300_000
_PORT = re.compile(r":[0-9]{1,5}\Z")
_UNITS = (("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10))

Newest = Mapping[Series, tuple[int, float]]


class HostKnown(NamedTuple):
    """What is known of a host: what it is called ("" when it does not say), when it was measured
    (UTC ms), and facts as a name and words."""

    host: str
    at: int
    facts: tuple[tuple[str, str], ...]


def hosts_named(labels: Mapping[str, str]) -> list[str]:
    """The hosts that an alert's labels name, without ports, each once."""
    told = (_host_of(labels.get(name, "")) for name in HOST_LABELS)
    return list(dict.fromkeys(host for host in told if host))


def host_series(
    known: Iterable[Series], source: str, key: str, hosts: Sequence[str]
) -> list[Series]:
    """The series of the sources that measure one of these hosts. ``source`` and ``key`` are the
    alert's: one of a source itself, or of a rule about a series of it, is about that source's."""
    everything = [one for one in known if one.metric.startswith("host_")]
    ids = {
        one.source_id
        for one in everything
        if _is_about(one, source, key) or (one.metric == INFO and _is_one_of(_called(one), hosts))
    }
    return [one for one in everything if one.source_id in ids and _is_told(one)]


def may_be_of_host(source: str, hosts: Sequence[str]) -> bool:
    """Whether an alert may be about a host that is measured here."""
    return bool(hosts) or source in (ALERT_SOURCE, RULE_SOURCE)


def _is_about(one: Series, source: str, key: str) -> bool:
    if source == ALERT_SOURCE:
        return one.source_id == key.partition("@")[0]
    return source == RULE_SOURCE and key_of(rule_in(key), one) == key


def host_known(newest: Newest) -> HostKnown | None:
    """The facts out of the newest value of each series; None without any.

    Of several that are called alike the one that was measured last counts.
    """
    finite = {one: told for one, told in newest.items() if math.isfinite(told[1])}
    if not finite:
        return None
    at, source_id = max((at, one.source_id) for one, (at, _value) in finite.items())
    of_look = {
        one: value
        for one, (moment, value) in sorted(finite.items())
        if one.source_id == source_id and at - moment <= OF_ONE_LOOK_MS
    }
    infos = [one for one in of_look if one.metric == INFO]
    # Two after a new kernel: the one told last is what runs now.
    info = dict(max(infos, key=lambda one: finite[one][0]).labels) if infos else {}
    told = _Told(of_look)
    found = ((name, words(told, info)) for name, words in _FACTS)
    facts = tuple((name, text) for name, text in found if text)
    return HostKnown(info.get("host", ""), at, facts) if facts else None


class _Told:
    """Values by metric, and by the disk they are of."""

    def __init__(self, values: Mapping[Series, float]) -> None:
        self._values = {
            (one.metric, dict(one.labels).get("disk", "")): v for one, v in values.items()
        }

    def get(self, metric: str, disk: str = "") -> float | None:
        return self._values.get((f"host_{metric}", disk))

    @property
    def disks(self) -> list[str]:
        return [disk for metric, disk in self._values if metric == "host_disk_used_ratio"]


def _system(_told: _Told, info: Mapping[str, str]) -> str:
    kernel = f"kernel {info['kernel']}" if info.get("kernel") else ""
    return ", ".join(filter(None, (info.get("os", ""), kernel, info.get("machine", ""))))


def _up(told: _Told, _info: Mapping[str, str]) -> str:
    seconds = told.get("uptime_seconds")
    return "" if seconds is None else f"for {span_words(round(seconds * 1000))}"


def _load(told: _Told, _info: Mapping[str, str]) -> str:
    loads = [told.get(name) for name in ("load1", "load5", "load15")]
    parts = [" ".join(f"{load:.2f}" for load in loads if load is not None)]
    cpus, used = told.get("cpus"), told.get("cpu_used_ratio")
    if cpus is not None:
        parts.append(f"{cpus:.0f} {'processor' if cpus == 1 else 'processors'}")
    if used is not None:
        parts.append(f"{_percent(used)} busy")
    return ", ".join(filter(None, parts))


def _memory(told: _Told, _info: Mapping[str, str]) -> str:
    parts = []
    used, size = told.get("memory_used_ratio"), told.get("memory_bytes")
    if used is not None and size is not None:
        parts.append(f"{_percent(used)} of {size_words(size)}")
    swapped, swap = told.get("swap_used_ratio"), told.get("swap_bytes")
    if swapped is not None and swap:
        parts.append(f"swap {_percent(swapped)} of {size_words(swap)}")
    return ", ".join(parts)


def _disks(told: _Told, _info: Mapping[str, str]) -> str:
    """The fullest first."""
    fullest = sorted(told.disks, key=lambda disk: (-(told.get("disk_used_ratio", disk) or 0), disk))
    parts = [_disk(told, disk) for disk in fullest[:DISKS_TOLD]]
    if more := len(fullest) - DISKS_TOLD:
        parts += [f"{more} more, less full"] if more > 0 else []
    return "; ".join(parts)


def _disk(told: _Told, disk: str) -> str:
    used, size = told.get("disk_used_ratio", disk), told.get("disk_bytes", disk)
    of = "" if size is None else f" of {size_words(size)}"
    only = ", read-only" if told.get("disk_read_only", disk) else ""
    return f"{disk} {_percent(used or 0)}{of}{only}"


_FACTS: tuple[tuple[str, Callable[[_Told, Mapping[str, str]], str]], ...] = (
    ("system", _system),
    ("up", _up),
    ("load", _load),
    ("memory", _memory),
    ("disks", _disks),
)
_METRICS = frozenset(
    f"host_{name}"
    for name in (
        "info",
        "uptime_seconds",
        "load1",
        "load5",
        "load15",
        "cpus",
        "cpu_used_ratio",
        "memory_used_ratio",
        "memory_bytes",
        "swap_used_ratio",
        "swap_bytes",
        "disk_used_ratio",
        "disk_bytes",
        "disk_read_only",
    )
)


def size_words(size: float) -> str:
    """Bytes as ``512 B``, ``3.6 GiB`` or ``40 GiB``."""
    for unit, whole in _UNITS:
        if size >= whole:
            count = size / whole
            return f"{count:.0f} {unit}" if count >= 10 else f"{count:.1f} {unit}"
    return f"{size:.0f} B"


def _percent(ratio: float) -> str:
    return f"{ratio * 100:.0f}{GAP}%"


def _is_told(one: Series) -> bool:
    return one.metric in _METRICS


def _called(one: Series) -> str:
    return dict(one.labels).get("host", "")


def _is_one_of(name: str, hosts: Sequence[str]) -> bool:
    return bool(name) and any(is_same_host(name, host) for host in hosts)


def is_same_host(one: str, other: str) -> bool:
    """Whether two names mean one host: equal, or one of them is the first part of the other."""
    a, b = one.lower().rstrip("."), other.lower().rstrip(".")
    if a == b:
        return True
    if _is_address(a) or _is_address(b) or ("." in a) == ("." in b):
        return False
    return a.partition(".")[0] == b.partition(".")[0]


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _host_of(told: str) -> str:
    """The host of ``host``, ``host:port``, ``[v6]:port`` or an address of the web."""
    host = told.strip()
    if "://" in host:
        host = host.partition("://")[2].partition("/")[0]
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return _PORT.sub("", host) if host.count(":") == 1 else host
