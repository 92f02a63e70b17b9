"""Modules whose tests do not stand in their own place; these lists may only shrink."""

from __future__ import annotations

# Module -> the test file that imports and exercises it.
TESTED_ELSEWHERE: dict[str, str] = {}

# Module -> why nothing tests it by name, and what exercises it instead.
WITHOUT_TEST: dict[str, str] = {}
