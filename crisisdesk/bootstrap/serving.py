"""The engine process: one data folder, one engine, one door, until it is asked to stop."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from crisisdesk.api.server import NotLoopback, serve
from crisisdesk.bootstrap.building import Built, build
from crisisdesk.bootstrap.playing import live_part, measuring_part, play_past
from crisisdesk.comms.senders import Senders
from crisisdesk.drills.scenario import ScenarioError, load_scenario
from crisisdesk.engine.ports import Secrets, StoreFailed
from crisisdesk.settings.atomic import write_atomically
from crisisdesk.settings.errors import SettingsError
from crisisdesk.settings.file import load_settings
from crisisdesk.settings.logging import configure_logging
from crisisdesk.settings.model import Settings
from crisisdesk.settings.places import Places, default_data_dir
from crisisdesk.settings.secrets import open_secrets

log = logging.getLogger(__name__)


def run(options: Mapping[str, str], scenario: Path | None = None) -> int:
    """Serve until SIGTERM or SIGINT; 0 after a clean stop, 1 with the reason on stderr.

    ``options`` are settings by name that win over file and environment (``{"port": "0"}``). With a
    ``scenario`` its past is played into the empty store first, and its live part while serving.
    """
    places = Places(default_data_dir())
    try:
        os.environ.update({f"CRISISDESK_{name.upper()}": text for name, text in options.items()})
        settings = load_settings(places.settings)
        places.prepare(allow_shared=settings.allow_shared_data_dir)
        secrets = open_secrets(places)
    except SettingsError as error:
        sys.stderr.write(f"crisisdesk: {error}\n")
        return 1
    logging_on = configure_logging(places)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(run_engine(places, settings, secrets, scenario))
    except (StoreFailed, SettingsError, ScenarioError, NotLoopback, OSError) as error:
        log.critical("the engine cannot run: %s", error)
        return 1
    finally:
        logging_on.close()
    return 0


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    """uvloop where it exists: a third less time for each request."""
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.Loop


async def run_engine(
    places: Places, settings: Settings, secrets: Secrets, scenario_file: Path | None = None
) -> None:
    """Serve until SIGTERM or SIGINT; commands already taken are kept before it ends."""
    scenario = None if scenario_file is None else load_scenario(scenario_file)
    played = None if scenario is None else await play_past(places, settings, secrets, scenario)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    built = build(places, settings, secrets)
    broken: list[str] = []

    def give_up(why: str) -> None:
        broken.append(why)
        stop.set()

    built.engine.on_broken(give_up)
    await built.engine.start()
    if scenario is not None and played is not None:
        built.engine.spawn("scenario", live_part(scenario, built.engine, played))
        built.engine.spawn("measured", measuring_part(scenario, built.engine, played))
    try:
        if isinstance(built.senders, Senders):
            await built.senders.warm_up()
        _settle_memory()

        def ready(host: str, port: int) -> None:
            _open_door(places.engine_door, f"http://{host}:{port}", built)

        await serve(
            built.app,
            settings.host,
            settings.port,
            ready=ready,
            stop=stop,
            allow_remote=settings.allow_remote,
        )
    finally:
        places.engine_door.unlink(missing_ok=True)
        await built.engine.stop()
        log.info("the engine has stopped")
    if broken:
        # Whoever watches over the engine starts it again, and the start mends the file.
        raise StoreFailed(f"{broken[0]}; a fresh start brings the file back")


def _settle_memory() -> None:
    """Keep the garbage collector from walking what stays for good, and from running often.

    With its defaults it visits every module's objects again and again, each time for 50 ms in which
    nothing is answered; hardly anything here is cyclic.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _open_door(path: Path, url: str, built: Built) -> None:
    """Tell the desk where the engine is and the token of this run; only this user can read it."""
    door = {
        "url": url,
        "token": built.desk_token,
        "pid": os.getpid(),
        "started_ms": built.engine.now_ms(),
    }
    write_atomically(path, json.dumps(door).encode())
    log.info("the engine serves on %s", url)
