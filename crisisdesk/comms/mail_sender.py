"""Pages as mail over kept connections: a relay is greeted once and takes many."""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
import threading
import time
from dataclasses import dataclass, field

from crisisdesk.comms.channels import AddressError, check_shape, lane_of, masked
from crisisdesk.comms.lanes import THREADS_PER_LANE, Lane, attempt
from crisisdesk.comms.mail_address import MailRoute, Relay, mail_route
from crisisdesk.comms.mail_text import mail_of
from crisisdesk.comms.reasons import reason_of
from crisisdesk.comms.smtp_line import LineLost, Refused, Reply, SmtpLine
from crisisdesk.comms.verdicts import words_of
from crisisdesk.domain.redaction import secrets_in_url
from crisisdesk.engine.ports import Clock, Outcome, Outgoing

log = logging.getLogger(__name__)

# Leaves the thread a moment to report before the waiting side gives up.
MARGIN_S = 0.2
KEPT_PER_RELAY = 8
IDLE_S = 30.0
MAILS_PER_LINE = 1_000
_QUEUED = re.compile(r"queued as\s+<?([\w.@-]+)", re.IGNORECASE)


@dataclass(slots=True)
class _Pool:
    """The idle connections to one relay, newest last, each with the moment it became idle."""

    idle: list[tuple[SmtpLine, float]] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)
    closed: bool = False

    def take(self) -> SmtpLine | None:
        """The connection used last; None when there is none."""
        with self.guard:
            return self.idle.pop()[0] if self.idle else None

    def give_back(self, line: SmtpLine) -> None:
        """Keep it for the next mail, if it has not served long enough and there is room."""
        with self.guard:
            full = self.closed or len(self.idle) >= KEPT_PER_RELAY
            if not full and line.used < MAILS_PER_LINE:
                self.idle.append((line, time.monotonic()))
                return
        line.close()

    def thin_out(self, older_s: float) -> None:
        """Hang up where nothing was sent for that long."""
        until = time.monotonic() - older_s
        with self.guard:
            old = [line for line, since in self.idle if since <= until]
            self.idle = [(line, since) for line, since in self.idle if since > until]
        for line in old:
            line.close()


class MailSender:
    """Sends by ``mailto://`` and ``mailtos://``; relays never wait for one another."""

    def __init__(self, clock: Clock, threads_per_lane: int = THREADS_PER_LANE) -> None:
        self._clock = clock
        self._threads = threads_per_lane
        self.lanes: dict[str, Lane] = {}
        self._pools: dict[Relay, _Pool] = {}
        self._guard = threading.Lock()
        self._trust: ssl.SSLContext | None = None
        self._sweep: asyncio.TimerHandle | None = None

    async def send(self, outgoing: Outgoing) -> Outcome:
        """Try once, within ``deadline_s``; never raises for what a relay does."""
        try:
            check_shape(outgoing.url)
            name = lane_of(outgoing.url)
        except AddressError as error:
            return Outcome(ok=False, words=str(error)[:300], retryable=False)
        lane = self.lanes.setdefault(name, Lane(name, self._threads))
        outcome = await attempt(lane, self._deliver, outgoing)
        self._sweep_later()
        return outcome

    async def aclose(self) -> None:
        """Hang up; threads that hang end with their connections or with the process."""
        if self._sweep is not None:
            self._sweep.cancel()
        self.lanes.clear()
        with self._guard:
            pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            pool.closed = True
            pool.thin_out(0.0)

    def _sweep_later(self) -> None:
        """Look again in a while, as long as there is a connection to hang up."""
        with self._guard:
            idle = any(pool.idle for pool in self._pools.values())
        if self._sweep is None and idle:
            self._sweep = asyncio.get_running_loop().call_later(IDLE_S, self._thin_out)

    def _thin_out(self) -> None:
        self._sweep = None
        with self._guard:
            pools = list(self._pools.values())
        for pool in pools:
            pool.thin_out(IDLE_S)
        self._sweep_later()

    def _deliver(self, outgoing: Outgoing, left_s: float) -> Outcome:
        """One blocking attempt with ``left_s`` seconds; used in a lane's thread."""
        began = time.monotonic()
        until = began + max(left_s - MARGIN_S, left_s / 2)
        secrets = secrets_in_url(outgoing.url)
        try:
            route = mail_route(outgoing.url)
            mail = mail_of(outgoing, route, self._clock.now_ms())
            taken, refused = self._hand_over(route, mail, until)
        except AddressError as error:
            return Outcome(ok=False, words=str(error)[:300], retryable=False)
        except Refused as error:
            return Outcome(ok=False, words=words_of(str(error), secrets), retryable=error.retryable)
        except LineLost as error:
            more = "; it may still arrive" if error.given else ""
            return Outcome(ok=False, words=words_of(f"{reason_of(error.cause)}{more}", secrets))
        log.info("mail to %s in %d ms", masked(outgoing.url), (time.monotonic() - began) * 1000)
        words = taken.words
        if refused:
            words = f"{words}; {len(refused)} of the copies refused: {refused[0].words}"
        queued = _QUEUED.search(taken.text)
        return Outcome(
            ok=True,
            words=words_of(words, secrets),
            provider_id=queued.group(1) if queued else "",
        )

    def _hand_over(self, route: MailRoute, mail: bytes, until: float) -> tuple[Reply, list[Reply]]:
        """By a kept connection; by a fresh one where that turns out to have ended meanwhile."""
        pool = self._pool(route.relay)
        kept = pool.take()
        while kept is not None:
            try:
                return self._send_by(kept, pool, route, mail, until)
            except LineLost as error:
                # Without the end of the mail no relay takes it, so nothing can arrive twice.
                if error.given or time.monotonic() >= until:
                    raise
            except Refused as error:
                if not error.closed:
                    raise
            kept = pool.take()
        fresh = SmtpLine(route.relay, self._trust_for(route.relay), until)
        return self._send_by(fresh, pool, route, mail, until)

    def _send_by(
        self, line: SmtpLine, pool: _Pool, route: MailRoute, mail: bytes, until: float
    ) -> tuple[Reply, list[Reply]]:
        try:
            found = line.send(route.sender, route.everyone, mail, until)
        except Refused as error:
            if error.closed:
                line.close()
            else:
                line.used += 1  # whatever it holds of this mail is taken back before the next
                pool.give_back(line)
            raise
        except BaseException:
            line.close()
            raise
        pool.give_back(line)
        return found

    def _pool(self, relay: Relay) -> _Pool:
        with self._guard:
            return self._pools.setdefault(relay, _Pool())

    def _trust_for(self, relay: Relay) -> ssl.SSLContext | None:
        """What certificates are checked against, read once."""
        if relay.mode == "insecure":
            return None
        with self._guard:
            if self._trust is None:
                self._trust = ssl.create_default_context()
            return self._trust
