"""`python -m hubbub.app`: the command `hubbub` where it is not on the path."""

from __future__ import annotations

import sys

from hubbub.app.cli import main

sys.exit(main())
