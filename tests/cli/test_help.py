"""README and help pages say what is so: links, commands, routes, figures and snippets hold."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import typer.main

from crisisdesk.__main__ import OWN_COMMANDS
from crisisdesk.cli.app import app
from crisisdesk.desk.settings_room.sounds_card import SOUNDS
from crisisdesk.domain.alarm import REPEAT_MS, Motif
from crisisdesk.domain.delivery import RetryPolicy
from crisisdesk.domain.throttle import METHOD_LIMITS, Throttle
from crisisdesk.settings.file import load_settings
from crisisdesk.settings.model import DEFAULT_PORT, Settings
from crisisdesk.settings.places import resource_path

from tests.cli.conftest import Cli, Station

README = Path(__file__).resolve().parents[2] / "README.md"
HELP = resource_path("help")
PAGES = [README, *sorted(HELP.glob("*.md")), *sorted(HELP.glob("decisions/*.md"))]
PICTURES = {
    f"{name}.png"
    for name in (
        "alerts",
        "channel-map",
        "comms",
        "fleet",
        "health",
        "health-services",
        "incidents",
        "planning",
        "recovery",
        "settings",
        "split",
    )
}


def words(name: str) -> str:
    """One help page on one line."""
    return " ".join((HELP / name).read_text(encoding="utf-8").split())


def test_every_link_leads_somewhere() -> None:
    links = [
        (page, target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    ]
    pictures = {Path(target).name for _, target in links if target.endswith(".png")}
    assert pictures == PICTURES
    assert [
        f"{page.name}: {target}"
        for page, target in links
        if not target.endswith(".png") and not (page.parent / target).exists()
    ] == []


def test_every_help_page_is_in_the_index() -> None:
    index = (HELP / "index.md").read_text(encoding="utf-8")
    pages = {page.name for page in HELP.glob("*.md")} - {"index.md"}
    assert {page for page in pages if f"({page})" not in index} == set()
    assert len(pages) >= 12


def test_the_limits_of_messages_are_those_that_hold() -> None:
    page = words("paging.md")
    named = {
        "SMS, calls": METHOD_LIMITS["sms"],
        "email": METHOD_LIMITS["email"],
        "push": METHOD_LIMITS["push"],
        "Slack, Teams, Discord, Telegram": METHOD_LIMITS["telegram"],
        "webhooks and other machines": Throttle().other_methods,
    }
    spans = {60_000: "a minute", 30_000: "in 30 s", 15_000: "in 15 s", 5_000: "in 5 s"}
    spans |= {900_000: "in 15 min", 3_600_000: "an hour", 10_800_000: "in 3 h"}
    for name, limits in named.items():
        windows = (*limits.spacing, *limits.lasting) or limits.burst
        told = ", ".join(f"{w.count} {spans[w.per_ms]}" for w in windows)
        assert f"| {name} | {told} |" in page


def test_every_command_that_is_named_exists() -> None:
    tree = typer.main.get_command(app)
    groups: dict[str, Any] = getattr(tree, "commands", {})
    wrong = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for first, second in re.findall(
            r"[`\s]crisisdesk ([a-z]+)(?: ([a-z]+(?:-[a-z]+)*))?", text
        ):
            known = first in OWN_COMMANDS or first in groups
            inner = getattr(groups.get(first), "commands", None)
            if not known or (inner and second and second not in inner):
                wrong.append(f"{page.name}: {first} {second}")
    assert wrong == []


@pytest.fixture(scope="module")
def document(station: Station) -> dict[str, Any]:
    door = json.loads(station.places.engine_door.read_text())
    request = urllib.request.Request(
        f"{door['url']}/openapi.json", headers={"Authorization": f"Bearer {door['token']}"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def test_every_route_that_is_named_is_served(document: dict[str, Any]) -> None:
    served = {re.sub(r"\{[a-z_]+\}", "{}", path) for path in document["paths"]}
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = re.findall(r"(?<![\w/.])(/(?:crisis|api/v2|v2)/[\w/{}-]+)", text)
    named += re.findall(r"127\.0\.0\.1:\d+(/[\w/]+)", text)
    assert len(named) > 15
    generic = {"/intake/generic/NAME", "/intake/generic/sensors"}
    # A provider calls it, no client: it is no part of the document.
    generic.add("/crisis/answers/sms")
    wanted = {re.sub(r"\{[a-z_]+\}", "{}", path) for path in named} - generic
    assert {path for path in wanted if path not in served} == set()


def test_the_port_is_the_usual_one() -> None:
    for page in PAGES:
        ports = re.findall(r"127\.0\.0\.1:(\d+)", page.read_text(encoding="utf-8"))
        assert set(ports) <= {str(DEFAULT_PORT)}, page.name


def test_figures_are_those_of_the_program() -> None:
    sla = Settings().sla
    said = "emergency {} min, critical {} min, high {} min, medium {} min, low {} min"
    minutes = [
        round(sla.ack_ms(s) / 60_000) for s in ("emergency", "critical", "high", "medium", "low")
    ]
    assert said.format(*minutes) in words("alerts.md")
    assert f"at {sla.prealarm_share:.0%}".replace("%", " %") in words("alerts.md")
    retry = RetryPolicy()
    pauses = ", ".join(f"{retry.backoff_ms // 1000 << n} s" for n in range(retry.max_attempts - 1))
    assert f"within {retry.deadline_ms // 1000} s" in words("paging.md")
    assert f"after {pauses}: four attempts" in words("paging.md")
    assert retry.max_attempts == 4
    usual = {severity: volume for severity, _name, _words, volume in SOUNDS}
    for motif, every_ms in REPEAT_MS.items():
        if motif is Motif.UNREACHED:
            continue
        volume = f"{usual[motif.value]} %"
        every = "not repeated" if every_ms is None else f"{every_ms // 1000} s"
        every = "5 min" if every == "300 s" else every
        assert f"| {motif.value} | {every} | {volume} |" in words("sound.md")


def test_the_mapping_of_the_example_can_be_loaded(tmp_path: Path) -> None:
    text = (HELP / "generic-json.md").read_text(encoding="utf-8")
    lines = [line[4:] for line in text.splitlines() if line.startswith("    ")]
    file = tmp_path / "settings.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    mapping = load_settings(file, {}).intake["sensors"]
    assert (mapping.key, mapping.resolve_words) == ("device.id", ("cleared",))


def test_the_example_for_the_shell_works(cli: Cli) -> None:
    text = README.read_text(encoding="utf-8")
    found = re.search(
        r'crisisdesk (alert) (raise) "([^"]+)" (--severity) (\w+) (--service) (\S+)', text
    )
    assert found is not None
    assert cli(*found.groups()).out.startswith("A-")
