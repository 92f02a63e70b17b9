"""A Postgres of one's own for a short while: in a private folder, reached through a socket in it.

It listens on no network, and goes with everything it held when it is let go of: at the end, when
the step is broken off, and by a guard of its own when this process dies. What a power cut leaves
behind is swept away before the next one is made.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any

from crisisdesk.domain.errors import Malformed

PREFIX = "crisisdesk-scratch-"
PROGRAMS = ("initdb", "postgres", "pg_restore")
ADMIN, RESTORER, DATABASE = "scratch", "restorer", "restored"
PORT = 5432
START_S, END_S, LOOK_S = 60.0, 15.0, 0.05
_NOT_SAFE = stat.S_IWGRP | stat.S_IWOTH
# Ends the server when its input closes, that is when this process is gone, however it went.
GUARD = (
    'read line; pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid"; '
    'while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; do sleep 0.1; done; rm -rf "$1"'
)
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "max_connections": "20",
    "shared_buffers": "64MB",
    # In the data folder, so that nothing stays in /dev/shm.
    "dynamic_shared_memory_type": "mmap",
    # It is thrown away: nothing of it must outlive a power cut.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_wal_size": "1GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class ScratchFailed(Exception):
    """It could not be made or used; told in words."""


def identity() -> dict[str, Any]:
    """Arguments for subprocess: an almost empty environment, and nobody instead of root, as whom
    Postgres refuses to run."""
    calm: dict[str, Any] = {
        "cwd": "/",
        "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        "start_new_session": True,
    }
    if os.geteuid() != 0:
        return calm
    nobody = pwd.getpwnam("nobody")
    return calm | {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def check_programs(folder: str) -> None:
    """Raises Malformed where the programs of a folder cannot be run, or others may change them."""
    if not folder:
        remedy = "name the folder of initdb under recovery.postgres in this station's settings"
        raise Malformed("postgres", "is not set at this station", remedy)
    for path in (Path(folder), *(Path(folder) / name for name in PROGRAMS)):
        try:
            told = path.stat()
        except OSError as error:
            remedy = "name the folder of initdb, postgres and pg_restore under recovery.postgres"
            raise Malformed("postgres", f"{path}: {error.strerror}", remedy) from None
        if told.st_mode & _NOT_SAFE or told.st_uid not in (0, os.geteuid()):
            raise Malformed("postgres", f"others may write to {path}", f"chmod go-w {path}")


class Scratch:
    """One that runs; made by `scratch`."""

    def __init__(self, programs: str, folder: Path) -> None:
        self._programs = Path(programs)
        self.folder = folder
        self._server: subprocess.Popen[bytes] | None = None

    def address(self, user: str, database: str) -> str:
        """For psycopg and libpq; there is no password, the folder is private."""
        return f"host='{self.folder}' port={PORT} user={user} dbname={database}"

    async def run(
        self, words: Sequence[str], say: Callable[[str], None], given: int | None = None
    ) -> int:
        """One of the programs to its end; its exit code. ``given`` is a descriptor to read from."""
        process = await asyncio.create_subprocess_exec(
            self._programs / words[0],
            *words[1:],
            stdin=asyncio.subprocess.DEVNULL if given is None else given,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            **identity(),
        )
        assert process.stdout is not None
        try:
            while data := await process.stdout.read(64 * 1024):
                say(data.decode("utf-8", "replace"))
            return await process.wait()
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()

    async def start(self) -> None:
        """Make its files and start it. Raises ScratchFailed."""
        said: list[str] = []
        data = self.folder / "data"
        made = ["initdb", "-D", str(data), "-U", ADMIN, "--auth=trust", "--no-sync"]
        code = await self.run([*made, "--encoding=UTF8", "--locale=C"], said.append)
        if code:
            raise ScratchFailed(f"initdb: exit code {code}: {_last(''.join(said))}")
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        options.append(f"--unix_socket_directories={self.folder}")
        log = self.folder / "log"
        with log.open("wb") as out:
            words = [str(self._programs / "postgres"), "-D", str(data), *options]
            self._server = _begun(words, subprocess.DEVNULL, out)
        until = asyncio.get_running_loop().time() + START_S
        while not _says_ready(data):
            if self._server.poll() is not None:
                why = _last(log.read_text(errors="replace"))
                raise ScratchFailed(f"the scratch server did not start: {why}")
            if asyncio.get_running_loop().time() > until:
                raise ScratchFailed(f"the scratch server was not ready in {START_S:.0f} s")
            await asyncio.sleep(LOOK_S)

    def end(self) -> None:
        """End it at once; what it held is worth nothing. Blocking for moments."""
        if self._server is None:
            return
        if self._server.poll() is None:
            self._server.send_signal(signal.SIGQUIT)
            try:
                self._server.wait(END_S)
            except subprocess.TimeoutExpired:
                os.killpg(self._server.pid, signal.SIGKILL)
                self._server.wait()
        self._server = None


@asynccontextmanager
async def scratch(programs: str, place: str) -> AsyncIterator[Scratch]:
    """One that runs, with its files in a private folder beneath ``place``.

    Raises Malformed for programs that may not be run, ScratchFailed where it does not start.
    """
    check_programs(programs)
    await asyncio.to_thread(sweep, place)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    told = identity()
    if "user" in told:
        os.chown(folder, told["user"], told["group"])
    held = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    fcntl.flock(held, fcntl.LOCK_EX)
    words = ["/bin/sh", "-c", GUARD, "guard", str(folder)]
    guard = _begun(words, subprocess.PIPE, subprocess.DEVNULL)
    made = Scratch(programs, folder)
    try:
        await made.start()
        yield made
    finally:
        await _let_go(made, guard, held)


def _begun(words: Sequence[str], given: int, out: int | IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - checked programs with fixed words
        words, stdin=given, stdout=out, stderr=out, **identity()
    )


async def _let_go(made: Scratch, guard: subprocess.Popen[bytes], held: int) -> None:
    """Not broken off by being cancelled: a server must not stay behind."""
    going = asyncio.get_running_loop().run_in_executor(None, _end_all, made, guard, held)
    try:
        await asyncio.shield(going)
    except asyncio.CancelledError:
        await going
        raise


def _end_all(made: Scratch, guard: subprocess.Popen[bytes], held: int) -> None:
    try:
        made.end()
        assert guard.stdin is not None
        guard.stdin.close()
        guard.wait()
        shutil.rmtree(made.folder, ignore_errors=True)
    finally:
        os.close(held)


def sweep(place: str) -> None:
    """Take away what earlier ones left that nobody holds any more; blocking."""
    for folder in Path(place).glob(f"{PREFIX}*"):
        try:
            held = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_DIRECTORY)
        except OSError:
            continue  # somebody else's, or it went meanwhile
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(held)


def _says_ready(data: Path) -> bool:
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"
