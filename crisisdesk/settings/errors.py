"""The one error of this room: something set by a person cannot be used, and here is what to do."""

from __future__ import annotations


class SettingsError(ValueError):
    """A setting, place or secret cannot be used; the text names it, its value and the remedy."""
