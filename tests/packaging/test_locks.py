"""The locks: pinned, hashed, without a place of any machine, and one inside the other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {
    name: ROOT / "packaging" / name for name in ("requirements.lock", "requirements-test.lock")
}
PIN = re.compile(r"^([A-Za-z0-9._-]+)(\[[^]]+\])?==(\S+)((?: ; .+)?) \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def pins(name: str) -> set[tuple[str, str, str]]:
    """Name, version and marker of every requirement; fails on any other line."""
    found = set()
    for line in LOCKS[name].read_text(encoding="utf-8").splitlines():
        if HASH.match(line):
            continue
        match = PIN.match(line)
        assert match, f"{name}: {line!r}"
        found.add((match[1].lower(), match[3], match[4]))
    return found


@pytest.mark.parametrize("name", sorted(LOCKS))
def test_every_line_is_a_pin_or_a_hash(name: str) -> None:
    assert len(pins(name)) > 50


def test_the_test_lock_holds_the_versions_of_the_desk() -> None:
    versions = {(name, version) for name, version, _ in pins("requirements-test.lock")}
    assert {(name, version) for name, version, _ in pins("requirements.lock")} <= versions


def test_the_locks_hold_all_that_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[^A-Za-z0-9._-]", text)[0].lower() for text in requirements}

    locked = {name for name, _, _ in pins("requirements.lock")}
    assert names(project["dependencies"]) <= locked
    tested = {name for name, _, _ in pins("requirements-test.lock")}
    assert names(project["optional-dependencies"]["test"]) <= tested
    assert "pytest" not in locked


def test_qt_stays_below_the_version_that_loses_none() -> None:
    versions = {name: version for name, version, _ in pins("requirements.lock")}
    assert versions["pyside6"].startswith("6.11.")
