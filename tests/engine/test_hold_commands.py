"""The commands about who has an alert can be asked for, and say what they mean by default."""

from __future__ import annotations

from crisisdesk.engine.handlers import HANDLERS
from crisisdesk.engine.hold_commands import (
    AcceptOffer,
    DeclineOffer,
    MindHolds,
    OfferAlert,
    RenewAlerts,
    WithdrawOffer,
)


def test_each_has_its_handler() -> None:
    ours = {AcceptOffer, DeclineOffer, MindHolds, OfferAlert, RenewAlerts, WithdrawOffer}
    assert ours <= HANDLERS.keys()


def test_by_default_the_station_on_duty_minds_what_is_due_now_and_looks_for_no_more() -> None:
    order = MindHolds()
    assert (order.late_ms, order.look) == (0, False)
    assert RenewAlerts(alert_ids=["A-1"]).epochs == []
