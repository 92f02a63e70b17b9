"""Pages through Apprise: chat, SMS and push, one fresh object and one thread per attempt."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from crisisdesk.comms.address_parts import one_recipient
from crisisdesk.comms.channels import (
    APPRISE_SCHEMES,
    AddressError,
    check_shape,
    lane_of,
    masked,
    scheme_of,
)
from crisisdesk.comms.lanes import THREADS_PER_LANE, Lane, attempt
from crisisdesk.comms.verdicts import verdict, words_of
from crisisdesk.domain.redaction import secrets_in_url
from crisisdesk.domain.severity import Severity
from crisisdesk.engine.ports import Outcome, Outgoing

if TYPE_CHECKING:
    from apprise import AppriseAsset

log = logging.getLogger(__name__)

# Leaves the thread a moment to report before the waiting side gives up.
MARGIN_S = 0.2
_GOTIFY = frozenset({"gotify", "gotifys"})
# From 8 on its app makes a sound, whatever else the telephone shows.
_GOTIFY_PRIORITY: dict[str, int] = {Severity.CRITICAL: 8, Severity.EMERGENCY: 10}
_FAILURES = frozenset({Severity.CRITICAL, Severity.EMERGENCY})


class AppriseSender:
    """Sends by every scheme without a sender of its own; ``lanes`` shows who hangs where."""

    def __init__(self, threads_per_lane: int = THREADS_PER_LANE) -> None:
        self._threads = threads_per_lane
        self.lanes: dict[str, Lane] = {}

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Try once, within ``deadline_s``; never raises for what a provider does."""
        try:
            check_shape(outgoing.url)
            lane = self._lane(lane_of(outgoing.url))
        except AddressError as error:
            return Outcome(ok=False, words=str(error)[:300], retryable=False)
        return await attempt(lane, deliver, outgoing)

    async def aclose(self) -> None:
        """Forget the lanes; threads that hang end with their connections or with the process."""
        self.lanes.clear()

    def _lane(self, name: str) -> Lane:
        if name not in self.lanes:
            self.lanes[name] = Lane(name, self._threads)
        return self.lanes[name]


def warm_up() -> None:
    """Load Apprise and all its services (about 0.6 s), so that no page waits for it. Blocks."""
    from apprise import Apprise

    Apprise.instantiate("json://127.0.0.1/", asset=_asset())


def check_by_provider(url: str) -> None:
    """Let the provider's own parser judge an address; AddressError names the remedy.

    Costs 0.6 s the first time unless warmed up. Sends nothing.
    """
    check_shape(url)
    scheme = scheme_of(url)
    if scheme not in APPRISE_SCHEMES:
        raise AddressError(f"{scheme}:// is not sent through Apprise.")
    plugin = plugin_of(url)
    if plugin is None:
        raise AddressError(
            f"The address is no valid {scheme}:// address: a part is missing or malformed. Compare "
            f"it with the pattern {_pattern(scheme)}."
        )
    if scheme == "tgram" and not plugin.targets:
        # Without one Apprise asks Telegram who wrote to the bot last, and pages them.
        raise AddressError(f"tgram:// needs the chat to write to: {_pattern(scheme)}.")
    one_recipient(len(plugin))


def deliver(outgoing: Outgoing, left_s: float) -> Outcome:
    """One blocking attempt with ``left_s`` seconds; used in a lane's thread."""
    from apprise import Apprise, NotifyFormat, NotifyType

    from crisisdesk.comms.evidence import collecting

    started = time.monotonic()
    secrets = secrets_in_url(outgoing.url)
    scheme = scheme_of(outgoing.url)
    try:
        check_by_provider(outgoing.url)
        plugin = plugin_of(outgoing.url)
    except AddressError as error:
        return Outcome(ok=False, words=words_of(str(error), secrets), retryable=False)
    _tune(plugin, outgoing, left_s)
    service = Apprise(asset=_asset())
    service.add(plugin)
    kind = NotifyType.FAILURE if outgoing.severity in _FAILURES else NotifyType.WARNING
    with collecting(max(left_s - MARGIN_S, left_s / 2)) as evidence:
        result = service.notify(
            body=outgoing.text,
            title=outgoing.title,
            notify_type=kind,
            body_format=NotifyFormat.TEXT,
        )
    outcome = verdict(
        scheme, evidence, said_yes=bool(result), complaint=_complaint(result), secrets=secrets
    )
    took_ms = round((time.monotonic() - started) * 1000)
    log.info("page to %s: ok=%s in %d ms", masked(outgoing.url), outcome.ok, took_ms)
    return outcome


def _asset() -> AppriseAsset:
    from apprise import AppriseAsset, PersistentStoreMode

    return AppriseAsset(
        app_id="CrisisDesk",
        app_desc="CrisisDesk",
        async_mode=False,
        service_timeout=0,
        http_redirects=False,
        secure_logging=True,
        storage_mode=PersistentStoreMode.MEMORY,
        allow_templates=False,
        pgp_autogen=False,
        pem_autogen=False,
    )


def plugin_of(url: str) -> Any:
    """Apprise's own object for an address; None when its parser takes it for none."""
    from apprise import Apprise

    return Apprise.instantiate(url, asset=_asset())


def _tune(plugin: Any, outgoing: Outgoing, left_s: float) -> None:
    """Bind the plugin to the attempt: its timeouts, no pictures from elsewhere, our repeat key."""
    for name in ("socket_connect_timeout", "socket_read_timeout"):
        setattr(plugin, name, min(getattr(plugin, name, left_s), left_s))
    if hasattr(plugin, "include_image"):
        plugin.include_image = False
    if scheme_of(outgoing.url) in _GOTIFY and "priority=" not in outgoing.url.lower():
        plugin.priority = _GOTIFY_PRIORITY.get(outgoing.severity, plugin.priority)
    if hasattr(plugin, "dedup") and not plugin.dedup:
        plugin.dedup = outgoing.key


def _complaint(result: Any) -> str:
    loud = [entry for entry in result.logs() if entry.level in {"WARNING", "ERROR", "CRITICAL"}]
    return str(loud[-1].message) if loud else ""


def _pattern(scheme: str) -> str:
    patterns = {
        "slack": "slack://TokenA/TokenB/TokenC",
        "vonage": "vonage://ApiKey:ApiSecret@FromNumber/ToNumber",
        "pover": "pover://UserKey@Token",
        "workflows": "workflows://host/WorkflowID/Signature/",
        "discord": "discord://WebhookID/WebhookToken",
        "gotify": "gotify://host/Token",
        "gotifys": "gotifys://host/Token",
        "tgram": "tgram://BotToken/ChatID",
    }
    return patterns.get(scheme, f"in the documentation of {scheme}")
