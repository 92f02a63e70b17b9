"""What each way of reaching people hangs on: names such as ``dns``, ``internet`` or ``isp:acme``.

A channel at a provider needs all that it depends on: if one of them is gone, nothing arrives. What
is known of the common ones is built in; a published `KIND` adds names of an operator's own, and a
name with a minus in front takes one away:

    kind      "channel_dependencies"
    channels  {"email": ["isp:acme", "-internet"], "push ntfy.example.org": ["office-network"]}

A key is a channel, or a channel and its provider as the list of channels names them; what stands
under the second comes after what stands under the first.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from crisisdesk.domain.channel_health import provider_of
from crisisdesk.domain.contact import Contact, ContactMethod
from crisisdesk.domain.errors import Malformed

KIND = "channel_dependencies"
NAME_LIMIT = 60
NAMES_LIMIT = 30
KEYS_LIMIT = 100
REMOVES = "-"
# What parts names in a list, and an id in a path.
_NOT_IN_NAMES = frozenset(",/")

_INTERNET = ("internet", "dns")
_CARRIED: dict[str, tuple[str, ...]] = {
    "twilio": ("twilio", "aws", *_INTERNET, "carrier"),
    "vonage": ("vonage", *_INTERNET, "carrier"),
    "nexmo": ("vonage", *_INTERNET, "carrier"),
    "sns": ("aws", *_INTERNET, "carrier"),
}
# Vendors with the cloud that they say themselves they run on, where they say one.
_VENDORS: dict[str, tuple[str, ...]] = {
    "email": ("mail-relay", *_INTERNET),
    "slack": ("slack", "aws", *_INTERNET),
    "teams": ("teams", "azure", *_INTERNET),
    "discord": ("discord", "google-cloud", *_INTERNET),
    "pagerduty": ("pagerduty", "aws", *_INTERNET),
    "opsgenie": ("opsgenie", "aws", *_INTERNET),
    "splunk": ("splunk", "aws", *_INTERNET),
    "jira": ("jira", "aws", *_INTERNET),
}
# What goes over a telephone network in the end.
_BY_CARRIER = frozenset({"sms", "voice"})
_OWN_HOSTS = frozenset({"push", "webhook", "json"})
_NTFY_CLOUD = "ntfy.sh"
_LOCAL = "localhost"
# Shown on the desk of whoever sits here: nothing between.
_HERE = frozenset({"desktop"})


def normal(name: str) -> str:
    """The name as it is kept and compared: small letters, one blank between words."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def checked_name(value: Any, field: str) -> str:
    """A dependency's name as it is kept; Malformed naming the field for one that cannot be."""
    if not isinstance(value, str):
        raise Malformed(field, f"is a {type(value).__name__}, not text", "write a name such as dns")
    name = normal(value)
    if not name or len(name) > NAME_LIMIT:
        raise Malformed(field, f"has {len(name)} characters", f"write 1 to {NAME_LIMIT}")
    if name.startswith(REMOVES) or _NOT_IN_NAMES & set(name) or not name.isprintable():
        raise Malformed(
            field,
            f"{name!r} is no name",
            "leave out commas, slashes, control signs, and a minus in front",
        )
    return name


def built_in(channel: str, provider: str) -> tuple[str, ...]:
    """What is known of a channel at a provider (`channel_health.provider_of`) without being told.

    Of a host of one's own that is the host, and DNS unless it is named by its address.
    """
    if channel in _HERE:
        return ()
    if channel in _BY_CARRIER:
        return _CARRIED.get(provider, (*_INTERNET, "carrier"))
    if channel in _OWN_HOSTS and provider != "pover":
        return _own_host(provider, cloud=_NTFY_CLOUD if channel == "push" else "")
    if provider == "pover":
        return ("pushover", *_INTERNET)
    return _VENDORS.get(channel, (channel, *_INTERNET))


def _own_host(provider: str, cloud: str) -> tuple[str, ...]:
    host = normal(_host_of(provider))
    if _is_address(host) or host == _LOCAL:
        return (f"host:{host}",)
    if cloud and (host == cloud or "." not in host):
        # An address that names a topic alone is one of the public server.
        return (f"host:{cloud}", *_INTERNET)
    return (f"host:{host}", "dns") if host else _INTERNET


def _host_of(provider: str) -> str:
    """A host without its port."""
    if provider.startswith("["):
        return provider[1:].partition("]")[0]
    return provider if provider.count(":") > 1 else provider.partition(":")[0]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class Dependencies:
    """What every channel depends on, with what operators have published about it."""

    def __init__(self, told: Iterable[Mapping[str, tuple[str, ...]]] = ()) -> None:
        """``told`` are what `read_dependencies` gives, in the order in which they count."""
        self._told = tuple(told)
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}

    def of(self, channel: str, provider: str) -> tuple[str, ...]:
        """The names that a channel at a provider needs, each once."""
        key = (channel, provider)
        if key not in self._known:
            self._known[key] = self._find(channel, provider)
        return self._known[key]

    def of_method(self, method: ContactMethod) -> tuple[str, ...]:
        """The names that a contact method needs."""
        return self.of(method.channel, provider_of(method.channel, method.masked))

    def of_contacts(self, contacts: Iterable[Contact]) -> frozenset[str]:
        """All names that any method of these needs."""
        methods = (ContactMethod(**m) for contact in contacts for m in contact.methods)
        return frozenset(name for method in methods for name in self.of_method(method))

    def _find(self, channel: str, provider: str) -> tuple[str, ...]:
        found = dict.fromkeys(built_in(channel, provider))
        keys = (normal(channel), normal(f"{channel} {provider}"))
        for told in self._told:
            for key in dict.fromkeys(keys):
                for name in told.get(key, ()):
                    if name.startswith(REMOVES):
                        found.pop(name.removeprefix(REMOVES), None)
                    else:
                        found[name] = None
        return tuple(found)


def read_dependencies(_name: str, content: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What a published content adds and takes away, by channel; Malformed naming the field."""
    for field in content:
        if field not in ("kind", "channels", "note"):
            raise Malformed(str(field)[:80], "is no field of it", "use kind, channels and note")
    channels = content.get("channels")
    if not isinstance(channels, Mapping) or not channels or len(channels) > KEYS_LIMIT:
        remedy = f'write 1 to {KEYS_LIMIT} of them, such as {{"email": ["isp:acme"]}}'
        raise Malformed("channels", "is no object with channels in it", remedy)
    found: dict[str, tuple[str, ...]] = {}
    for key, names in channels.items():
        field = f"channels.{key}"[:80]
        if not normal(str(key)) or normal(str(key)) in found:
            raise Malformed(field, "is empty or comes twice", "name each channel once")
        found[normal(str(key))] = _names(names, field)
    return found


def _names(told: Any, field: str) -> tuple[str, ...]:
    if not isinstance(told, list) or not told or len(told) > NAMES_LIMIT:
        raise Malformed(field, "is no list of names", f"write a list of 1 to {NAMES_LIMIT} names")
    names = []
    for index, one in enumerate(told):
        where = f"{field}[{index}]"
        removes = isinstance(one, str) and one.strip().startswith(REMOVES)
        bare = one.strip().removeprefix(REMOVES) if removes else one
        names.append((REMOVES if removes else "") + checked_name(bare, where))
    return tuple(dict.fromkeys(names))
