"""A real Postgres of one's own: started, broken, copied and ended by the tests."""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import psutil
import psycopg
from psycopg import sql

from tests.postgres.programs import give_away, identity, programs

START_S = 30.0
ADMIN = "admin"
IPC_RMID = 0
# A parent that dies by kill -9 closes this pipe; then the server of its tests ends as well.
GUARD = 'read line; pid=$(head -n 1 "$1/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid"'
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "32MB",
    # In the data folder, so that nothing stays in /dev/shm after a kill.
    "dynamic_shared_memory_type": "mmap",
    "max_wal_size": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class PostgresServer:
    """One Postgres on a free loopback port, in a temporary folder, as nobody when root starts it.

    With ``fsync`` False (the default) a kill of the server loses nothing that the kernel was given,
    a power cut would; True makes it as careful as in production. ``bin_folder`` is that of another
    Postgres than the one `programs` finds. Used as a context, it starts and
    leaves neither processes nor files.
    """

    def __init__(
        self,
        *,
        fsync: bool = False,
        settings: Mapping[str, str] | None = None,
        port: int = 0,
        bin_folder: Path | None = None,
    ) -> None:
        self._bin = bin_folder or programs()
        self.folder = Path(tempfile.mkdtemp(prefix="crisisdesk-pg-"))
        give_away(self.folder)
        self.data = self.folder / "data"
        self.password = secrets.token_hex(12)
        self.port = port or _free_port()
        switch = "on" if fsync else "off"
        self._settings = SETTINGS | {"fsync": switch, "full_page_writes": switch}
        self._settings.update(settings or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self._numbers = 0

    def __enter__(self) -> PostgresServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()

    # -- running -----------------------------------------------------------------------------

    @property
    def pid(self) -> int:
        """Of the postmaster; raises RuntimeError when it does not run."""
        if not self.is_running or self._process is None:
            raise RuntimeError("Postgres is not running")
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the postmaster lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and come back when it takes connections; the first time it makes its files."""
        if self.is_running:
            raise RuntimeError("Postgres is running already")
        if not self.data.exists():
            self._initialise()
        deadline = monotonic() + START_S
        while not self._started(deadline):
            if "could not bind" not in self.log_tail():
                raise RuntimeError(f"Postgres did not start: {self.log_tail()}")
            self.port = _free_port()
        if self._guard is None:
            self._guard = subprocess.Popen(
                ["/bin/sh", "-c", GUARD, "guard", str(self.data)],
                stdin=subprocess.PIPE,
                **self._quiet(),
            )

    def stop(self) -> None:
        """Let it end in order, cutting off its clients."""
        self._end(signal.SIGINT)

    def stop_at_once(self) -> None:
        """As ``pg_ctl stop -m immediate``: like a crash, it recovers at the next start."""
        self._end(signal.SIGQUIT)

    def kill(self) -> None:
        """kill -9 of the postmaster and all its processes."""
        processes = [psutil.Process(self.pid)]
        # Stopped first, so that it starts no new ones meanwhile.
        processes[0].suspend()
        processes += processes[0].children(recursive=True)
        for process in processes:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self._end(signal.SIGKILL)
        psutil.wait_procs(processes, timeout=START_S)
        self._free_segment()

    def restart(self) -> None:
        """Stop in order and start again, at the same address."""
        self.stop()
        self.start()

    def remove(self) -> None:
        """End it and take its files away; may be repeated."""
        if self.is_running:
            self.stop_at_once()
        if self._guard is not None:
            guard, self._guard = self._guard, None
            if guard.stdin is not None:
                guard.stdin.close()
            guard.wait(START_S)
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- databases ---------------------------------------------------------------------------

    def dsn(
        self,
        database: str = "postgres",
        *,
        user: str = ADMIN,
        password: str | None = None,
        port: int = 0,
    ) -> str:
        """How to connect; ``port`` is that of a proxy before it, when there is one."""
        return psycopg.conninfo.make_conninfo(
            host="127.0.0.1",
            port=port or self.port,
            dbname=database,
            user=user,
            password=self.password if password is None else password,
        )

    def create_database(self, template: str = "template1") -> str:
        """A fresh database, a copy of ``template``; its name."""
        self._numbers += 1
        name = f"d{os.getpid()}_{self._numbers}"
        self.copy_database(template, name)
        return name

    def copy_database(self, template: str, name: str) -> None:
        """Make ``name`` from ``template``; who is still connected to that is cut off."""
        self._run(
            sql.SQL(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}"
            ).format(sql.Literal(template))
        )
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )

    def drop_database(self, name: str) -> None:
        """Drop it with whoever is connected to it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    # -- backups -----------------------------------------------------------------------------

    def base_backup(self) -> Path:
        """A copy of the whole cluster, taken while it runs; goes with the server's folder."""
        self._numbers += 1
        target = self.folder / f"backup-{self._numbers}"
        self._program(
            ["pg_basebackup", "-D", target, "-d", self.dsn(), "--checkpoint=fast", "--no-sync"]
        )
        return target

    def put_back(self, backup: Path) -> None:
        """Kill it when it runs, and start it from a base backup instead of its data."""
        if self.is_running:
            self.kill()
        shutil.rmtree(self.data)
        subprocess.run(["cp", "-a", backup, self.data], check=True)
        self.start()

    def log_tail(self, lines: int = 15) -> str:
        """The last lines that Postgres wrote."""
        try:
            text = (self.folder / "postgres.log").read_text(errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(text.splitlines()[-lines:])

    # -- inside ------------------------------------------------------------------------------

    def _initialise(self) -> None:
        given = self.folder / "password"
        given.write_text(self.password)
        give_away(given)
        options = "--encoding=UTF8 --locale=C --auth=scram-sha-256 --no-sync"
        self._program(
            ["initdb", "-D", self.data, "-U", ADMIN, f"--pwfile={given}", *options.split()]
        )
        given.unlink()

    def _program(self, command: list[Any]) -> None:
        ran = subprocess.run(
            [self._bin / command[0], *command[1:]],
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            **identity(),
        )
        if ran.returncode:
            raise RuntimeError(f"{command[0]} failed: {ran.stderr.decode(errors='replace')}")

    def _quiet(self) -> dict[str, Any]:
        quiet = subprocess.DEVNULL
        return {"stdout": quiet, "stderr": quiet, "start_new_session": True, **identity()}

    def _started(self, deadline: float) -> bool:
        options = [f"--{name}={value}" for name, value in self._settings.items()]
        with (self.folder / "postgres.log").open("wb") as out:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self.data, f"--port={self.port}", *options],
                **self._quiet() | {"stdin": subprocess.DEVNULL, "stderr": out},
            )
        while monotonic() < deadline:
            if self._process.poll() is not None:
                return False
            if self._says_ready():
                return True
            sleep(0.01)
        self.kill()
        raise RuntimeError(f"Postgres was not ready in {START_S:.0f} s: {self.log_tail()}")

    def _says_ready(self) -> bool:
        lines = self._pid_file()
        return (
            len(lines) > 7
            and self._process is not None
            and lines[0] == str(self._process.pid)
            and lines[7].strip() == "ready"
        )

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait(START_S)
        self._process = None

    def _free_segment(self) -> None:
        """The few bytes of shared memory by which Postgres knows that it runs outlive a kill."""
        lines = self._pid_file()
        if len(lines) > 6 and len(words := lines[6].split()) == 2:
            ctypes.CDLL(None).shmctl(int(words[1]), IPC_RMID, None)

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            connection.execute(statement)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
