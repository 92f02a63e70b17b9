"""The top level holds what the project promises, and nothing else gathers there."""

from __future__ import annotations

import os

from tests.architecture.tree import ROOT, project_files

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
