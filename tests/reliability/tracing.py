"""System calls of a real writer, by strace: what it wrote where, and errors put in its way."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.reliability.tiers import ROOT

CALLS = "openat,pwrite64,write,ftruncate,fdatasync,fsync,rename,renameat,renameat2,unlink,unlinkat"


@functools.cache
def why_not() -> str:
    """Why nothing can be traced here; empty when it can."""
    if sys.platform != "linux" or shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(
        ["strace", "-qq", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False
    )
    return "" if tried.returncode == 0 else f"tracing is not permitted: {tried.stderr.strip()}"


def traced(folder: Path, groups: int, seed: int, trace: Path, *options: str) -> list[str]:
    """Run the writer under strace; its lines. ``options`` ending in ``normal`` go to the writer."""
    mode = [o for o in options if o == "normal"]
    more = [o for o in options if o != "normal"]
    command = ["strace", "-f", "-qq", "-y", "-xx", "-s", "200000", "-o", str(trace)]
    command += ["-e", f"trace={CALLS}", *more]
    command += [sys.executable, "-m", "tests.reliability.writer"]
    command += [str(folder), str(groups), str(seed), *mode]
    ran = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    if not ran.stdout and "injected" not in " ".join(options) and not more:
        raise AssertionError(f"the writer said nothing: {ran.stderr[-2000:]}")
    return ran.stdout.splitlines()


@dataclass(frozen=True, slots=True)
class Call:
    """One call that ended well: what it was, the file, its bytes and where they went.

    ``kind`` is write, truncate, flush, create, rename, unlink or said (on stdout).
    """

    kind: str
    path: str
    data: bytes = b""
    at: int = 0
    other: str = ""


_LINE = re.compile(r"^\d+\s+(\w+)\((.*)\)\s+= (-?\d+)(?:<([^>]*)>)?(.*)$")
_HEX = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def _text(hexed: str) -> bytes:
    return bytes.fromhex(hexed.replace("\\x", ""))


def _path(arguments: str) -> str:
    """The first ``fd<path>``, or the first quoted text."""
    found = re.match(r"-?\d+<([^>]*)>", arguments)
    return _unhexed(found[1]) if found else ""


def _unhexed(name: str) -> str:
    return _text(name).decode() if name.startswith("\\x") else name


def calls_of(trace: Path) -> Iterator[Call]:
    """Every call on a file, in order."""
    with trace.open(encoding="ascii") as lines:
        for line in lines:
            found = _LINE.match(line)
            if found is None or int(found[3]) < 0:
                continue
            call = _call(found[1], found[2], int(found[3]), found[4] or "")
            if call is not None:
                yield call


def _call(name: str, arguments: str, result: int, opened: str) -> Call | None:
    path = _path(arguments)
    if name in {"pwrite64", "write"}:
        data = _text(_HEX.findall(arguments)[0])[:result]
        if arguments.startswith("1<"):
            return Call("said", "", data)
        at = int(arguments.rpartition(",")[2]) if name == "pwrite64" else -1
        return Call("write", path, data, at)
    if name == "ftruncate":
        return Call("truncate", path, at=int(arguments.rpartition(",")[2]))
    if name in {"fdatasync", "fsync"}:
        return Call("flush", path)
    quoted = [_text(text).decode() for text in _HEX.findall(arguments)]
    if name.startswith("rename"):
        return Call("rename", quoted[0], other=quoted[1])
    if name.startswith("unlink"):
        return Call("unlink", quoted[0])
    if "O_CREAT" in arguments:
        return Call("create", _unhexed(opened), other="O_TRUNC" if "O_TRUNC" in arguments else "")
    return None
