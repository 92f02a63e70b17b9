"""Calendars as text (RFC 5545): shifts go out, and who is on call when comes in."""
