"""``crisisdesk dashboard`` and ``feed`` show what is in the store."""

from __future__ import annotations

from tests.cli.conftest import Cli, Station, objects


def test_the_dashboard_counts(cli: Cli) -> None:
    [before] = objects(cli("dashboard", "--json"))
    first = cli("alert", "raise", "one", "--severity", "critical").out.strip()
    cli("alert", "raise", "two", "--severity", "low")
    cli("alert", "ack", first)
    [told] = objects(cli("dashboard", "--json"))
    assert told["open_alerts"] == before["open_alerts"] + 2
    assert told["unowned"] == before["unowned"] + 1
    said = cli("dashboard")
    assert "open alerts" in said.out
    assert f"{told['open_alerts']}, {told['unowned']} that nobody has" in said.out
    assert "running, http://127.0.0.1:" in said.out


def test_the_dashboard_names_the_services_that_are_not_well(cli: Cli) -> None:
    cli("alert", "raise", "three", "--severity", "critical", "--service", "cart")
    [told] = objects(cli("dashboard", "--json"))
    assert told["services"]["down"] >= 1
    said = cli("dashboard").out
    assert f"{told['services']['down']} down" in said
    (line,) = (line for line in said.splitlines() if "cart for " in line)
    assert line.split()[0] == "down"
    assert line.endswith(": 1 critical, nobody has it, nothing here looks at it")


def test_the_feed_tells_what_happened_and_ends_after_so_many(cli: Cli) -> None:
    alert_id = cli("alert", "raise", "fed \x1b[2J title", "--severity", "low").out.strip()
    cli("alert", "note", alert_id, "look here")
    lines = cli("feed", "--last", "2", "--no-follow").lines
    assert [line.split("  ")[2:] for line in lines] == [
        ["alert.fired", alert_id, "Ann", "fed ?[2J title"],
        ["alert.noted", alert_id, "Ann", "look here"],
    ]
    start = int(lines[0].split()[0]) - 1
    found = objects(cli("feed", "--after", str(start), "--count", "1", "--json"))
    assert [(f["pos"], f["envelope"]["kind"]) for f in found] == [(start + 1, "alert.fired")]


def test_following_shows_what_comes_later(cli: Cli, station: Station) -> None:
    import subprocess
    import sys

    command = [sys.executable, "-m", "crisisdesk", "feed", "--after", "0", "--json"]
    before = len(cli("feed", "--after", "0", "--no-follow").lines)
    process = subprocess.Popen(
        [*command, "--count", str(before + 1), "--data-dir", str(station.places.data_dir)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    for _ in range(before):
        assert process.stdout.readline()
    cli("alert", "raise", "later", "--severity", "low")
    assert "later" in process.stdout.readline()
    assert process.wait(10) == 0
    process.stdout.close()
