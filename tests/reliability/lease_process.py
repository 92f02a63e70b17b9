"""A small process that keeps the lease and acts under it, as often as it can; see test_takeover.

Its first line of input is a JSON object: ``url``, ``password``, ``origin``, ``acts`` (a file that
gets a line "boottime token" for each moment it acted at) and ``control`` (a rule taken away).
"""

from __future__ import annotations

import json
import os
import sys
import threading
from time import sleep
from typing import Any

from crisisdesk.engine.clock import SystemClock
from crisisdesk.engine.duty.keeper import LeaseKeeper
from crisisdesk.engine.exchange.ports import HubAway
from crisisdesk.hub.address import hub_address
from crisisdesk.hub.duty import PgDuty

ACT_S = 0.02
CLAIM_EACH = 3
CLAIM_MS = 20_000
SLEPT_S = 1.0


class SleepyClock(SystemClock):
    """Stands still while nothing runs, as monotonic clocks do in suspend."""

    def __init__(self) -> None:
        self._lost = 0.0
        self._last = super().boottime()
        self._lock = threading.Lock()

    def boottime(self) -> float:
        with self._lock:
            now = super().boottime()
            if now - self._last > SLEPT_S:
                self._lost += now - self._last
            self._last = now
            return now - self._lost


def claim(ledger: PgDuty, given: dict[str, Any], token: int, key: str) -> None:
    try:
        if given["control"] == "no fence":
            ledger.settle(key, token, "unknown")
        else:
            ledger.claim(given["origin"], token, [key], CLAIM_MS)
    except HubAway:
        return


def main() -> None:
    given = json.loads(sys.stdin.readline())
    address = hub_address(given["url"], "", given["password"])
    clock = SleepyClock() if given["control"] == "sleepy clock" else SystemClock()
    true_time = SystemClock()
    keeper = LeaseKeeper(PgDuty(address), clock, lambda: given["origin"])
    ledger = PgDuty(address)
    thread = threading.Thread(target=keeper.serve, daemon=True)
    thread.start()
    out = os.open(given["acts"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(out, b"0 0\n")
    token_before = number = 0
    while True:
        keeper.beat()
        number += 1
        believed_at = true_time.boottime()
        token = keeper.holds(clock.boottime())
        if given["control"] == "no fence":
            token = token_before = token or token_before
        if token:
            os.write(out, f"{believed_at:.4f} {token}\n".encode())
            if number % CLAIM_EACH == 0:
                claim(ledger, given, token, f"{given['origin'][:8]}/{os.getpid()}/{number}")
        sleep(ACT_S)


if __name__ == "__main__":
    main()
