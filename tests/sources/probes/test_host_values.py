"""The values of this very host, as plausible as they can be told from outside."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import psutil
import pytest

from crisisdesk.sources.probes.host_probe import HostProber
from crisisdesk.sources.probes.host_values import HostValues, host_values

from tests.sources.probes.looks import NOW, look_at


def taken(bookmark: dict[str, object] | None = None, **settings: object) -> HostValues:
    look = look_at(HostProber(), settings, bookmark=bookmark)
    return host_values("s1", look.source.settings, look)


def by_name(found: HostValues) -> dict[str, float]:
    return {str(sample.series): sample.value for sample in found.samples}


def test_what_every_host_tells() -> None:
    found = by_name(taken())
    assert found["host_cpus"] == psutil.cpu_count()
    assert found["host_memory_bytes"] == psutil.virtual_memory().total
    assert 0 < found["host_memory_used_ratio"] < 1
    assert found['host_cpu_seconds_total{mode="user"}'] > 0
    assert {"host_load1", "host_load5", "host_load15"} <= found.keys()
    assert "host_cpu_used_ratio" not in found
    assert all(sample.at == NOW for sample in taken().samples)


def test_the_share_of_the_processors_is_of_the_time_between_two_looks() -> None:
    before = taken().bookmark
    whole, busy = before["whole_ms"], before["busy_ms"]
    assert isinstance(whole, int)
    assert isinstance(busy, int)
    assert 0 < busy < whole
    # As if the last look had been a long time of idling ago: of all that, the share is small.
    found = by_name(taken({"whole_ms": 1, "busy_ms": 1}))
    assert found["host_cpu_used_ratio"] == pytest.approx(busy / whole, abs=0.05)
    restarted = by_name(taken({"whole_ms": whole * 2, "busy_ms": busy}))
    assert "host_cpu_used_ratio" not in restarted


def test_disks_as_df_tells_them() -> None:
    found = by_name(taken(disks=["/"]))
    told = os.statvfs("/")
    assert found['host_disk_bytes{disk="/"}'] == told.f_blocks * told.f_frsize
    assert 0 <= found['host_disk_used_ratio{disk="/"}'] <= 1
    read_only = bool(told.f_flag & os.ST_RDONLY)
    assert found['host_disk_read_only{disk="/"}'] == float(read_only)


def test_a_disk_that_is_named_and_not_mounted_is_missing(tmp_path: Path) -> None:
    found = taken(disks=["/", str(tmp_path), "/nowhere"])
    assert found.missing == [str(tmp_path), "/nowhere"]
    assert 'host_disk_bytes{disk="/"}' in by_name(found)


def test_what_is_not_wanted_is_not_asked() -> None:
    assert not [name for name in by_name(taken(network=False)) if "network" in name]
    found = by_name(taken())
    assert found['host_network_received_bytes_total{interface="lo"}'] >= 0


def test_a_part_that_is_hidden_keeps_back_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def hidden(**_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(psutil, "net_io_counters", hidden)
    found = taken()
    assert found.notes == ["network cannot be read: [Errno 13] Permission denied"]
    assert "host_load1" in by_name(found)


def test_it_says_what_it_is_called_and_what_runs_on_it() -> None:
    [info] = [s.series for s in taken().samples if s.series.metric == "host_info"]
    labels = dict(info.labels)
    assert labels["host"] == platform.node()
    assert labels["kernel"] == platform.release()
    assert labels["os"]
