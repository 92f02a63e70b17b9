"""``crisisdesk policy calendar`` and ``import``: a schedule goes to a file and comes back."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli, objects
from tests.cli.drafts import schedule


def test_a_schedule_goes_to_a_calendar_and_comes_back(
    cli: Cli, people: tuple[str, str], tmp_path: Path
) -> None:
    assert cli("policy", "publish", schedule(tmp_path, *people)).code == 0
    written = cli("policy", "calendar", "Database", "--days", "5")
    assert written.out.count("BEGIN:VEVENT") >= 5
    file = tmp_path / "shifts.ics"
    file.write_text(written.out, encoding="utf-8", newline="")
    looked = cli("policy", "import", "Database", str(file), "--dry-run")
    assert looked.code == 0, looked.err
    assert {line.split()[0] for line in looked.lines[1:]} == {"Ann", "Bob"}
    [only] = objects(cli("policy", "list", "--json"))
    assert only["name"] == "Database", "a dry run publishes nothing"
    taken = cli("policy", "import", "Database", str(file), "--days", "3")
    assert taken.code == 0, taken.err
    kinds = [one["content"]["kind"] for one in objects(cli("policy", "list", "--json"))]
    assert kinds.count("override") >= 2
    assert "no schedule is called" in cli("policy", "calendar", "Nowhere").err
    stranger = file.read_text(encoding="utf-8").replace("SUMMARY:Ann", "SUMMARY:Zoe")
    file.write_text(stranger, encoding="utf-8", newline="")
    refused = cli("policy", "import", "Database", str(file))
    assert (refused.code, "Zoe" in refused.err) == (2, True)
