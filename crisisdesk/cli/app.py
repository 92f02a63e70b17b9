"""The command line put together: one word for each thing, one word for what is done to it."""

from __future__ import annotations

import sys

import typer

from crisisdesk.cli import (
    alerts,
    answers,
    calendars,
    candidates,
    catalogue,
    changes,
    contact_files,
    contacts,
    context,
    decisions,
    deliveries,
    fleet,
    hands,
    heartbeats,
    incident_channels,
    incident_moves,
    incidents,
    intake,
    loop_tests,
    methods,
    oncall,
    outages,
    overview,
    playbooks,
    policies,
    presence,
    procedures,
    quiet,
    reachability,
    responses,
    roles,
    rules,
    runs,
    silences,
    sources,
    tasks,
    watchdog,
)

EPILOG = "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 engine away (nothing saved)."

app = typer.Typer(
    name="crisisdesk",
    help="The station without a screen.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(alerts.app, name="alert", help="Alerts: raise, list, take, end.")
app.add_typer(incidents.app, name="incident", help="Incidents: list, open, lead.")
app.add_typer(tasks.app, name="task", help="Tasks of incidents: list, add, start, done.")
app.add_typer(roles.app, name="role", help="Roles in incidents: take, hand over.")
app.add_typer(decisions.app, name="decision", help="Decisions: log, check, revert.")
app.add_typer(playbooks.app, name="playbook", help="Response plans by type of crisis.")
app.add_typer(candidates.app, name="candidate", help="Related alerts: list, accept, dismiss.")
app.add_typer(contacts.app, name="contact", help="Who is paged, and by what.")
app.add_typer(deliveries.app, name="delivery", help="Pages on their way: list, show.")
app.add_typer(deliveries.channels, name="channel", help="How each channel does.")
app.add_typer(heartbeats.app, name="heartbeat", help="What outside must say that it is well.")
deliveries.channels.add_typer(loop_tests.app, name="loop", help="Channels tried at intervals.")
app.add_typer(rules.app, name="rule", help="What makes alerts of what is measured.")
app.add_typer(outages.app, name="outage", help="What is out, so that pages go around it.")
app.add_typer(sources.app, name="source", help="What this station looks at by itself.")
app.add_typer(silences.app, name="silence", help="Silences and maintenance windows.")
app.add_typer(quiet.app, name="quiet", help="What pages nobody now, and why.")
app.add_typer(policies.app, name="policy", help="Who is paged, and what keeps quiet.")
app.add_typer(procedures.app, name="procedure", help="How services are brought back.")
app.add_typer(runs.app, name="run", help="Procedures under way: start, lead, approve.")
app.add_typer(catalogue.app, name="catalogue", help="Services: owners, needs, runbooks.")
app.add_typer(changes.app, name="change", help="Changes: what was deployed when.")
app.add_typer(answers.app, name="answers", help="How pages are answered from where they are read.")
app.add_typer(watchdog.app, name="watchdog", help="Who outside hears that this station lives.")
hands.register(alerts.app)
incident_moves.register(incidents.app)
incidents.app.add_typer(incident_channels.app, name="channel", help="By what its people speak.")
alerts.app.command("context")(context.context)
calendars.register(policies.app)
oncall.register(policies.app)
deliveries.channels.command("map")(outages.map_)
app.command("oncall")(oncall.oncall)
contacts.app.command("import")(contact_files.import_)
contacts.app.command("sheet")(contact_files.sheet)
contacts.app.add_typer(methods.app, name="method", help="By what they are paged.")
contacts.app.command("audit")(reachability.audit)
app.command("reachability")(reachability.reachability)
app.command("dashboard")(overview.dashboard)
app.command("feed")(overview.feed)
app.command("fleet")(fleet.fleet)
app.command("responses")(responses.responses)
app.command("who")(presence.who)
app.command("intake")(intake.intake)


def run(words: list[str]) -> int:
    """Run one command of the command line; returns its exit code."""
    try:
        app(args=words, prog_name="crisisdesk", standalone_mode=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BrokenPipeError:
        # Whoever read this (`| head`) has enough; closing quietly is what every filter does.
        sys.stderr.close()
    return 0
