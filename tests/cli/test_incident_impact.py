"""``crisisdesk incident impact`` against a real engine."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Cli, objects

CATALOGUE = """\
name: Impact
services:
  imp-db: {availability: "99.9", availability_days: 7}
  imp-shop: {depends_on: [imp-db], users: 900, money_per_minute: "2.00"}
"""


def test_it_tells_what_is_out_who_is_reached_and_what_was_promised(
    cli: Cli, tmp_path: Path
) -> None:
    file = tmp_path / "catalogue.yaml"
    file.write_text(CATALOGUE)
    assert cli("catalogue", "publish", str(file)).code == 0
    words = ("--severity", "critical", "--service", "imp-db")
    alert_id = cli("alert", "raise", "db out", *words).out.strip()
    opened = cli("incident", "open", "Out", "--severity", "major", "--alert", alert_id)
    told = cli("incident", "impact", opened.out.strip())
    assert told.lines[0] == "out       imp-db"
    assert "900 users (imp-shop)" in told.out
    assert "reached   imp-shop, because it depends on imp-db" in told.lines
    assert "promised  imp-db, 99.9 % in 7 d: 0 s of 10 min spent (0 %)" in told.out
    assert "if it stays out" in told.out
    alike = ("incident", "alike", opened.out.strip())
    assert cli(*alike).out.startswith("Nothing: no open alert")
    near = cli("alert", "raise", "shop slow", "--severity", "low", "--service", "imp-shop")
    assert "imp-shop needs imp-db" in cli(*alike).out
    [one] = objects(cli(*alike, "--json"))
    assert one["alert_id"] == near.out.strip()
    [data] = objects(cli("incident", "impact", opened.out.strip(), "--json"))
    assert data["promises"][0]["target_ppm"] == 999_000


def test_what_nobody_described_is_said(cli: Cli) -> None:
    bare = cli("incident", "open", "Bare", "--severity", "minor").out.strip()
    assert cli("incident", "impact", bare).out.startswith("Nothing is known")
    assert "no incident 'INC-NONE'" in cli("incident", "impact", "INC-NONE").err
