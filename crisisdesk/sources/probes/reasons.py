"""Why something did not answer, in a few words that people understand, without addresses."""

from __future__ import annotations

import socket
import ssl

SHOWN = 80
# By name, so that whoever speaks no HTTP need not load what does.
_NO_HTTP = frozenset({"RemoteProtocolError", "LocalProtocolError", "ReadError"})


def reason_of(error: BaseException) -> str:
    """The innermost cause that says something."""
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
    return "the answer is no HTTP, or breaks off" if type(error).__name__ in _NO_HTTP else ""


def shown(text: str) -> str:
    """Foreign text as a sentence can hold it: quoted, short, on one line."""
    short = text if len(text) <= SHOWN else text[:SHOWN] + "…"
    plain = "".join(c if c.isprintable() else "·" for c in " ".join(short.split()))
    return f"“{plain}”"
