"""The procedures that come with the program, and the one of the help page, can be published."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from crisisdesk.cli.procedures import read_file
from crisisdesk.domain.recovery.linting import flaws
from crisisdesk.domain.recovery.procedure import checked_procedure, procedure_of
from crisisdesk.settings.places import resource_path

SHIPPED = sorted(resource_path("procedures").glob("*.yaml"))


def test_there_are_some() -> None:
    assert len(SHIPPED) >= 4


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_procedure_has_no_flaws(path: Path) -> None:
    name, content = read_file(str(path))
    assert flaws(procedure_of(name, content), {}) == []


def test_the_example_of_the_help_page_is_one() -> None:
    page = resource_path("help").joinpath("recovery.md").read_text(encoding="utf-8")
    block = page.partition("## A procedure\n\n")[2].partition("\n\n")[0]
    told = yaml.safe_load("\n".join(line[4:] for line in block.splitlines()))
    name = told.pop("name")
    content = checked_procedure(name, {"kind": "procedure", **told})
    found = flaws(procedure_of(name, content), {}, {"/usr/local/bin/promote"})
    assert [f for f in found if f.level == "error"] == []
