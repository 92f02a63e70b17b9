"""Providers on their own host names behind a proxy: what each calls a yes, and its false ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crisisdesk.comms.senders import check_url
from crisisdesk.engine.ports import Outcome

from tests.comms.pages import send
from tests.comms.receivers import (
    Request,
    answer,
    proxied,
)

# Apprise says each failure once more in its own words.
pytestmark = pytest.mark.allow_log(
    "Failed|failed|error|Connection|refused|recipient|ould not|invalid"
)

HOSTS = {
    "slack": "hooks.slack.com",
    "slackbot": "slack.com",
    "vonage": "rest.nexmo.com",
    "pover": "api.pushover.net",
    "gotifys": "push.example.org",
    "tgram": "api.telegram.org",
    "opsgenie": "api.opsgenie.com",
    "twilio": "api.twilio.com",
    "pagerduty": "events.pagerduty.com",
    "splunk": "alert.victorops.com",
    "jira": "api.atlassian.com",
    "sns": "sns.us-east-1.amazonaws.com",
    "workflows": "prod.westus.logic.azure.com",
    "ntfys": "ntfy.example.org",
}
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
VONAGE = "vonage://abcdef12:abcdefgh1234@15551230000/15551231111"
PUSHOVER = f"pover://{'u' * 30}@{'a' * 30}"
GOTIFY = "gotifys://push.example.org/AbCdEfGhIjKlMnO"
TELEGRAM = f"tgram://123456789:{'t' * 35}/987654321"
OPSGENIE = "opsgenie://11111111-2222-3333-4444-555555555555/@ann"
TWILIO = f"twilio://AC{'a1' * 16}:{'b2' * 16}@15551230000/15551231111"
PAGERDUTY = f"pagerduty://{'k' * 32}@{'i' * 32}/CrisisDesk/desk"

SPLUNK = "splunk://route@11111111-2222-3333-4444-555555555555/CD1"
JIRA = "jira://11111111-2222-3333-4444-555555555555/@ann"
SNS = f"sns://AHIAJGNT76XIMXDBIJYA/{'w' * 40}/us-east-1/15551231111"
TEAMS = f"workflows://prod.westus.logic.azure.com:443/{'6' * 32}/{'s' * 43}"
NTFY = "ntfys://ntfy.example.org/pages"


@pytest.fixture
def manners() -> dict[str, bytes]:
    return {}


@pytest.fixture
def internet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manners: dict[str, bytes]
) -> Iterator[list[Request]]:
    """Every provider's real host name ends here: Apprise's own code paths, untouched."""
    with proxied(lambda r: manners[r.host], tmp_path, list(HOSTS.values())) as (proxy, authority):
        monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.host}")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        yield proxy.requests


@pytest.mark.parametrize(
    ("url", "said", "provider_id"),
    [
        (SLACK, answer(200, "ok"), ""),
        (VONAGE, answer(200, '{"messages":[{"status":"0","message-id":"V1"}]}'), "V1"),
        (PUSHOVER, answer(200, '{"status":1,"request":"P1"}'), "P1"),
        (GOTIFY, answer(200, '{"id":25,"appid":5,"message":"Checkout"}'), "25"),
        (TELEGRAM, answer(200, '{"ok":true,"result":{"message_id":12}}'), "12"),
        (OPSGENIE, answer(202, '{"result":"Request will be processed","requestId":"O1"}'), "O1"),
        (TWILIO, answer(201, '{"sid":"SM1","status":"queued","error_code":null}'), "SM1"),
        (PAGERDUTY, answer(202, '{"status":"success","dedup_key":"D1","message":"ok"}'), "D1"),
        (SPLUNK, answer(200, '{"result":"success","entity_id":"S1"}'), "S1"),
        (JIRA, answer(202, '{"result":"Request will be processed","requestId":"J1"}'), "J1"),
        (SNS, answer(200, "<PublishResponse><MessageId>N1</MessageId></PublishResponse>"), "N1"),
        (TEAMS, answer(202), ""),
        (NTFY, answer(200, '{"id":"Y1","event":"message"}'), "Y1"),
    ],
)
@pytest.mark.parametrize("severity", ["low", "emergency"])
def test_providers_take_a_page(
    internet: list[Request],
    manners: dict[str, bytes],
    url: str,
    said: bytes,
    provider_id: str,
    severity: str,
) -> None:
    manners[HOSTS[url.partition(":")[0]]] = said
    outcome = send(url, severity=severity)
    assert (outcome.ok, outcome.provider_id) == (True, provider_id), outcome.words
    assert len(internet) == 1
    assert "Checkout" in internet[0].body.decode()


@pytest.mark.parametrize(
    ("url", "said", "words", "retryable"),
    [
        (
            VONAGE,
            answer(200, '{"messages":[{"status":"4","error-text":"Bad Credentials"}]}'),
            "status 4: Bad Credentials",
            False,
        ),
        (
            VONAGE,
            answer(200, '{"messages":[{"status":"1","error-text":"Throttled"}]}'),
            "status 1: Throttled",
            True,
        ),
        (VONAGE, answer(200, "{}"), "answer without message status", True),
        (
            PUSHOVER,
            answer(200, '{"status":0,"errors":["user key is invalid"]}'),
            "user key is invalid / 0",
            False,
        ),
        (GOTIFY, answer(200, "<html>captive portal</html>"), "answer without message id", True),
        (
            GOTIFY,
            answer(401, '{"error":"Unauthorized","errorCode":401,"errorDescription":"no token"}'),
            "401 Said: Unauthorized / no token",
            False,
        ),
        (TELEGRAM, answer(200, '{"ok":true}'), "answer without message id", True),
        (
            TELEGRAM,
            answer(400, '{"ok":false,"error_code":400,"description":"Bad Request: no chat"}'),
            "400 Said: Bad Request: no chat",
            False,
        ),
        (SLACK, answer(200, '{"ok":false,"error":"ratelimited"}'), "ratelimited", True),
        (SLACK, answer(404, "no_service"), "404 Said: no_service", False),
        (TWILIO, answer(201, "{}"), "answer without message id", True),
        (
            TWILIO,
            answer(400, '{"code":21211,"message":"The To number is not valid"}'),
            "400 Said: The To number is not valid (21211)",
            False,
        ),
        (PAGERDUTY, answer(202, '{"status":"throttled"}'), "throttled", True),
        (OPSGENIE, answer(202, "{}"), "answer without request id", True),
        (
            SPLUNK,
            answer(200, '{"result":"failure","message":"bad key"}'),
            "bad key / failure",
            False,
        ),
        (SNS, answer(200, "<html>login</html>"), "answer without message id", True),
        (
            TEAMS,
            answer(200, "Webhook message delivery failed with error: HTTP error 429"),
            "Webhook message delivery failed with error: HTTP error 429",
            True,
        ),
        (NTFY, answer(200, "<html>captive portal</html>"), "answer without message id", True),
        (SLACK, answer(200, "<html>captive portal</html>"), "<html>captive portal</html>", False),
    ],
)
def test_a_false_yes_is_a_failure(
    internet: list[Request],
    manners: dict[str, bytes],
    url: str,
    said: bytes,
    words: str,
    retryable: bool,
) -> None:
    manners[HOSTS[url.partition(":")[0]]] = said
    outcome = send(url)
    assert outcome == Outcome(ok=False, words=words, retryable=retryable)
    assert internet


def test_an_attempt_without_any_request_is_a_failure(internet: list[Request]) -> None:
    # Jira's plugin answers "close" of an unknown alert with yes and sends nothing.
    outcome = send(f"{JIRA}?action=close")
    assert (outcome.ok, outcome.retryable) == (False, False)
    assert "nothing was sent" in outcome.words
    assert internet == []


def test_pagerduty_gets_our_key_and_no_foreign_pictures(
    internet: list[Request], manners: dict[str, bytes]
) -> None:
    manners[HOSTS["pagerduty"]] = answer(202, '{"status":"success"}')
    send(PAGERDUTY)
    sent = internet[0].json()
    assert sent["dedup_key"] == "delivery-1"
    assert "images" not in sent


def test_telegram_says_in_the_body_how_long_to_wait(
    internet: list[Request], manners: dict[str, bytes]
) -> None:
    said = '{"ok":false,"description":"Too Many Requests","parameters":{"retry_after":35}}'
    manners[HOSTS["tgram"]] = answer(429, said)
    outcome = send(TELEGRAM)
    assert (outcome.ok, outcome.retryable, outcome.retry_after_s) == (False, True, 35.0)
    assert internet


@pytest.mark.parametrize(
    ("severity", "more", "priority"),
    [("high", "", 5), ("critical", "", 8), ("emergency", "", 10), ("emergency", "?priority=l", 0)],
)
def test_gotify_makes_a_sound_for_the_worst(
    internet: list[Request], manners: dict[str, bytes], severity: str, more: str, priority: int
) -> None:
    manners[HOSTS["gotifys"]] = answer(200, '{"id":1}')
    assert send(GOTIFY + more, severity=severity).ok
    assert internet[0].json()["priority"] == priority


def test_a_strange_certificate_is_refused(
    internet: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    outcome = send(SLACK)
    assert not outcome.ok
    assert "certificate not accepted" in outcome.words
    assert internet == []


@pytest.mark.parametrize(
    "url", [SLACK, VONAGE, PUSHOVER, GOTIFY, TELEGRAM, OPSGENIE, TWILIO, PAGERDUTY]
)
def test_addresses_in_order_pass_the_check(url: str) -> None:
    check_url(url)
