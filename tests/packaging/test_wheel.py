"""The wheel: built from this checkout, carrying the program, its resources and its one command."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the back end of the test environment; no network is touched."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", f"--wheel-dir={folder}"]
    command = [sys.executable, "-P", "-m", "pip", "--disable-pip-version-check", "wheel", *options]
    done = subprocess.run(
        [*command, str(ROOT)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("crisisdesk-*.whl")
    return built


def names_in(wheel: Path) -> set[str]:
    """Every path inside the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_it_carries_every_module_and_every_resource(wheel: Path) -> None:
    names = names_in(wheel)
    modules = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*.py")}
    assert modules <= names
    resources = [path for path in (ROOT / "resources").rglob("*") if path.is_file()]
    assert {f"crisisdesk/{path.relative_to(ROOT).as_posix()}" for path in resources} <= names
    assert "crisisdesk/py.typed" in names


def test_it_carries_nothing_else(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in names_in(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"crisisdesk"}


def test_it_runs_from_where_it_was_unpacked(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import crisisdesk, crisisdesk.settings.places as places\n"
        "print(crisisdesk.__file__); print(places.resource_path().is_dir())\n"
        "print(places.resource_path())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    package, found, resources = done.stdout.splitlines()
    assert package == str(tmp_path / "crisisdesk" / "__init__.py")
    assert found == "True"
    assert resources == str(tmp_path / "crisisdesk" / "resources")


def test_it_names_its_command_its_licence_and_its_python(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        info = next(name for name in archive.namelist() if name.endswith("/METADATA"))
        metadata = archive.read(info).decode()
        commands = archive.read(info.replace("METADATA", "entry_points.txt")).decode()
    assert "crisisdesk = crisisdesk.__main__:main" in commands
    assert "License-Expression: MIT" in metadata
    assert "Requires-Python: >=3.11" in metadata
    assert "Requires-Dist: pyside6<6.12,>=6.11.3" in metadata
