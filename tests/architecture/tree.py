"""The project's own files, as the architecture tests read them."""

from __future__ import annotations

import ast
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "crisisdesk"


def python_files(*folders: str) -> list[Path]:
    """Every Python file below the folders (relative to the root), sorted."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    """The path relative to the root, with forward slashes: what a test shows as its id."""
    return path.relative_to(ROOT).as_posix()


def parse(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def project_files() -> list[Path]:
    """Files of the project: what git knows or would take; without git, told by .gitignore."""
    git = shutil.which("git")
    if git is not None:
        listed = subprocess.run(
            [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        names = listed.stdout.decode().split("\0") if listed.returncode == 0 else []
        if any(names):
            return sorted(ROOT / name for name in names if name and (ROOT / name).is_file())
    return files_by_gitignore(ROOT)


def files_by_gitignore(root: Path) -> list[Path]:
    """Every file below ``root`` whose path has no part that .gitignore names."""
    lines = (root / ".gitignore").read_text(encoding="utf-8").split()
    ignored = [".git", *(line.rstrip("/") for line in lines if not line.startswith("#"))]
    return sorted(
        path
        for path in root.rglob("*")
        if path.is_file()
        and not any(
            fnmatch(part, pattern) for part in path.relative_to(root).parts for pattern in ignored
        )
    )


def imported_names(tree: ast.AST) -> list[tuple[int, str]]:
    """Line and full dotted name of everything imported anywhere in a file."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found
