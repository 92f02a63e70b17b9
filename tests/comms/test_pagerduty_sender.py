"""Events for PagerDuty: what is in them, and how its answers are meant."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.comms.channels import AddressError
from crisisdesk.comms.http_lines import Answer
from crisisdesk.comms.pagerduty_sender import HOSTS, SEVERITY, PagerDuty
from crisisdesk.comms.senders import check_url

from tests.comms.direct import KEY, pagerduty
from tests.comms.pages import page, send
from tests.comms.receivers import answer, receiving


def event(url: str = f"pagerduty://{KEY}", **changes: Any) -> Any:
    return json.loads(PagerDuty().question(page(url, **changes)).content)


def test_an_event_over_the_wire() -> None:
    with receiving(lambda _: answer(202, '{"status":"success"}')) as receiver:
        send(pagerduty(receiver), thread="01J9ZK/e1", link="https://desk.example.org/a/01J9ZK")
    (request,) = receiver.requests
    assert (request.method, request.path) == ("POST", "/v2/enqueue")
    assert request.headers["content-type"] == "application/json"
    assert request.json() == {
        "routing_key": KEY,
        "event_action": "trigger",
        "dedup_key": "01J9ZK/e1",
        "client": "CrisisDesk",
        "client_url": "https://desk.example.org/a/01J9ZK",
        "links": [{"href": "https://desk.example.org/a/01J9ZK", "text": "Open the alert"}],
        "payload": {
            "summary": "CRITICAL: Checkout fails",
            "source": "CrisisDesk",
            "severity": "critical",
            "custom_details": {
                "text": "CRITICAL: Checkout fails\nSince: now",
                "alert": "01J9ZK",
                "severity": "critical",
                "delivery": "delivery-1",
                "possible_repeat": False,
            },
        },
    }


def test_without_a_thread_the_deliverys_key_keeps_repeats_together() -> None:
    assert event()["dedup_key"] == "delivery-1"
    assert event(possible_repeat=True)["dedup_key"] == "delivery-1"


def test_severities() -> None:
    found = {s: event(severity=s)["payload"]["severity"] for s in SEVERITY}
    assert list(found.values()) == ["info", "warning", "error", "critical", "critical"]
    assert event(severity="strange")["payload"]["severity"] == "critical"
    assert event(f"pagerduty://{KEY}?severity=info")["payload"]["severity"] == "info"


def test_the_older_form_of_the_address_means_the_same() -> None:
    found = event(f"pagerduty://{KEY}@{'a' * 20}/shop/cart?group=g&class=c&+team=web")
    assert found["routing_key"] == KEY
    payload = found["payload"]
    assert [payload[k] for k in ("source", "component", "group", "class")] == [
        "shop",
        "cart",
        "g",
        "c",
    ]
    assert payload["custom_details"]["team"] == "web"


def test_regions() -> None:
    urls = [
        PagerDuty().question(page(f"pagerduty://{KEY}{more}")).url
        for more in ("", "?region=eu", "?host=events.example.org:8443")
    ]
    assert urls == [
        f"https://{HOSTS['us']}/v2/enqueue",
        f"https://{HOSTS['eu']}/v2/enqueue",
        "https://events.example.org:8443/v2/enqueue",
    ]


@given(title=st.text(max_size=3000), text=st.text(max_size=500), factor=st.integers(1, 2000))
def test_no_page_is_too_long(title: str, text: str, factor: int) -> None:
    question = PagerDuty().question(
        page(f"pagerduty://{KEY}", title=title, text=text * factor, thread="t" * factor)
    )
    assert len(question.content) <= 512 * 1024
    sent = json.loads(question.content)
    assert len(sent["payload"]["summary"]) <= 1024
    assert sent["payload"]["summary"]
    assert len(sent["dedup_key"]) <= 255


def test_a_refusal_names_what_is_wrong() -> None:
    body = '{"status":"invalid event","message":"Event object is invalid","errors":["no source"]}'
    outcome = PagerDuty().judge(Answer(code=400, reason="Bad", headers={}, text=body))
    assert (outcome.ok, outcome.retryable) == (False, False)
    assert "no source" in outcome.words


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("pagerduty://short", "routing"),
        (f"pagerduty://{KEY}?region=mars", "“us” or “eu”"),
        (f"pagerduty://{KEY}?action=resolve", "“action”"),
        (f"pagerduty://{KEY}?verify=no", "always checked"),
        (f"pagerduty://{KEY}?host=http://events.example.org", "only on this machine"),
        (f"pagerduty://{KEY}?host=ftp://events.example.org", "goes over https"),
        (f"pagerduty://{KEY}?host=events.example.org/path", "host and a port only"),
        (f"pagerduty://{KEY}?host=169.254.169.254", "link-local"),
    ],
)
def test_refused_addresses(url: str, words: str) -> None:
    with pytest.raises(AddressError, match=words) as caught:
        check_url(url)
    assert KEY not in str(caught.value)


def test_addresses_in_order() -> None:
    for more in ("", "?region=eu", "@apikey/source/component", "?host=http://[::1]:8080"):
        check_url(f"pagerduty://{KEY}{more}")
