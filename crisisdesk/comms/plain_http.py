"""HTTP/1.1 to one receiver, as a transport of httpx: few layers, kept connections."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass

import httpx

IDLE_S = 60.0
HEAD_LIMIT = 64 * 1024
_NO_BODY = frozenset({204, 304})


@dataclass(slots=True)
class _Line:
    """One connection and until when (loop time, seconds) it may be used again."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    until: float = 0.0


class PlainTransport(httpx.AsyncBaseTransport):
    """At most ``connections`` at once; no proxy, no repeats; TLS as ``trust`` says.

    httpx's own pool takes longer for each request the more connections it holds: 6 ms with 100.
    Reads at most ``answer_limit`` bytes of an answer's body; of a longer one the rest is not
    waited for. Raises httpx's own ConnectError, ReadError and RemoteProtocolError.
    """

    def __init__(
        self, connections: int, answer_limit: int, trust: ssl.SSLContext | None = None
    ) -> None:
        self._places = asyncio.Semaphore(connections)
        self._trust = trust
        self._answer_limit = answer_limit
        self._idle: list[_Line] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request and read its answer."""
        data = _head_of(request) + await request.aread()
        async with self._places:
            line = self._kept() or await self._open(request)
            try:
                line.writer.write(data)
                response, whole = await self._answer(line.reader)
            except BaseException as error:
                line.writer.close()
                raise _named(error, request) from error
            if whole:
                line.until = asyncio.get_running_loop().time() + IDLE_S
                self._idle.append(line)
            else:
                line.writer.close()
        return response

    async def aclose(self) -> None:
        """Hang up everywhere."""
        idle, self._idle = self._idle, []
        for line in idle:
            # Nothing is under way there, and a farewell over TLS would wait for the other side.
            line.writer.transport.abort()

    def _kept(self) -> _Line | None:
        """A kept connection that the other side has not closed meanwhile, newest first."""
        now = asyncio.get_running_loop().time()
        while self._idle:
            line = self._idle.pop()
            # Bytes that nobody asked for would be taken for the next answer.
            unasked = bool(line.reader._buffer)  # type: ignore[attr-defined]
            gone = unasked or line.reader.at_eof() or line.writer.is_closing()
            if line.until > now and not gone:
                return line
            line.writer.close()
        return None

    async def _open(self, request: httpx.Request) -> _Line:
        host, secure = request.url.host, request.url.scheme == "https"
        if request.url.scheme not in {"http", "https"} or (secure and self._trust is None):
            raise httpx.UnsupportedProtocol("this transport cannot do that", request=request)
        port = request.url.port or (443 if secure else 80)
        trust = self._trust if secure else None
        try:
            pair = await asyncio.open_connection(host, port, limit=HEAD_LIMIT, ssl=trust)
        except OSError as error:
            raise httpx.ConnectError(str(error), request=request) from error
        return _Line(*pair)

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[httpx.Response, bool]:
        """The response, and whether it was read whole and the connection may be kept."""
        status = 100
        while status < 200:
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
            version, code, *reason = first.split(b" ", 2)
            status = int(code)
        headers = httpx.Headers([_field(line) for line in lines if line])
        if not version.startswith(b"HTTP/1.") or status > 599:
            raise ValueError("is no HTTP/1 answer")
        body, whole = await self._body(reader, status, headers)
        tokens = headers.get("connection", "").lower()
        keep = whole and version == b"HTTP/1.1" and "close" not in tokens
        phrase = {"reason_phrase": b" ".join(reason)}
        for gone in ("content-encoding", "transfer-encoding"):
            headers.pop(gone, None)
        return httpx.Response(status, headers=headers, content=body, extensions=phrase), keep

    async def _body(
        self, reader: asyncio.StreamReader, status: int, headers: httpx.Headers
    ) -> tuple[bytes, bool]:
        if status in _NO_BODY:
            return b"", True
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return await self._chunks(reader)
        if "content-length" not in headers:
            return await reader.read(self._answer_limit), False
        length = int(headers["content-length"])
        if length > self._answer_limit:
            return await reader.readexactly(self._answer_limit), False
        return await reader.readexactly(length), True

    async def _chunks(self, reader: asyncio.StreamReader) -> tuple[bytes, bool]:
        body = b""
        while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
            if len(body) + size > self._answer_limit:
                body += await reader.readexactly(self._answer_limit - len(body))
                return body, False
            body += await reader.readexactly(size)
            await reader.readexactly(2)
        while (await reader.readuntil(b"\r\n")) != b"\r\n":
            pass  # trailers say nothing that is wanted here
        return body, True


def _head_of(request: httpx.Request) -> bytes:
    lines = [b"%s %s HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    lines += [b"%s: %s" % field for field in request.headers.raw]
    if any(b"\r" in line or b"\n" in line for line in lines):
        raise httpx.LocalProtocolError("a header holds a line break", request=request)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _field(line: bytes) -> tuple[bytes, bytes]:
    name, colon, value = line.partition(b":")
    if not colon or not name or name != name.strip():
        raise ValueError("a header line is malformed")
    return name, value.strip()


def _named(error: BaseException, request: httpx.Request) -> BaseException:
    """The error under httpx's name, so that one handling serves every transport."""
    if isinstance(error, asyncio.IncompleteReadError | asyncio.LimitOverrunError | ValueError):
        return httpx.RemoteProtocolError("the answer is broken off or no HTTP", request=request)
    if isinstance(error, OSError) and not isinstance(error, TimeoutError):
        return httpx.ReadError(str(error), request=request)
    return error
