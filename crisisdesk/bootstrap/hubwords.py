"""The words of ``crisisdesk hub``; apart, since every start of the program reads them."""

from __future__ import annotations

import argparse


def add_words(parser: argparse.ArgumentParser) -> None:
    """The words after ``crisisdesk hub``."""
    actions = parser.add_subparsers(dest="action", required=True)
    init = actions.add_parser("init", help="set a hub up and join it; may be repeated to upgrade")
    init.add_argument("url", metavar="URL", help="postgresql://ADMIN@HOST:PORT/DATABASE")
    init.add_argument("--ca", default="", help='certificate file of the hub\'s TLS, or "system"')
    invite = actions.add_parser("invite", help="make a login for a station and print its join code")
    invite.add_argument("name", metavar="NAME", help="what the station is called")
    invite.add_argument("--again", action="store_true", help="a new code for an existing login")
    join = actions.add_parser("join", help="join a hub with the code that is then asked for")
    for one in (init, join):
        one.add_argument("--duty-rank", type=int, help="1 is first to page when the hub is away")
    actions.add_parser("status", help="hub, duty and stations, as the engine sees them")
    evict = actions.add_parser("evict", help="let a station in no longer")
    evict.add_argument("station", metavar="STATION", help="its id, login or name")
    leave = actions.add_parser("leave", help="stand alone again")
    for one in (evict, leave):
        one.add_argument("--yes", action="store_true", help="do it; else only say what it means")
    for one in (invite, evict):
        one.add_argument("--admin", default="", help="the administrator's login at the hub")
