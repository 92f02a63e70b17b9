"""Steps that run a program: the very file, the very arguments, nothing else of this machine."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from crisisdesk.domain.errors import DomainError, Malformed
from crisisdesk.domain.recovery.parameters import checked_arguments, filled, read_parameters
from crisisdesk.engine.recovery_ports import Done, Job
from crisisdesk.recovery.command import CommandExecutor, Lines

from tests.recovery.hostile import arguments
from tests.reliability.tiers import scaled

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def script(folder: Path, text: str, name: str = "tool") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


class Ran:
    """One execution and what it said."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.done: Done | None = None

    async def go(self, path: Path, *args: str, timeout_s: float = 60.0) -> Done:
        executor = CommandExecutor({str(path): hash_of(path)})
        step = {"step_id": "x", "kind": "command", "command": str(path), "args": list(args)}
        job = Job(step=step, timeout_s=timeout_s, say=self.said.append)
        self.done = await executor.execute(job)
        return self.done

    @property
    def text(self) -> str:
        return "".join(self.said)


async def test_a_program_gets_its_arguments_and_nothing_else(tmp_path: Path) -> None:
    os.environ["RECOVERY_TEST_LEAK"] = "leaked"
    path = script(
        tmp_path,
        'printf "%s|" "$#" "$@"; echo; /usr/bin/env | /bin/grep -c LEAK; pwd; '
        "cat; /bin/ps -o sid= -p $$ >/dev/null; echo end",
    )
    ran = Ran()
    try:
        done = await ran.go(path, "a b", "$(id)", "*", "-x")
    finally:
        del os.environ["RECOVERY_TEST_LEAK"]
    assert (done.outcome, done.words) == ("ok", "ended with exit code 0")
    assert ran.text.splitlines() == ["4|a b|$(id)|*|-x|", "0", "/", "end"]


async def test_a_binary_runs_too_with_an_empty_environment(tmp_path: Path) -> None:
    path = tmp_path / "env"
    path.write_bytes(Path("/usr/bin/env").read_bytes())
    path.chmod(0o755)
    ran = Ran()
    assert (await ran.go(path)).outcome == "ok"
    assert ran.text == ""


async def test_a_thousand_hostile_arguments_arrive_as_they_are_or_not_at_all(
    tmp_path: Path,
) -> None:
    """Through every type, into an argument and behind an option: one word there, and no more."""
    path = script(tmp_path, 'printf "%s\\0" "$@"')
    executor = CommandExecutor({str(path): hash_of(path)})
    shell = Path("/bin/sh").stat().st_mtime_ns
    declared = read_parameters(
        {"t": {"type": "text"}, "n": {"type": "name"}, "h": {"type": "host"}}, "parameters"
    )
    taken = refused = 0
    for value in arguments(1_000):
        for one in declared:
            try:
                given = checked_arguments((one,), {one.name: value})
            except DomainError:
                refused += 1
                continue
            taken += 1
            args = filled([f"{{{one.name}}}", f"--to={{{one.name}}}"], given)
            kept = given[one.name]
            assert args == [kept, f"--to={kept}"]
            assert not kept.startswith("-")
            assert kept.isprintable()
            step = {"command": str(path), "args": args}
            assert f"with 2 arguments: {args[0]!r}"[:300] in executor.check(step)
            await _arrives(executor, step, args)
    assert taken > 100
    assert refused > 1_000
    assert Path("/bin/sh").stat().st_mtime_ns == shell


async def _arrives(executor: CommandExecutor, step: dict[str, Any], args: list[str]) -> None:
    raw: list[str] = []
    done = await executor.execute(Job(step=step, timeout_s=60, say=raw.append))
    assert done.outcome == "ok"
    # A NUL ends each argument; it is shown as what cannot be printed, and may be masked.
    if "***" not in "".join(raw):
        assert "".join(raw) == "".join(f"{arg}?" for arg in args) + "\n"


async def test_only_the_very_file_that_was_allowed_runs(tmp_path: Path) -> None:
    path, mark = script(tmp_path, "echo good"), tmp_path / "mark"
    executor = CommandExecutor({str(path): hash_of(path).upper()})
    step = {"command": str(path), "args": []}
    assert executor.check(step).startswith("would run")
    path.write_text(f"#!/bin/sh\ntouch {mark}\n")
    job = Job(step=step, timeout_s=60, say=print)
    with pytest.raises(Malformed, match="is not the file that was allowed"):
        await executor.execute(job)
    link = tmp_path / "link"
    link.symlink_to(path)
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, words in (
        (link, "is a link"),
        (folder, "is no program file"),
        (tmp_path / "gone", "cannot be opened"),
    ):
        other = CommandExecutor({str(name): "0" * 64})
        with pytest.raises(Malformed, match=words):
            await other.execute(Job(step={"command": str(name)}, timeout_s=60, say=print))
    for mode, words in ((0o775, "others may write"), (0o644, "is not executable")):
        path.chmod(mode)
        allowed = CommandExecutor({str(path): hash_of(path)})
        with pytest.raises(Malformed, match=words):
            await allowed.execute(job)
    assert not mark.exists()


