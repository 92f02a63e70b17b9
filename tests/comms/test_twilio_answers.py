"""Answers by text message: signed calls, and what is asked of Twilio, against a real receiver."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from crisisdesk.comms.twilio_answers import HELP, WRONG_CODES, TwilioAnswers, sign
from crisisdesk.domain.delivery import Delivery

from tests.comms.answer_bench import Bench
from tests.comms.direct import SID, TOKEN
from tests.comms.receivers import Receiver, Request, answer, receiving

URL = "https://desk.example.org/crisis/answers/sms"
OWN, ANN, BOB = "15551230000", "15551231111", "15551232222"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def address(far: str = ANN, more: str = "") -> str:
    return f"twilio://{SID}:{TOKEN}@{OWN}/{far}{more}"


def paged(bench: Bench, **more: Any) -> Delivery:
    method = bench.contact("Ann", "sms", address(**more))
    return bench.page(method, bench.fire())


def call(
    bench: Bench, text: str, sender: str = f"+{ANN}", key: str = TOKEN, **fields: str
) -> str | None:
    told = {"AccountSid": SID, "MessageSid": "SM9", "From": sender, "Body": text, **fields}
    form = list(told.items())
    texts = TwilioAnswers(bench.secrets, bench, URL)
    return asyncio.run(texts.take_call(bench.submit, sign(key, URL, form), form))


def test_the_signature_is_twilios_own() -> None:
    """The example of Twilio's documentation on securing requests."""
    form = [
        ("CallSid", "CA1234567890ABCDE"),
        ("Caller", "+14158675310"),
        ("Digits", "1234"),
        ("From", "+14158675310"),
        ("To", "+18005551212"),
    ]
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert sign("12345", url, form) == "GvWf1cFY/Q7PnoempGyD5oXAezc="


def test_a_signed_call_takes_the_alert_and_says_so(bench: Bench) -> None:
    page = paged(bench)
    assert call(bench, f"{page.code}a") == "You have it."
    assert bench.holder(page.alert_id) == "Ann"
    again = call(bench, f"{page.code}n")
    assert again is not None
    assert again.startswith("Already answered by Ann at")


def test_next_passes_it_on(bench: Bench) -> None:
    page = paged(bench)
    assert call(bench, f" {page.code} next ") == "Passed on: whoever comes next is asked now."
    assert bench.holder(page.alert_id) == ""


@pytest.mark.parametrize("fields", [{"AccountSid": "AC" + "9" * 32}, {}])
def test_a_call_that_is_not_twilios_is_refused(bench: Bench, fields: dict[str, str]) -> None:
    page = paged(bench)
    key = TOKEN if fields else "another key"
    assert call(bench, f"{page.code}a", key=key, **fields) is None
    assert bench.holder(page.alert_id) == ""


def test_an_api_key_signs_nothing(bench: Bench) -> None:
    page = paged(bench, more=f"?apikey=SK{'d4' * 16}")
    assert call(bench, f"{page.code}a") is None


def test_another_number_answers_nothing_and_hears_nothing(bench: Bench) -> None:
    page = paged(bench)
    assert call(bench, f"{page.code}a", sender=f"+{BOB}") == ""
    bench.contact("Bob", "sms", address(BOB))
    told = call(bench, f"{page.code}a", sender=f"+{BOB}")
    assert told == f"No page to this number has the code {page.code}."
    assert bench.holder(page.alert_id) == ""


def test_whatsapp_numbers_are_the_same_numbers(bench: Bench) -> None:
    method = bench.contact("Ann", "sms", f"twilio://{SID}:{TOKEN}@w:{OWN}/{ANN}")
    page = bench.page(method, bench.fire())
    assert call(bench, f"{page.code}a", sender=f"whatsapp:+{ANN}") == "You have it."


def test_what_is_no_answer_gets_help_and_chatter_gets_silence(bench: Bench) -> None:
    page = paged(bench)
    assert call(bench, f"{page.code} what is it") == HELP
    for chatter in ("STOP", "I am driving now", "ok", ""):
        assert call(bench, chatter) == ""
    assert bench.holder(page.alert_id) == ""


def test_guessing_codes_ends_in_silence(bench: Bench, expect_log: Any) -> None:
    expect_log("too many wrong codes from one number")
    page = paged(bench)
    texts = TwilioAnswers(bench.secrets, bench, URL)

    def send(code: int) -> str | None:
        form = [("AccountSid", SID), ("From", f"+{ANN}"), ("Body", f"{code}a")]
        return asyncio.run(texts.take_call(bench.submit, sign(TOKEN, URL, form), form))

    wrong = next(n for n in range(100, 1000) if n != page.code)
    for _ in range(WRONG_CODES):
        assert "has the code" in (send(wrong) or "")
    assert send(page.code) == ""
    assert bench.holder(page.alert_id) == ""
    bench.station.now_ms += 11 * 60_000
    assert send(page.code) == "You have it."


