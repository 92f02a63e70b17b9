"""An incident leaves the station as a file, without the engine's help."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def incident(cli: Cli) -> str:
    alert_id = cli("alert", "raise", "db | slow", "--severity", "critical").out.strip()
    opened = cli("incident", "open", "Orders <lost>", "--severity", "major", "--alert", alert_id)
    incident_id = opened.out.strip()
    cli("incident", "update", incident_id, "*Roll* back", "--type", "decision", by="Klára Langová")
    return incident_id


def test_it_is_exported_in_four_forms(cli: Cli, incident: str, tmp_path: Path) -> None:
    for kind in ("md", "html", "json", "pdf"):
        out = tmp_path / f"it.{kind}"
        assert cli("incident", "export", incident, str(out)).out == f"{out} written\n"
    assert f"# {incident}: Orders \\<lost\\>" in (tmp_path / "it.md").read_text()
    assert "\\*Roll\\* back" in (tmp_path / "it.md").read_text()
    assert "Orders &lt;lost&gt;" in (tmp_path / "it.html").read_text()
    told = json.loads((tmp_path / "it.json").read_text())
    assert (told["format"], told["incident"]["title"]) == (1, "Orders <lost>")
    assert "Decision: *Roll* back" in [entry["text"] for entry in told["timeline"]]
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "it.pdf"), "-"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for words in (f"{incident}: Orders <lost>", "Decision: *Roll* back", "Klára Langová"):
        assert words in text


@pytest.mark.parametrize("number", ["201", "202", "214"])
def test_the_forms_are_filled_in(cli: Cli, incident: str, tmp_path: Path, number: str) -> None:
    out = tmp_path / f"{number}.md"
    assert cli("incident", "form", incident, number, str(out)).code == 0
    text = out.read_text()
    assert f"ICS {number}" in text
    assert "Orders \\<lost\\>" in text


def test_what_cannot_be_done_is_refused_in_words(cli: Cli, incident: str, tmp_path: Path) -> None:
    out = tmp_path / "it.doc"
    refused = cli("incident", "export", incident, str(out))
    assert (refused.code, out.exists()) == (2, False)
    assert "ends in none of .md, .html, .json, .pdf" in refused.err
    early = ("--at", "2001-01-01T00:00:00Z")
    assert "was declared at" in cli("incident", "export", incident, "x.md", *early).err
    assert "no incident 'INC-NONE'" in cli("incident", "export", "INC-NONE", "x.md").err
    late = ("--since", "2101-01-01T00:00:00Z")
    assert "after the end" in cli("incident", "form", incident, "214", "x.md", *late).err
    nowhere = str(tmp_path / "none" / "it.md")
    assert "cannot be written" in cli("incident", "export", incident, nowhere).err
