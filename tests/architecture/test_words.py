"""No text of the project names a package registry: that is the machine's affair."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture.tree import name_of, project_files

# Put together here, so that this file does not name them either.
HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
        ("crates", "io"),
        ("golang", "org"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
    )
)
PATTERN = re.compile("|".join(re.escape(host) for host in HOSTS), re.IGNORECASE)


def mentions(path: Path) -> list[str]:
    """``line: host`` for each registry a text file names; a binary file names none."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []
    return [
        f"{number}: {found.group()}"
        for number, line in enumerate(text.splitlines(), start=1)
        for found in PATTERN.finditer(line)
    ]


def test_no_text_names_a_registry() -> None:
    assert [f"{name_of(path)}:{hit}" for path in project_files() for hit in mentions(path)] == []


def test_a_planted_name_is_caught(tmp_path: Path) -> None:
    planted = tmp_path / "some.lock"
    planted.write_text(f"first\n--index-url https://{HOSTS[0].upper()}/simple\n")
    assert mentions(planted) == [f"2: {HOSTS[0].upper()}"]
