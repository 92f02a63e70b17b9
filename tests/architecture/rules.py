"""Rules about source text that neither ruff nor import-linter knows; each returns its faults."""

from __future__ import annotations

import ast
import sys
from pathlib import PurePosixPath

from tests.architecture.tree import imported_names

LINE_LIMIT = 400
FORBIDDEN_NAMES = frozenset(
    "common commons helper helpers manager managers misc util utils utilities".split()
)
# What a pure rule has no business with: clocks, chance, the machine, the network.
IMPURE = frozenset(
    "asyncio io logging multiprocessing os pathlib random secrets select selectors shutil signal "
    "socket sqlite3 ssl subprocess tempfile threading time".split()
)
# Library -> the rooms that may name it; bootstrap and __main__ wire everything and may always.
OWNERS: dict[str, frozenset[str]] = {
    "alembic": frozenset({"store", "hub"}),
    "apprise": frozenset({"comms"}),
    "cryptography": frozenset({"settings", "store", "hub", "peers"}),
    "fastapi": frozenset({"api"}),
    "httpx": frozenset({"api", "sources", "comms", "recovery"}),
    "jeepney": frozenset({"desk"}),
    "keyring": frozenset({"settings"}),
    "pyqtgraph": frozenset({"desk"}),
    "PySide6": frozenset({"desk"}),
    "requests": frozenset({"comms"}),
    "shiboken6": frozenset({"desk"}),
    "sqlalchemy": frozenset({"store", "hub"}),
    "sqlite3": frozenset({"store"}),
    "starlette": frozenset({"api"}),
    "typer": frozenset({"cli", "__main__"}),
    "urllib3": frozenset({"comms"}),
    "uvicorn": frozenset({"api"}),
}
# Arithmetic and nothing else; imported where it is needed and not before.
NUMBERS = frozenset({"numpy"})
WIRING = frozenset({"bootstrap", "__main__"})
APPLICATION_NAMES = frozenset({"app", "application", "QApplication", "QGuiApplication"})


def docstring_faults(tree: ast.Module) -> list[str]:
    """A module with anything in it says in its first sentence what it is for."""
    return (
        [] if not tree.body or (ast.get_docstring(tree) or "").strip() else ["no module docstring"]
    )


def length_faults(text: str) -> list[str]:
    """A file stays readable in one sitting."""
    lines = text.count("\n") + (not text.endswith("\n"))
    return [f"{lines} lines, at most {LINE_LIMIT}"] if lines > LINE_LIMIT else []


def name_faults(path: str) -> list[str]:
    """No file or folder is named for being a drawer."""
    parts = {part.removesuffix(".py").removeprefix("test_") for part in PurePosixPath(path).parts}
    return [f"name {part!r} says nothing" for part in sorted(parts & FORBIDDEN_NAMES)]


def domain_faults(tree: ast.Module) -> list[str]:
    """The domain imports the pure part of the standard library, numpy where it counts, itself."""
    faults = []
    for line, name in imported_names(tree):
        top = name.partition(".")[0]
        if name.startswith("crisisdesk.domain"):
            continue
        if top not in sys.stdlib_module_names and top not in NUMBERS:
            faults.append(f"line {line}: {name} is not the standard library")
        elif top in IMPURE:
            faults.append(f"line {line}: {name} reaches out of the domain")
    return faults


def owner_faults(tree: ast.Module, room: str) -> list[str]:
    """A library is named only in the rooms that own it."""
    if room in WIRING:
        return []
    return [
        f"line {line}: {name} belongs to {', '.join(sorted(OWNERS[top]))}"
        for line, name in imported_names(tree)
        if (top := name.partition(".")[0]) in OWNERS and room not in OWNERS[top]
    ]


def blocking_faults(tree: ast.Module) -> list[str]:
    """Nothing in the desk runs an inner event loop: no ``.exec()`` but the application's own."""
    faults = []
    threads = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(_last_name(b) == "QThread" for b in node.bases)
    ]
    in_threads = {id(node) for thread in threads for node in ast.walk(thread)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr not in {"exec", "exec_"} or id(node) in in_threads:
            continue
        owner = _last_name(node.func.value).lstrip("_")
        if owner not in APPLICATION_NAMES:
            faults.append(f"line {node.lineno}: {owner}.{node.func.attr}() blocks; use open()")
    return faults


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    return node.id if isinstance(node, ast.Name) else ""
