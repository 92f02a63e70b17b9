"""Where a thing was started: the innermost lines of the stack that belong to the project."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_ROOT = Path(__file__).resolve().parents[2]
_FOREIGN = (f"{sys.base_prefix}/lib", "<frozen", str(_ROOT / "tests" / "guards"))
_LINES = 3


def origin() -> str:
    """Up to three ``file:line in function`` of the caller's stack, innermost first."""
    own: list[str] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and len(own) < _LINES:
        code = frame.f_code
        if not code.co_filename.startswith(_FOREIGN) and "/site-packages/" not in code.co_filename:
            own.append(f"{code.co_filename}:{frame.f_lineno} in {code.co_name}")
        frame = frame.f_back
    return "; ".join(own) or "unknown place"
