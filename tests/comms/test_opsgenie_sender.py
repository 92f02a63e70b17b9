"""Alerts for Opsgenie: what is in them, and what became of the request."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from crisisdesk.comms.channels import AddressError
from crisisdesk.comms.opsgenie_sender import HOSTS, PRIORITY, Opsgenie
from crisisdesk.comms.senders import check_url

from tests.comms.direct import GENIE, YES, confirm, opsgenie
from tests.comms.pages import page, send
from tests.comms.receivers import answer, receiving


def alert(url: str = f"opsgenie://{GENIE}", **changes: Any) -> Any:
    return json.loads(Opsgenie().question(page(url, **changes)).content)


def test_an_alert_over_the_wire() -> None:
    with receiving(lambda _: answer(*YES["opsgenie"])) as receiver:
        url = opsgenie(receiver, "&tags=shop,%20eu&entity=cart", "@ann/%23web/*night/^all")
        send(url, thread="01J9ZK/e1", link="https://desk.example.org/")
    (request,) = receiver.requests
    assert (request.method, request.path) == ("POST", "/v2/alerts")
    assert request.headers["authorization"] == f"GenieKey {GENIE}"
    sent = request.json()
    assert (sent["message"], sent["alias"]) == ("CRITICAL: Checkout fails", "01J9ZK/e1")
    assert (sent["priority"], sent["source"]) == ("P1", "CrisisDesk")
    assert (sent["tags"], sent["entity"]) == (["shop", "eu"], "cart")
    assert sent["details"]["link"] == "https://desk.example.org/"
    assert sent["responders"] == [
        {"type": "user", "username": "ann"},
        {"type": "team", "name": "web"},
        {"type": "schedule", "name": "night"},
        {"type": "escalation", "name": "all"},
    ]


def test_responders_by_id_and_priorities() -> None:
    assert alert(f"opsgenie://{GENIE}/%23{GENIE}")["responders"] == [{"type": "team", "id": GENIE}]
    assert [alert(severity=s)["priority"] for s in PRIORITY] == ["P4", "P3", "P2", "P1", "P1"]
    assert alert(f"opsgenie://{GENIE}?priority=P5")["priority"] == "P5"


def test_limits_and_keys() -> None:
    sent = alert(title="t" * 500, text="x" * 20_000, thread="k" * 600)
    assert (len(sent["message"]), len(sent["description"])) == (130, 15_000)
    assert len(sent["alias"]) == 64
    assert alert()["alias"] == "delivery-1"


def test_regions() -> None:
    url = Opsgenie().question(page(f"opsgenie://{GENIE}?region=eu")).url
    assert url == f"https://{HOSTS['eu']}/v2/alerts"


@pytest.mark.parametrize(
    ("code", "body", "state", "words"),
    [
        (200, {"data": {"isSuccess": True, "status": "Created alert"}}, "delivered", "Created"),
        (200, {"data": {"success": True, "status": "Created alert"}}, "delivered", "Created"),
        (200, {"data": {"isSuccess": False, "status": "no right"}}, "failed", "no right"),
        (404, {"message": "Request not found"}, "pending", "not worked off yet"),
        (200, {"data": {"isSuccess": "yes"}}, "unknown", "200"),
        (403, {"message": "wrong key"}, "unknown", "wrong key"),
    ],
)
def test_what_became_of_it(code: int, body: Any, state: str, words: str) -> None:
    with receiving(lambda _: answer(code, json.dumps(body))) as receiver:
        found = asyncio.run(confirm(opsgenie(receiver), "O1/../x"))
    (request,) = receiver.requests
    assert (request.method, request.path) == ("GET", "/v2/alerts/requests/O1%2F..%2Fx")
    assert request.headers["authorization"] == f"GenieKey {GENIE}"
    assert found.state == state
    assert words in found.words


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("opsgenie://short", "needs the key"),
        (f"opsgenie://{GENIE}?region=mars", "“us” or “eu”"),
        (f"opsgenie://{GENIE}?priority=huge", "P1"),
        (f"opsgenie://{GENIE}?alias=x", "“alias”"),
    ],
)
def test_refused_addresses(url: str, words: str) -> None:
    with pytest.raises(AddressError, match=words) as caught:
        check_url(url)
    assert GENIE not in str(caught.value)


def test_an_address_that_would_do_something_else_sends_nothing() -> None:
    with receiving(lambda _: answer(*YES["opsgenie"])) as receiver:
        outcome = send(opsgenie(receiver, "&action=close"))
    assert (outcome.ok, outcome.retryable) == (False, False)
    assert "nothing was sent" in outcome.words
    assert receiver.requests == []