async def test_a_file_that_is_swapped_while_it_starts_makes_no_difference(
    tmp_path: Path,
) -> None:
    """What was hashed is what runs: the descriptor of the copy, not the path."""
    path = script(tmp_path, "echo good")
    executor = CommandExecutor({str(path): hash_of(path)})
    handle = executor._sealed(str(path))
    path.write_text("#!/bin/sh\necho bad\n")
    try:
        assert os.pread(handle, 100, 0) == b"#!/bin/sh\necho good\n"
        with pytest.raises(OSError, match="not permitted"):
            os.truncate(f"/proc/self/fd/{handle}", 0)
    finally:
        os.close(handle)


@pytest.mark.parametrize(
    "step",
    [
        {},
        {"command": 5},
        {"command": "/bin/sh"},
        {"command": "tool"},
        {"command": "ALLOWED", "args": "x"},
        {"command": "ALLOWED", "args": [5]},
        {"command": "ALLOWED", "args": ["a\0b"]},
    ],
)
async def test_steps_of_a_foreign_log_are_refused(tmp_path: Path, step: dict[str, Any]) -> None:
    path = script(tmp_path, "echo x")
    told = {k: str(path) if v == "ALLOWED" else v for k, v in step.items()}
    executor = CommandExecutor({str(path): hash_of(path)})
    with pytest.raises(Malformed):
        executor.check(told)
    with pytest.raises(Malformed):
        await executor.execute(Job(step=told, timeout_s=60, say=print))


async def test_when_time_is_up_the_whole_group_goes(tmp_path: Path) -> None:
    child = tmp_path / "child"
    path = script(tmp_path, f"echo begun\n(echo $$ > {child}; exec /bin/sleep 600) &\nwait")
    ran = Ran()
    done = await ran.go(path, timeout_s=1.5)
    assert done.outcome == "unknown"
    assert "stopped after 1.5 s" in done.words
    assert not any(_is_of(tmp_path, pid) for pid in _processes())


async def test_what_it_leaves_behind_does_not_hold_the_step(tmp_path: Path) -> None:
    path = script(tmp_path, "/bin/sleep 600 &\necho done")
    ran = Ran()
    assert (await ran.go(path)).outcome == "ok"
    assert ran.text == "done\n"


async def test_a_step_that_is_given_up_is_killed(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    path = script(tmp_path, f"echo $$ > {pid_file}\necho begun\nexec /bin/sleep 600")
    ran = Ran()
    task = asyncio.get_running_loop().create_task(ran.go(path))
    while not ran.said:
        await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not Path(f"/proc/{pid_file.read_text().strip()}").exists()


async def test_how_it_ended(tmp_path: Path) -> None:
    failed = await Ran().go(script(tmp_path, "echo first; echo no standby >&2; exit 3"))
    assert (failed.outcome, failed.words) == ("failed", "exit code 3: no standby")
    killed = await Ran().go(script(tmp_path, "kill -9 $$"))
    assert (killed.outcome, killed.words[:17]) == ("unknown", "ended by signal 9")
    broken = tmp_path / "broken"
    broken.write_bytes(b"\x7fELF nonsense")
    broken.chmod(0o755)
    assert (await Ran().go(broken)).outcome == "failed"


async def test_output_is_without_secrets_and_control_characters(tmp_path: Path) -> None:
    ran = Ran()
    await ran.go(
        script(tmp_path, "printf 'password=hunter2secret\\n\\033[2Jcleared\\nno end \\377'")
    )
    assert ran.text == "password=***\n?[2Jcleared\nno end �\n"


async def test_much_output_is_taken_to_its_end(tmp_path: Path) -> None:
    count = scaled(20_000, 200_000)
    ran = Ran()
    code = f"for n in range({count}): print('line', n)"
    path = tmp_path / "many"
    path.write_text(f"#!{sys.executable}\n{code}\n")
    path.chmod(0o755)
    assert (await ran.go(path)).outcome == "ok"
    assert ran.text.splitlines()[-1] == f"line {count - 1}"


def test_a_private_key_is_not_told_line_by_line() -> None:
    said: list[str] = []
    lines = Lines(said.append)
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAAAA\n-----END RSA PRIVATE KEY-----\n"
    lines.take(f"before\n{key}after\n".encode())
    assert said == ["before\n", "***\n", "after\n"]


def test_lines_are_bounded_and_cut_between_characters() -> None:
    said: list[str] = []
    lines = Lines(said.append)
    data = ("é" * 3_000).encode()
    lines.take(data[:2_001])
    lines.take(data[2_001:])
    lines.end()
    lines.end()
    assert "".join(said).replace("\n", "") == "é" * 3_000
    assert max(map(len, said)) <= 2_001


def _processes() -> list[int]:
    return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit()]


def _is_of(folder: Path, pid: int) -> bool:
    """Whether it is the child that wrote its number there."""
    told = folder / "child"
    return told.exists() and told.read_text().strip() == str(pid)


async def test_a_program_is_not_run_to_look_and_its_entry_names_its_hash(tmp_path: Path) -> None:
    path = script(tmp_path, f"touch {tmp_path}/mark")
    executor = CommandExecutor({str(path): hash_of(path).upper()})
    told = {"command": str(path), "args": []}
    job = Job(step=told, timeout_s=5, say=print)
    looked: object = await executor.look(job)  # type: ignore[func-returns-value]
    assert (looked, (tmp_path / "mark").exists()) == (None, False)
    assert executor.entry(told) == f'recovery.commands "{path}" = "{hash_of(path)}"'
    path.write_text("#!/bin/sh\ntrue\n")
    with pytest.raises(Malformed, match=f"it now has {hash_of(path)}"):
        executor.check(told)
