"""``crisisdesk source``: what this station looks at by itself, at intervals."""

from __future__ import annotations

import json
import re
import sys
from getpass import getpass
from typing import Annotated, Any

import typer

from crisisdesk.api.client import Client
from crisisdesk.cli.declared import Declared
from crisisdesk.cli.station import (
    REFUSED,
    USAGE,
    AsJson,
    By,
    DataDir,
    asking,
    commanding,
    fail,
    in_words,
    places_of,
)
from crisisdesk.cli.words import span, table
from crisisdesk.domain.severity import Severity

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Which = Annotated[str, typer.Argument(help="Its id or its name.", metavar="SOURCE")]
Type = Annotated[str, typer.Argument(help="http, tcp, dns, icmp, ...", metavar="TYPE")]
Given = Annotated[
    list[str] | None,
    typer.Option("--set", help="One of its settings; JSON where it is no text.", metavar="N=V"),
]
Every = Annotated[str, typer.Option(help="One look each: 1s to 24h.")]
Timeout = Annotated[str, typer.Option(help="A look's deadline: 100ms to 60s.")]
Failures = Annotated[int | None, typer.Option(help="Down after so many looks in a row.")]
Service = Annotated[str | None, typer.Option(help="The service that its alert is about.")]
Where = Annotated[str, typer.Option(help="Who looks: duty (one station) or each.")]
SOURCES = Declared("source", Client.sources, Client.change_source, Client.remove_source)
# Names of the station's secrets that sources may use; `engine.workers.looking` knows them too.
SECRET_PREFIX = "source:"
_SECRET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SPAN = re.compile(r"([0-9]{1,7})(ms|s|m|h)")
_MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000}
_ORDER = ("down", "no reading", "failing", "not sure", "new", "up", "elsewhere", "paused")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What is looked at, such as shop.")],
    type_: Type,
    given: Given = None,
    every: Every = "10s",
    timeout: Timeout = "",
    failures: Failures = None,
    severity: Annotated[Severity, typer.Option(help="Of its alert.")] = Severity.CRITICAL,
    service: Service = None,
    where: Where = "duty",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Declare a source; prints its id. Try it first with `crisisdesk source test`."""
    fields = _fields(every, timeout, failures, severity, service, where, "")
    with commanding(data_dir, operator) as client:
        made = client.declare_source(name, type_, _settings(given), **fields)
    print(made["source_id"])


@app.command()
def change(
    which: Which,
    given: Given = None,
    every: Every = "",
    timeout: Timeout = "",
    failures: Failures = None,
    severity: Annotated[Severity | None, typer.Option(help="Of its alert.")] = None,
    service: Service = None,
    where: Where = "",
    name: Annotated[str, typer.Option(help="Another name.")] = "",
    data_dir: DataDir = None,
    operator: By = "",
) -> None:
    """Give a source other settings or spans; settings that are not named stay."""
    fields = _fields(every, timeout, failures, severity, service, where, name)
    if not fields and not given:
        fail(USAGE, "say what to change; see `crisisdesk source change --help`")
    with commanding(data_dir, operator) as client:
        one = SOURCES.one(client.sources(), which)
        if given:
            fields["settings"] = one["settings"] | _settings(given)
        told = client.change_source(one["source_id"], **fields)
    print(f"{told['source_id']} {told['state']}")


@app.command("list")
def list_(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List sources and how they stand, those that want somebody first."""
    found = SOURCES.shown(_ORDER, data_dir, as_json=as_json)
    if not found:
        return
    heads = ("ID", "NAME", "TYPE", "STATE", "FRESH", "EVERY", "LAST LOOK")
    rows = [
        (
            one["source_id"],
            one["name"],
            one["type"],
            one["state"],
            one["freshness"] or "-",
            span(one["every_s"] * 1000),
            one["words"] or "-",
        )
        for one in found
    ]
    print("\n".join(table(heads, rows, {"NAME": 30, "LAST LOOK": 60})))


