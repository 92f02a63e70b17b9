"""``crisisdesk candidate`` against a real engine."""

from __future__ import annotations

import threading
from pathlib import Path
from time import monotonic
from typing import Any

from tests.cli.conftest import Cli, objects
from tests.cli.drafts import draft

WITHIN_S = 30.0


def proposed(cli: Cli, service: str) -> dict[str, Any]:
    """Three alerts on a service, and the candidate that the engine makes of them."""
    for number in range(3):
        cli("alert", "raise", f"Slow {number}", "--severity", "high", "--service", service)
    until, pause = monotonic() + WITHIN_S, threading.Event()
    while monotonic() < until:
        for one in objects(cli("candidate", "list", "--json")):
            if one["group"] == {"service": service}:
                return one
        pause.wait(0.1)
    raise AssertionError("no candidate was proposed")


def test_one_is_listed_shown_and_accepted(cli: Cli) -> None:
    name = proposed(cli, "shop-db")["candidate_id"]
    assert "3 related alerts on shop-db" in cli("candidate", "list").out
    shown = cli("candidate", "show", name)
    assert "waits for an answer" in shown.out
    assert "the same service" in shown.out
    assert shown.out.count("shop-db  Slow") == 3
    accepted = cli("candidate", "accept", name, "--title", "Shop down", "--operator", "Ann")
    incident_id = accepted.out.strip()
    assert (accepted.code, incident_id[:4]) == (0, "INC-"), accepted.err
    assert "Shop down" in cli("incident", "show", incident_id).out
    assert f"accepted by Ann as {incident_id}" in cli("candidate", "show", name).out
    listed = objects(cli("candidate", "list", "--all", "--json"))
    assert name in [one["candidate_id"] for one in listed]
    refused = cli("candidate", "dismiss", name, "--operator", "Ann")
    assert (refused.code, incident_id in refused.err) == (1, True)


def test_one_is_dismissed_and_brought_back(cli: Cli) -> None:
    name = proposed(cli, "mail-db")["candidate_id"]
    dismissed = cli("candidate", "dismiss", name, "--reason", "a test", "--operator", "Ann")
    assert dismissed.out == f"{name} dismissed\n"
    assert "dismissed by Ann: a test" in cli("candidate", "show", name).out
    assert cli("candidate", "reopen", name, "--operator", "Ann").out == f"{name} open\n"
    assert "waits for an answer" in cli("candidate", "show", name).out
    assert cli("candidate", "show", "CAN-NONE").code == 1


def test_a_rule_is_rehearsed_published_and_listed(cli: Cli, tmp_path: Path) -> None:
    proposed(cli, "lab-db")
    text = "name: Pairs\ncontent:\n  kind: correlation\n  by: [service]\n  at_least: 2\n"
    text += "  for: service=lab-db\n"
    file = draft(tmp_path, "pairs", text)
    checked = cli("policy", "check", file)
    assert checked.code == 0, checked.err
    assert "it would have proposed an incident once." in checked.out
    assert "service lab-db" in checked.out
    assert "same place  (built in)" in cli("candidate", "rules").out
    made = cli("policy", "publish", file)
    assert made.out.startswith("POL-"), made.err
    assert "Pairs  (POL-" in cli("candidate", "rules").out
    assert "correlation" in cli("policy", "list").out
    cli("policy", "withdraw", "Pairs")
    off = draft(
        tmp_path, "disabled", "name: same place\ncontent: {kind: correlation, disabled: true}"
    )
    assert "switched off" in cli("policy", "check", off).out
    wrong = draft(tmp_path, "wrong", text.replace("[service]", "[colour]"))
    refused = cli("policy", "check", wrong)
    assert (refused.code, "by[0]" in refused.err) == (2, True)
