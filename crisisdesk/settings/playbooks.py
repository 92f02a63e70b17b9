"""The response plans that come with the program, read from ``resources/playbooks``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from crisisdesk.settings.places import resource_path


def plans_in(folder: Path) -> dict[str, dict[str, Any]]:
    """The contents of all plans of a folder by name; each file is named as its plan.

    Raises ValueError for a file that holds something else.
    """
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.yaml")):
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(told, dict) or told.pop("name", None) != path.stem:
            raise ValueError(f"{path} holds no plan named {path.stem}")
        found[path.stem] = told
    return found


@cache
def shipped_plans() -> dict[str, dict[str, Any]]:
    """Those that come with the program."""
    return plans_in(resource_path("playbooks"))
