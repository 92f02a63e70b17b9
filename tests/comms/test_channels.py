"""Addresses: which are offered, what is refused and why, what people get to see of them."""

from __future__ import annotations

import pytest

from crisisdesk.comms.channels import CHANNELS, AddressError, check_shape, lane_of
from crisisdesk.comms.senders import channel_of, check_url, masked
from crisisdesk.domain.redaction import secrets_in_url

ADDRESSES = {
    "mailtos://ann:s3cret-pw@smtp.example.org?to=robert@example.net": "email",
    "mailto://ann:s3cret-pw@example.org": "email",
    "twilio://ACs3cretsid:s3crettoken@15551230000/15551231111": "sms",
    "twilio://ACs3cretsid:s3crettoken@15551230000/15551231111?Method=Call": "voice",
    "gotifys://push.example.org/s3crettoken": "push",
    "tgram://123456789:AAs3crettoken_s3crettoken_s3crettoken12/987654321": "telegram",
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ": "slack",
    "workflows://prod.logic.azure.com:443/643e69f83c8944/iXvpFzCWYXbPiVN": "teams",
    "ntfys://ntfy.example.org/s3crettopic": "push",
    "pover://s3cretuser@s3crettoken": "push",
    "pagerduty://s3cretkey@s3cretapi": "pagerduty",
    "webhooks://hooks.example.org:8443/in/s3crethook?k=s3cretq": "webhook",
    "JSON://user:s3cret-pw@example.org/s3cretpath": "json",
}


@pytest.mark.parametrize(("url", "channel"), ADDRESSES.items())
def test_channels_and_masks(url: str, channel: str) -> None:
    check_shape(url)
    assert channel_of(url) == channel
    shown = masked(url)
    assert shown.startswith(url.partition(":")[0].lower())
    assert "s3cret" not in shown
    assert not [part for part in secrets_in_url(url) if part in shown]


def test_masks_say_enough_to_be_recognised() -> None:
    urls = list(ADDRESSES)
    assert masked(urls[0]) == "mailtos://ro…@example.net"
    assert masked(urls[1]) == "mailto://…@example.org"
    assert masked(urls[2]) == "twilio://…111"
    assert masked(urls[3]) == "twilio://…111"
    assert masked(urls[4]) == "gotifys://push.example.org/…"
    assert masked(urls[11]) == "webhooks://hooks.example.org:8443/…"
    assert masked("no address") == "(unreadable address)"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "needs an address with a scheme"),
        ("bob@example.org", "needs an address with a scheme"),
        ("https://hooks.example.org/x", "Use webhooks://"),
        ("file:///etc/passwd", "not a channel"),
        ("dbus://", "needs an address with a scheme"),
        ("syslog://localhost", "not a channel"),
        ("slack://a/b/c?template=/etc/passwd", "“template” reads a file"),
        ("mailto://a:b@example.org?PGPKEY=/etc/passwd", "reads a file"),
        ("json://example.org?redirect=yes", "follows redirects"),
        ("json://example.org?retry=5", "repeats"),
        ("json://169.254.169.254/latest", "Link-local"),
        ("webhook://[fe80::1]/x", "Link-local"),
        ("webhook:///path", "needs a host"),
        ("webhook://example.org:99999/", "malformed"),
        ("mailtos://ann:s3cret/pw@example.org", "malformed"),
        ("webhook://ann\u2100:s3cret@example.org/", "malformed"),
        ("webhook://example.org/a\nb", "control characters"),
        ("webhook://example.org/" + "a" * 2000, "longer than 2000"),
    ],
)
def test_refused_addresses(url: str, words: str) -> None:
    with pytest.raises(AddressError, match=words) as caught:
        check_shape(url)
    assert len(str(caught.value)) < 400
    assert "s3cret" not in str(caught.value)


@pytest.mark.allow_log("[Ii]nvalid|ould not")
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("slack://short-s3cret", "slack://TokenA/TokenB/TokenC"),
        ("mailtos://mail.example.org?to=ann@example.org", "from=desk@example.org"),
        ("mailto://u:p@example.org?to=a@example.org,b@example.org", "2 recipients"),
        (f"tgram://123456789:{'a' * 35}", "tgram://BotToken/ChatID"),
        ("gotify://push.example.org", "gotify://host/Token"),
        (f"twilio://AC{'a' * 32}:{'b' * 32}@15551230000/15551231111/15551232222", "2 recipients"),
    ],
)
def test_addresses_their_provider_would_not_take(url: str, words: str) -> None:
    with pytest.raises(AddressError, match=words) as caught:
        check_url(url)
    assert "s3cret" not in str(caught.value)


def test_lanes_part_channels_and_own_hosts() -> None:
    lanes = [
        lane_of("json://a.example.org/1"),
        lane_of("json://b.example.org/1"),
        lane_of("webhook://a.example.org/1"),
        lane_of("mailto://u:p@a.example.org"),
        lane_of("mailto://u:p@a.example.org?smtp=relay.example.org"),
        lane_of("gotify://a.example.org/1"),
        lane_of("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"),
    ]
    lanes += [lane_of(f"{one}://x@y/z") for one in ("twilio", "vonage", "sns", "opsgenie")]
    lanes += [lane_of("pagerduty://k"), lane_of("pagerduty://k?region=eu")]
    assert len(set(lanes)) == len(lanes)
    assert lane_of("json://u:s3cret@a.example.org/2") == lanes[0]
    assert lane_of("slack://other/tokens/x") == lanes[6]


def test_every_channel_is_known_to_apprise_or_ours() -> None:
    from apprise import Apprise

    schemas: set[str] = set()
    for service in Apprise().details()["schemas"]:
        schemas |= set(service["protocols"] or ()) | set(service["secure_protocols"] or ())
    assert set(CHANNELS) - {"webhook", "webhooks"} <= schemas
