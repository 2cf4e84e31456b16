"""Run the fuzzer: `python -m fuzz [--seconds N] [TARGET ...]`.

Each target is a process of its own. What it finds interesting goes to `.fuzz/`, which
is not kept in the repository; `--keep` adds to `fuzz/corpus/` what reaches code that
the corpus does not reach yet.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "fuzz" / "corpus"
WORK = ROOT / ".fuzz"


def campaign(target: str, seconds: int, *, keep: bool) -> bool:
    """Fuzz one target for some seconds; tell whether all went well."""
    found = WORK / target
    found.mkdir(parents=True, exist_ok=True)
    seeds = CORPUS / target
    run = [sys.executable, "-m", "fuzz.campaign", target]
    limits = ["-timeout=10", "-rss_limit_mb=2048", "-max_len=4096"]
    limits += ["-use_value_profile=1", f"-dict={ROOT}/fuzz/words.dict", "-verbosity=0"]
    files = [f"-artifact_prefix={WORK}/{target}-", str(found), str(seeds)]
    print(f"=== {target}: {seconds} s", flush=True)
    done = subprocess.run(
        [*run, f"-max_total_time={seconds}", *limits, *files], cwd=ROOT, check=False
    )
    if done.returncode:
        print(
            f"{target} failed. The bytes are in the file named above; play them again\n"
            f"with `python -m fuzz.campaign {target} FILE`. When the fault is mended,\n"
            f"keep them in fuzz/corpus/{target}/.",
            flush=True,
        )
        return False
    if keep:
        subprocess.run([*run, "-merge=1", str(seeds), str(found)], cwd=ROOT, check=True)
    return True


def main() -> int:
    """Fuzz the targets that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=20, help="for each target")
    parser.add_argument("--keep", action="store_true", help="let the corpus grow")
    options = parser.parse_args()
    unknown = set(options.targets) - set(TARGETS)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    wells = [
        campaign(target, options.seconds, keep=options.keep)
        for target in options.targets or TARGETS
    ]
    return 0 if all(wells) else 1


if __name__ == "__main__":
    sys.exit(main())
