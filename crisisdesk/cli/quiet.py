"""``crisisdesk quiet``: what pages nobody now, by what, and until when."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from crisisdesk.cli.station import AsJson, DataDir, reading
from crisisdesk.cli.words import SEVERITY_WORDS, now_ms, span, table
from crisisdesk.domain.kept_quiet import Way, cause_words, kept_by_causes, quiet_words

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
Ways = Annotated[list[Way] | None, typer.Option("--way", help="Only these; may be repeated.")]


@app.callback()
def quiet() -> None:
    """What is kept quiet."""


@app.command("list")
def list_(ways: Ways = None, data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """List every open alert that is kept quiet now; works without the engine too."""
    at = now_ms()
    with reading(data_dir) as reader:
        found = [one for one in reader.quieting().kept(at) if not ways or one.way in ways]
    if as_json:
        for one in found:
            told = asdict(one) | {"severity": one.severity_name, "words": quiet_words(one)}
            print(json.dumps(told, ensure_ascii=False))
        return
    if not found:
        print("Nothing is kept quiet.")
        return
    rows = [
        (
            one.alert_id,
            SEVERITY_WORDS[one.severity],
            one.service,
            one.title,
            one.way,
            quiet_words(one),
            span(one.until - at),
        )
        for one in found
    ]
    heads = ("ALERT", "SEV", "SERVICE", "TITLE", "WAY", "WHY", "AT MOST")
    print("\n".join(table(heads, rows, {"SERVICE": 24, "TITLE": 40, "WHY": 60})))
    for cause, count in kept_by_causes(found).items():
        print(f"{cause} {cause_words(count)}.")
