"""``crisisdesk intake`` prints what works: its token and its addresses open the engine."""

from __future__ import annotations

import json
import stat
import urllib.request
from pathlib import Path

import yaml

from crisisdesk.bootstrap.building import INTAKE_TOKEN
from crisisdesk.cli.intake import TOKEN_NAME

from tests.cli.conftest import Cli, Station, objects


def test_the_token_is_kept_under_the_engines_name() -> None:
    assert TOKEN_NAME == INTAKE_TOKEN


def test_the_token_is_shown_only_when_asked_for(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "crisisdesk.token"
    quiet = cli("intake", "--token-file", str(file))
    token = file.read_text()
    assert len(token) > 30
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert token not in quiet.out
    assert str(file) in quiet.out
    assert token in cli("intake", "--show-token").out
    assert cli("intake", "token").out == f"{token}\n"
    assert cli("intake", "tokens").code == 2


def test_what_it_prints_raises_an_alert(cli: Cli, station: Station) -> None:
    lines = [line.strip() for line in cli("intake", "--show-token").lines]
    address = next(line.split()[1] for line in lines if line.startswith("address"))
    key = next(line.split()[1] for line in lines if line.startswith("routing_key"))
    event = {
        "routing_key": key,
        "event_action": "trigger",
        "dedup_key": "k",
        "payload": {"summary": "by the printed words", "source": "s", "severity": "error"},
    }
    request = urllib.request.Request(
        address, json.dumps(event).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 202
    [alert] = objects(cli("alert", "list", "--find", "by the printed words", "--json"))
    assert alert["severity"] == "high"


def test_the_printed_snippets_are_yaml_that_says_the_right_thing(cli: Cli) -> None:
    out = cli("intake").out
    straight = yaml.safe_load(out[out.index("    alerting:") : out.index("Alertmanager, as a")])
    [manager] = straight["alerting"]["alertmanagers"]
    [config] = manager["static_configs"]
    assert config["targets"][0].startswith("127.0.0.1:")
    assert manager["authorization"] == {"credentials_file": "/etc/prometheus/crisisdesk.token"}
    webhook = yaml.safe_load(out[out.index("    receivers:") : out.index("Senders for")])
    [receiver] = webhook["receivers"][0]["webhook_configs"]
    assert receiver["url"].endswith("/intake/alertmanager")
    assert receiver["http_config"]["authorization"]["credentials_file"]
