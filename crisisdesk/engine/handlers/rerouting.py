"""Pages that wait for a way which is out: sent by another way as well, once."""

from __future__ import annotations

from collections.abc import Collection

from crisisdesk.domain.alert import Alert
from crisisdesk.domain.contact import ContactMethod
from crisisdesk.domain.delivery import Delivery, DeliveryStatus
from crisisdesk.engine.handlers.paging import page_otherwise, unwanted
from crisisdesk.engine.handlers.reaching import out_now
from crisisdesk.engine.outage_commands import RerouteWaiting
from crisisdesk.engine.workbench import Workbench

# Of what waits for a way that is out, so many are paged otherwise at once, and so many of each
# method looked at; what is left is found at the next look, or goes on by its retries and by the
# escalation's next steps.
REROUTED_AT_ONCE = 500
LOOKED_AT = 2_000
REMEMBERED = 20_000
_EVER = 2**62


def reroute_waiting(_command: RerouteWaiting, bench: Workbench) -> int:
    """Look at what waits for anything that counts as out now, whoever said so or named it."""
    out = out_now(bench)
    return page_what_waits(bench, out) if out else 0


def page_what_waits(bench: Workbench, names: Collection[str]) -> int:
    """Pages that wait for a way which needs any of ``names`` go by the contact's next working way
    as well, unless they do already; returns how many."""
    needs, paged = bench.at_hand.rota().dependencies, 0
    seen, out = bench.at_hand.channels.looked_at, frozenset(out_now(bench))
    if len(seen) > REMEMBERED:
        seen.clear()
    for contact in bench.contacts():
        for method in (ContactMethod(**m) for m in contact.methods):
            if not any(name in names for name in needs.of_method(method)):
                continue
            waiting = bench.journal.due_deliveries(method.method_id, _EVER, LOOKED_AT)
            bench.prefetch(waiting)
            for delivery_id in waiting:
                if paged >= REROUTED_AT_ONCE:
                    return paged
                delivery = bench.get(delivery_id)
                if not isinstance(delivery, Delivery) or not _may_go_otherwise(bench, delivery):
                    continue
                # Unless one of these changes, another look finds the same; a storm waits as well.
                mark = (out, needs, contact.saved_id, delivery.status, delivery.attempt)
                if seen.get(delivery_id) != mark:
                    seen[delivery_id] = mark
                    paged += page_otherwise(bench, delivery)
    return paged


def _may_go_otherwise(bench: Workbench, delivery: Delivery) -> bool:
    if delivery.is_test or not _waits(bench, delivery):
        return False
    return isinstance(bench.get(delivery.alert_id), Alert) and unwanted(bench, delivery) is None


def _waits(bench: Workbench, delivery: Delivery) -> bool:
    """Whether its message is not with the provider at this moment, and has not been taken."""
    if delivery.status == DeliveryStatus.BUNDLED:
        carrier = bench.get(delivery.into)
        return isinstance(carrier, Delivery) and carrier.status == DeliveryStatus.QUEUED
    return delivery.status == DeliveryStatus.QUEUED
