"""How other systems send their alerts here: addresses and ready snippets to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from crisisdesk.desk.frame.key_button import KeyButton
from crisisdesk.desk.frame.text import Text
from crisisdesk.desk.look.theme import theme
from crisisdesk.desk.settings_room.card import Card, Verdict, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def snippets(url: str) -> list[tuple[str, str, str]]:
    """Name, address and what to paste, for a door at ``url``; the token stands for its secret."""
    url = url.rstrip("/")
    host = url.split("://", 1)[-1]
    return [
        (
            "Alertmanager",
            f"{url}/intake/alertmanager",
            (
                "receivers:\n- name: crisisdesk\n  webhook_configs:\n"
                f"  - url: {url}/intake/alertmanager\n    send_resolved: true\n"
                "    http_config:\n      authorization:\n        credentials: INTAKE_TOKEN\n"
            ),
        ),
        (
            "Prometheus itself",
            f"{url}/api/v2/alerts",
            (
                "alerting:\n  alertmanagers:\n  - static_configs:\n"
                f"    - targets: ['{host}']\n    authorization:\n      credentials: INTAKE_TOKEN\n"
            ),
        ),
        (
            "PagerDuty events",
            f"{url}/v2/enqueue",
            (
                f"curl {url}/v2/enqueue -d '"
                '{"routing_key":"INTAKE_TOKEN","event_action":"trigger","dedup_key":"disk-1",'
                '"payload":{"summary":"Disk full","source":"web-1","severity":"critical"}}'
                "'\n"
            ),
        ),
        (
            "By hand",
            "crisisdesk alert raise",
            "crisisdesk alert raise 'Disk full' --severity critical --service web-1\n",
        ),
    ]


class IntakeCard(Card):
    """Addresses with a copy button each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Connect a source",
            "Give the other system one of these addresses. An answer of 2xx means that the alert "
            "is on this disk. “crisisdesk intake --show-token” writes INTAKE_TOKEN out.",
            parent,
        )
        self._addresses: list[Text] = []
        self._pastes: list[str] = []
        self.verdict = Verdict()
        for index, (name, address, paste) in enumerate(snippets("http://127.0.0.1:9611")):
            label = Text(name, "body", weight=600)
            label.setFixedWidth(theme().px(140))
            shown = Text(address, "small", "secondary", mono=True)
            copy = KeyButton("Copy", icon="copy", height=24)
            copy.setAccessibleName(f"Copy the settings for {name}")
            copy.setProperty("index", index)
            copy.clicked.connect(self._copy)
            self._addresses.append(shown)
            self._pastes.append(paste)
            self.body.addLayout(row(label, shown, 1, copy))
        self.body.addWidget(self.verdict)

    def show_url(self, url: str) -> None:
        """Take the engine's address."""
        for index, (_, address, paste) in enumerate(snippets(url)):
            self._addresses[index].setText(address)
            self._pastes[index] = paste

    def _copy(self) -> None:
        index = int(self.sender().property("index"))
        QApplication.clipboard().setText(self._pastes[index])
        self.verdict.say("Copied; put your token in place of INTAKE_TOKEN.")
