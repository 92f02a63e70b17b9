"""The map: what arrives, what is suspected, who is left without a way, and what if."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.domain.channel_dependencies import Dependencies
from crisisdesk.domain.channel_health import HOUR_MS, Use, look_at
from crisisdesk.domain.contact import Contact
from crisisdesk.domain.outages import TakenOut
from crisisdesk.domain.survivability import (
    ChannelMap,
    blocked,
    channel_map,
    headline,
    listed,
    suspicions,
)

from tests.domain.escalation.people import person

NOW = 100 * HOUR_MS
GOOD = Use(last_success=NOW - 1_000, sent_hour=1)
BAD = Use(last_failure=NOW - 1_000, failed_hour=1, failure_words="no answer")
# An own modem: neither internet nor DNS.
NEEDS = Dependencies([{"sms": ("-internet", "-dns")}])
TEAM = [
    person("Ann", "email", "sms"),
    person("Bob", "slack", "email", emergency={"phones": ["+420 1"], "mails": []}),
    person("Cy", "slack"),
    person("Dee", "sms"),
]
DNS = {"dns": TakenOut(dependency="dns", said=True, by="Ann", reason="cut")}


def uses(**by_channel: Use) -> dict[str, Use]:
    return {f"M-{one.name}-{channel}": use for one in TEAM for channel, use in by_channel.items()}


def mapped(out: dict[str, TakenOut] | None = None, *without: str, **by_channel: Use) -> ChannelMap:
    return channel_map(TEAM, uses(**by_channel), NEEDS, out or {}, NOW, without)


def test_it_says_what_arrives_and_who_is_not_reached() -> None:
    found = mapped(DNS)
    assert headline(found) == (
        "Mail and Slack will not arrive; SMS will. 2 of 4 people cannot be reached."
    )
    assert [one.name for one in found.unreachable] == ["Bob", "Cy"]
    assert found.unreachable[0].phones == ("+420 1",)
    assert found.unreachable[0].why == "needs dns"
    rows = {row.channel: row for row in found.rows}
    assert (rows["email"].contacts, rows["email"].saved) == (2, 1)
    assert rows["email"].missing == ("dns",)
    assert rows["sms"].arrives


def test_nothing_out_and_everything_out() -> None:
    assert headline(mapped()) == (
        "Nothing that a channel needs is known to be out. Everybody can be reached."
    )
    assert headline(mapped({}, "dns", "carrier")) == (
        "Mail, Slack and SMS would not arrive, and there is no other channel. "
        "Nobody can be reached."
    )
    assert headline(mapped(email=BAD, slack=BAD)) == (
        "Nothing that a channel needs is known to be out. Mail and Slack fail all the same. "
        "Everybody can be reached."
    )
    assert headline(ChannelMap()) == ""


def test_a_kind_that_arrives_at_one_provider_and_not_at_the_other_is_told_apart() -> None:
    def push(name: str, host: str) -> Contact:
        masked = f"ntfys://{host}/…"
        method = {"method_id": f"M-{name}", "channel": "push", "label": "", "masked": masked}
        return Contact(contact_id=f"C-{name}", name=name, methods=[method])

    people = [push("A", "ntfy.sh"), push("B", "10.0.0.7")]
    found = channel_map(people, {}, NEEDS, DNS, NOW)
    assert headline(found) == (
        "Push by ntfy.sh will not arrive; push by 10.0.0.7 will. 1 of 2 people cannot be reached."
    )


def test_what_is_out_stands_first_then_what_is_suspected_then_what_most_need() -> None:
    columns = [c.dependency for c in mapped(DNS, "fax", email=BAD, slack=BAD).columns]
    assert columns[:2] == ["dns", "internet"]
    assert set(columns) == {"fax"} | {name for row in mapped().rows for name in row.needs}
    supposed = mapped({}, "dns").column("dns")
    assert supposed is not None
    assert (supposed.supposed, supposed.is_out, supposed.taken) == (True, True, None)
    assert mapped().column("fax") is None


def test_a_suspicion_needs_several_that_fail_and_none_that_works() -> None:
    def found(**by_channel: Use) -> list[str]:
        lines = look_at(TEAM, uses(**by_channel), NOW).lines
        return [one.dependency for one in suspicions(lines, NEEDS)]

    assert found(email=BAD, slack=BAD) == ["dns", "internet"]
    assert found(email=BAD, slack=BAD, sms=BAD) == ["dns", "internet"]
    assert found(email=BAD, slack=GOOD, sms=BAD) == []
    assert found(email=BAD, sms=BAD) == []
    lines = look_at(TEAM, uses(email=BAD, slack=BAD), NOW).lines
    assert [one.dependency for one in suspicions(lines, NEEDS, {"dns"})] == ["internet"]
    assert suspicions(lines, NEEDS)[0].words() == (
        "mail and Slack fail, and nothing that needs it works"
    )


NAMES = st.frozensets(st.sampled_from(["dns", "internet", "aws", "carrier", "slack", "mail-relay"]))


@given(NAMES, NAMES)
def test_supposing_is_the_same_as_being_out_and_more_of_it_reaches_no_more(
    one: frozenset[str], more: frozenset[str]
) -> None:
    def lost(found: ChannelMap) -> set[str]:
        return {stranded.name for stranded in found.unreachable}

    out = {name: TakenOut(dependency=name, said=True) for name in one}
    assert lost(mapped({}, *one)) == lost(mapped(out))
    assert lost(mapped(out)) <= lost(mapped(out, *more)) == lost(mapped({}, *one, *more))
    assert lost(mapped({}, *one)) == {
        contact.name for contact in TEAM if blocked(contact, NEEDS, one) is not None
    }


def test_a_contact_without_a_method_has_no_way_whatever_is_out() -> None:
    nobody = Contact(contact_id="C-1", name="Eve")
    found = channel_map([nobody], {}, NEEDS, {}, NOW)
    assert found.unreachable[0].why == "no contact method in use"
    assert headline(found) == "The one contact cannot be reached."


@pytest.mark.parametrize(
    ("names", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), ("abc", "a, b and c")]
)
def test_lists_in_words(names: list[str], words: str) -> None:
    assert listed(names) == words
