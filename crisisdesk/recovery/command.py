"""Steps that run a program of this machine: one that the station's settings name, and no other.

The file is read once: what is hashed is what runs, from sealed memory, whatever becomes of the file
meanwhile. There is no shell; arguments are handed over as they are, the environment is empty, the
input closed, the session its own. When time is up the whole process group is killed.
"""

from __future__ import annotations

import asyncio
import codecs
import errno
import fcntl
import hashlib
import os
import re
import signal
import stat
from collections.abc import Callable, Mapping
from typing import Any

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.recovery.ahead import masked_args
from crisisdesk.domain.redaction import redact
from crisisdesk.engine.recovery_ports import Done, Job

LARGEST = 256 * 1024 * 1024
LINE_LIMIT = 2_000
CHUNK = 64 * 1024
# How long what the program left behind may still hold its output open.
LEFT_BEHIND_S = 1.0
_SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
BUSY_TRIES = 5
KEY_ENDS = "-----END"
_KEY_BEGINS = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


class CommandExecutor:
    """Implements `engine.recovery_ports.Executor`; ``allowed`` maps paths to SHA-256 in hex."""

    def __init__(self, allowed: Mapping[str, str]) -> None:
        self._allowed = dict(allowed)

    @property
    def executables(self) -> frozenset[str]:
        """The paths that may be run."""
        return frozenset(self._allowed)

    def check(self, step: Mapping[str, Any]) -> str:
        """What would be run; raises Malformed for what may not."""
        path, args = self._read(step)
        os.close(self._sealed(path))
        told = " ".join(map(repr, masked_args(args)))
        return f"would run {path} with {len(args)} arguments: {told}"[:500]

    def entry(self, step: Mapping[str, Any]) -> str:
        """The path and the hash that it is allowed with."""
        path, _args = self._read(step)
        return f'recovery.commands "{path}" = "{self._allowed[path].lower()}"'

    async def look(self, job: Job) -> None:
        """A program is never run to look."""

    async def execute(self, job: Job) -> Done:
        """Run it once."""
        path, args = self._read(job.step)
        handle = await asyncio.to_thread(self._sealed, path)
        output = Output(job.say)
        try:
            await output.begin()
            process = await _started(path, args, handle, output.handle)
            output.hand_over()
            return await _watched(process, job, output)
        except OSError as error:
            words = f"{path} could not be started: {error.strerror}"
            return Done(outcome="failed", words=words)
        finally:
            os.close(handle)
            await output.close()

    async def aclose(self) -> None:
        """Nothing is kept open."""

    def _read(self, step: Mapping[str, Any]) -> tuple[str, list[str]]:
        path, args = step.get("command"), step.get("args", [])
        if not isinstance(path, str) or path not in self._allowed:
            remedy = "name it under recovery.commands in this station's settings"
            raise Malformed("command", f"{path!r:.200} may not be run here", remedy)
        if not isinstance(args, list) or any(not isinstance(a, str) or "\0" in a for a in args):
            raise Malformed("args", "are no list of texts", "write [a, b]")
        return path, args

    def _sealed(self, path: str) -> int:
        """The file's bytes as a descriptor that nobody can write to; blocking."""
        try:
            found = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            words = "is a link" if error.errno == errno.ELOOP else f"{error.strerror}"
            remedy = "name the very file in settings and procedure"
            raise Malformed("command", f"{path} cannot be opened: {words}", remedy) from None
        try:
            told = os.fstat(found)
            if not stat.S_ISREG(told.st_mode) or told.st_size > LARGEST:
                raise Malformed("command", f"{path} is no program file", "name a file")
            if told.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                raise Malformed("command", f"others may write to {path}", f"chmod go-w {path}")
            if not told.st_mode & 0o111:
                raise Malformed("command", f"{path} is not executable", f"chmod +x {path}")
            return self._copied(path, found)
        finally:
            os.close(found)

    def _copied(self, path: str, found: int) -> int:
        made = os.memfd_create("step", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        try:
            digest, size = hashlib.sha256(), 0
            while data := os.read(found, 1 << 20):
                digest.update(data)
                size += len(data)
                if size > LARGEST:
                    raise Malformed("command", f"{path} is too large", "name another file")
                while data:
                    data = data[os.write(made, data) :]
            if digest.hexdigest() != self._allowed[path].lower():
                remedy = "look who changed it; then allow its new hash in this station's settings"
                words = f"{path} is not the file that was allowed: it now has {digest.hexdigest()}"
                raise Malformed("command", words, remedy)
            os.fchmod(made, 0o500)
            fcntl.fcntl(made, fcntl.F_ADD_SEALS, _SEALS)
            # A file that is open for writing anywhere is not executed.
            return os.open(f"/proc/self/fd/{made}", os.O_RDONLY | os.O_CLOEXEC)
        finally:
            os.close(made)


async def _started(
    path: str, args: list[str], handle: int, output: int
) -> asyncio.subprocess.Process:
    tries = BUSY_TRIES
    while True:
        try:
            return await asyncio.create_subprocess_exec(
                path,
                *args,
                executable=f"/proc/self/fd/{handle}",
                pass_fds=(handle,),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={},
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            tries -= 1
            # Another thread's child may hold the writing end for a moment, between fork and exec.
            if error.errno != errno.ETXTBSY or not tries:
                raise
            await asyncio.sleep(0.05)


class Output:
    """What a program and its children say, read until nobody of them can say more.

    A pipe of its own: that of asyncio's processes would make their end wait for the pipe's.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self.lines = Lines(say)
        read, self.handle = os.pipe2(os.O_CLOEXEC)
        self._is_mine = True
        self._stream = asyncio.StreamReader()
        self._file = os.fdopen(read, "rb", buffering=0)
        self._transport: asyncio.ReadTransport | None = None
        self._reading: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Read on, before anybody writes."""
        loop = asyncio.get_running_loop()
        protocol = asyncio.StreamReaderProtocol(self._stream)
        self._transport, _ = await loop.connect_read_pipe(lambda: protocol, self._file)
        self._reading = loop.create_task(self._read())

    def hand_over(self) -> None:
        """The writing end is the program's alone from now on."""
        if self._is_mine:
            self._is_mine = False
            os.close(self.handle)

    async def _read(self) -> None:
        while data := await self._stream.read(CHUNK):
            self.lines.take(data)

    async def end(self, group: int) -> None:
        """Take what is left; whoever of the group still holds it open goes."""
        assert self._reading is not None
        done, _ = await asyncio.wait({self._reading}, timeout=LEFT_BEHIND_S)
        if not done:
            _kill(group)
            await asyncio.wait({self._reading}, timeout=LEFT_BEHIND_S)
        self.lines.end()

    async def close(self) -> None:
        """Let go of both ends."""
        self.hand_over()
        if self._reading is None:
            self._file.close()
            return
        self._reading.cancel()
        await asyncio.wait({self._reading})
        if self._transport is not None:
            self._transport.close()


async def _watched(process: asyncio.subprocess.Process, job: Job, output: Output) -> Done:
    code: int | None = None
    try:
        async with asyncio.timeout(job.timeout_s):
            code = await process.wait()
    except TimeoutError:
        _kill(process.pid)
        await process.wait()
    except asyncio.CancelledError:
        _kill(process.pid)
        await process.wait()
        raise
    await output.end(process.pid)
    if code is None:
        words = f"stopped after {job.timeout_s:g} s; what it had done by then is not known"
        return Done(outcome="unknown", words=words)
    return _verdict(code, output.lines.last)


def _verdict(code: int, last: str) -> Done:
    if code == 0:
        return Done(outcome="ok", words="ended with exit code 0")
    if code < 0:
        words = f"ended by signal {-code}; what it had done by then is not known"
        return Done(outcome="unknown", words=words)
    return Done(outcome="failed", words=f"exit code {code}{': ' if last else ''}{last}"[:400])


def _kill(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it is gone already, and all that it began


class Lines:
    """Bytes as they come, told line by line, without secrets and without control characters."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._is_key = False
        self.last = ""

    def take(self, data: bytes) -> None:
        """Some more of them."""
        self._rest += self._decoder.decode(data)
        *whole, self._rest = self._rest.split("\n")
        for line in whole:
            self._tell(line)
        while len(self._rest) > LINE_LIMIT:
            self._tell(self._rest[:LINE_LIMIT])
            self._rest = self._rest[LINE_LIMIT:]

    def end(self) -> None:
        """There are no more."""
        rest, self._rest = self._rest + self._decoder.decode(b"", final=True), ""
        if rest:
            self._tell(rest)

    def _tell(self, line: str) -> None:
        if self._is_key:
            # Of a private key each line would look harmless by itself.
            self._is_key = KEY_ENDS not in line
            return
        self._is_key = bool(_KEY_BEGINS.search(line)) and KEY_ENDS not in line
        for start in range(0, max(1, len(line)), LINE_LIMIT):
            part = redact(line[start : start + LINE_LIMIT])
            plain = "".join(c if c.isprintable() or c == "\t" else "?" for c in part.rstrip("\r"))
            self._say(plain + "\n")
            if plain.strip():
                self.last = plain.strip()
