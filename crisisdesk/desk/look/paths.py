"""SVG path data turned into QPainterPath: the commands M L H V Z and circular A, either case.

Grammar and arc formulas: W3C SVG 1.1, sections 8.3 and F.6.5.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(r"[MmLlHhVvZzAa]|-?(?:\d+\.\d*|\.\d+|\d+)")
_ARITY = {"m": 2, "l": 2, "h": 1, "v": 1, "a": 7, "z": 0}


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    tokens, command, at = _TOKEN.findall(data), "", 0
    while at < len(tokens):
        if tokens[at].isalpha():
            command = tokens[at]
            at += 1
        arity = _ARITY[command.lower()]
        yield command, [float(number) for number in tokens[at : at + arity]]
        at += arity
        if command in "Mm":
            command = "L" if command == "M" else "l"


def _arc(path: QPainterPath, radius: float, large: bool, sweep: bool, x: float, y: float) -> None:
    start = path.currentPosition()
    dx, dy = (start.x() - x) / 2, (start.y() - y) / 2
    half = math.hypot(dx, dy)
    radius = max(radius, half)
    reach = math.sqrt(max(0.0, radius**2 - half**2)) / half
    sign = -1.0 if large == sweep else 1.0
    cx = (start.x() + x) / 2 + sign * reach * dy
    cy = (start.y() + y) / 2 - sign * reach * dx
    first = math.degrees(math.atan2(start.y() - cy, start.x() - cx))
    last = math.degrees(math.atan2(y - cy, x - cx))
    span = (last - first) % 360 if sweep else -((first - last) % 360)
    path.arcTo(QRectF(cx - radius, cy - radius, 2 * radius, 2 * radius), -first, -span)


def painter_path(data: str) -> QPainterPath:
    """The path of SVG path data, filled by the even-odd rule."""
    path = QPainterPath()
    for command, numbers in _commands(data):
        at = path.currentPosition()
        relative = command.islower()
        ox, oy = (at.x(), at.y()) if relative else (0.0, 0.0)
        match command.lower():
            case "m":
                path.moveTo(ox + numbers[0], oy + numbers[1])
            case "l":
                path.lineTo(ox + numbers[0], oy + numbers[1])
            case "h":
                path.lineTo(ox + numbers[0], at.y())
            case "v":
                path.lineTo(at.x(), oy + numbers[0])
            case "a":
                _arc(
                    path, numbers[0], bool(numbers[3]), bool(numbers[4]),
                    ox + numbers[5], oy + numbers[6],
                )  # fmt: skip
            case _:
                path.closeSubpath()
    return path
