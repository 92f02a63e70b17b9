"""The server of the tests: it takes work, survives what it is put through and leaves nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest

from tests.postgres import programs as finding
from tests.postgres.server import PostgresServer

pytestmark = pytest.mark.serial


def ask(dsn: str, question: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def make_kept(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")


def test_a_database_is_a_copy_of_its_template(postgres: PostgresServer) -> None:
    template = postgres.create_database()
    make_kept(postgres.dsn(template))
    copy = postgres.create_database(template)
    assert ask(postgres.dsn(copy), "SELECT seven FROM kept") == 7
    postgres.drop_database(copy)
    postgres.drop_database(template)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(postgres.dsn(copy))


def test_it_does_not_run_as_root_and_needs_a_password(postgres: PostgresServer) -> None:
    assert psutil.Process(postgres.pid).uids().effective != 0
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(postgres.dsn(password="wrong"))


@pytest.mark.parametrize("fsync", [False, True])
def test_what_is_committed_outlives_every_kind_of_end(fsync: bool) -> None:
    with PostgresServer(fsync=fsync) as server:
        make_kept(server.dsn())
        assert ask(server.dsn(), "SHOW fsync") == ("on" if fsync else "off")
        for end in (server.stop, server.stop_at_once, server.kill):
            end()
            assert not server.is_running
            server.start()
            assert ask(server.dsn(), "SELECT seven FROM kept") == 7
        server.restart()
        assert ask(server.dsn(), "SELECT seven FROM kept") == 7


def test_a_backup_put_back_forgets_what_came_after_it() -> None:
    with PostgresServer() as server:
        make_kept(server.dsn())
        backup = server.base_backup()
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("UPDATE kept SET seven = 8")
        server.put_back(backup)
        assert ask(server.dsn(), "SELECT seven FROM kept") == 7


def segments() -> set[str]:
    return {line.split()[1] for line in Path("/proc/sysvipc/shm").read_text().splitlines()[1:]}


def test_nothing_stays_behind_even_after_a_kill() -> None:
    before = segments()
    server = PostgresServer()
    server.start()
    processes = psutil.Process(server.pid).children(recursive=True)
    server.kill()
    server.remove()
    server.remove()
    assert not server.folder.exists()
    assert not any(process.is_running() for process in processes)
    assert segments() <= before


CHILD = """
import sys
from tests.postgres.server import PostgresServer
server = PostgresServer()
server.start()
print(server.pid, server.folder, flush=True)
sys.stdin.read()
"""


def test_it_ends_with_the_tests_that_are_killed() -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdin is not None
    pid, folder = child.stdout.readline().split()
    postmaster = psutil.Process(int(pid))
    child.kill()
    child.wait(10)
    child.stdout.close()
    child.stdin.close()
    assert psutil.wait_procs([postmaster], timeout=20)[1] == []
    subprocess.run(["rm", "-rf", folder], check=True)


def test_without_any_postgres_the_tests_fail_and_do_not_skip(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    there, find = finding.programs(), finding.programs.__wrapped__
    monkeypatch.setenv("TESTS_OF_CRISISDESK_TEST_PG_BIN", str(tmp_path))
    with pytest.raises(RuntimeError, match="CRISISDESK_TEST_PG_BIN"):
        find()
    monkeypatch.setenv("TESTS_OF_CRISISDESK_TEST_PG_BIN", str(there))
    assert find() == there
    monkeypatch.delenv("TESTS_OF_CRISISDESK_TEST_PG_BIN")
    monkeypatch.setattr(finding, "_wheel", lambda: None)
    monkeypatch.setattr(finding, "_complete", lambda folder: False)
    with pytest.raises(RuntimeError, match="no Postgres for the tests"):
        find()


def python_for_everyone() -> str | None:
    """An interpreter of this version that nobody may start too; this one may lie in root's home."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for path in (sys.executable, f"/usr/bin/python{version}", f"/usr/local/bin/python{version}"):
        try:
            subprocess.run([path, "-c", ""], check=True, user="nobody", cwd="/", env={})
        except (OSError, subprocess.SubprocessError):
            continue
        return path
    return None


@pytest.mark.skipif(os.geteuid() != 0, reason="every other test here is one by an ordinary user")
def test_an_ordinary_user_can_run_it() -> None:
    python = python_for_everyone()
    if python is None:
        pytest.skip("no interpreter here that another user may start")
    code = (
        "from tests.postgres.server import PostgresServer\n"
        "with PostgresServer() as server: print(server.pid > 0)"
    )
    root = str(Path(__file__).resolve().parent.parent.parent)
    ran = subprocess.run(
        [python, "-c", code],
        check=False,
        env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join([root, *sys.path[1:]])},
        cwd="/",
        user="nobody",
        group="nogroup",
        extra_groups=[],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.stdout.strip() == "True", ran.stderr
