"""Routing: around what is out, never dropping a way, and by two ways only where that is meant."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.channel_dependencies import Dependencies
from crisisdesk.domain.contact import Contact, ContactMethod
from crisisdesk.domain.outages import TakenOut
from crisisdesk.domain.routing import route, routed_body, routed_words, second

CHANNELS = ("email", "sms", "slack", "teams", "push", "webhook", "pagerduty", "desktop")
NAMES = ("dns", "internet", "aws", "carrier", "mail-relay", "slack", "azure", "nothing-known")
SEVERITIES = ("low", "high", "critical", "emergency")
# Slack and mail share much; SMS by an own modem needs a carrier alone.
OURS = Dependencies([{"sms": ("-internet", "-dns")}])


def method(number: int, channel: str, severity: str = "low") -> ContactMethod:
    return ContactMethod(
        method_id=f"m{number}",
        channel=channel,
        label="",
        masked=f"{channel}://…",
        min_severity=severity,
    )


CARDS = st.lists(st.tuples(st.sampled_from(CHANNELS), st.sampled_from(SEVERITIES)), max_size=6).map(
    lambda told: [method(n, channel, severity) for n, (channel, severity) in enumerate(told)]
)
OUT = st.frozensets(st.sampled_from(NAMES))


def out(*names: str) -> dict[str, TakenOut]:
    return {n: TakenOut(dependency=n, said=False, incident_id="INC-7K3") for n in names}


@given(CARDS, OUT)
def test_no_way_is_ever_dropped_and_each_kind_keeps_its_order(
    card: list[ContactMethod], gone: frozenset[str]
) -> None:
    routed = route(card, OURS, gone)
    assert sorted(w.method.method_id for w in routed) == [m.method_id for m in card]
    working = [w.method.method_id for w in routed if w.works]
    broken = [w.method.method_id for w in routed if not w.works]
    assert [w.method.method_id for w in routed] == working + broken
    assert working == sorted(working)
    assert broken == sorted(broken)
    for way in routed:
        assert set(way.missing) == set(OURS.of_method(way.method)) & gone


@given(CARDS)
def test_while_nothing_is_out_the_card_decides(card: list[ContactMethod]) -> None:
    assert [w.method for w in route(card, OURS, ())] == card


@given(CARDS, OUT, st.sampled_from(("critical", "emergency")))
def test_the_worst_pages_have_a_way_if_there_was_one(
    card: list[ContactMethod], gone: frozenset[str], severity: str
) -> None:
    methods = [
        {"method_id": m.method_id, "channel": m.channel, "label": "", "masked": m.masked}
        | {"min_severity": m.min_severity}
        for m in card
    ]
    ways = Contact(contact_id="C-1", name="Ann", methods=methods).ways(severity, 0)
    routed = route(ways, OURS, gone)
    assert bool(routed) == bool(ways)
    if any(not set(OURS.of_method(way)) & gone for way in ways):
        assert routed[0].works


@given(CARDS, OUT, OUT, st.sampled_from(SEVERITIES))
def test_a_second_way_is_one_that_works_and_needs_nothing_doubtful_of_the_first(
    card: list[ContactMethod], gone: frozenset[str], suspected: frozenset[str], severity: str
) -> None:
    routed = route(card, OURS, gone)
    way = second(routed, OURS, suspected, severity)
    if way is None:
        return
    first = routed[0].method
    doubted = set(OURS.of_method(first)) & suspected
    assert severity in ("critical", "emergency")
    assert doubted
    assert way.works
    assert way.method.method_id != first.method_id
    assert not doubted & set(OURS.of_method(way.method))


def test_a_second_way_is_found_for_the_worst_alone() -> None:
    routed = route([method(1, "email"), method(2, "slack"), method(3, "sms")], OURS, ())
    found = second(routed, OURS, {"dns"}, "critical")
    assert found is not None
    assert found.method.method_id == "m3"
    assert second(routed, OURS, {"dns"}, "high") is None
    assert second(routed, OURS, {"carrier"}, "critical") is None
    assert second(routed[:2], OURS, {"dns"}, "critical") is None


def test_the_story_says_why_not_the_first_way() -> None:
    card = [method(1, "email"), method(2, "slack"), method(3, "sms")]
    gone = out("dns")
    routed = route(card, OURS, gone)
    assert routed[0].method.channel == "sms"
    body = routed_body(routed[0], card, routed, gone)
    assert routed_words(body, "sms") == (
        "By SMS, because mail depends on dns, which INC-7K3 has taken out and Slack depends on "
        "dns, which INC-7K3 has taken out"
    )
    assert routed_body(routed[0], card[2:], routed, gone) == {}


def test_where_no_working_way_is_left_that_is_told() -> None:
    card = [method(1, "email")]
    gone = out("dns")
    [way] = route(card, OURS, gone)
    body = routed_body(way, card, [way], gone)
    assert body == {"missing": {"needs": "dns", "by": "INC-7K3"}}
    assert routed_words(body, "email") == (
        "By mail, although it depends on dns, which INC-7K3 has taken out: "
        "no way that works is left"
    )


def test_a_second_page_says_that_it_is_one() -> None:
    body = {"beside": {"channel": "email", "masked": "x", "needs": "dns"}}
    assert routed_words(body, "sms") == (
        "By SMS as well as by mail, because that depends on dns, which may be out"
    )
