"""Sources of type ``imap``: mails that monitoring systems send, each taken once as a signal."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.domain.severity import DEFAULT_SEVERITY_WORDS, Severity
from crisisdesk.domain.signal import Signal
from crisisdesk.engine.detection_ports import Look
from crisisdesk.sources.probes import mail_signals
from crisisdesk.sources.probes.fields import Fields
from crisisdesk.sources.probes.looking import Sight, Unanswered, unsure
from crisisdesk.sources.probes.mailbox import Account, Box, News
from crisisdesk.sources.probes.threads import Threads

NAMES = ("host", "port", "user", "password", "folder", "ca_file")
# In every second subject, without a word of how bad it is.
_VAGUE = ("alert", "page", "none")
MEANINGS = ("senders", "over", "severities", "severity")


class ImapProber:
    """Reads a mailbox and changes nothing there; ``trust`` in place of the system's authorities."""

    type = "imap"

    def __init__(self, trust: ssl.SSLContext | None = None) -> None:
        self._trust = trust
        self._threads = Threads("imap")

    def check(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """``senders`` are addresses or ``@domain`` that are listened to, ``*`` all."""
        fields = Fields(settings, (*NAMES, *MEANINGS))
        told: dict[str, Any] = {
            "host": fields.text("host", limit=255),
            "port": fields.whole("port", 1, 65_535, 993),
            "user": fields.text("user", limit=255),
            "password": fields.secret("password"),
            "folder": fields.text("folder", "INBOX", limit=255),
            "senders": [one.casefold() for one in fields.texts("senders")],
            "over": [one.casefold() for one in fields.texts("over", mail_signals.OVER)],
            "severity": fields.choice("severity", list(Severity), Severity.HIGH),
        }
        if not told["password"]:
            raise fields.wrong("password", "is missing", "name the secret that holds it")
        if not told["senders"]:
            raise fields.wrong("senders", "are missing", "list whose mails count, or *")
        for name in ("user", "folder"):
            if not told[name].isascii() or not told[name].isprintable():
                raise fields.wrong(name, "is no plain ASCII", "IMAP knows no other here")
        severities = fields.names("severities")
        for word, severity in severities.items():
            if severity not in list(Severity):
                remedy = f"use one of {', '.join(Severity)}"
                raise fields.wrong(f"severities.{word[:40]}", "is no severity", remedy)
        told["severities"] = {word.casefold(): level for word, level in severities.items()}
        ca_file = fields.text("ca_file", "")
        if ca_file and not Path(ca_file).is_absolute():
            raise fields.wrong("ca_file", "is no absolute path", "write it from / on")
        return told | ({"ca_file": ca_file} if ca_file else {})

    def secret_names(self, settings: Mapping[str, Any]) -> Sequence[str]:
        """The password."""
        return [settings["password"]]

    async def look(self, look: Look) -> Reading:
        """Up when the mailbox could be read."""
        sight = Sight(look)
        try:
            box = Box(self._account(sight), sight.left_s)
            news = await self._threads.run(
                look.source.source_id, lambda: box.news(look.bookmark), sight.left_s, box.cut
            )
        except Unanswered as error:
            return sight.failed(error)
        except TimeoutError:
            return sight.late("the mailbox")
        return _reading(sight, news)

    async def aclose(self) -> None:
        """Nothing is kept open."""

    def _account(self, sight: Sight) -> Account:
        settings = sight.look.source.settings
        ca_file = settings.get("ca_file")
        try:
            trust = self._trust or ssl.create_default_context(cafile=ca_file)
        except (OSError, ValueError):
            raise unsure(f"{ca_file} cannot be read as certificates") from None
        return Account(
            host=settings["host"],
            port=settings["port"],
            user=settings["user"],
            folder=settings["folder"],
            password=sight.secret(settings["password"]),
            trust=trust,
        )


def _reading(sight: Sight, news: News) -> Reading:
    source, now = sight.look.source, sight.look.now
    words = dict(DEFAULT_SEVERITY_WORDS)
    words |= {word: Severity(level) for word, level in source.settings["severities"].items()}
    # "alert" and "page" are in every second subject and say nothing of how bad it is.
    meant = {
        w: s for w, s in words.items() if w in source.settings["severities"] or w not in _VAGUE
    }
    reading = mail_signals.Reading(
        source_id=source.source_id,
        senders=source.settings["senders"],
        over=frozenset(source.settings["over"]),
        severities=meant,
        severity=Severity(source.settings["severity"]),
    )
    made = [mail_signals.signal_of(raw, reading) for _uid, raw in news.mails]
    signals: list[Signal] = [signal for signal in made if signal is not None]
    told = f"{len(news.mails)} new mails"
    if len(signals) < len(news.mails):
        told += f", {len(news.mails) - len(signals)} of no listed sender or without a subject"
    if news.note:
        told += f"; {news.note}"
    count = Sample(series(source.source_id, "mail_new"), now, float(len(news.mails)))
    return sight.reading(
        Verdict.UP,
        told,
        samples=[count],
        signals=signals,
        bookmark={"validity": news.validity, "last": news.last},
    )
