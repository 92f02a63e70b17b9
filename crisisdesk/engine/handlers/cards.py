"""Contacts' cards: every field checked, and written down with what was seen before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crisisdesk.domain.contact import (
    CARD_FIELDS,
    FIRST_FIELDS,
    MAILS,
    MORE_FIELDS,
    PHONES,
    Contact,
)
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.ids import short_id
from crisisdesk.domain.quiet_hours import checked_quiet, zone_of
from crisisdesk.domain.severity import SEVERITY_RANK
from crisisdesk.engine.handlers.wording import checked_text
from crisisdesk.engine.workbench import Workbench

NAME_LIMIT = 150
METHODS_LIMIT = 20
ZONE_LIMIT = 64
NOTES_LIMIT = 2_000
GROUPS_LIMIT = 20
GROUP_LIMIT = 50
REACH_LIMIT = 10
REACH_TEXT_LIMIT = 100
ZONE_REMEDY = "write its IANA name, such as Europe/Prague"
_LOCALE = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<rest>(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*)",
    re.ASCII | re.IGNORECASE,
)
_MAIL = re.compile(r"[^\s@]+@[^\s@]+")


def card_body(
    *,
    name: Any,
    role: Any,
    enabled: bool,
    methods: Sequence[dict[str, Any]],
    more: Mapping[str, Any],
) -> dict[str, Any]:
    """The body of ``contact.saved``; of the optional fields those that say something.

    Raises Malformed naming the field that cannot be used.
    """
    if len(methods) > METHODS_LIMIT:
        raise Malformed("methods", f"has {len(methods)}", f"keep at most {METHODS_LIMIT}")
    if unknown := sorted(more.keys() - set(MORE_FIELDS)):
        raise Malformed(unknown[0], "is no field of a card", "leave it out")
    body: dict[str, Any] = {
        "name": checked_text(name, "name", NAME_LIMIT, required=True),
        "role": checked_text(role, "role", NAME_LIMIT),
        "enabled": enabled,
        "methods": [_checked_method(m, f"methods[{i}]") for i, m in enumerate(methods)],
    }
    found = {
        "zone": _checked_zone(more.get("zone", "")),
        "locale": _checked_locale(more.get("locale", "")),
        "quiet": checked_quiet(more.get("quiet", ()), "quiet"),
        "groups": _checked_groups(more.get("groups", ())),
        "notes": checked_text(more.get("notes", ""), "notes", NOTES_LIMIT),
        "emergency": _checked_emergency(more.get("emergency", {})),
    }
    if not found["zone"] and (found["quiet"] or any(m.get("quiet") for m in body["methods"])):
        raise Malformed("zone", "is missing; quiet hours go by the person's clock", ZONE_REMEDY)
    return body | {field: value for field, value in found.items() if value}


def write_card(bench: Workbench, known: Contact | None, body: dict[str, Any]) -> str:
    """Write the card as a new contact's or over the one that is known; returns the contact id."""
    if known is None:
        contact_id = short_id("C", bench.random_bytes(8), 8)
    else:
        contact_id, changed = known.contact_id, changed_fields(known, body)
        base = {name: known.set_by.get(name, "") for name in changed}
        body = body | {"changed": changed, "base": base}
    bench.emit(contact_id, "contact.saved", body)
    return contact_id


def changed_fields(known: Contact, body: Mapping[str, Any]) -> list[str]:
    """The fields in which a card differs from the one that is known, in the card's order."""
    return [
        name
        for name in CARD_FIELDS
        if (body[name] if name in FIRST_FIELDS else body.get(name, _EMPTY[name]))
        != getattr(known, name)
    ]


_EMPTY: dict[str, Any] = {
    name: getattr(Contact(contact_id="", name=""), name) for name in CARD_FIELDS
}


def _checked_method(method: Mapping[str, Any], field: str) -> dict[str, Any]:
    severity = method.get("min_severity", "high")
    if severity not in SEVERITY_RANK:
        raise Malformed(
            f"{field}.min_severity",
            f"{severity!r} is no severity",
            f"use {', '.join(SEVERITY_RANK)}",
        )
    checked: dict[str, Any] = {
        "method_id": checked_text(
            method.get("method_id", ""), f"{field}.method_id", 50, required=True
        ),
        "channel": checked_text(method.get("channel", ""), f"{field}.channel", 50, required=True),
        "label": checked_text(method.get("label", ""), f"{field}.label", NAME_LIMIT),
        "masked": checked_text(method.get("masked", ""), f"{field}.masked", 300),
        "min_severity": severity,
        "enabled": bool(method.get("enabled", True)),
    }
    if method.get("quiet") is not None:
        checked["quiet"] = checked_quiet(method["quiet"], f"{field}.quiet")
    if method.get("emergency", False):
        checked["emergency"] = True
    return checked


def _checked_zone(value: Any) -> str:
    name = checked_text(value, "zone", ZONE_LIMIT)
    if name and zone_of(name) is None:
        raise Malformed("zone", f"{name!r} is no time zone that is known here", ZONE_REMEDY)
    return name


def _checked_locale(value: Any) -> str:
    """In the usual writing: language small, script with a capital, region in capitals."""
    tag = checked_text(value, "locale", ZONE_LIMIT).replace("_", "-")
    if not tag:
        return ""
    found = _LOCALE.fullmatch(tag)
    if found is None:
        remedy = "write a BCP 47 tag, such as cs or en-GB"
        raise Malformed("locale", f"{tag!r} is no language", remedy)
    script, region = (found["script"] or "").title(), (found["region"] or "").upper()
    parts = (found["language"].lower(), script, region, found["rest"].lower().lstrip("-"))
    return "-".join(part for part in parts if part)


def _checked_groups(value: Any) -> list[str]:
    """Names without repeats, in their order; two that differ in case only are one."""
    texts = _checked_texts(value, "groups", GROUPS_LIMIT, GROUP_LIMIT)
    seen: dict[str, str] = {}
    for text in texts:
        seen.setdefault(text.casefold(), text)
    return list(seen.values())


def _checked_emergency(value: Any) -> dict[str, list[str]]:
    if not isinstance(value, Mapping):
        raise Malformed("emergency", "is no table", f"send {{{PHONES}: [...], {MAILS}: [...]}}")
    if unknown := sorted(str(name) for name in value.keys() - {PHONES, MAILS}):
        raise Malformed(f"emergency.{unknown[0]}"[:200], "is unknown", f"use {PHONES} or {MAILS}")
    phones, mails = (
        _checked_texts(value.get(name, ()), f"emergency.{name}", REACH_LIMIT, REACH_TEXT_LIMIT)
        for name in (PHONES, MAILS)
    )
    for index, phone in enumerate(phones):
        if not any(c.isdigit() for c in phone):
            field = f"emergency.{PHONES}[{index}]"
            raise Malformed(field, f"{phone!r} has no digit", "write a number to call")
    for index, mail in enumerate(mails):
        if not _MAIL.fullmatch(mail):
            field = f"emergency.{MAILS}[{index}]"
            raise Malformed(field, f"{mail!r} is no e-mail address", "write it as ann@example.org")
    return {name: texts for name, texts in ((PHONES, phones), (MAILS, mails)) if texts}


def _checked_texts(value: Any, field: str, count: int, limit: int) -> list[str]:
    if not isinstance(value, list | tuple):
        raise Malformed(field, "is no list", "send a list of texts")
    if len(value) > count:
        raise Malformed(field, f"has {len(value)}", f"keep at most {count}")
    return [
        checked_text(text, f"{field}[{index}]", limit, required=True)
        for index, text in enumerate(value)
    ]
