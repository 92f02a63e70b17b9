"""The top level holds what the project promises, and nothing else gathers there."""

from __future__ import annotations

import os
from pathlib import Path

from tests.architecture.tree import ROOT, files_by_gitignore, project_files

TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "crisisdesk",
    "packaging",
    "pyproject.toml",
    "resources",
    "tests",
}
TEST_COMMAND = "python3 packaging/test.py"


def test_the_top_level_holds_what_is_promised() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in project_files()} == TOP_LEVEL


def test_the_check_before_a_change_is_the_command_of_the_readme() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert TEST_COMMAND in script.read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert TEST_COMMAND in readme
    assert "python3 packaging/run.py" in readme


def test_without_git_the_files_are_told_by_gitignore(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text(".venv/\n*.pyc\n.coverage*\n")
    for name in ("a.py", ".venv/b.py", "c/d.pyc", "c/e.md", ".git/config", ".coverage.x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in files_by_gitignore(tmp_path)]
    assert found == [".gitignore", "a.py", "c/e.md"]
