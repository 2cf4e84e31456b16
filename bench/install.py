"""Install the peers that this platform offers, and say which are here now.

Run as ``python -m bench.install`` (``make bench-peers``). Debian's packages need root
and ``apt-get``; without them it says what to install. They are measured as processes of
the benchmark's own, so their services are not started. PyPI's go into the environment
that runs this, pinned and hashed.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bench.contestant import ROOT, Installed
from bench.contestants import CONTESTANTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REQUIREMENTS = ROOT / "requirements-bench.txt"
# Debian asks this program before it starts a service; 101 is "not allowed"
# (invoke-rc.d(8)).
POLICY = Path("/usr/sbin/policy-rc.d")
NO_SERVICES = "#!/bin/sh\nexit 101\n"


def main() -> int:
    """Install what is missing.

    Returns:
        0, even if some are missing still: the benchmark goes on without them.
    """
    peers = [peer for peer in CONTESTANTS if isinstance(peer, Installed)]
    missing = [peer for peer in peers if peer.missing()]
    debian = sorted({peer.debian for peer in missing if peer.debian})
    if debian:
        _install_debian(debian)
    if any(peer.pypi for peer in missing):
        pip = [sys.executable, "-m", "pip", "install", "--require-hashes"]
        _run([*pip, "--quiet", "--requirement", str(REQUIREMENTS)])
    for peer in peers:
        print(f"{peer.title}: {peer.missing() or peer.version()}")
    return 0


def _install_debian(packages: Sequence[str]) -> None:
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"not root, or no apt-get; as root on Debian: {shlex.join(install)}")
        return
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    with _no_services():
        _run(["apt-get", "update", "-qq"])
        _run(install)


@contextlib.contextmanager
def _no_services() -> Iterator[None]:
    """Keep Debian from starting what it installs, unless it is told so already."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text(NO_SERVICES, encoding="utf-8")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()


def _run(command: Sequence[str]) -> None:
    print("+", shlex.join(command), flush=True)
    if subprocess.run(command, check=False).returncode:
        print(f"did not work; going on without: {shlex.join(command)}")


if __name__ == "__main__":
    sys.exit(main())
