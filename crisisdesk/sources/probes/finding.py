"""What every prober shares: what a look found becomes a reading, within its deadline."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from crisisdesk.domain.detection.reading import Reading, Verdict
from crisisdesk.domain.detection.series import Sample, series
from crisisdesk.engine.detection_ports import Look
from crisisdesk.engine.patience import within

DAY_S = 86_400
SHOWN = 80


class Down(Exception):
    """The look found it down; the text says why, without secrets. ``values`` were measured all the
    same."""

    def __init__(self, words: str, values: Mapping[str, float] | None = None) -> None:
        super().__init__(words)
        self.values = values or {}


class CannotLook(Exception):
    """The station itself could not look; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """It is up: one sentence, and what was measured by metric."""

    words: str
    values: Mapping[str, float] = field(default_factory=dict)


async def finished(look: Look, work: Coroutine[Any, Any, Found]) -> Reading:
    """The reading of one look: whatever ``work`` ends with, or does not within the deadline."""
    began = time.monotonic()
    verdict = Verdict.DOWN
    values: Mapping[str, float] = {}
    try:
        found = await within(look.deadline_s, work)
        verdict, words, values = Verdict.UP, found.words, found.values
    except Down as error:
        words, values = str(error), error.values
    except CannotLook as error:
        verdict, words = Verdict.UNSURE, str(error)
    except TimeoutError:
        words = f"no answer within {look.deadline_s:g} s"
    except OSError as error:
        words = reason_of(error)
    took_ms = round((time.monotonic() - began) * 1000)
    at = look.now + took_ms
    source_id = look.source.source_id
    return Reading(
        source_id=source_id,
        verdict=verdict,
        at=at,
        took_ms=took_ms,
        words=words[:300],
        samples=tuple(Sample(series(source_id, name), at, value) for name, value in values.items()),
    )


def reason_of(error: BaseException) -> str:
    """Why a connection failed, in a few words without addresses."""
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        seen.append(cause)
        cause = cause.__cause__ or cause.__context__
    told = [words for one in seen if (words := _words(one))]
    return told[-1] if told else f"no answer ({type(error).__name__})"


def _words(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate not accepted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {getattr(error, 'reason', None) or type(error).__name__}"
    if isinstance(error, socket.gaierror):
        if error.errno == socket.EAI_AGAIN:
            return "the name could not be looked up: no name server answers"
        return "host name not found"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, (ConnectionResetError, BrokenPipeError)):
        return "connection cut by the other side"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.errno and error.strerror:
        return error.strerror.lower()
    return ""


def days_left(certificate: Mapping[str, Any], now_ms: int) -> float | None:
    """How many days a certificate (as `ssl` tells it) is still good; None when it does not say."""
    until = certificate.get("notAfter")
    if not isinstance(until, str):
        return None
    return (ssl.cert_time_to_seconds(until) - now_ms / 1000) / DAY_S


def assert_days(left: float | None, least: int, values: dict[str, float]) -> None:
    """Note how long the certificate is good; raises Down when that is less than ``least`` days."""
    if left is None:
        return
    values["tls_days"] = left
    if least and left < least:
        raise Down(f"the certificate ends in {left:.1f} days; {least} are wanted", values)


def shown(text: str) -> str:
    """Foreign text as a sentence can hold it: quoted, short, on one line."""
    short = text if len(text) <= SHOWN else text[:SHOWN] + "…"
    plain = "".join(c if c.isprintable() else "·" for c in " ".join(short.split()))
    return f"“{plain}”"
