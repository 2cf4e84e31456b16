"""What ``server.py`` and ``client.py`` share: the way into ``hubbub.app.cli``.

People start these two files with whatever ``python`` is at hand, before they have
read anything. So this module uses no syntax newer than Python 3.6, and answers a
missing package or an old Python with the right interpreter or one plain sentence.
"""

import importlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import List, Optional

OLDEST = (3, 11)
HERE = Path(__file__).resolve().parent
VENV_PYTHON = (
    HERE / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
)


def enter(door: str, argv: List[str]) -> int:
    """Run one door of ``hubbub.app.cli`` with the source tree on the import path.

    If this Python cannot run Hubbub and the project's ``.venv`` is there, the same
    command is started again with the Python of ``.venv``.

    Args:
        door: The name of a function of ``hubbub.app.cli`` that takes ``argv``.
        argv: The arguments after the script's name.

    Returns:
        The exit code for the process: the door's own, or 1 if Hubbub cannot start.

    Raises:
        ImportError: A module of Hubbub itself is broken; its traceback is wanted.
    """
    if sys.version_info < OLDEST:
        found = "{}.{}".format(*sys.version_info)
        return _elsewhere(
            f"Hubbub needs Python 3.11 or newer, and this is {found}: "
            "run `make setup`, or start it with a newer Python."
        )
    sys.path.insert(0, str(HERE / "src"))
    try:
        # The call is inside as well: a door imports what it needs when it needs it.
        code = getattr(importlib.import_module("hubbub.app.cli"), door)(argv)
    except ImportError as error:
        package = _third_party(error)
        if package is None:
            raise
        return _elsewhere(
            f"Hubbub needs the package {package}, which this Python does not have or "
            "cannot load: run `make setup` (or `pip install -r requirements.txt`)."
        )
    return int(code)


def _third_party(error: ImportError) -> Optional[str]:
    """Name the package that failed to import, or None if it is Hubbub's own."""
    package = (error.name or "").partition(".")[0]
    return None if package in ("", "hubbub") else package


def _elsewhere(reason: str) -> int:
    """Start this command again with the Python of ``.venv``, or say why it cannot run.

    Returns:
        The exit code. On POSIX a restart does not return.
    """
    # The path as given, not the file it leads to: the Python in a venv is often a link
    # to the very one that is running. It also ends the chain, for a restarted process
    # has exactly this path.
    if Path(sys.executable or "") == VENV_PYTHON or not VENV_PYTHON.exists():
        sys.stderr.write(reason + "\n")
        return 1
    # The same command by the same user, so S603 and S606 have nothing to warn of.
    command = [str(VENV_PYTHON), *sys.argv]
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606
    # Windows has no exec: the shell would take its prompt back at once. So this process
    # waits, and leaves Ctrl-C to the other.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.call(command)  # noqa: S603
