"""The program: parses the few words that choose engine, desk or command line, and starts it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from crisisdesk.bootstrap import dumps
from crisisdesk.bootstrap.hubwords import add_words

OWN_COMMANDS = ("engine", "desk", "demo", "log", "backup", "dump", "hub")


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 1 refused or failed, 2 wrong usage)."""
    words = sys.argv[1:] if argv is None else argv
    options, rest = _places().parse_known_args(words)
    if options.data_dir is not None:
        os.environ["CRISISDESK_DATA_DIR"] = str(options.data_dir.absolute())
    if rest and rest[0] not in OWN_COMMANDS and not rest[0].startswith("-"):
        from crisisdesk.cli.app import run

        return run(rest)
    options = _parser().parse_args(rest or ["desk"])
    handler = _HANDLERS[options.command or "desk"]
    return handler(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crisisdesk",
        description="The command post that stays open when everything else is down.",
        epilog="Also: alert, answers, candidate, catalogue, change, channel, contact, dashboard, "
        "decision, delivery, feed, fleet, heartbeat, incident, intake, oncall, outage, playbook, "
        "policy, procedure, quiet, reachability, responses, role, rule, run, silence, source, "
        "task, watchdog, who - each with --help.",
    )
    places = _places()
    parser.add_argument("--version", action="store_true", help="say the version")
    commands = parser.add_subparsers(dest="command")
    engine = commands.add_parser("engine", parents=[places], help="run the engine, no screen")
    engine.add_argument("--host", help="address to serve on (CRISISDESK_HOST), 127.0.0.1")
    engine.add_argument("--port", type=int, help="port, 0 for any free one (CRISISDESK_PORT)")
    engine.add_argument("--sealed", action="store_true", help="send no page anywhere")
    engine.add_argument("--output", type=Path, help="file for what it says, instead of stderr")
    engine.add_argument("--play", type=Path, help="play a scenario in an empty folder, sealed")
    desk = commands.add_parser("desk", parents=[places], help="open the desk; starts the engine")
    desk.add_argument("--print-sheet", type=Path, help="write the contact sheet as PDF and end")
    desk.add_argument("--print-document", type=Path, help=argparse.SUPPRESS)
    desk.add_argument("--draw-image", type=Path, help=argparse.SUPPRESS)
    desk.add_argument("--paper", choices=["a4", "letter"], default="a4", help="its size, a4")
    demo = commands.add_parser("demo", parents=[places], help="a living example, nothing is sent")
    demo.add_argument("--screenshots", type=Path, help="write pictures of every room and end")
    log = commands.add_parser("log", parents=[places], help="check the event log")
    log.add_argument("action", choices=["verify"])
    backup = commands.add_parser("backup", parents=[places], help="list, make or restore copies")
    backup.add_argument("action", choices=["list", "now", "restore"])
    dump = commands.add_parser("dump", parents=[places], help="dump a database to be verified")
    dumps.add_words(dump)
    hub = commands.add_parser("hub", parents=[places], help="set up, join or look at the hub")
    add_words(hub)
    return parser


def _places() -> argparse.ArgumentParser:
    """The one option that every command has, wherever it stands."""
    places = argparse.ArgumentParser(add_help=False)
    places.add_argument("--data-dir", type=Path, help="folder of the store (CRISISDESK_DATA_DIR)")
    return places


def _engine(options: argparse.Namespace) -> int:
    if options.output is not None:
        _say_into(options.output)
    from crisisdesk.bootstrap import serving

    given = {name: getattr(options, name) for name in ("host", "port")}
    chosen = {name: str(value) for name, value in given.items() if value is not None}
    if options.sealed or options.play is not None:
        chosen["sealed"] = "true"
    return serving.run(chosen, options.play)


def _say_into(path: Path) -> None:
    """Send standard output and error, from here on also of libraries, into a private file."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(handle, stream)
    os.close(handle)


def _desk(options: argparse.Namespace) -> int:
    if options.version:
        from crisisdesk import __version__

        sys.stdout.write(f"crisisdesk {__version__}\n")
        return 0
    if getattr(options, "print_sheet", None) is not None:
        from crisisdesk.desk.sheet.printing import print_sheet
        from crisisdesk.settings.places import Places, default_data_dir

        return print_sheet(Places(default_data_dir()), options.print_sheet, options.paper)
    if getattr(options, "print_document", None) is not None:
        from crisisdesk.desk.sheet.printing import print_document

        return print_document(options.print_document, options.paper)
    if getattr(options, "draw_image", None) is not None:
        from crisisdesk.desk.incidents.image_drawing import draw_image

        return draw_image(options.draw_image)
    from crisisdesk.desk.app import main as desk_main

    return desk_main()


def _demo(options: argparse.Namespace) -> int:
    from crisisdesk.desk.demo import run_demo

    return run_demo(options.screenshots)


def _log(_options: argparse.Namespace) -> int:
    from crisisdesk.bootstrap import care

    return care.verify()


def _backup(options: argparse.Namespace) -> int:
    from crisisdesk.bootstrap import care

    return care.backups(options.action)


def _dump(options: argparse.Namespace) -> int:
    return dumps.run(options)


def _hub(options: argparse.Namespace) -> int:
    from crisisdesk.bootstrap import hubcare

    return hubcare.run(options)


_HANDLERS = {
    "engine": _engine,
    "desk": _desk,
    "demo": _demo,
    "log": _log,
    "backup": _backup,
    "dump": _dump,
    "hub": _hub,
}


def _exit() -> NoReturn:
    sys.exit(main())


if __name__ == "__main__":
    _exit()
