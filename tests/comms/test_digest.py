"""The words of a bundle: counts first, the worst by name, never more than the channel carries."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crisisdesk.comms.digest import LIMITS, SMS_LIMIT, render_digest
from crisisdesk.comms.render import TEXT_LIMIT, TITLE_LIMIT
from crisisdesk.domain.bundle import Told, digest_of
from crisisdesk.domain.severity import SEVERITY_RANK

START = 1_800_000_000_000


def told(number: int, severity: str = "high", **changes: object) -> Told:
    given: dict[str, object] = {
        "delivery_id": f"D-{number:05}",
        "severity": severity,
        "title": f"Trouble with disk {number}",
        "service": f"payments-{number % 3}",
        "since": START + number * 60_000,
    }
    return Told(**(given | changes))  # type: ignore[arg-type]


def test_counts_by_severity_then_the_worst_by_name_then_services() -> None:
    alerts = [told(n) for n in range(25)] + [told(90 + n, "critical") for n in range(3)]
    title, text = render_digest(digest_of(alerts), "email", "North")
    assert title == "28 alerts: 3 critical, 25 high"
    assert text.splitlines() == [
        "CRITICAL: payments-2: Trouble with disk 92",
        "CRITICAL: payments-1: Trouble with disk 91",
        "CRITICAL: payments-0: Trouble with disk 90",
        "HIGH: payments-0: Trouble with disk 24",
        "HIGH: payments-2: Trouble with disk 23",
        "and 23 more",
        "By service: payments-0 10, payments-1 9, payments-2 9",
        "Station: North",
    ]


def test_what_waited_is_told_as_still_open() -> None:
    one = [told(1, "critical", is_stale=True)]
    title, _text = render_digest(digest_of(one), "email")
    assert title == (
        "Still open since 2027-01-15 08:01 UTC: CRITICAL: payments-1: Trouble with disk 1"
    )
    many = [told(1, is_stale=True), told(2, is_stale=True)]
    assert render_digest(digest_of(many), "email")[0] == (
        "Still open since 2027-01-15 08:01 UTC: 2 alerts: 2 high"
    )
    mixed = [told(1, is_stale=True), told(2)]
    title, text = render_digest(digest_of(mixed), "email")
    assert title == "2 alerts: 2 high"
    assert "disk 1 (still open since 2027-01-15 08:01 UTC)" in text


def test_a_possible_repeat_says_so() -> None:
    title, text = render_digest(digest_of([told(1), told(2)], is_possible_repeat=True), "push")
    assert title.startswith("[possible repeat] 2 alerts")
    assert "an earlier copy may have arrived" in text


def test_an_alert_without_a_service_and_many_services() -> None:
    alerts = [told(n, service=f"s{n}" if n else "") for n in range(9)]
    text = render_digest(digest_of(alerts), "email")[1]
    assert "By service: no service 1, s1 1, s2 1, s3 1, s4 1, s5 1, 3 other services" in text


WORDS = st.text(max_size=400)
ALERTS = st.lists(
    st.builds(
        Told,
        delivery_id=st.just("D"),
        severity=st.sampled_from(tuple(SEVERITY_RANK)),
        title=WORDS,
        service=WORDS,
        since=st.integers(0, START),
        is_stale=st.booleans(),
    ),
    min_size=1,
    max_size=30,
)


@given(ALERTS, st.sampled_from(("sms", "voice", "email", "slack")), WORDS, st.booleans())
def test_it_fits_whatever_the_alerts_say(
    alerts: list[Told], channel: str, station: str, is_repeat: bool
) -> None:
    title, text = render_digest(digest_of(alerts, is_possible_repeat=is_repeat), channel, station)
    assert 0 < len(title) <= TITLE_LIMIT
    assert len(text) <= TEXT_LIMIT
    if channel in LIMITS:
        assert len(f"{title}\r\n{text}") <= SMS_LIMIT
    if len(alerts) > 1:
        assert f"{len(alerts)} alerts: " in title
    assert "\n" not in title
