"""Run `server.py` under a wall clock that lies: `shifted_clock.py FILE ARGUMENTS...`.

The file holds the nanoseconds by which the clock is wrong, and may change at any time.
The monotonic clock is left alone, as it is when somebody sets a machine's clock.
"""

from __future__ import annotations

import runpy
import sys
import time
from pathlib import Path

file = Path(sys.argv[1])
right = time.time_ns


def wrong() -> int:
    """Read the clock, wrong by what the file says now."""
    return right() + int(file.read_text())


time.time_ns = wrong
sys.argv = ["server.py", *sys.argv[2:]]
sys.path.insert(0, str(Path.cwd()))
runpy.run_path("server.py", run_name="__main__")
