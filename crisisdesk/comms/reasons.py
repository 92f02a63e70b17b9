"""Why a connection failed, in a few words without addresses, whichever library met it."""

from __future__ import annotations

import socket
import ssl

REASON_DEPTH = 12


def reason_of(error: BaseException) -> str:
    """The innermost cause that people understand: “connection refused”, “host name not found”."""
    best = ""
    for cause in _causes(error):
        if words := _words(cause):
            best = words
    return best or f"no answer ({type(error).__name__})"


def _causes(error: BaseException) -> list[BaseException]:
    """An error and everything it wraps, outermost first (chains, arguments and ``reason``)."""
    found: list[BaseException] = []
    waiting: list[BaseException] = [error]
    while waiting and len(found) < REASON_DEPTH:
        current = waiting.pop(0)
        if current in found:
            continue
        found.append(current)
        inside = [current.__cause__, current.__context__, getattr(current, "reason", None)]
        inside += [argument for argument in current.args if isinstance(argument, BaseException)]
        waiting += [one for one in inside if isinstance(one, BaseException)]
    return found


def _words(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate not accepted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or type(error).__name__}"
    if isinstance(error, socket.gaierror):
        return "host name not found"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    if isinstance(error, (ConnectionResetError, BrokenPipeError)):
        return "connection cut by the other side"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.errno and error.strerror:
        return error.strerror.lower()
    return _words_by_name(type(error).__name__)


def _words_by_name(name: str) -> str:
    if name in {"SMTPServerDisconnected", "RemoteDisconnected", "RemoteProtocolError"}:
        return "connection cut before the answer was complete"
    if name in {"IncompleteRead", "ProtocolError", "ReadError"}:
        return "answer cut off"
    if name in {"ConnectTimeout", "ConnectTimeoutError"}:
        return "no connection in time"
    if name in {"ReadTimeout", "ReadTimeoutError", "WriteTimeout", "PoolTimeout"}:
        return "no answer in time"
    return ""
