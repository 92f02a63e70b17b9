"""A server for a short while: it works, and goes however the one who made it ends."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.recovery.scratch import ADMIN, PREFIX, Scratch, ScratchFailed, scratch, sweep

from tests.postgres.programs import programs
from tests.recovery.backing_up import scratch_place

pytestmark = [pytest.mark.anyio, pytest.mark.serial, pytest.mark.timeout(180)]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def place() -> Iterator[Path]:
    with scratch_place() as made:
        yield made


def postmaster(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "data" / "postmaster.pid").read_text().split()[0]))


async def test_it_listens_only_in_its_private_folder(place: Path) -> None:
    async with scratch(str(programs()), str(place)) as one:
        assert one.folder.stat().st_mode & 0o077 == 0
        with psycopg.connect(one.address(ADMIN, "postgres")) as own:
            row = own.execute("select current_setting('listen_addresses')").fetchone()
            assert row == ("",)
        process = postmaster(one.folder)
        assert process.uids().effective != 0
        assert not [c for c in process.net_connections("inet") if c.status == "LISTEN"]
    assert not process.is_running()


async def test_it_goes_when_its_task_is_cancelled(place: Path) -> None:
    there: asyncio.Queue[Scratch] = asyncio.Queue()

    async def use() -> None:
        async with scratch(str(programs()), str(place)) as one:
            there.put_nowait(one)
            await asyncio.Event().wait()

    task = asyncio.create_task(use())
    process = postmaster((await there.get()).folder)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not process.is_running()


CHILD = """
import asyncio, sys
from crisisdesk.recovery.scratch import scratch
async def use():
    async with scratch(sys.argv[1], sys.argv[2]) as one:
        print(one.folder, flush=True)
        await asyncio.Event().wait()
asyncio.run(use())
"""


async def test_it_goes_when_its_maker_is_killed(place: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(programs()), str(place)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    process = postmaster(Path(child.stdout.readline().strip()))
    child.kill()
    child.wait()
    child.stdout.close()
    assert psutil.wait_procs([process], timeout=60)[1] == []
    # The guard takes the files away; under root it may not take away the folder itself.
    for _ in range(600):
        sweep(str(place))
        if not list(place.iterdir()):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(list(place.iterdir()))


async def test_what_a_power_cut_left_is_swept_away_and_what_lives_is_not(place: Path) -> None:
    left = place / f"{PREFIX}old"
    (left / "data").mkdir(parents=True)
    other = place / "other"
    other.mkdir()
    async with scratch(str(programs()), str(place)) as one:
        assert not left.exists()
        sweep(str(place))
        assert one.folder.exists()
    assert list(place.iterdir()) == [other]
    other.rmdir()


async def test_programs_that_others_may_change_are_not_run(place: Path, tmp_path: Path) -> None:
    with pytest.raises(Malformed, match="not set at this station"):
        async with scratch("", str(place)):
            pass
    with pytest.raises(Malformed, match="initdb"):
        async with scratch(str(tmp_path), str(place)):
            pass
    for name in ("initdb", "postgres", "pg_restore"):
        (tmp_path / name).write_text("#!/bin/sh\necho no good >&2\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    if os.geteuid() != 0:
        with pytest.raises(ScratchFailed, match="no good"):
            async with scratch(str(tmp_path), str(place)):
                pass
    (tmp_path / "postgres").chmod(0o777)
    with pytest.raises(Malformed, match="others may write"):
        async with scratch(str(tmp_path), str(place)):
            pass
