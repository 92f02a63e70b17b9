"""Which Debian packages are missing, and what is done with and without the right to install."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def debian(script: Callable[[str], Any]) -> Any:
    """The module under test."""
    return script("debian")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """``programs(name, script)``: a folder of programs that stands alone on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "rm", "chmod", "mkdir"):
        (folder / name).symlink_to(f"/bin/{name}")
    monkeypatch.setenv("PATH", str(folder))

    def add(name: str, source: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{source}\n")
        (folder / name).chmod(0o755)

    return add


def test_missing_reads_dpkg_and_takes_the_newer_names(
    debian: Any, programs: Callable[[str, str], None]
) -> None:
    programs(
        "dpkg-query",
        "echo 'libgl1 installed'; echo 'libglib2.0-0t64 installed'; "
        "echo 'xvfb config-files'; echo 'no packages found' >&2; exit 1",
    )
    assert debian.missing(("libgl1", "libglib2.0-0", "xvfb", "prometheus")) == [
        "xvfb",
        "prometheus",
    ]


def test_nothing_is_missing_where_there_is_no_dpkg(
    debian: Any, programs: Callable[[str, str], None]
) -> None:
    assert debian.missing(debian.QT) == []


def test_without_rights_the_exact_command_is_printed(
    debian: Any,
    programs: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    programs("apt-get", "echo must not run; exit 3")
    monkeypatch.setattr(debian.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit) as ended:
        debian.install(["libgl1", "xvfb"])
    assert ended.value.code == 1
    printed = capfd.readouterr()
    assert "apt-get install -y --no-install-recommends libgl1 xvfb" in printed.err
    assert "must not run" not in printed.out


def test_an_ordinary_user_with_sudo_installs_through_it(
    debian: Any,
    programs: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    log = tmp_path / "sudo.log"
    programs("apt-get", "exit 3")
    programs("sudo", f'echo "$1 $2 $3" >> {log}')
    monkeypatch.setattr(debian.os, "geteuid", lambda: 1000)
    debian.install(["xvfb"])
    assert log.read_text().splitlines() == ["-n true ", "-n sh -c"]


def run_install(debian: Any, tmp_path: Path) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run the root part with its guard file in a place of our own."""
    guard = tmp_path / "policy-rc.d"
    script = debian.INSTALL.format(packages="prometheus", services="prometheus")
    script = script.replace("/usr/sbin/policy-rc.d", str(guard))
    script = script.replace("/run/systemd/system", str(tmp_path))
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    return done, guard


def test_services_stay_off_during_and_after_the_installation(
    debian: Any, programs: Callable[[str, str], None], tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    programs("apt-get", f'{tmp_path}/policy-rc.d prometheus start; echo "apt $? $*" >> {seen}')
    programs("systemctl", f'echo "systemctl $*" >> {seen}')
    done, guard = run_install(debian, tmp_path)
    assert done.returncode == 0, done.stderr
    update, install, disable = seen.read_text().splitlines()
    assert update == "apt 101 -q update"
    assert install.startswith("apt 101 -q install -y --no-install-recommends")
    assert install.endswith(" prometheus")
    assert disable == "systemctl disable --now prometheus"
    assert not guard.exists()


def test_a_failing_installation_takes_its_guard_away_again(
    debian: Any, programs: Callable[[str, str], None], tmp_path: Path
) -> None:
    programs("apt-get", "exit 100")
    done, guard = run_install(debian, tmp_path)
    assert done.returncode == 100
    assert not guard.exists()


def test_a_guard_of_the_machine_itself_is_kept(
    debian: Any, programs: Callable[[str, str], None], tmp_path: Path
) -> None:
    (tmp_path / "policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
    programs("apt-get", "exit 0")
    programs("systemctl", "exit 0")
    done, guard = run_install(debian, tmp_path)
    assert done.returncode == 0
    assert guard.exists()
