"""Channels by address: which schemes are offered, what each is called, what none may do."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import parse_qsl, unquote, urlsplit

CHANNELS: dict[str, str] = {
    "mailto": "email",
    "mailtos": "email",
    "twilio": "sms",
    "vonage": "sms",
    "nexmo": "sms",
    "sns": "sms",
    "slack": "slack",
    "workflow": "teams",
    "workflows": "teams",
    "discord": "discord",
    "pagerduty": "pagerduty",
    "opsgenie": "opsgenie",
    "splunk": "splunk",
    "victorops": "splunk",
    "jira": "jira",
    "ntfy": "push",
    "ntfys": "push",
    "pover": "push",
    "gotify": "push",
    "gotifys": "push",
    "tgram": "telegram",
    "json": "json",
    "jsons": "json",
    "webhook": "webhook",
    "webhooks": "webhook",
}
WEBHOOK_SCHEMES = frozenset({"webhook", "webhooks"})
MAIL_SCHEMES = frozenset({"mailto", "mailtos"})
DIRECT_SCHEMES = frozenset({"pagerduty", "opsgenie", "twilio", "ntfy", "ntfys"})
APPRISE_SCHEMES = frozenset(CHANNELS) - WEBHOOK_SCHEMES - MAIL_SCHEMES - DIRECT_SCHEMES
_OWN_HOST_SCHEMES = (
    WEBHOOK_SCHEMES | MAIL_SCHEMES | {"ntfy", "ntfys", "gotify", "gotifys", "json", "jsons"}
)
_SAME_PROVIDER = {"nexmo": "vonage", "victorops": "splunk", "workflow": "workflows"}
NTFY_CLOUD = "ntfy.sh"

# These make a provider read local files, follow redirects, or wait and repeat behind our back.
_FORBIDDEN_PARAMETERS = {
    "template": "reads a file",
    "pgp": "reads or makes key files",
    "pgpkey": "reads a file",
    "pgpprv": "reads a file",
    "pgpmode": "reads or makes key files",
    "keyfile": "reads a file",
    "attach": "reads files",
    "redirect": "follows redirects to other hosts",
    "retry": "repeats behind the delivery's back",
    "wait": "waits behind the delivery's back",
}
_URL = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*)://(.+)$", re.DOTALL)
URL_LIMIT = 2000


class AddressError(ValueError):
    """A contact method's address cannot be used; the text says why and what to write instead."""


def scheme_of(url: str) -> str:
    """The lower-case scheme of an address; AddressError when it has none."""
    found = _URL.match(url.strip())
    if not found:
        raise AddressError(
            "A contact method needs an address with a scheme, such as "
            "mailtos://user:password@example.org?to=ann@example.org or slack://tokenA/tokenB/tokenC."
        )
    return found.group(1).lower()


def channel_of(url: str) -> str:
    """The kind of channel for people: email, sms, voice, slack, teams, push, webhook and so on.

    AddressError for schemes that are not offered.
    """
    scheme = scheme_of(url)
    if scheme not in CHANNELS:
        hint = "Use webhooks:// for a plain HTTPS POST. " if scheme in {"http", "https"} else ""
        raise AddressError(
            f"{scheme}:// is not a channel of CrisisDesk. {hint}Offered: "
            f"{', '.join(sorted(CHANNELS))}."
        )
    return "voice" if scheme == "twilio" and is_call(url) else CHANNELS[scheme]


def is_call(url: str) -> bool:
    """Whether a Twilio address calls (``?method=call``) where others write."""
    given = {key.lower(): value for key, value in parse_qsl(urlsplit(url.strip()).query)}
    return given.get("method", "").lower().startswith("c")


