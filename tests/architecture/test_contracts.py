"""The import contracts hold, and each of them catches a planted fault."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, ROOT

LINT_IMPORTS = Path(sys.executable).parent / "lint-imports"
ROOMS = (
    "api",
    "cli",
    "comms",
    "desk",
    "domain",
    "drills",
    "engine",
    "hub",
    "peers",
    "recovery",
    "settings",
    "sources",
    "store",
)
MODULES = ("__main__", "bootstrap", "api/client", "engine/ports", "engine/door", "store/queries")
CONTRACTS = ("layers", "domain", "engine", "headless", "screens")


def lint(folder: Path) -> tuple[int, str]:
    """Run the project's contracts in a folder; returns exit code and words."""
    command = [
        str(LINT_IMPORTS),
        "--no-cache",
        "--no-logo",
        "--config",
        str(ROOT / "pyproject.toml"),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """A package with every room and nothing in it, under the project's contracts."""
    package = tmp_path / "crisisdesk"
    for room in ROOMS:
        (package / room).mkdir(parents=True)
        (package / room / "__init__.py").write_text("")
    for module in MODULES:
        (package / f"{module}.py").write_text("")
    (package / "__init__.py").write_text("")
    return tmp_path


def plant(skeleton: Path, module: str, source: str) -> None:
    """Write one module into the skeleton."""
    path = skeleton / "crisisdesk" / f"{module}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{source}\n")


def test_the_project_keeps_every_contract() -> None:
    code, words = lint(ROOT)
    assert code == 0, words
    assert f"{len(CONTRACTS)} kept, 0 broken" in words


def test_the_skeleton_has_every_room_of_the_project() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms <= {*ROOMS, "bootstrap"}


def test_an_empty_skeleton_keeps_every_contract(skeleton: Path) -> None:
    code, words = lint(skeleton)
    assert code == 0, words


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("cli/status", "from crisisdesk.store.queries import Station"),
        ("cli/status", "from crisisdesk.api import client"),
        ("desk/queue", "import crisisdesk.store.queries"),
        ("desk/queue", "from PySide6.QtCore import QObject"),
        ("store/log", "import sqlalchemy\nfrom crisisdesk.engine.ports import Clock"),
        ("comms/mail", "import apprise\nimport httpx"),
        (
            "bootstrap",
            "import crisisdesk.store, crisisdesk.comms, crisisdesk.api, crisisdesk.drills",
        ),
        ("hub/push", "import sqlalchemy\nimport crisisdesk.domain"),
    ],
)
def test_what_is_allowed_passes(skeleton: Path, module: str, source: str) -> None:
    (skeleton / "crisisdesk" / module).parent.mkdir(exist_ok=True)
    (skeleton / "crisisdesk" / module).parent.joinpath("__init__.py").touch()
    plant(skeleton, module, source)
    code, words = lint(skeleton)
    assert code == 0, words


@pytest.mark.parametrize(
    ("contract", "module", "source"),
    [
        ("Rooms import downwards only", "domain/alert", "import crisisdesk.engine"),
        ("Rooms import downwards only", "engine/worker", "import crisisdesk.store"),
        ("Rooms import downwards only", "store/log", "import crisisdesk.api"),
        ("Rooms import downwards only", "comms/mail", "import crisisdesk.settings"),
        ("Rooms import downwards only", "settings/file", "import crisisdesk.bootstrap"),
        ("Rooms import downwards only", "desk/queue", "import crisisdesk.cli"),
        ("The domain knows nothing of the world", "domain/alert", "import pydantic"),
        ("The domain knows nothing of the world", "domain/alert", "from sqlalchemy import select"),
        ("The engine reaches the world through its ports", "engine/worker", "import sqlalchemy"),
        ("The engine reaches the world through its ports", "engine/worker", "import httpx"),
        ("Only the desk knows Qt", "cli/status", "from PySide6.QtCore import QTimer"),
        ("Only the desk knows Qt", "engine/worker", "from PySide6 import QtCore"),
        ("Only the desk knows Qt", "settings/file", "import pyqtgraph"),
        ("Screens read snapshots", "desk/queue", "import crisisdesk.bootstrap"),
        ("Screens read snapshots", "desk/queue", "from crisisdesk.store import log"),
        ("Screens read snapshots", "desk/queue", "from crisisdesk.engine.door import Door"),
        ("Screens read snapshots", "desk/queue", "import httpx"),
        ("Screens read snapshots", "cli/status", "import sqlalchemy"),
        ("Screens read snapshots", "cli/status", "import crisisdesk.comms"),
    ],
)
def test_a_planted_fault_is_caught(skeleton: Path, contract: str, module: str, source: str) -> None:
    plant(skeleton, "store/log", "")
    plant(skeleton, module, source)
    code, words = lint(skeleton)
    assert code == 1, words
    broken = [line for line in words.splitlines() if line.endswith("BROKEN")]
    assert any(line.startswith(contract) for line in broken), words


def test_a_room_nobody_has_placed_is_caught(skeleton: Path) -> None:
    (skeleton / "crisisdesk" / "utils").mkdir()
    plant(skeleton, "utils/__init__", "")
    code, words = lint(skeleton)
    assert code == 1
    assert "crisisdesk.utils" in words
