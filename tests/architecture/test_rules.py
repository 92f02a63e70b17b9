"""Every file keeps the rules of the house, and every rule catches a planted fault."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.architecture import rules
from tests.architecture.tree import ROOT, name_of, parse, project_files, python_files

if TYPE_CHECKING:
    from collections.abc import Callable

OURS = ("crisisdesk", "packaging", "tests")


def faults_in(folders: tuple[str, ...], rule: Callable[[ast.Module], list[str]]) -> list[str]:
    """``path: fault`` for every fault a rule finds below the folders."""
    return [
        f"{name_of(path)}: {fault}"
        for path in python_files(*folders)
        for fault in rule(parse(path))
    ]


def test_every_module_has_a_docstring() -> None:
    assert faults_in(OURS, rules.docstring_faults) == []


def test_no_file_is_too_long() -> None:
    faults = [
        f"{name_of(path)}: {fault}"
        for path in python_files(*OURS)
        for fault in rules.length_faults(path.read_text(encoding="utf-8"))
    ]
    assert faults == []


def test_no_name_says_nothing() -> None:
    names = [name_of(path) for path in project_files()]
    assert [f"{name}: {fault}" for name in names for fault in rules.name_faults(name)] == []


def test_the_domain_is_pure() -> None:
    assert faults_in(("crisisdesk/domain",), rules.domain_faults) == []


def test_every_library_stays_in_its_rooms() -> None:
    faults = []
    for path in python_files("crisisdesk"):
        room = path.relative_to(ROOT / "crisisdesk").parts[0].removesuffix(".py")
        faults += [f"{name_of(path)}: {fault}" for fault in rules.owner_faults(parse(path), room)]
    assert faults == []


def test_nothing_blocks_the_desk() -> None:
    assert faults_in(("crisisdesk/desk",), rules.blocking_faults) == []


@pytest.mark.parametrize("folder", ["packaging", "resources"])
def test_a_folder_that_is_no_package_has_no_init(folder: str) -> None:
    assert (ROOT / folder).is_dir()
    assert list((ROOT / folder).rglob("__init__.py")) == []


@pytest.mark.parametrize(
    ("rule", "source", "fault"),
    [
        (rules.docstring_faults, "x = 1", "no module docstring"),
        (rules.domain_faults, "import time", "line 1: time reaches out of the domain"),
        (rules.domain_faults, "import attrs", "line 1: attrs is not the standard library"),
        (rules.domain_faults, "def f():\n    import os", "line 2: os reaches out of the domain"),
        (rules.blocking_faults, "dialog.exec()", "line 1: dialog.exec() blocks; use open()"),
        (rules.blocking_faults, "QMenu(self).exec(p)", "line 1: QMenu.exec() blocks; use open()"),
    ],
)
def test_a_planted_fault_is_caught(
    rule: Callable[[ast.Module], list[str]], source: str, fault: str
) -> None:
    assert rule(ast.parse(source)) == [fault]


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (rules.docstring_faults, '"""What it is for."""'),
        (rules.domain_faults, "import hashlib\nfrom crisisdesk.domain.alert import Alert"),
        (rules.blocking_faults, "app.exec()\nself._app.exec()\ndialog.open()"),
        (rules.blocking_faults, "class R(QThread):\n    def run(self):\n        self.exec()"),
    ],
)
def test_a_clean_source_passes(rule: Callable[[ast.Module], list[str]], source: str) -> None:
    assert rule(ast.parse(source)) == []


def test_a_library_out_of_its_room_is_caught() -> None:
    tree = ast.parse("import apprise")
    assert rules.owner_faults(tree, "comms") == []
    assert rules.owner_faults(tree, "bootstrap") == []
    assert rules.owner_faults(tree, "engine") == ["line 1: apprise belongs to comms"]


def test_a_long_file_and_a_bare_name_are_caught() -> None:
    assert rules.length_faults("x\n" * 400) == []
    assert rules.length_faults("x\n" * 401) == ["401 lines, at most 400"]
    assert rules.name_faults("crisisdesk/store/log.py") == []
    assert rules.name_faults("crisisdesk/store/utils.py") == ["name 'utils' says nothing"]
    assert rules.name_faults("tests/helpers/x.py") == ["name 'helpers' says nothing"]
