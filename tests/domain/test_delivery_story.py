"""The story of a delivery: each event a sentence, and what came after it."""

from __future__ import annotations

from typing import Any

from crisisdesk.domain.delivery_story import (
    Telling,
    next_method,
    sequel,
    station_names,
    station_of,
    story,
)
from crisisdesk.domain.station import Station

from tests.domain.deliveries import NOW, a_delivery
from tests.domain.test_delivery import Chain

TELLING = Telling({"o1": "BRNO-1"}, NOW)


def told(chain: Chain) -> list[str]:
    return [passage.words for passage in story(chain.events, TELLING)]


def test_from_queued_to_read() -> None:
    chain = Chain()
    chain.claim()
    chain.add("delivery.failed", words="503 busy", retry_at=NOW + 15_000)
    chain.add("delivery.claimed", attempt=2, unknown=1, deadline=NOW, holder="o1", carries=2)
    chain.add("delivery.sent", words="250 taken", provider_id="q7")
    chain.add("delivery.asked", ask_at=None, doubted=True)
    chain.add("delivery.confirmed", state="read", words="")
    first, *rest = told(chain)
    assert first == "Queued for Jonas Weber: the alert fired"
    assert rest[0].startswith("Attempt 1 by station ")
    assert rest[1:] == [
        "Failed, next try 02:05:17 UTC: “503 busy”",
        (
            "Attempt 2 by BRNO-1: handed to the provider, with 2 other pages in the message; "
            "an earlier attempt may have arrived"
        ),
        "The provider took it: “250 taken”",
        "Asked whether it arrived: the provider cannot say yet; the next method is used as well",
        "The provider says that it was read",
    ]


def test_an_answer_is_told_with_who_gave_it_and_by_what() -> None:
    chain = Chain()
    chain.add("delivery.answered", action="have", way="link")
    chain.add("delivery.answered", action="next", way="text message")
    actor = chain.events[-1].actor.removeprefix("operator:")
    assert told(chain)[1:] == [f"{actor} took it by link", f"{actor} passed it on by text message"]


def test_the_other_ends() -> None:
    chain = Chain()
    chain.add("delivery.bundled", attempt=1, unknown=0, into="D-9", until=NOW, holder="o1")
    chain.add("delivery.released", attempt=1, holder="o1")
    chain.add("delivery.superseded", reason="Ann has it")
    chain.add("delivery.expired", reason="too old")
    chain.add("delivery.failed", words="410 gone", retry_at=None)
    chain.add("delivery.confirmed", state="failed", words="no such number")
    assert told(chain)[1:] == [
        "Goes in the message of another page, sent by BRNO-1",
        "Given back before anything was sent: due again at once",
        "Not needed any more: Ann has it",
        "Too late to send: too old",
        "Failed for good: “410 gone”",
        "The provider says that it never arrived: “no such number”",
    ]


def test_what_nobody_knows_is_left_out() -> None:
    chain = Chain()
    chain.add("delivery.newer_kind")
    assert len(told(chain)) == 1


def failed(**given: Any) -> Any:
    return a_delivery(1, status="failed", failed_at=NOW + 9_000, **given)


def test_the_next_method_is_the_one_queued_after_the_failure() -> None:
    one = failed()
    before = a_delivery(2, method_id="M-0")
    after = a_delivery(9, method_id="M-2", channel="sms", masked="twilio://…712", status="sent")
    other = a_delivery(10, method_id="M-3", contact_id="C-2")
    assert next_method(one, [one, before, after, other]) is after
    [passage] = sequel(one, [one, after], 0, TELLING)
    assert (passage.words, passage.tone) == ("Then by sms twilio://…712: sent", "ok")


def test_why_it_goes_by_this_method_is_told_with_its_channel() -> None:
    chain = Chain()
    around = [{"channel": "email", "masked": "x", "needs": "dns", "by": "INC-7K3"}]
    chain.add("delivery.routed", around=around)
    chain.add("delivery.routed", missing={"needs": "aws", "by": "Ann"})
    channel = chain.events[0].body["channel"]
    assert told(chain)[1] == (
        f"By {channel}, because mail depends on dns, which INC-7K3 has taken out"
    )
    assert chain.delivery().routed == {"around": around}, "the first word on it stands"


def test_a_page_that_went_besides_is_its_sequel_whenever_it_was_queued() -> None:
    one = failed()
    beside = {"beside": {"channel": "webhook", "masked": "x", "needs": "dns"}}
    sms = a_delivery(2, method_id="M-2", queued_at=one.queued_at, routed=beside)
    assert next_method(one, [one, sms]) is sms
    [passage] = sequel(one, [one, sms], 0, TELLING)
    assert passage.words.startswith("Also by webhook ")


def test_a_failure_without_another_method_says_so_and_a_bundle_what_it_carried() -> None:
    one = failed()
    lines = sequel(one, [one], 3, TELLING)
    assert [line.words for line in lines] == [
        "Its message told of 3 other pages too",
        "Priya Nair had no other method for this page",
    ]
    assert sequel(failed(reason="test"), [], 0, TELLING) == []


def test_stations_are_named_by_their_origins() -> None:
    stations = [Station(name="BRNO-1", incarnations={"a": "k", "b": "l"}), Station(name="")]
    assert station_names([*stations, Station(name="BRNO-2", incarnations={"c": "m"})]) == {
        "a": "BRNO-1",
        "b": "BRNO-1",
        "c": "BRNO-2",
    }
    assert TELLING.station("0123456789abcdef") == "station 01234567"
    assert TELLING.station("") == "this station"


def test_a_station_that_is_alone_did_everything() -> None:
    names = station_names([Station(name="BRNO-1")])
    assert Telling(names, NOW).station("0123456789abcdef") == "BRNO-1"
    assert station_of(a_delivery(attempt=1), names) == "BRNO-1"
    assert station_of(a_delivery(), names) == ""
    assert station_of(a_delivery(attempt=1, holder="x"), {"y": "BRNO-2"}) == ""
