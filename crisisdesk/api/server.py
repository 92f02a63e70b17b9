"""Serving the app: uvicorn on the engine's own loop, from an open port to a clean end."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from fastapi import FastAPI

GRACE_S = 5
BACKLOG = 512


class NotLoopback(ValueError):
    """The host to listen on can be reached by others; the message says what that asks for."""


def check_host(host: str, *, allow_remote: bool) -> None:
    """Raises NotLoopback for a host beyond this machine that was not allowed expressly."""
    if allow_remote or host == "localhost":
        return
    try:
        loopback = ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise NotLoopback(
            f"host {host!r} can be reached by other machines, and tokens would cross the network "
            "in the clear; keep 127.0.0.1 behind a proxy that speaks TLS, or set allow_remote"
        )


async def serve(
    app: FastAPI,
    host: str,
    port: int,
    ready: Callable[[str, int], None],
    stop: asyncio.Event,
    *,
    allow_remote: bool = False,
) -> None:
    """Serve until ``stop`` is set; then refuse new requests and finish those that run (5 s).

    ``ready(host, port)`` is called once the port is open; port 0 takes any free one. Signals are
    the caller's. Raises NotLoopback, or OSError when the port cannot be had.
    """
    check_host(host, allow_remote=allow_remote)
    listener = _listen(host, port)
    server = _Server(
        uvicorn.Config(
            app,
            http="httptools",
            ws="none",
            loop="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=GRACE_S,
            limit_concurrency=2_000,
        ),
        lambda: ready(host, listener.getsockname()[1]),
    )
    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(_watch(stop, app, server))
        try:
            await server._serve([listener])  # its `serve` would take the signals
        finally:
            watching.cancel()
            listener.close()
    if not server.started:
        raise OSError(f"the door on {host}:{port} did not open; see the log")


class _Server(uvicorn.Server):
    """Says when the port is open."""

    def __init__(self, config: uvicorn.Config, opened: Callable[[], None]) -> None:
        super().__init__(config)
        self._opened = opened

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open, then tell."""
        await super().startup(sockets)
        if self.started:
            self._opened()


async def _watch(stop: asyncio.Event, app: FastAPI, server: Any) -> None:
    await stop.wait()
    # Feeds never end by themselves; they are told before uvicorn begins to wait for them.
    app.state.room.stopping.set()
    server.should_exit = True


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host.strip("[]"), port))
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener
