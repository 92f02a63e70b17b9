"""Steps about servers and backups as they are written: their defaults, and each mistake."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.recovery.expanding import expanded, is_changing
from crisisdesk.domain.recovery.postgres_steps import POSTGRES_DOES, changes_postgres
from crisisdesk.domain.recovery.procedure import procedure_of
from crisisdesk.domain.recovery.step import read_criterion, read_step

READY = {"kind": "postgres", "do": "ready", "database": "db2", "primary": "db1"}
BACKUP = {"kind": "backup", "dump": "/b/{name}.dump", "expectations": "/b/{name}.json"}


def read(told: dict[str, Any]) -> dict[str, Any]:
    return read_step({"id": "one", "title": "One", **told}, "s")


def test_defaults() -> None:
    ready = read(READY)
    assert (ready["most_behind"], ready["accept_loss"], ready["timeout_ms"]) == ("60", "no", 60_000)
    assert read({**READY, "most_behind": "5m"})["most_behind"] == "300"
    assert read({**READY, "most_behind": "{most}"})["most_behind"] == "{most}"
    backup = read(BACKUP)
    assert (backup["tables"], backup["extensions"], backup["against"]) == ([], [], "")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({**READY, "do": "demote"}, "s.do"),
        ({**READY, "primary": ""}, "s.primary"),
        ({**READY, "do": "fenced"}, "s.primary"),
        ({**READY, "most_behind": "{two} s"}, "s.most_behind"),
        ({**READY, "most_behind": "2w"}, "s.most_behind"),
        ({**READY, "accept_loss": "maybe"}, "s.accept_loss"),
        ({**READY, "host": "db1"}, "s.host"),
        ({**BACKUP, "against": "orders"}, "s.expectations"),
        ({"kind": "backup", "dump": "/b/x"}, "s.expectations"),
        ({**BACKUP, "dump": "b/x"}, "s.dump"),
        ({**BACKUP, "dump": "/b/../x"}, "s.dump"),
        ({**BACKUP, "expectations": "x.json"}, "s.expectations"),
        ({**BACKUP, "extensions": ["a; b"]}, "s.extensions"),
        ({**BACKUP, "tables": "orders"}, "s.tables"),
    ],
)
def test_a_mistake_is_named(told: dict[str, Any], field: str) -> None:
    with pytest.raises(Malformed) as refused:
        read(told)
    assert refused.value.field == field
    assert refused.value.remedy


def test_only_promoting_changes_something() -> None:
    changing = [do for do in POSTGRES_DOES if changes_postgres({"do": do})]
    assert changing == ["promote"]
    assert is_changing({"kind": "postgres", "do": "promote"})
    assert not is_changing({"kind": "postgres", "do": "ready"})
    assert not is_changing({"kind": "backup"})
    assert read_criterion({**READY, "title": "x"}, "c")["do"] == "ready"
    with pytest.raises(Malformed, match=r"c\.do"):
        read_criterion({**READY, "title": "x", "do": "promote"}, "c")


def test_arguments_stand_where_servers_and_files_are_named() -> None:
    content = {
        "kind": "procedure",
        "parameters": {"to": {"type": "name"}, "most": {"type": "whole"}, "file": {"type": "text"}},
        "steps": [
            {
                "id": "go",
                "title": "Promote {to}",
                **READY,
                "do": "promote",
                "database": "{to}",
                "most_behind": "{most}",
            },
            {"id": "look", "title": "x", "kind": "backup", "dump": "/b/{file}", "against": "{to}"},
        ],
    }
    given = {"to": "db2", "most": 90, "file": "../etc/{to}"}
    steps, _arguments = expanded(procedure_of("P", content), given, {})
    go, look = (next(s for s in steps if s["step_id"] == name) for name in ("go", "look"))
    assert (go["database"], go["primary"], go["most_behind"]) == ("db2", "db1", "90")
    assert go["needs"] == ["approve"]
    # What was put in is not read again; where the file really lies is looked at before it is read.
    assert (look["dump"], look["against"], look["needs"]) == ("/b/../etc/{to}", "db2", [])
