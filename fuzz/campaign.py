"""One target under libFuzzer: `python -m fuzz.campaign TARGET [its arguments]`."""

from __future__ import annotations

import sys

import atheris

# Only what is imported in here is watched for coverage.
with atheris.instrument_imports(include=["hubbub"]):
    from fuzz.targets import TARGETS


def main() -> None:
    """Hand over to libFuzzer, which ends the process."""
    program, target, *arguments = sys.argv
    atheris.Setup([program, *arguments], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
