"""Every module has its test file in the same place, or stands in a list that may only shrink."""

from __future__ import annotations

import ast
from pathlib import Path, PurePosixPath

from tests.architecture.tree import PACKAGE, ROOT, imported_names, parse, python_files
from tests.architecture.without_own_test import TESTED_ELSEWHERE, WITHOUT_TEST


def place_of_tests(module: PurePosixPath) -> str:
    """Where the tests of a module stand: ``domain/alert.py`` -> ``tests/domain/test_alert.py``."""
    return str(PurePosixPath("tests") / module.parent / f"test_{module.stem.strip('_')}.py")


def is_bare(path: Path) -> bool:
    """Whether a package's own file holds nothing but words, names and imports."""
    kinds = (ast.Expr, ast.Assign, ast.AnnAssign, ast.ImportFrom)
    return path.name == "__init__.py" and all(isinstance(n, kinds) for n in parse(path).body)


def modules() -> list[str]:
    """Modules that need tests, relative to the package; migration scripts are tested as a chain."""
    found = [path for path in python_files("crisisdesk") if not is_bare(path)]
    names = [path.relative_to(PACKAGE).as_posix() for path in found]
    return [name for name in names if "migrations/" not in name]


def has_own_test(module: str) -> bool:
    """Whether the mirrored test file is there."""
    return (ROOT / place_of_tests(PurePosixPath(module))).is_file()


def names_module(test: Path, module: str) -> bool:
    """Whether a test file imports the module."""
    dotted = "crisisdesk." + module.removesuffix(".py").replace("/", ".")
    return any(
        name == dotted or name.startswith(f"{dotted}.") for _, name in imported_names(parse(test))
    )


def test_every_module_is_tested_in_its_own_place() -> None:
    excused = TESTED_ELSEWHERE.keys() | WITHOUT_TEST.keys()
    assert [m for m in modules() if not has_own_test(m) and m not in excused] == []


def test_the_lists_only_shrink() -> None:
    listed = TESTED_ELSEWHERE.keys() | WITHOUT_TEST.keys()
    assert sorted(listed - set(modules())) == [], "gone: take them off the list"
    assert sorted(m for m in listed if has_own_test(m)) == [], "tested: take them off the list"
    assert sorted(TESTED_ELSEWHERE.keys() & WITHOUT_TEST.keys()) == []


def test_a_place_elsewhere_really_tests_the_module() -> None:
    wrong = [
        f"{module}: {place}"
        for module, place in TESTED_ELSEWHERE.items()
        if not (ROOT / place).is_file() or not names_module(ROOT / place, module)
    ]
    assert wrong == []


def test_every_excuse_gives_a_reason() -> None:
    assert [module for module, reason in WITHOUT_TEST.items() if len(reason) < 20] == []


def test_a_module_without_a_test_would_be_seen(tmp_path: Path) -> None:
    assert place_of_tests(PurePosixPath("domain/alert.py")) == "tests/domain/test_alert.py"
    assert place_of_tests(PurePosixPath("__main__.py")) == "tests/test_main.py"
    assert not has_own_test("domain/planted.py")
    test = tmp_path / "test_x.py"
    test.write_text("from crisisdesk.domain.alert import Alert\nimport crisisdesk.store.log\n")
    assert names_module(test, "domain/alert.py")
    assert names_module(test, "store/log.py")
    assert not names_module(test, "domain/incident.py")
