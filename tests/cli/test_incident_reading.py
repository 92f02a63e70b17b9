"""What is restricted leaves the station for nobody else, whichever command asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def restricted(cli: Cli) -> str:
    opened = cli("incident", "open", "Stolen keys", "--severity", "critical", by="Ann")
    incident_id = opened.out.strip()
    assert cli("incident", "restrict", incident_id, "Ann", by="Ann").code == 0
    return incident_id


@pytest.mark.parametrize(
    "words",
    [("show",), ("show", "--at", "2100-01-01T00:00:00Z"), ("impact",), ("export", "it.md"),
     ("form", "201", "it.md")],
)  # fmt: skip
def test_others_are_refused_in_words(
    cli: Cli, restricted: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    command, *more = words
    named = [str(tmp_path / one) if one.endswith(".md") else one for one in more]
    told = cli("incident", command, restricted, *named, "--operator", "Bob")
    assert told.code == 1
    assert f"{restricted} is restricted; ask Ann" in told.err
    assert "Stolen keys" not in told.out + told.err
    assert list(tmp_path.iterdir()) == []


def test_who_may_read_it_does(cli: Cli, restricted: str, tmp_path: Path) -> None:
    out = tmp_path / "it.md"
    assert "Stolen keys" in cli("incident", "show", restricted, "--operator", "Ann").out
    assert cli("incident", "export", restricted, str(out), "--operator", "Ann").code == 0
    assert "Stolen keys" in out.read_text()


def test_what_is_not_there_is_said(cli: Cli) -> None:
    told = cli("incident", "impact", "INC-NONE")
    assert "no incident 'INC-NONE' here; `incident list --all` has the ids" in told.err
