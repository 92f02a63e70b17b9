"""The route that Twilio calls: its signature opens it, and it hears what was done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest

from crisisdesk.comms.twilio_answers import TwilioAnswers, sign
from crisisdesk.domain.delivery import Delivery
from crisisdesk.engine.answer_links import SMS_PATH
from crisisdesk.engine.clock import SystemClock

from tests.api.station import Station
from tests.api.test_answer_pages import PUBLIC, Open
from tests.comms.direct import SID, TOKEN

ANN = "15551231111"
URL = PUBLIC + SMS_PATH


class Called(Open):
    """A station that Twilio calls with text messages."""

    def texts(self) -> TwilioAnswers:
        return TwilioAnswers(self.secrets, SystemClock(), URL)

    def texted(self) -> Delivery:
        """The page of a critical alert by text message, handed over."""
        method = {"url": f"twilio://{SID}:{TOKEN}@15551230000/{ANN}", "min_severity": "high"}
        made = self.ask("POST", "/crisis/contacts/", json={"name": "Ann", "methods": [method]})
        assert made.status_code == 201, made.text
        alert_id = self.raised(title="Disk", severity="critical")["alert_id"]

        def found() -> Delivery:
            (one,) = self.reader(lambda r: r.deliveries_of(alert_id))
            assert isinstance(one, Delivery)
            return one

        while not (one := found()).code:
            self.run(self.engine.wait_change(self.head(), 5.0))
        return one

    def call(self, text: str, signature: str | None = None, **how: Any) -> Any:
        form = [("AccountSid", SID), ("From", f"+{ANN}"), ("Body", text), ("MessageSid", "SM1")]
        signed = sign(TOKEN, URL, form) if signature is None else signature
        heads = {
            "x-twilio-signature": signed.encode("latin-1"),
            "content-type": "application/x-www-form-urlencoded",
            "host": "desk.example.org",
        }
        return self.bare("POST", SMS_PATH, content=urlencode(form).encode(), headers=heads, **how)


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Called]:
    made = Called(tmp_path)
    yield made
    made.close()


def message(answer: Any) -> str | None:
    assert answer.headers["content-type"].startswith("text/xml")
    return ET.fromstring(answer.text).findtext("Message")


def test_a_code_takes_the_alert_and_the_answer_says_so(station: Called) -> None:
    page = station.texted()
    answer = station.call(f"{page.code}a")
    assert (answer.status_code, message(answer)) == (200, "You have it.")
    assert station.alert(page)["acknowledged_by"] == "Ann"
    again = message(station.call(f"{page.code}a")) or ""
    assert again.startswith("Already answered by Ann")


def test_chatter_gets_an_empty_answer(station: Called) -> None:
    station.texted()
    assert message(station.call("STOP")) is None


@pytest.mark.parametrize("signature", ["", "AAAA", "é"])
def test_without_its_signature_nothing_is_taken(station: Called, signature: str) -> None:
    page = station.texted()
    answer = station.call(f"{page.code}a", signature)
    assert answer.status_code == 403
    assert station.alert(page)["acknowledged_by"] in (None, "")


def test_what_is_no_form_is_refused(station: Called) -> None:
    for body in (b"\xff\xfe=%ff", b"&".join(b"a=1" for _ in range(500))):
        assert station.bare("POST", SMS_PATH, content=body).status_code in (400, 403)
    assert station.bare("GET", SMS_PATH).status_code == 405


def test_a_station_that_takes_none_says_so(tmp_path: Path) -> None:
    station = Station(tmp_path)
    try:
        answer = station.bare("POST", SMS_PATH, content=b"Body=123a")
        assert answer.status_code == 403
        assert "takes no answers by text message" in answer.text
    finally:
        station.close()
