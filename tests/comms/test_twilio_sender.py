"""SMS, WhatsApp and calls by Twilio, and what became of them."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

import pytest

from crisisdesk.comms.channels import AddressError
from crisisdesk.comms.senders import Senders, check_url
from crisisdesk.comms.twilio_sender import Twilio, line_of
from crisisdesk.engine.ports import Confirmation, Outcome

from tests.comms.direct import SID, TOKEN, YES, confirm, twilio
from tests.comms.pages import page, send
from tests.comms.receivers import Request, answer, receiving

SERVICE = "MG" + "c3" * 16


def form(url: str, **changes: Any) -> dict[str, str]:
    raw = Twilio().question(page(url, **changes)).content.decode()
    return {name: values[0] for name, values in parse_qs(raw).items()}


def test_an_sms_over_the_wire() -> None:
    with receiving(lambda _: answer(*YES["twilio"])) as receiver:
        outcome = send(twilio(receiver))
    (request,) = receiver.requests
    assert request.path == f"/2010-04-01/Accounts/{SID}/Messages.json"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers["authorization"].startswith("Basic ")
    assert parse_qs(request.body.decode()) == {
        "From": ["+15551230000"],
        "To": ["+15551231111"],
        "Body": ["CRITICAL: Checkout fails\nSince: now"],
    }
    assert (outcome.words, outcome.provider_id) == ("queued", "SM1")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"twilio://{SID}:{TOKEN}@w:15551230000/15551231111", "whatsapp:+15551231111"),
        (f"twilio://{SID}:{TOKEN}@15551230000/w:15551231111", "whatsapp:+15551231111"),
        (f"twilio://{SID}:{TOKEN}@12345/15551231111", "+15551231111"),
        (f"twilio://{SID}:{TOKEN}@15551230000/?to=%2B1%20555%20123-1111", "+15551231111"),
    ],
)
def test_numbers(url: str, expected: str) -> None:
    check_url(url)
    assert form(url)["To"] == expected


def test_a_messaging_service_and_a_call() -> None:
    service = form(f"twilio://{SID}:{TOKEN}@{SERVICE}/15551231111")
    assert service["MessagingServiceSid"] == SERVICE
    assert "From" not in service
    url = f"twilio://{SID}:{TOKEN}@15551230000/15551231111?method=call&apikey=SK{'d4' * 16}"
    question = Twilio().question(page(url, title="A & B", text="<c>"))
    assert question.url.endswith("/Calls.json")
    assert question.auth == (f"SK{'d4' * 16}", TOKEN)
    assert form(url, title="A & B", text="<c>")["Twiml"] == (
        "<Response><Say>A &amp; B\n&lt;c&gt;</Say></Response>"
    )


def test_the_line_of_an_address_names_both_its_ends() -> None:
    line = line_of(f"twilio://{SID}:{TOKEN}@15551230000/15551231111")
    assert line is not None
    assert (line.account, line.own, line.far) == (SID, "+15551230000", "+15551231111")
    assert (line.auth, line.sign_key) == ((SID, TOKEN), TOKEN)
    assert line.messages_url.endswith(f"/Accounts/{SID}/Messages.json")
    assert TOKEN not in repr(line)
    service = line_of(f"twilio://{SID}:{TOKEN}@{SERVICE}/15551231111?apikey=SK{'d4' * 16}")
    assert service is not None
    assert (service.own, service.sign_key) == ("", "")
    assert line_of(f"twilio://{SID}:{TOKEN}@15551230000/15551231111?method=call") is None


def test_a_long_page_fits_one_message() -> None:
    url = f"twilio://{SID}:{TOKEN}@15551230000/15551231111"
    assert len(form(url, text="x" * 9000)["Body"]) == 1600


@pytest.mark.parametrize(
    ("http", "code", "retryable"),
    [
        (400, 21211, False),
        (400, 21610, False),
        (400, 21614, False),
        (401, 20003, False),
        (400, 21611, True),
        (429, 20429, True),
        (503, 20503, True),
    ],
)
def test_error_codes(http: int, code: int, retryable: bool) -> None:
    said = answer(http, json.dumps({"code": code, "message": "no"}))
    with receiving(lambda _: said) as receiver:
        outcome = send(twilio(receiver))
    assert outcome == Outcome(ok=False, words=f"{http} Said: no ({code})", retryable=retryable)


def test_a_created_message_that_failed_at_once_is_no_yes() -> None:
    body = {"sid": "SM1", "status": "failed", "error_code": 30005, "error_message": "unknown"}
    with receiving(lambda _: answer(201, json.dumps(body))) as receiver:
        outcome = send(twilio(receiver))
    assert outcome == Outcome(ok=False, words="failed: 30005 unknown", retryable=False)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("queued", "pending"),
        ("sending", "pending"),
        ("sent", "pending"),
        ("delivered", "delivered"),
        ("read", "read"),
        ("undelivered", "failed"),
        ("failed", "failed"),
        ("canceled", "failed"),
        ("something new", "unknown"),
    ],
)
def test_what_became_of_it(status: str, state: str) -> None:
    with receiving(lambda _: answer(200, json.dumps({"status": status}))) as receiver:
        found = asyncio.run(confirm(twilio(receiver), "SM1"))
    (request,) = receiver.requests
    assert (request.method, request.path) == (
        "GET",
        f"/2010-04-01/Accounts/{SID}/Messages/SM1.json",
    )
    assert found.state == state


@pytest.mark.parametrize(("status", "state"), [("completed", "delivered"), ("busy", "failed")])
def test_what_became_of_a_call(status: str, state: str) -> None:
    with receiving(lambda _: answer(200, json.dumps({"status": status}))) as receiver:
        found = asyncio.run(confirm(twilio(receiver, "&method=call"), "CA1"))
    assert receiver.requests[0].path.endswith("/Calls/CA1.json")
    assert found.state == state


def test_a_liar_is_found_out_when_asked() -> None:
    failed = {"status": "undelivered", "error_code": 30003, "error_message": "handset off"}

    def liar(request: Request) -> bytes:
        if request.method == "POST":
            return answer(*YES["twilio"])
        return answer(200, json.dumps(failed))

    async def run(url: str) -> tuple[Outcome, Confirmation]:
        senders = Senders()
        outcome = await senders.send(page(url))
        found = await senders.confirm(url, outcome.provider_id, 5.0)
        await senders.aclose()
        return outcome, found

    with receiving(liar) as receiver:
        outcome, found = asyncio.run(run(twilio(receiver)))
    assert outcome.ok
    assert found == Confirmation(state="failed", words="undelivered: 30003 handset off")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"twilio://{SID}@15551230000/15551231111", "token"),
        (f"twilio://AC1:{TOKEN}@15551230000/15551231111", "32 hexadecimal"),
        (f"twilio://{SID}:{TOKEN}@15551230000", "number to reach"),
        (f"twilio://{SID}:{TOKEN}@15551230000/12", "country code"),
        (f"twilio://{SID}:{TOKEN}@15551230000/15551231111/15551231112", "2 recipients"),
        (f"twilio://{SID}:{TOKEN}@15551230000/15551231111?format=text", "“format”"),
    ],
)
def test_refused_addresses(url: str, words: str) -> None:
    with pytest.raises(AddressError, match=words) as caught:
        check_url(url)
    assert TOKEN not in str(caught.value)
