"""Calendars to test with."""

from __future__ import annotations


def event(*lines: str, uid: str = "one@example.org", summary: str = "Ann") -> str:
    """An event of eight hours on 2026-01-05 unless the lines say otherwise."""
    found = [f"UID:{uid}", f"SUMMARY:{summary}", *lines]
    if not any(line.startswith("DTSTART") for line in lines):
        found.append("DTSTART:20260105T080000Z")
    if not any(line.startswith(("DTEND", "DURATION")) for line in lines):
        found.append("DURATION:PT8H")
    return "\r\n".join(["BEGIN:VEVENT", *found, "END:VEVENT"])


def calendar(*parts: str) -> bytes:
    """A file with one calendar of these parts."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tests//EN", *parts, "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()
