"""Start CrisisDesk from a checkout: ``python3 packaging/run.py [arguments of crisisdesk]``.

Sets up what is missing first. Without arguments the desk opens, with its engine. Without a display
the demonstration is played on an offscreen screen and its screenshots are kept. ``--demo`` plays it
where there is a display.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("CrisisDesk needs Python 3.11 or newer; this is " + sys.version.split()[0])

import setup_env

SCREENSHOTS = setup_env.ROOT / "artefacts" / "demo"
WINDOWED = ("desk", "demo")
WITHOUT_A_WINDOW = ("--help", "-h", "--screenshots")
OF_CRISISDESK_ITSELF = ("--help", "-h", "--version")


def command_line(arguments: list[str]) -> list[str]:
    """The arguments for crisisdesk: options alone (or nothing) are meant for the desk."""
    if "--demo" in arguments[:1]:
        return ["demo", *arguments[1:]]
    if not arguments:
        return ["desk"]
    if arguments[0].startswith("-") and arguments[0] not in OF_CRISISDESK_ITSELF:
        return ["desk", *arguments]
    return arguments


def has_display(platform: str, environment: dict[str, str]) -> bool:
    """Whether a window can open: always off Linux; there an X11, Wayland or chosen Qt screen."""
    if not platform.startswith("linux"):
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return any(environment.get(name) for name in names)


def start(python: Path, arguments: list[str]) -> int:
    """Become crisisdesk, or where processes cannot become others wait for its exit code."""
    command = [str(python), "-m", "crisisdesk", *arguments]
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(python, command)
    return subprocess.run(command, check=False).returncode


def show_demo(python: Path) -> int:
    """Play the demonstration offscreen and say what was kept; returns its exit code."""
    setup_env.say("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so the desk")
    setup_env.say("cannot open a window; playing the demonstration on an offscreen screen instead")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for old in [*SCREENSHOTS.glob("*.png"), SCREENSHOTS / "summary.txt"]:
        old.unlink(missing_ok=True)
    command = [str(python), "-m", "crisisdesk", "demo", "--screenshots", str(SCREENSHOTS)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, check=False)
    pictures = sorted(SCREENSHOTS.glob("*.png"))
    summary = SCREENSHOTS / "summary.txt"
    if done.returncode or not pictures or not summary.is_file():
        print(
            f"The demonstration failed (exit code {done.returncode}, {len(pictures)} screenshots).",
            file=sys.stderr,
        )
        return done.returncode or 1
    print(summary.read_text(encoding="utf-8").rstrip())
    for picture in pictures:
        print(f"  {picture}")
    setup_env.say(f"{len(pictures)} screenshots and summary.txt are in {SCREENSHOTS}")
    setup_env.say("for an engine without a screen: python3 packaging/run.py engine")
    return 0


def main(arguments: list[str]) -> int:
    """Set up, then start what was asked for."""
    python = setup_env.ensure("runtime")
    wanted = command_line(arguments)
    opens_a_window = wanted[0] in WINDOWED and not set(wanted) & set(WITHOUT_A_WINDOW)
    if opens_a_window and not has_display(sys.platform, dict(os.environ)):
        return show_demo(python)
    return start(python, wanted)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
