"""Every module has its test file in the same place, or stands in a list that may only shrink."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from tests.architecture.tree import PACKAGE, ROOT, parse, python_files

# Module -> where it is tested instead, or why it needs no test of its own.
WITHOUT_OWN_TEST: dict[str, str] = {}


def test_path(module: PurePosixPath) -> str:
    """Where the tests of a module stand: ``domain/alert.py`` -> ``tests/domain/test_alert.py``."""
    return str(PurePosixPath("tests") / module.parent / f"test_{module.stem.strip('_')}.py")


test_path.__test__ = False  # type: ignore[attr-defined]


def is_bare(path: Path) -> bool:
    """Whether a file holds nothing but its docstring and constants."""
    import ast

    kinds = (ast.Expr, ast.Assign, ast.AnnAssign, ast.ImportFrom)
    return path.name == "__init__.py" and all(isinstance(n, kinds) for n in parse(path).body)


def modules() -> list[PurePosixPath]:
    """Modules that need tests, relative to the package; migrations are tested as a chain."""
    found = [path for path in python_files("crisisdesk") if not is_bare(path)]
    relative = [PurePosixPath(path.relative_to(PACKAGE).as_posix()) for path in found]
    return [path for path in relative if "migrations" not in path.parts]


def test_every_module_is_tested_in_its_own_place() -> None:
    lacking = [str(m) for m in modules() if not (ROOT / test_path(m)).is_file()]
    assert [module for module in lacking if module not in WITHOUT_OWN_TEST] == []


def test_the_list_only_shrinks() -> None:
    known = {str(module) for module in modules()}
    for module, reason in WITHOUT_OWN_TEST.items():
        assert module in known, f"{module} is gone: take it off the list"
        own = ROOT / test_path(PurePosixPath(module))
        assert not own.is_file(), f"{module} has its test: take it off the list"
        assert len(reason) > 10, f"{module} needs a reason"


def test_a_module_without_a_test_would_be_seen() -> None:
    assert test_path(PurePosixPath("domain/alert.py")) == "tests/domain/test_alert.py"
    assert test_path(PurePosixPath("__main__.py")) == "tests/test_main.py"
    assert not (ROOT / test_path(PurePosixPath("domain/planted.py"))).is_file()