@app.command()
def show(which: Which, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Show one source: what is declared, and what its last look found."""
    with asking(data_dir) as client:
        one = SOURCES.one(client.sources(), which)
    if as_json:
        print(json.dumps(one, ensure_ascii=False))
        return
    for name, value in one.items():
        shown = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
        print(f"{name.replace('_', ' '):<12} {'-' if shown in (None, '') else shown}")


@app.command("test")
def look_once(
    which: Annotated[str, typer.Argument(help="A type, or a declared source.", metavar="WHICH")],
    given: Given = None,
    timeout: Annotated[str, typer.Option(help="The look's deadline: 100ms to 8s.")] = "5s",
    data_dir: DataDir = None,
    operator: By = "",
    as_json: AsJson = False,
) -> None:
    """Look once and print what was found; nothing is declared. Ends with 1 unless it is up."""
    with commanding(data_dir, operator) as client:
        meant = [s for s in client.sources() if which in (s["source_id"], s["name"])]
        if len(meant) > 1:
            fail(USAGE, f"{which!r} is several sources; see `crisisdesk source list`")
        type_ = meant[0]["type"] if meant else which
        settings = (meant[0]["settings"] if meant else {}) | _settings(given)
        told = client.test_source(type_, settings, timeout_ms=_ms("--timeout", timeout))
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(f"{told['verdict']} after {told['took_ms']} ms: {told['words']}")
        for sample in told["samples"]:
            print(f"  {sample['series']} {sample['value']}")
        for line in told["lines"]:
            print(f"  {line['name']}: {line['text']}")
        if told["signals"]:
            print(f"  {told['signals']} reports of its own")
    if told["verdict"] != "up":
        raise typer.Exit(REFUSED)


@app.command()
def pause(which: Which, data_dir: DataDir = None, operator: By = "") -> None:
    """Look at it no more until `resume`; its alert ends."""
    print(SOURCES.changed(which, {"paused": True}, data_dir, operator))


@app.command()
def resume(which: Which, data_dir: DataDir = None, operator: By = "") -> None:
    """Look at it again."""
    print(SOURCES.changed(which, {"paused": False}, data_dir, operator))


@app.command()
def remove(which: Which, data_dir: DataDir = None, operator: By = "") -> None:
    """Take it away; its alert ends."""
    print(SOURCES.removed(which, data_dir, operator))


@app.command()
def secret(
    name: Annotated[str, typer.Argument(help="As settings name it, such as shop-token.")],
    forget: Annotated[bool, typer.Option("--forget", help="Take it away.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Keep a secret that looks need, read from the terminal or stdin, at this station alone."""
    if not _SECRET.fullmatch(name):
        fail(USAGE, "name: use letters, digits, . _ and -, no more than 64")
    value = "" if forget else _read()
    if not forget and not value:
        fail(USAGE, "the secret is empty; type it, or send it on stdin")
    with in_words():
        from crisisdesk.settings.secrets import open_secrets

        secrets = open_secrets(places_of(data_dir))
        if forget:
            secrets.delete(SECRET_PREFIX + name)
        else:
            secrets.set(SECRET_PREFIX + name, value)
    print(f"{name} {'forgotten' if forget else 'kept'}; looks know it within half a minute")


def _read() -> str:
    """A secret is not shown while it is typed, and never an argument."""
    if sys.stdin.isatty():
        return getpass("Secret: ").strip()
    return sys.stdin.readline().strip()


def _settings(given: list[str] | None) -> dict[str, Any]:
    """``name=value`` each; what begins like JSON's list, object or text is read as such."""
    found: dict[str, Any] = {}
    for one in given or []:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            fail(USAGE, f"--set {one!r}: write it like --set url=https://shop.example.org/health")
        found[name.strip()] = _value(name, value)
    return found


def _value(name: str, value: str) -> Any:
    if not value.startswith(("{", "[", '"')):
        return value
    try:
        return json.loads(value)
    except ValueError:
        fail(USAGE, f"--set {name}: begins like JSON and is none; quote it as JSON text")


def _fields(
    every: str,
    timeout: str,
    failures: int | None,
    severity: Severity | None,
    service: str | None,
    where: str,
    name: str,
) -> dict[str, Any]:
    """What was said, as the door takes it."""
    fields: dict[str, Any] = {}
    if every:
        ms = _ms("--every", every)
        if ms % 1_000 or not ms:
            fail(USAGE, f"--every {every!r} is no whole number of seconds; write it like 10s")
        fields["every_s"] = ms // 1_000
    fields |= {"timeout_ms": _ms("--timeout", timeout)} if timeout else {}
    if every and not timeout and fields["every_s"] < 5:
        # The usual deadline would be longer than the interval.
        fields["timeout_ms"] = fields["every_s"] * 1_000
    fields |= {} if failures is None else {"failures": failures}
    fields |= {} if severity is None else {"severity": str(severity)}
    fields |= {} if service is None else {"service": service}
    fields |= {"where": where} if where else {}
    fields |= {"name": name} if name else {}
    return fields


def _ms(option: str, text: str) -> int:
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        fail(USAGE, f"{option} {text!r} is no span of time; write it like 500ms, 10s, 5m or 1h")
    return int(found[1]) * _MS[found[2]]
