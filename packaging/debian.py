"""The Debian packages a desk and its tests need, and how to get them with or without root."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys

# What Qt's wheels link against but do not carry: drawing and fonts, the X11 plugin, sound.
QT = (
    "libbrotli1",
    "libdbus-1-3",
    "libegl1",
    "libfontconfig1",
    "libfreetype6",
    "libgl1",
    "libglib2.0-0",
    "libgssapi-krb5-2",
    "libx11-6",
    "libxkbcommon0",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-keysyms1",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
    "libdrm2",
    "libpulse0",
    "libxext6",
    "libxrandr2",
)
TESTS = (
    "dbus",
    "dovecot-imapd",
    "nginx",
    "poppler-utils",
    "postgresql",
    "prometheus",
    "prometheus-alertmanager",
    "prometheus-node-exporter",
    "pulseaudio",
    "pulseaudio-utils",
    "strace",
    "xvfb",
)
# Programs the tests start themselves; as services of this machine they stay off.
SERVICES = (
    "dovecot",
    "nginx",
    "postgresql",
    "prometheus",
    "prometheus-alertmanager",
    "prometheus-node-exporter",
)

# policy-rc.d is how Debian is told not to start services; one that stands there already is kept.
INSTALL = """
set -e
guard=/usr/sbin/policy-rc.d
if [ ! -e "$guard" ]; then
    trap 'rm -f "$guard"' EXIT
    trap 'exit 130' INT TERM HUP
    printf '#!/bin/sh\\nexit 101\\n' > "$guard"
    chmod 755 "$guard"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -q update
apt-get -q install -y --no-install-recommends -o DPkg::Lock::Timeout=120 {packages}
if [ -d /run/systemd/system ]; then
    for service in {services}; do systemctl disable --now "$service"; done
fi
"""


def missing(packages: tuple[str, ...]) -> list[str]:
    """Those of the packages that dpkg does not list as installed; none where there is no dpkg.

    Newer releases carry some libraries under the same name with "t64" behind it; these count.
    """
    if shutil.which("dpkg-query") is None:
        return []
    names = [name for package in packages for name in (package, f"{package}t64")]
    done = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *names],
        capture_output=True,
        text=True,
        check=False,  # it ends with 1 when it does not know a name, and still lists the others
    )
    lines = (line.split() for line in done.stdout.splitlines())
    installed = {line[0] for line in lines if line[1:] == ["installed"]}
    return [name for name in packages if not {name, f"{name}t64"} & installed]


def _as_root() -> list[str] | None:
    """The words that make a command run as root; None when this user has no way."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    return ["sudo"] if sys.stdin.isatty() else None


def install(packages: list[str]) -> None:
    """Install the packages with apt-get; when it cannot, ends the program with the remedy."""
    names = shlex.join(packages)
    by_hand = f"apt-get update && apt-get install -y --no-install-recommends {names}"
    root = _as_root()
    if root is None or shutil.which("apt-get") is None:
        print(f"These system packages are missing: {names}", file=sys.stderr)
        print(f'Run as root, then start again:\n\n    sudo sh -c "{by_hand}"\n', file=sys.stderr)
        sys.exit(1)
    services = shlex.join(name for name in SERVICES if name in packages)
    script = INSTALL.format(packages=names, services=services)
    done = subprocess.run([*root, "sh", "-c", script], check=False)
    if done.returncode:
        print(f"apt-get could not install: {names}", file=sys.stderr)
        print(f"See its words above; by hand (as root):\n\n    {by_hand}\n", file=sys.stderr)
        sys.exit(1)