def lane_of(url: str) -> str:
    """What must not wait for one another: each provider, and each host where people run their own.

    What is found to be down is found for the whole lane. Holds no secret.
    """
    channel, scheme = channel_of(url), scheme_of(url)
    parts = urlsplit(url)
    given = {key.lower(): value for key, value in parse_qsl(parts.query)}
    if scheme not in _OWN_HOST_SCHEMES:
        provider = _SAME_PROVIDER.get(scheme, scheme)
        place = given.get("host") or given.get("region", "")
        return f"{provider} {place}".rstrip() if scheme in DIRECT_SCHEMES else provider
    host = parts.netloc.rpartition("@")[2].lower()
    if scheme in {"ntfy", "ntfys"} and is_ntfy_cloud(url):
        host = NTFY_CLOUD
    relay = given.get("smtp", "") if scheme in MAIL_SCHEMES else ""
    return f"{channel} {host} {relay}".rstrip()


def is_ntfy_cloud(url: str) -> bool:
    """Whether an ntfy address names only a topic, which then is one of the public server."""
    parts = urlsplit(url.strip())
    given = dict(parse_qsl(parts.query))
    if mode := given.get("mode", "").lower():
        return mode == "cloud"
    host_alone = not parts.path.strip("/") and "to" not in given
    return host_alone or (parts.hostname or "") == NTFY_CLOUD


def check_shape(url: str) -> None:
    """Refuse, without loading any provider, an address that cannot or must not be used.

    Raises AddressError naming the remedy, never repeating the address.
    """
    scheme = scheme_of(url)
    channel_of(url)
    if len(url) > URL_LIMIT:
        raise AddressError(f"The address is longer than {URL_LIMIT} characters. Shorten it.")
    if any(ord(letter) < 32 or letter == "\x7f" for letter in url):
        raise AddressError("The address contains control characters. Type it again.")
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        if scheme in _OWN_HOST_SCHEMES:
            _ = parts.port
    except ValueError as error:
        # The error itself may quote a password.
        raise AddressError(
            f"The address of this {scheme} method is malformed. Check its host and port, and write "
            "special signs in names and passwords as %40 (@), %3A (:) or %2F (/)."
        ) from error
    for key, _value in parse_qsl(parts.query, keep_blank_values=True):
        if reason := _FORBIDDEN_PARAMETERS.get(key.lower()):
            raise AddressError(f"The parameter “{key}” {reason} and is not allowed. Remove it.")
    if scheme in _OWN_HOST_SCHEMES and not host:
        raise AddressError(f"{scheme}:// needs a host, such as {scheme}://alerts.example.org/.")
    if is_link_local(host):
        raise AddressError(
            "Link-local addresses (169.254.x.x, fe80::) are not allowed as receivers."
        )


def masked(url: str) -> str:
    """An address for people to recognise: scheme, own host, recipient's end; never a secret."""
    try:
        scheme = scheme_of(url)
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        port = f":{parts.port}" if scheme in _OWN_HOST_SCHEMES and parts.port else ""
    except ValueError:
        return "(unreadable address)"
    if CHANNELS.get(scheme) == "email":
        to = dict(parse_qsl(parts.query)).get("to", "")
        user = unquote(parts.username or "")
        recipient = to or unquote(parts.path.strip("/")) or (f"{user}@{host}" if user else "")
        return f"{scheme}://{_masked_mail(recipient) or host}"
    if CHANNELS.get(scheme) == "sms":
        digits = re.sub(r"\D", "", unquote(parts.path))
        return f"{scheme}://…{digits[-3:]}" if len(digits) >= 7 else f"{scheme}://…"
    if scheme in _OWN_HOST_SCHEMES:
        return f"{scheme}://{host}{port}/…"
    return f"{scheme}://…"


def _masked_mail(address: str) -> str:
    name, at, domain = address.rpartition("@")
    if not at:
        return ""
    return f"{name[:2]}…@{domain}" if len(name) > 3 else f"…@{domain}"


def is_link_local(host: str) -> bool:
    """Whether a host is an address that only counts on one cable (169.254.x.x, fe80::)."""
    try:
        return ipaddress.ip_address(host).is_link_local
    except ValueError:
        return False
