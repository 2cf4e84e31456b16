"""Put a run into the documents: its tables into a page, its plot into a picture.

``python -m bench.publish docs/bench.json`` does it, after ``make bench`` has written
that file. A test holds page and picture against the file.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from bench import plot, record, report
from bench.contestant import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

PAGE = ROOT / "docs/performance.md"
PICTURE = ROOT / "docs/images/bench.svg"
SECTION = re.compile(r"(<!-- bench: begin -->\n).*?(<!-- bench: end -->)", re.DOTALL)


def fill(page: str, tables: str) -> str:
    """Put the tables between the page's two marks, in place of those that are there.

    Raises:
        ValueError: The page has no such marks.
    """
    filled, count = SECTION.subn(
        lambda marks: f"{marks[1]}\n{tables}\n\n{marks[2]}", page
    )
    if count != 1:
        raise ValueError(f"the page has {count} places for tables, not one")
    return filled


def main(argv: Sequence[str] | None = None) -> None:
    """Fill the page and draw the picture."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.publish",
        description=f"Put a run into {PAGE.name} and {PICTURE.name}.",
    )
    parser.add_argument("file", type=Path, help="what python -m bench --json wrote")
    run = record.read(parser.parse_args(argv).file)
    page = fill(PAGE.read_text("utf-8"), report.as_markdown(run))
    PAGE.write_text(page, encoding="utf-8")
    PICTURE.write_text(plot.draw(run), encoding="utf-8")


if __name__ == "__main__":
    main()
