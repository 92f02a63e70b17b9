"""By what people of an incident speak to each other: bridges, chats, rooms, documents; a pure fold.

A channel is known by its name, whatever its capitals and spaces. Of two who set one at the same
moment the later in canonical order stands, and what gave way is kept to be shown. Who takes one
away takes away what they saw: one that was set anew meanwhile stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from crisisdesk.domain.change import with_changes
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.event import Event
from crisisdesk.domain.incident import Incident
from crisisdesk.domain.merge import also, overwritten

CHANNEL_KINDS = (
    "bridge",
    "video",
    "chat",
    "phone",
    "radio",
    "mail",
    "document",
    "status_page",
    "in_person",
)
SCHEMES = ("https", "http", "tel", "sip", "sips", "mailto")
CHANNEL_NAME_LIMIT, USE_LIMIT, ADDRESS_LIMIT = 60, 500, 500
CHANNELS_LIMIT = 20
_TEL = re.compile(r"\+?[0-9][0-9().\- ]{1,30}(?:;ext=[0-9]{1,10})?")
_SIP = re.compile(r"[A-Za-z0-9._+\-]{1,64}@[A-Za-z0-9.\-]{1,253}(?::[0-9]{1,5})?")
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{1,253}")
# What a link that lets people in by itself carries.
_SECRETS = re.compile(
    r"(?:access_?|auth_?|api_?|id_?)?(?:token|key|secret|password|passwd|passcode|pwd|pass|pin)"
)


def channel_key(name: str) -> str:
    """What a channel is known by: its name without capitals and needless spaces."""
    return " ".join(name.casefold().split())


def checked_address(value: Any, field: str) -> str:
    """An address that a desk may open, or "" for none; raises Malformed naming the field.

    Web pages, telephone numbers, SIP and mail addresses; nothing that lets somebody in by itself:
    it would stand in the log of every station for good.
    """
    if not isinstance(value, str):
        raise Malformed(field, "is no text", f"send an address: {', '.join(SCHEMES)}")
    text = value.strip()
    if not text:
        return ""
    if len(text) > ADDRESS_LIMIT or not text.isprintable():
        raise Malformed(field, "is too long or not one line", f"at most {ADDRESS_LIMIT} characters")
    scheme, colon, rest = text.partition(":")
    scheme = scheme.casefold()
    if not colon or scheme not in SCHEMES:
        remedy = f"begin it with one of {', '.join(f'{one}:' for one in SCHEMES)}"
        raise Malformed(field, "is no address that can be opened", remedy)
    if scheme in ("https", "http"):
        _check_web(text, field)
    else:
        form = {"tel": _TEL, "mailto": _MAIL}.get(scheme, _SIP)
        if not form.fullmatch(rest):
            remedy = {
                "tel": "write it like tel:+420221000000",
                "mailto": "write it like mailto:war-room@example.org, without a subject",
            }.get(scheme, f"write it like {scheme}:bridge@example.org, without a password")
            # Not repeated: what was typed may be a password.
            raise Malformed(field, f"is no {scheme} address", remedy)
    return f"{scheme}:{rest}"


def _check_web(text: str, field: str) -> None:
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        remedy = "write it like https://meet.example.org/7"
        raise Malformed(field, f"is no web address ({error})", remedy) from error
    if not host or " " in text or "\\" in text:
        raise Malformed(field, "is no web address", "write it like https://meet.example.org/7")
    names = {name.casefold() for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    names |= {n.casefold() for n, _v in parse_qsl(parts.fragment, keep_blank_values=True)}
    secret = next((name for name in sorted(names) if _SECRETS.fullmatch(name)), "")
    if parts.username is not None or parts.password is not None:
        secret = "a name before the host"
    if secret:
        remedy = "leave it out, every station keeps this for good; tell it by another way"
        raise Malformed(field, f"lets people in by itself ({secret})", remedy)


# ------------------------------------------------------------------------------------- the fold


def _set(state: Incident, event: Event) -> Incident:
    body = event.body
    key = channel_key(body["name"])
    standing = state.channels.get(key)
    entry: dict[str, Any] = {
        "name": body["name"],
        "kind": body["kind"],
        "address": body.get("address", ""),
        "use": body.get("use", ""),
        "plan": body.get("plan", ""),
        "at": event.at_ms,
        "by": event.actor,
        "set": event.id,
    }
    changes: dict[str, Any] = {"channels": dict(sorted({**state.channels, key: entry}.items()))}
    if standing is not None and _unseen(standing, event) and _shown(standing) != _shown(entry):
        changes["overwritten"] = overwritten(
            state.overwritten, f"channel {standing['name']}", channel_words(standing), event,
            lost_by=standing["by"], by=event.actor,
        )  # fmt: skip
    return with_changes(state, **changes)


def _removed(state: Incident, event: Event) -> Incident:
    key = channel_key(event.body["name"])
    standing = state.channels.get(key)
    if standing is None or _unseen(standing, event):
        trace = also(state.also_done, "channel_removed", event, name=event.body["name"])
        return with_changes(state, also_done=trace)
    left = {name: one for name, one in state.channels.items() if name != key}
    return with_changes(state, channels=left)


def _unseen(standing: dict[str, Any], event: Event) -> bool:
    """Whether the event's writer had not seen the channel as it stands."""
    return bool(event.body.get("base", "") != standing["set"])


def _shown(entry: dict[str, Any]) -> tuple[str, ...]:
    return tuple(entry[name] for name in ("name", "kind", "address", "use"))


CHANNEL_STEPS: dict[str, Callable[[Incident, Event], Incident]] = {
    "incident.channel_set": _set,
    "incident.channel_removed": _removed,
}


# ------------------------------------------------------------------------------------ the words


def channels_of(incident: Incident) -> list[dict[str, Any]]:
    """Its channels, what people speak by first, then by name."""
    order = {kind: at for at, kind in enumerate(CHANNEL_KINDS)}
    return sorted(
        incident.channels.values(),
        key=lambda one: (order.get(one["kind"], len(order)), channel_key(one["name"])),
    )


def kind_word(kind: str) -> str:
    """A kind in words."""
    return kind.replace("_", " ")


def channel_words(channel: dict[str, Any]) -> str:
    """One channel as a clause: ``War room (bridge): tel:+420221000000; for everybody``."""
    where = f": {channel['address']}" if channel["address"] else ""
    use = f"; {channel['use']}" if channel["use"] else ""
    return f"{channel['name']} ({kind_word(channel['kind'])}){where}{use}"


def meeting_place(incident: Incident) -> dict[str, Any] | None:
    """The first of its channels that has an address."""
    return next((one for one in channels_of(incident) if one["address"]), None)


def join_line(incident: Incident) -> str:
    """Where to meet, as one line of a page; "" where nothing is known, or nothing may be told."""
    if incident.restricted or not incident.is_open:
        return ""
    first = meeting_place(incident)
    return "" if first is None else f"Join: {first['name']}, {first['address']}"
