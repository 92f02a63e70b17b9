"""Everything outside the desk can be imported where there is no Qt."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import PACKAGE, ROOT, python_files

BLOCKED = ("PySide6", "shiboken6", "pyqtgraph")

PROBE = """
import importlib, sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {blocked!r}:
            raise ModuleNotFoundError(f"{{name}} is blocked here", name=name)

sys.meta_path.insert(0, Blocker())
for name in {modules!r}:
    importlib.import_module(name)
print(len({modules!r}), "imported")
"""


def modules_outside_the_desk() -> list[str]:
    """Dotted names of all modules but the desk's; migration scripts belong to Alembic's runner."""
    paths = [path.relative_to(ROOT).with_suffix("") for path in python_files("crisisdesk")]
    names = [".".join(path.parts).removesuffix(".__init__") for path in paths]
    return [
        name
        for name in names
        if not name.startswith("crisisdesk.desk") and ".migrations." not in name
    ]


def run_probe(modules: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Import the modules one by one in a fresh interpreter without Qt."""
    code = PROBE.format(blocked=set(BLOCKED), modules=modules)
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_room_but_the_desk_imports_without_qt() -> None:
    modules = modules_outside_the_desk()
    assert len(modules) >= len(list(PACKAGE.glob("*/__init__.py"))) - 1
    done = run_probe(modules, ROOT)
    assert done.returncode == 0, done.stderr
    assert f"{len(modules)} imported" in done.stdout


def test_a_planted_qt_import_is_caught(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text("def f():\n    pass\nfrom PySide6.QtCore import QObject\n")
    done = run_probe(["planted"], tmp_path)
    assert done.returncode == 1
    assert "PySide6 is blocked here" in done.stderr
