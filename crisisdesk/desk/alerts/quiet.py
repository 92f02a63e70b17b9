"""What the Alerts room says when it has nothing to show."""

from __future__ import annotations

from crisisdesk.desk.alerts.faces import utc_time
from crisisdesk.desk.frame.empty_state import EmptyButton, EmptyCard, EmptyView


def nothing_open(last_signal_ms: int) -> EmptyView:
    """No alert at all; ``last_signal_ms`` (UTC, 0 for never) says when a source last spoke."""
    if last_signal_ms:
        text = (
            f"The last signal came at {utc_time(last_signal_ms)} UTC. If another comes, it stands "
            "here and this room sounds."
        )
    else:
        text = (
            "No source has spoken yet. Connect one, and its alerts stand here, sound, and page the "
            "people on your list."
        )
    return EmptyView(
        title="No alert needs you.",
        text=text,
        cards=(
            EmptyCard(
                "sounds", "volume-2", "Sound test", "five sounds, one minute", "In Settings", "9"
            ),
            EmptyCard(
                "contacts",
                "users",
                "People to page",
                "and how they are reached",
                "In Settings",
                "9",
            ),
            EmptyCard(
                "sources",
                "webhook",
                "Connect a source",
                "Alertmanager, Prometheus, PagerDuty events, JSON",
                "In Settings",
                "9",
            ),
        ),
        buttons=(EmptyButton("incident", "Declare an incident by hand", "2"),),
    )


def nothing_found(tab: str, text: str) -> EmptyView:
    """Alerts there are, but none of them is asked for."""
    if tab == "mine" and not text.strip():
        return EmptyView(
            title="Nothing is in your hands.",
            text="Alerts you acknowledge stand here until they are over.",
            buttons=(EmptyButton("clear", "Show all alerts"),),
        )
    return EmptyView(
        title="No alert matches.",
        text=f"Nothing fits “{text.strip()}”. Alerts that do not fit still page and sound.",
        buttons=(EmptyButton("clear", "Show all alerts", "Esc"),),
    )
