"""Commands about loop tests of channels."""

from __future__ import annotations

from dataclasses import dataclass

from crisisdesk.engine.command import Command


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLoopTest(Command):
    """Send loop tests to this contact method, in place of any other one of its channel.

    ``every_ms`` 0 is what the settings say for such a channel. The result is that span, ms.
    """

    contact_id: str
    method_id: str
    every_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLoopTest(Command):
    """Send none to this contact method any more; the alert about its channel ends."""

    method_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MindLoopTests(Command):
    """Queue the tests that are due and say which channels do not arrive; the result are sentences
    about targets that can no longer be tested."""
