"""Two real servers that are handed over by the shipped hook, adapted as a user would."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import psycopg

from crisisdesk.settings.places import resource_path

from tests.postgres.programs import give_away, identity, programs
from tests.postgres.server import ADMIN, GUARD, SETTINGS, PostgresServer

HOOK = "hooks/postgres-hook.sh"
BEGIN, END = "# --- adapt from here", "# --- to here"
NAMES = ("db1", "db2")
# For pg_rewind: hints in the log, whole pages, and the log since both were one.
NEEDED = {"wal_log_hints": "on", "full_page_writes": "on", "wal_keep_size": "256MB"}
ROWS = "create table orders (id int primary key, paid numeric(10, 2), what text)"
ONE = "insert into orders values (%s, %s / 100.0, md5(%s::text))"
# The same rows as `ONE` writes them, up to a number.
ALL = "select n as id, (n / 100.0)::numeric(10, 2) as paid, md5(n::text) as what"


class Pair:
    """Servers db1 and db2. db1 begins as the primary; db2 is made by the hook."""

    def __init__(self, folder: Path) -> None:
        self.servers = {name: PostgresServer(settings=NEEDED) for name in NAMES}
        self.servers["db2"].password = self.servers["db1"].password
        self.options = " ".join(
            f"-c {name}='{value}'" for name, value in (SETTINGS | NEEDED | {"fsync": "off"}).items()
        )
        self.clients = folder / "clients"
        self.hook = folder / "hook"
        self.folder = folder
        self._guards: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """db1 with a table, db2 following it."""
        first = self.servers["db1"]
        first.start()
        with psycopg.connect(first.dsn(), autocommit=True) as own:
            own.execute(ROWS.encode())
            # In the files: pg_rewind lets the server recover without what it was started with.
            for name, value in NEEDED.items():
                own.execute(f"alter system set {name} = '{value}'".encode())
        self._write_hook()
        self.run("rejoin", "db2", "db1")
        self.run("clients", "db1")
        for server in self.servers.values():
            words = ["/bin/sh", "-c", GUARD, "guard", str(server.data)]
            self._guards.append(subprocess.Popen(words, stdin=subprocess.PIPE, **identity()))

    def run(self, *words: str) -> None:
        """The hook by hand."""
        subprocess.run(
            [self.hook, *words], check=True, env={}, cwd="/", timeout=120, capture_output=True
        )

    def dsn(self, name: str) -> str:
        """As administrator, with the password."""
        return self.servers[name].dsn()

    def address(self, name: str) -> str:
        """Without the password."""
        return without_password(self.dsn(name))

    @property
    def password(self) -> str:
        """Of both."""
        return self.servers["db1"].password

    def kill(self, name: str) -> None:
        """kill -9 of all its processes, whoever started it."""
        server = self.servers[name]
        if server.is_running:
            server.kill()
            return
        pid = int((server.data / "postmaster.pid").read_text().splitlines()[0])
        kill_tree(pid)

    def remove(self) -> None:
        """End both, whoever started them, and take their files away."""
        for name, server in self.servers.items():
            if self.hook.exists() and server.data.exists():
                self.run("stop", name)
            server.remove()
        for guard in self._guards:
            assert guard.stdin is not None
            guard.stdin.close()
            guard.wait()

    def _write_hook(self) -> None:
        text = resource_path("procedures").joinpath(HOOK).read_text(encoding="utf-8")
        before, _, rest = text.partition(BEGIN)
        after = rest.partition(END)[2].partition("\n")[2]
        passfile = self.servers["db1"].folder / "pgpass"
        passfile.write_text(f"*:*:*:{ADMIN}:{self.password}\n")
        passfile.chmod(0o600)
        give_away(passfile)
        places = "\n".join(
            f"    {name}) data={server.data} port={server.port} ;;"
            for name, server in self.servers.items()
        )
        who = "setpriv --reuid=nobody --regid=nogroup --clear-groups " if os.geteuid() == 0 else ""
        own = f"""bin={programs()}
clients_file={self.clients}
place() {{
    case "$1" in
{places}
    *) echo "unknown server: $1" >&2; exit 2 ;;
    esac
    source="host=127.0.0.1 port=$port user={ADMIN} dbname=postgres passfile={passfile}"
}}
as_postgres() {{ {who}"$@"; }}
options="{self.options}"
"""
        self.hook.write_text(before + own + after)
        self.hook.chmod(0o755)


def without_password(dsn: str) -> str:
    """An address as settings hold it."""
    told = psycopg.conninfo.conninfo_to_dict(dsn)
    kept = {name: str(value) for name, value in told.items() if name != "password"}
    return psycopg.conninfo.make_conninfo("", **kept)


def kill_tree(pid: int) -> None:
    """kill -9 of a postmaster and its children."""
    import psutil

    processes = [psutil.Process(pid)]
    processes[0].suspend()
    processes += processes[0].children(recursive=True)
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(processes, timeout=30)


@contextmanager
def pair_in(folder: Path) -> Iterator[Pair]:
    """Both running; ended at the end."""
    made = Pair(folder)
    try:
        made.start()
        yield made
    finally:
        made.remove()


class Load:
    """Rows one after the other, each its own commit, until the server is gone."""

    def __init__(self, dsn: str, begin: int) -> None:
        self._dsn = dsn
        self.last = begin - 1
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> Load:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _write(self) -> None:
        try:
            with psycopg.connect(self._dsn, autocommit=True) as own:
                while not self._ended.is_set():
                    n = self.last + 1
                    own.execute(ONE.encode(), (n, n, n))
                    self.last = n
        except psycopg.OperationalError:
            return

    def wait_for(self, count: int, within_s: float = 60.0) -> None:
        """Until so many more are committed."""
        end, wanted, pause = monotonic() + within_s, self.last + count, threading.Event()
        while self.last < wanted:
            assert monotonic() < end, "the load does not write"
            assert self._thread.is_alive(), "the load ended early"
            pause.wait(0.01)