# -- asking --------------------------------------------------------------------------------------


def row(bench: Bench, sid: str, text: str, *, ago_s: int = 0, **changes: Any) -> dict[str, Any]:
    at = datetime.fromtimestamp(bench.now_ms() / 1000 - ago_s, tz=UTC)
    return {
        "sid": sid,
        "direction": "inbound",
        "from": f"+{ANN}",
        "to": f"+{OWN}",
        "body": text,
        "date_sent": format_datetime(at),
        **changes,
    }


def told(rows: list[dict[str, Any]], code: int = 200) -> Any:
    return lambda _request: answer(code, json.dumps({"messages": rows}))


def asking(bench: Bench, receiver: Receiver) -> Delivery:
    return paged(bench, more=f"?host=http://{receiver.host}")


def poll(bench: Bench, *texts: TwilioAnswers) -> TwilioAnswers:
    one = texts[0] if texts else TwilioAnswers(bench.secrets, bench)

    async def once() -> None:
        await one.poll(bench.submit)
        await one.aclose()

    asyncio.run(once())
    return one


def test_what_came_in_is_asked_for_and_taken(bench: Bench) -> None:
    rows: list[dict[str, Any]] = []
    with receiving(told(rows)) as receiver:
        page = asking(bench, receiver)
        bench.station.now_ms += 60_000
        rows += [
            row(bench, "SM3", "hello"),
            row(bench, "SM2", f"{page.code}a", ago_s=5),
            row(bench, "SM1", f"{page.code}n", direction="outbound-api"),
        ]
        one = poll(bench)
    (request,) = receiver.requests
    asked = parse_qs(urlsplit(request.path).query)
    assert asked["To"] == [f"+{OWN}"]
    assert "DateSent>" in asked
    assert request.headers["authorization"].startswith("Basic ")
    assert bench.holder(page.alert_id) == "Ann"
    assert one.problem == ""


def test_a_message_is_handled_once_also_after_a_restart(bench: Bench) -> None:
    rows: list[dict[str, Any]] = []
    with receiving(told(rows)) as receiver:
        page = asking(bench, receiver)
        bench.station.now_ms += 1000
        rows.append(row(bench, "SM1", f"{page.code}a"))
        one = poll(bench)
        asked = len(bench.asked)
        pos = bench.station.journal.head().pos
        poll(bench, one)
        assert [type(c).__name__ for c in bench.asked[asked:]] == ["ListMethods"]
        poll(bench)
    assert bench.station.journal.head().pos == pos, "read again, it changes nothing"


def test_an_old_message_answers_no_newer_page(bench: Bench) -> None:
    rows: list[dict[str, Any]] = []
    with receiving(told(rows)) as receiver:
        page = asking(bench, receiver)
        rows.append(row(bench, "SM1", f"{page.code}a", ago_s=1800))
        poll(bench)
    assert bench.holder(page.alert_id) == ""


@pytest.mark.parametrize(
    ("manner", "why"),
    [
        (lambda _r: answer(401, '{"message": "Authenticate"}'), "401 Authenticate"),
        (lambda _r: answer(200, "no json"), "200"),
        (lambda _r: answer(200, '{"messages": 7}'), "200"),
        (lambda _r: "reset", "does not tell"),
    ],
)
def test_what_twilio_does_not_tell_is_a_problem_in_words(
    bench: Bench, manner: Any, why: str
) -> None:
    with receiving(manner) as receiver:
        asking(bench, receiver)
        one = poll(bench)
    assert one.problem.startswith("Twilio does not tell what came in: ")
    assert why in one.problem
    assert TOKEN not in one.problem


@pytest.mark.parametrize(
    "strange", [7, None, {}, {"direction": "inbound"}, {"direction": "inbound", "sid": 1}]
)
def test_strange_rows_are_passed_over(bench: Bench, strange: Any) -> None:
    rows: list[Any] = [strange]
    with receiving(told(rows)) as receiver:
        page = asking(bench, receiver)
        bench.station.now_ms += 1000
        rows.append(row(bench, "SM1", f"{page.code}a", date_sent="yesterday or so"))
        one = poll(bench)
    assert one.problem == ""
    assert bench.holder(page.alert_id) == "Ann"


def test_without_a_number_by_twilio_nobody_is_asked(bench: Bench) -> None:
    def manner(_request: Request) -> bytes:
        raise AssertionError("asked in vain")

    with receiving(manner) as receiver:
        bench.contact("Ann", "sms", f"vonage://k:s@a/{ANN}")
        bench.contact("Bob", "sms", address(BOB, f"?method=call&host=http://{receiver.host}"))
        poll(bench)
    assert receiver.requests == []
