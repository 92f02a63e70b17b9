"""Alertmanager's fingerprint of a label set: an alert has one key by whichever way it comes.

The hash is 64-bit FNV-1a over the labels in order of their names, a byte 0xff after each name and
each value, printed as 16 hexadecimal digits.

One step is ``h = (h ^ byte) * P mod 2**64``. The xor reaches only the low eight bits of h, hence
``h ^ byte == h + d`` where d depends on the low byte of h alone. A run of n bytes therefore takes
h to ``h * P**n + c``, c depending on those bytes and the low byte of h. That pair is kept per label
and low byte: labels recur in their thousands, and a kept one costs a multiplication instead of a
walk over its bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

_OFFSET = 0xCBF29CE484222325
_PRIME = 0x100000001B3
_MASK = 0xFFFF_FFFF_FFFF_FFFF
_KEPT_PER_LOW_BYTE = 256
_KEPT_CHARS = 128
_KEPT_ORDERS = 1024
_KEPT_NAMES = 32

Key = TypeVar("Key")
Step = tuple[int, int]
_label_steps: list[dict[tuple[str, str], Step]] = [{} for _ in range(256)]
_name_steps: list[dict[str, Step]] = [{} for _ in range(256)]
_orders: dict[tuple[str, ...], tuple[str, ...]] = {}


def fingerprint(labels: Mapping[str, str]) -> str:
    """16 lower-case hexadecimal digits. Labels with empty values must be gone already."""
    steps = _label_steps
    state = _OFFSET
    names = tuple(labels)
    for name in _orders.get(names) or _order(names):
        label = (name, labels[name])
        step = steps[state & 0xFF].get(label) or _label_step(state & 0xFF, label)
        state = (state * step[0] + step[1]) & _MASK
    return f"{state:016x}"


def _order(names: tuple[str, ...]) -> tuple[str, ...]:
    order = tuple(sorted(names))
    if len(names) <= _KEPT_NAMES:
        if len(_orders) >= _KEPT_ORDERS:
            _orders.clear()
        _orders[names] = order
    return order


def _label_step(low: int, label: tuple[str, str]) -> Step:
    name, value = label
    first = _name_steps[low].get(name)
    if first is None:
        first = _step(low, name)
        _keep(_name_steps[low], name, first, len(name))
    middle = (low * first[0] + first[1]) & 0xFF
    second = _step(middle, value)
    step = (first[0] * second[0] & _MASK, (first[1] * second[0] + second[1]) & _MASK)
    _keep(_label_steps[low], label, step, len(name) + len(value))
    return step


def _step(low: int, text: str) -> Step:
    run = text.encode() + b"\xff"
    state = low
    for byte in run:
        state = (state ^ byte) * _PRIME & _MASK
    factor = _power(len(run))
    return factor, (state - low * factor) & _MASK


@lru_cache(maxsize=1024)
def _power(exponent: int) -> int:
    return pow(_PRIME, exponent, 1 << 64)


def _keep(kept: dict[Key, Step], key: Key, step: Step, chars: int) -> None:
    if chars > _KEPT_CHARS:
        return
    if len(kept) >= _KEPT_PER_LOW_BYTE:
        kept.clear()
    kept[key] = step
