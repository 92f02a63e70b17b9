"""Planting a bug: one function of the product gets another body while a block runs.

The new body is the old one's source with a piece replaced; a piece that is no longer there fails
loudly, so that no mutant goes stale unseen. The code object is exchanged in place: whoever imported
the function calls the mutant.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any


class Stale(Exception):
    """The source no longer holds the piece that a mutant replaces."""


@contextmanager
def planted(function: Callable[..., Any], *changes: tuple[str, str]) -> Iterator[None]:
    """Replace pieces of the source of a plain function, for as long as the block runs."""
    assert isinstance(function, FunctionType)
    source = inspect.getsource(function)
    for old, new in changes:
        if old not in source:
            raise Stale(f"{function.__qualname__} holds no {old!r}")
        source = source.replace(old, new)
    room = dict(vars(sys.modules[function.__module__]))
    code = compile(
        textwrap.dedent(source), f"<mutant of {function.__qualname__}>", "exec", _flags()
    )
    exec(code, room)
    mutant = room[function.__name__]
    before = function.__code__
    function.__code__ = mutant.__code__
    try:
        yield
    finally:
        function.__code__ = before


def _flags() -> int:
    import __future__

    return __future__.annotations.compiler_flag
