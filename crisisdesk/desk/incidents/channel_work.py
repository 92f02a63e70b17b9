"""Opens, copies, names and takes away the channels of the incident in view."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from crisisdesk.desk.incidents import orders
from crisisdesk.desk.incidents.strip import Asked, Question
from crisisdesk.desk.room import Action
from crisisdesk.domain.errors import Malformed
from crisisdesk.domain.incident_channels import (
    CHANNEL_KINDS,
    channels_of,
    checked_address,
    meeting_place,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.desk.incidents.dossier import Dossier
    from crisisdesk.desk.incidents.orderly import Orderly
    from crisisdesk.desk.incidents.page import IncidentPage
    from crisisdesk.desk.room import Desk
    from crisisdesk.domain.incident import Incident

QUESTION = "channel.set"


def set_question() -> Question:
    """What it is called, of which kind, where, and what for."""
    kinds = ", ".join(CHANNEL_KINDS)
    return Question(
        key=QUESTION,
        title="By what people speak: name a channel, or change the one of that name",
        verb="Save",
        asked=(
            Asked(field="name", word="Name", hint="War room"),
            Asked(field="kind", word=f"Kind: {kinds}", value="bridge"),
            Asked(field="address", word="Address, without passwords", hint="https:// tel: sip:"),
            Asked(field="use", word="What for", hint="Everybody who acts"),
        ),
    )


def first_address(incident: Incident) -> str:
    """Where people speak: the address of the first channel that has one; "" for none."""
    first = meeting_place(incident)
    return "" if first is None else str(first["address"])


class ChannelWork:
    """Orders about the channels. ``open_url`` hands an address to the programs of this machine."""

    def __init__(
        self,
        desk: Desk,
        page: IncidentPage,
        orderly: Orderly,
        open_url: Callable[[QUrl], bool] = QDesktopServices.openUrl,
    ) -> None:
        self._desk, self._page, self._orderly, self._open = desk, page, orderly, open_url
        page.strip.given.connect(self._answered)
        page.channels.opened.connect(self.open)
        page.channels.copied.connect(self.copy)

    def open(self, address: str) -> None:
        """Open it with the program that this machine has for it; never by a shell."""
        try:
            # It came from the log, which other programs write as well.
            safe = checked_address(address, "address")
        except Malformed as error:
            self._desk.say("The channel cannot be opened", f"Its address {error.problem}.")
            return
        if not safe or not self._open(QUrl(safe, QUrl.ParsingMode.StrictMode)):
            words = f"No program of this machine opens {address}; Shift+Q copies it."
            self._desk.say("The channel cannot be opened", words)

    def copy(self, address: str) -> None:
        """Put it on the clipboard."""
        QApplication.clipboard().setText(address)
        self._desk.say("Copied", address, icon="copy")

    def ask(self) -> None:
        """Ask for a channel in the strip."""
        self._page.ask(set_question())

    def remove(self, channel: dict[str, Any]) -> None:
        """Take it away, and offer to bring it back."""
        incident_id, name = self._orderly.incident_id(), channel["name"]
        back = orders.set_channel(
            incident_id, name, channel["kind"], channel["address"], channel["use"]
        )

        def done(_answer: Any) -> None:
            words = f"bring {name} back"
            self._desk.offer_undo(f"{name} taken away", lambda: self._orderly.send(words, back))

        call = orders.remove_channel(incident_id, name)
        self._orderly.send(f"take {name} away", call, then=done)

    def _answered(self, key: str, values: dict[str, str]) -> None:
        incident_id = self._orderly.incident_id()
        if key != QUESTION or not incident_id:
            return
        kind = values["kind"].strip().casefold().replace(" ", "_")
        name = values["name"].strip()
        call = orders.set_channel(
            incident_id, name, kind, values["address"].strip(), values["use"].strip()
        )
        self._orderly.send(f"name the channel {name}", call, strip=True)


def channel_actions(work: ChannelWork, dossier: Dossier, held: str) -> list[Action]:
    """For the incident in view. ``held`` is why nothing can be changed now, "" where it can."""
    incident = dossier.incident
    group = f"{incident.incident_id}, {incident.title}"
    address = first_address(incident)
    lacks = "" if address else "no channel of it has an address; Shift+C names one"
    whole = f"it is a part of {dossier.whole}" if dossier.whole else ""
    also = ("bridge", "call", "chat", "war room", "join")
    found = [
        Action(
            key="incident.channel.open", title="Open where people speak", keys="Q", icon="phone",
            run=partial(work.open, address), group=group, enabled=bool(address), detail=lacks,
            also=also,
        ),
        Action(
            key="incident.channel.copy", title="Copy where people speak", keys="Shift Q",
            icon="copy", run=partial(work.copy, address), group=group, enabled=bool(address),
            detail=lacks, also=also,
        ),
        Action(
            key="incident.channel.set", title="Name a channel", keys="Shift C", icon="phone",
            run=work.ask, group=group, enabled=not (held or whole), detail=held or whole, also=also,
        ),
    ]  # fmt: skip
    removing = [
        Action(
            key=f"incident.channel.remove {one['name']}", title=f"Take {one['name']} away",
            icon="phone-off", run=partial(work.remove, one), group=group,
            enabled=not (held or whole), detail=held or whole,
        )
        for one in channels_of(incident)
    ]  # fmt: skip
    return [*found, *removing]
