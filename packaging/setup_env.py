"""The virtual environment of a checkout: made, brought to its lock, repaired when broken.

A stamp inside ``.venv`` says for which lock, interpreter and place it was finished. A marker stands
there while pip works, so that an installation that was cut off is known and made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import debian

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "crisisdesk-stamp.json"
MARKER = VENV / "crisisdesk-installing"
LOCKS = {
    "runtime": ROOT / "packaging" / "requirements.lock",
    "test": ROOT / "packaging" / "requirements-test.lock",
}
PACKAGES = {"runtime": debian.QT, "test": debian.QT + debian.TESTS}
# Raise it when this file installs differently from the same lock.
RECIPE = 3


def say(text: str) -> None:
    """One line of progress."""
    print(f"crisisdesk: {text}", flush=True)


def venv_python() -> Path:
    """The interpreter inside the environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint(profile: str) -> str:
    """Hash of all that the finished environment depends on: lock, recipe, place, interpreter."""
    digest = hashlib.sha256(LOCKS[profile].read_bytes())
    config = VENV / "pyvenv.cfg"
    digest.update(config.read_bytes() if config.is_file() else b"")
    digest.update(f"{RECIPE}\0{VENV}\0{venv_python().resolve()}".encode())
    return digest.hexdigest()


def read_stamp() -> dict[str, str]:
    """Profile -> fingerprint of what was finished; empty when nothing was or the file is torn."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(stamp: dict[str, str]) -> None:
    """Replace the stamp in one step."""
    draft = STAMP.with_suffix(".new")
    draft.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    draft.replace(STAMP)


def is_finished(profile: str) -> bool:
    """Whether the environment holds this profile (the test lock contains the run-time lock)."""
    if MARKER.exists() or not os.access(venv_python(), os.X_OK):
        return False
    stamp = read_stamp()
    wider = ("runtime", "test") if profile == "runtime" else ("test",)
    return any(stamp.get(name) == fingerprint(name) for name in wider)


def fault() -> str | None:
    """Why the environment must be made anew; None when pip can bring it to the lock."""
    if not VENV.exists():
        return "there is none yet"
    if MARKER.exists():
        return "an earlier installation was cut off"
    if not (VENV / "pyvenv.cfg").is_file() or not os.access(venv_python(), os.X_OK):
        return "it is incomplete"
    probe = "import pip, sys, sysconfig; print(sysconfig.get_path('purelib')); print(sys.prefix)"
    done = subprocess.run(
        [venv_python(), "-I", "-c", probe], capture_output=True, text=True, check=False
    )
    lines = done.stdout.splitlines()
    if done.returncode or len(lines) != 2:
        return "its interpreter or its pip does not work"
    if Path(lines[1]).resolve() != VENV.resolve() or not _scripts_belong_here():
        return "it was made in another place"
    version = dict(_config_lines()).get("version", "")
    if version.split(".")[:2] != [str(part) for part in sys.version_info[:2]]:
        return f"it is for Python {version or '?'} and this is {sys.version.split()[0]}"
    return None


def _config_lines() -> Iterator[tuple[str, str]]:
    for line in (VENV / "pyvenv.cfg").read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition("=")
        yield key.strip(), value.strip()


def _scripts_belong_here() -> bool:
    """Whether the installed scripts start this environment's interpreter, not a moved one's."""
    script = VENV / "bin" / "pip"
    if not script.is_file():
        return True
    with script.open("rb") as file:
        head = file.read(1024)
    return str(VENV).encode() in head


def make_venv(reason: str) -> None:
    """Make the environment from nothing with the interpreter that runs this."""
    say(f"making the virtual environment .venv ({reason})")
    base = getattr(sys, "_base_executable", None) or sys.executable
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    done = subprocess.run([base, "-m", "venv", str(VENV)], check=False)
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        print(
            f"Python's venv module did not work. On Debian run as root, then start again:\n\n"
            f"    apt-get install -y python{version}-venv\n",
            file=sys.stderr,
        )
        sys.exit(1)


def install(profile: str) -> None:
    """Let pip bring the environment to the lock; the marker stands until it is finished."""
    say(f"installing the locked packages ({LOCKS[profile].relative_to(ROOT)}); this takes a while")
    MARKER.touch()
    command = [str(venv_python()), "-P", "-m", "pip", "--disable-pip-version-check", "install"]
    # The lock names everything. Left to resolve it, pip before 23.3 takes the newest release of a
    # package that another asks for with an extra, and then misses that release's hash.
    options = ["--require-hashes", "--no-deps", "--only-binary=:all:"]
    done = subprocess.run(
        [*command, *options, f"--requirement={LOCKS[profile]}"], cwd=VENV, check=False
    )
    if done.returncode:
        if done.returncode == 1:
            MARKER.unlink()  # pip ended in order and has put back what it had replaced
        print("pip could not install the locked packages; see its words above.", file=sys.stderr)
        print(
            "Start again once the cause is gone: the environment is then repaired.", file=sys.stderr
        )
        sys.exit(1)
    _link_checkout()
    MARKER.unlink()


def _link_checkout() -> None:
    """Make ``import crisisdesk`` find this checkout from any working directory."""
    probe = "import sysconfig; print(sysconfig.get_path('purelib'))"
    done = subprocess.run(
        [venv_python(), "-I", "-c", probe], capture_output=True, text=True, check=True
    )
    link = Path(done.stdout.strip()) / "crisisdesk-checkout.pth"
    link.write_text(f"{ROOT}\n", encoding="utf-8")
    if os.name != "nt":
        # What an installed wheel brings, for this checkout: `.venv/bin/crisisdesk`. Through sh, as
        # a path with a blank or of great length does not fit behind "#!".
        command = venv_python().parent / "crisisdesk"
        start = f'exec {shlex.quote(str(venv_python()))} -m crisisdesk "$@"'
        command.write_text(f"#!/bin/sh\n{start}\n", encoding="utf-8")
        command.chmod(0o755)


def check_qt() -> None:
    """Load Qt once; ends the program with the loader's words when a library is missing."""
    say("checking that Qt can be loaded")
    probe = "import PySide6.QtWidgets, PySide6.QtMultimedia, PySide6.QtSvg"
    done = subprocess.run(
        [venv_python(), "-I", "-c", probe], capture_output=True, text=True, check=False
    )
    if done.returncode:
        words = done.stderr.strip().splitlines()
        print(f"Qt cannot be loaded: {words[-1] if words else 'no reason given'}", file=sys.stderr)
        print(
            f"On Debian these packages bring what it needs: {' '.join(debian.QT)}", file=sys.stderr
        )
        sys.exit(1)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold a lock on this folder, so that two starts do not build one environment together."""
    if os.name == "nt":
        yield
        return
    import fcntl

    folder = os.open(Path(__file__).parent, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another start that is setting up this checkout")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def ensure(profile: str) -> Path:
    """Bring system packages and environment to ``profile`` ("runtime" or "test").

    Returns the environment's interpreter. Costs well under a second when all is in place; ends the
    program with the remedy when something is missing that it may not install.
    """
    packages = debian.missing(PACKAGES[profile])
    if packages:
        say(f"system packages to install: {' '.join(packages)}")
        debian.install(packages)
    if is_finished(profile) and not packages:
        return venv_python()
    with _one_at_a_time():
        if is_finished(profile):
            check_qt()
            return venv_python()
        reason = fault()
        if reason:
            make_venv(reason)
        stamp = {} if reason else read_stamp()
        STAMP.unlink(missing_ok=True)
        install(profile)
        check_qt()
        write_stamp(stamp | {profile: fingerprint(profile)})
    say("the environment is ready")
    return venv_python()
