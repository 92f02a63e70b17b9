"""How many bytes an object holds, with all that it alone refers to."""

from __future__ import annotations

import sys

import numpy as np


def bytes_of(thing: object, seen: set[int] | None = None) -> int:
    """Bytes of an object of ours, its lists, tuples, numbers and arrays; each counted once."""
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return 0
    seen.add(id(thing))
    total = sys.getsizeof(thing)
    if isinstance(thing, np.ndarray):
        return max(total, thing.nbytes)
    if isinstance(thing, list | tuple):
        return total + sum(bytes_of(one, seen) for one in thing)
    names = getattr(type(thing), "__slots__", ())
    if isinstance(names, tuple):
        total += sum(bytes_of(getattr(thing, n), seen) for n in names if hasattr(thing, n))
    return total
