"""``crisisdesk alert`` about who has one, against a real engine."""

from __future__ import annotations

import re

from tests.cli.conftest import NOWHERE, Cli
from tests.cli.test_alerts import raised

UNTIL = r" until \d\d:\d\d UTC"


def test_one_says_still_claims_and_sees_until_when(cli: Cli) -> None:
    alert_id = raised(cli)
    cli("alert", "ack", alert_id)
    assert re.fullmatch(
        rf"{alert_id} is still yours{UNTIL}", cli("alert", "still", alert_id).lines[0]
    )
    said = cli("alert", "claim", alert_id, by="Bob")
    assert re.fullmatch(rf"{alert_id} is yours{UNTIL}", said.lines[0])
    assert re.search(rf"Bob{UNTIL}", cli("alert", "list").out)
    refused = cli("alert", "still", alert_id)
    assert refused.code == 0, "whoever acknowledged it first still has a say"
    refused = cli("alert", "still", alert_id, by="Zoe")
    assert refused.code == 1
    assert "Bob has" in refused.err


def test_one_hands_over_and_the_other_answers(cli: Cli) -> None:
    alert_id = raised(cli)
    assert cli("contact", "add", "Bob", "--method", NOWHERE).code == 0
    refused = cli("alert", "hand-off", alert_id, "Bob")
    assert (refused.code, "nobody has" in refused.err) == (1, True)
    cli("alert", "ack", alert_id)
    said = cli("alert", "hand-off", alert_id, "bob", "--note", "as on Monday")
    assert re.fullmatch(rf"{alert_id} offered to Bob{UNTIL}", said.lines[0])
    assert "to Bob by Ann" in cli("alert", "show", alert_id).out
    said = cli("alert", "decline", alert_id, "--reason", "asleep", by="Bob")
    assert said.lines == [f"{alert_id} stays with Ann"]
    cli("alert", "hand-off", alert_id, "Bob")
    assert cli("alert", "withdraw", alert_id).lines == [f"{alert_id} stays with Ann"]
    cli("alert", "hand-off", alert_id, "Bob")
    said = cli("alert", "accept", alert_id, by="Bob")
    assert re.fullmatch(rf"{alert_id} is yours{UNTIL}", said.lines[0])
    assert cli("alert", "accept", alert_id, by="Bob").code == 1


def test_what_pages_nobody_has_no_end_to_tell(cli: Cli) -> None:
    said = cli("alert", "raise", "one", "--severity", "low")
    alert_id = said.out.strip()
    assert cli("alert", "claim", alert_id).lines == [f"{alert_id} is yours"]
