"""``crisisdesk alert`` about who has one: claim, still on it, hand-off and the answers to it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from crisisdesk.cli.alerts import Id, Ids
from crisisdesk.cli.station import By, DataDir, commanding
from crisisdesk.cli.words import plain


def claim(ids: Ids, data_dir: DataDir = None, operator: By = "") -> None:
    """Take the work on alerts, whoever has them; they are told."""
    with commanding(data_dir, operator) as client:
        for alert_id in ids:
            print(f"{alert_id} is yours{_until(client.claim(alert_id))}")


def still(ids: Ids, data_dir: DataDir = None, operator: By = "") -> None:
    """Say that you are still on alerts, all or none: they hold anew."""
    with commanding(data_dir, operator) as client:
        for alert_id in client.still_on_it(ids):
            print(f"{alert_id} is still yours{_until(client.alert(alert_id))}")


def hand_off(
    alert_id: Id,
    to: Annotated[str, typer.Argument(help="A contact's id or name, or an operator.")],
    note: Annotated[str, typer.Option(help="What they should know.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Ask somebody to take an alert over; it stays yours until they accept."""
    with commanding(data_dir, operator) as client:
        told = client.hand_off(alert_id, to, note)
    offer = told["handoff"]
    print(f"{alert_id} offered to {plain(offer['to'])} until {_clock(offer['until'])} UTC")


def accept(alert_id: Id, data_dir: DataDir = None, operator: By = "") -> None:
    """Take over an alert that was offered to you."""
    with commanding(data_dir, operator) as client:
        print(f"{alert_id} is yours{_until(client.accept(alert_id))}")


def decline(
    alert_id: Id,
    reason: Annotated[str, typer.Option(help="Why not; whoever offered it is told.")],
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Say that you do not take over an alert that was offered to you."""
    with commanding(data_dir, operator) as client:
        told = client.decline(alert_id, reason)
    print(f"{alert_id} stays with {plain(told['owner'] or 'nobody')}")


def withdraw(alert_id: Id, data_dir: DataDir = None, operator: By = "") -> None:
    """Take the offer to hand an alert over back."""
    with commanding(data_dir, operator) as client:
        told = client.withdraw_hand_off(alert_id)
    print(f"{alert_id} stays with {plain(told['owner'] or 'nobody')}")


def register(app: typer.Typer) -> None:
    """Add these to the words of ``crisisdesk alert``."""
    for name, command in (
        ("claim", claim),
        ("still", still),
        ("hand-off", hand_off),
        ("accept", accept),
        ("decline", decline),
        ("withdraw", withdraw),
    ):
        app.command(name)(command)


def _until(alert: dict[str, Any]) -> str:
    """Until when it holds, in words; nothing where it has no end."""
    until = alert["hold_until"]
    return "" if until is None else f" until {_clock(until)} UTC"


def _clock(time: str) -> str:
    return datetime.fromisoformat(time).astimezone(UTC).strftime("%H:%M")
