"""Every kind this program writes is one that it understands."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from crisisdesk.domain.fold import understands

from tests.domain.test_merge import opened

ROOT = Path(__file__).resolve().parent.parent.parent / "crisisdesk"
KIND = re.compile(
    r'"((?:alert|incident|update|contact|delivery|station|silence|run|policy|candidate|change|task|'
    r'decision)\.\w+)"'
)


def test_no_kind_of_the_engine_is_unknown_to_the_fold() -> None:
    rooms = (ROOT / "engine", ROOT / "domain")
    kinds = {k for room in rooms for f in room.rglob("*.py") for k in KIND.findall(f.read_text())}
    assert len(kinds) > 30
    event = opened().events[0]
    assert {k for k in kinds if not understands(replace(event, kind=k))} == set()
