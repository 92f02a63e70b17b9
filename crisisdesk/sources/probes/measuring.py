"""The types of sources that measure or report, and how the prober of each is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crisisdesk.engine.detection_ports import Prober


def _alertmanager() -> Prober:
    from crisisdesk.sources.probes.alertmanager_probe import AlertmanagerProber

    return AlertmanagerProber()


def _file() -> Prober:
    from crisisdesk.sources.probes.file_probe import FileProber

    return FileProber()


def _host() -> Prober:
    from crisisdesk.sources.probes.host_probe import HostProber

    return HostProber()


def _imap() -> Prober:
    from crisisdesk.sources.probes.imap_probe import ImapProber

    return ImapProber()


def _openmetrics() -> Prober:
    from crisisdesk.sources.probes.openmetrics_probe import OpenMetricsProber

    return OpenMetricsProber()


def _postgres() -> Prober:
    from crisisdesk.sources.probes.postgres_probe import PostgresProber

    return PostgresProber()


def _prometheus() -> Prober:
    from crisisdesk.sources.probes.prometheus_probe import PrometheusProber

    return PrometheusProber()


# A prober's module is imported when it is first asked for, and with it what it speaks through.
MEASURING: Mapping[str, Callable[[], Prober]] = {
    "alertmanager": _alertmanager,
    "file": _file,
    "host": _host,
    "imap": _imap,
    "openmetrics": _openmetrics,
    "postgres": _postgres,
    "prometheus": _prometheus,
}
