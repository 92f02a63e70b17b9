"""What a station does steps of procedures with: the executors, within what its settings allow."""

from __future__ import annotations

from crisisdesk.engine.ports import Secrets
from crisisdesk.engine.recovery_ports import Hands
from crisisdesk.recovery.backup import BackupExecutor
from crisisdesk.recovery.command import CommandExecutor
from crisisdesk.recovery.http_call import HttpExecutor
from crisisdesk.recovery.pg_connection import Servers
from crisisdesk.recovery.postgres import PostgresExecutor
from crisisdesk.recovery.sql_check import SqlExecutor
from crisisdesk.recovery.waiting import WaitExecutor
from crisisdesk.settings.recovery import RecoverySettings


def hands(settings: RecoverySettings, secrets: Secrets) -> Hands:
    """One executor for each automatic kind of step."""
    command = CommandExecutor(settings.commands)
    servers = Servers(settings.databases, secrets.get)
    return Hands(
        executors={
            "command": command,
            "http": HttpExecutor(settings.urls, secrets.get),
            "sql": SqlExecutor(settings.databases, secrets.get),
            "wait": WaitExecutor(settings.urls),
            "postgres": PostgresExecutor(servers, settings.promotable),
            "backup": BackupExecutor(
                servers, settings.backups, settings.postgres, settings.scratch
            ),
        },
        executables=command.executables,
    )
