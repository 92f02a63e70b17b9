"""The environment of a checkout: what counts as finished, what is repaired, what a start costs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def env(script: Callable[[str], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """setup_env looking at a checkout of its own with one small lock and a real, empty venv."""
    module = script("setup_env")
    root = tmp_path / "checkout"
    (root / "packaging").mkdir(parents=True)
    monkeypatch.setattr(module, "ROOT", root)
    monkeypatch.setattr(module, "VENV", root / ".venv")
    monkeypatch.setattr(module, "STAMP", root / ".venv" / "crisisdesk-stamp.json")
    monkeypatch.setattr(module, "MARKER", root / ".venv" / "crisisdesk-installing")
    locks = {name: root / "packaging" / f"{name}.lock" for name in ("runtime", "test")}
    for name, path in locks.items():
        path.write_text(f"# {name}: nothing to install\n")
    monkeypatch.setattr(module, "LOCKS", locks)
    monkeypatch.setattr(module, "PACKAGES", {"runtime": (), "test": ()})
    # This small venv holds no Qt; that Qt loads is shown by the project's own environment.
    monkeypatch.setattr(module, "check_qt", lambda: None)
    return module


@pytest.fixture
def made(env: Any) -> Any:
    """The same after a first set-up."""
    env.ensure("runtime")
    return env


@pytest.mark.slow
def test_a_first_start_makes_the_environment_and_links_the_checkout(made: Any) -> None:
    assert made.is_finished("runtime")
    assert not made.is_finished("test")
    assert not made.MARKER.exists()
    probe = "import sys; print(sys.path[-1])"
    done = subprocess.run(
        [made.venv_python(), "-c", probe], capture_output=True, text=True, check=True, cwd="/"
    )
    assert done.stdout.strip() == str(made.ROOT)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a script for sh")
def test_the_environment_has_the_program_as_a_command(made: Any) -> None:
    package = made.ROOT / "crisisdesk"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("import sys\nprint(sys.argv[1:])\n")
    command = made.VENV / "bin" / "crisisdesk"
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [command, "log", "two words"],
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
        env=bare,
    )
    assert done.stdout.strip() == "['log', 'two words']"


@pytest.mark.slow
def test_a_second_start_changes_nothing(made: Any, capfd: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in made.VENV.rglob("*")}
    capfd.readouterr()
    assert made.ensure("runtime") == made.venv_python()
    assert capfd.readouterr().out == ""
    assert {path: path.stat().st_mtime_ns for path in made.VENV.rglob("*")} == before


@pytest.mark.slow
def test_a_changed_lock_is_installed_without_making_the_environment_anew(made: Any) -> None:
    witness = made.VENV / "witness"
    witness.touch()
    made.LOCKS["runtime"].write_text("# another lock\n")
    assert not made.is_finished("runtime")
    assert made.fault() is None
    made.ensure("runtime")
    assert made.is_finished("runtime")
    assert witness.exists()


@pytest.mark.slow
def test_the_test_environment_serves_the_desk_too(made: Any) -> None:
    made.ensure("test")
    assert made.is_finished("test")
    made.STAMP.write_text(made.STAMP.read_text().replace('"runtime"', '"older"'))
    assert made.is_finished("runtime")


@pytest.mark.slow
def test_an_installation_that_was_cut_off_is_made_anew(made: Any) -> None:
    witness = made.VENV / "witness"
    witness.touch()
    made.MARKER.touch()
    assert not made.is_finished("runtime")
    assert made.fault() == "an earlier installation was cut off"
    made.ensure("runtime")
    assert made.is_finished("runtime")
    assert not witness.exists()


@pytest.mark.slow
def test_a_failing_pip_leaves_no_stamp_and_says_so(
    made: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    made.LOCKS["runtime"].write_text("crisisdesk-without-hash==0\n")
    with pytest.raises(SystemExit) as ended:
        made.ensure("runtime")
    assert ended.value.code == 1
    assert "pip could not install the locked packages" in capfd.readouterr().err
    assert not made.is_finished("runtime")


def test_an_environment_made_by_hand_is_kept(env: Any) -> None:
    venv.create(env.VENV, with_pip=False, symlinks=True)
    (env.VENV / "lib").joinpath("marker").touch()
    (next((env.VENV / "lib").glob("python3*")) / "site-packages" / "pip.py").touch()
    assert env.fault() is None
    assert not env.is_finished("runtime")


def test_half_an_environment_is_seen(env: Any) -> None:
    assert env.fault() == "there is none yet"
    env.VENV.mkdir()
    assert env.fault() == "it is incomplete"
    venv.create(env.VENV, with_pip=False, symlinks=True)
    assert env.fault() == "its interpreter or its pip does not work"


def test_an_environment_of_another_python_is_seen(env: Any) -> None:
    venv.create(env.VENV, with_pip=False, symlinks=True)
    (next((env.VENV / "lib").glob("python3*")) / "site-packages" / "pip.py").touch()
    config = env.VENV / "pyvenv.cfg"
    config.write_text(
        config.read_text().replace(f"version = {sys.version_info[0]}.", "version = 2.")
    )
    assert "and this is" in env.fault()


def test_a_torn_stamp_counts_as_none(env: Any) -> None:
    env.VENV.mkdir()
    env.STAMP.write_text('{"runtime": ')
    assert env.read_stamp() == {}
    env.STAMP.write_text("[1]")
    assert env.read_stamp() == {}


@pytest.mark.serial
def test_looking_again_costs_under_a_second(tmp_path: Path) -> None:
    """Measured from the outside on this checkout, whose environment runs this very test."""
    code = "import sys; sys.path.insert(0, 'packaging'); import setup_env; setup_env.ensure('test')"
    first = subprocess.run([sys.executable, "-I", "-c", code], cwd=ROOT, check=False)
    assert first.returncode == 0
    started = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", code], cwd=ROOT, check=True)
    assert time.perf_counter() - started < 1.0


@pytest.mark.skipif(os.name == "nt", reason="POSIX file locks")
def test_two_starts_wait_for_each_other(env: Any, capfd: pytest.CaptureFixture[str]) -> None:
    import threading

    entered = threading.Event()
    order: list[str] = []

    def second() -> None:
        with env._one_at_a_time():
            order.append("second")

    with env._one_at_a_time():
        thread = threading.Thread(target=second)
        thread.start()
        entered.wait(0.2)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
    assert "waiting for another start" in capfd.readouterr().out
