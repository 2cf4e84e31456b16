"""The tables of a run, for a terminal and for a page.

``python -m bench.report FILE.json`` prints those of a run that was written to a file;
with ``--markdown``, as docs/performance.md shows them.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench import record
from bench.results import RATIO, disturbances

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.record import Run, Table


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading, the figure's name, how to write it."""

    heading: str
    figure: str
    form: str


UNDER_LOAD = (
    Column("deliveries/s", "deliveries_per_s", "{:,.0f}"),
    Column("/ ceiling", "deliveries_per_s" + RATIO, "{:.2f}"),
    Column("p50 ms", "p50_ms", "{:.2f}"),
    Column("p99 ms", "p99_ms", "{:.2f}"),
    Column("CPU us/delivery", "cpu_us_per_delivery", "{:.3f}"),
    Column("/ ceiling", "cpu_us_per_delivery" + RATIO, "{:.2f}"),
    Column("server core", "server_core", "{:.0%}"),
    Column("generator core", "generator_core", "{:.0%}"),
    Column("RSS MiB", "rss_mib", "{:.1f}"),
)
AT_REST = (
    Column("RSS KiB/connection", "rss_kib_per_connection", "{:.1f}"),
    Column("/ ceiling", "rss_kib_per_connection" + RATIO, "{:.2f}"),
    Column("PSS KiB/connection", "pss_kib_per_connection", "{:.1f}"),
    Column("RSS MiB", "rss_mib", "{:.1f}"),
    Column("all joined after s", "join_s", "{:.2f}"),
    Column("CPU s for that", "join_cpu_s", "{:.2f}"),
)
NOT_MEASURED = "-"
ROUGH = "**The machine had other work meanwhile (see below): these figures are rough.**"


def cells(table: Table) -> list[list[str]]:
    """The heading and the rows of a table, with the contestants' titles first."""
    columns = AT_REST if table.at_rest else UNDER_LOAD
    rows = [["", *(column.heading for column in columns)]]
    for row in table.rows:
        values = (row.median.get(column.figure) for column in columns)
        texts = [
            NOT_MEASURED if value is None else column.form.format(value)
            for column, value in zip(columns, values, strict=True)
        ]
        rows.append([row.title, *texts])
    return rows


def as_text(table: Table) -> str:
    """One load as aligned lines."""
    rows = cells(table)
    widths = [max(map(len, texts)) for texts in zip(*rows, strict=True)]
    lines = [f"{table.load}: {table.about}"]
    for who, *texts in rows:
        aligned = (
            text.rjust(width) for text, width in zip(texts, widths[1:], strict=True)
        )
        lines.append("  " + "  ".join([who.ljust(widths[0]), *aligned]))
    return "\n".join([*lines, *(f"  * {remark}" for remark in _remarks(table))])


def as_markdown(run: Run) -> str:
    """All of a run, as a section of a page."""
    machine = " · ".join(
        f"{name.replace('_', ' ')} {value}"
        for name, value in run.machine.items()
        if value is not None
    )
    measured = (
        f"Measured for {run.seconds:g} s in each of {run.rounds} rounds, "
        f"with `{run.command}`."
    )
    parts = [machine + ".", measured]
    if any(disturbances(row.median) for table in run.tables for row in table.rows):
        parts.append(ROUGH)
    parts.append(_contestants(run))
    parts += [f"{left_out}." for left_out in run.left_out]
    for table in run.tables:
        heading, *rows = cells(table)
        rules = ["---", *("--:" for _ in heading[1:])]
        parts += [
            f"**{table.load}**: {table.about}.",
            "\n".join(map(_line, [heading, rules, *rows])),
        ]
        parts += ["\n".join(f"- {remark}" for remark in _remarks(table))]
    return "\n\n".join(part for part in parts if part)


def _contestants(run: Run) -> str:
    heading = ["", "version", "written before anyone is shown it", "echoes"]
    rows = [
        [who.title, who.version, who.stores, "yes" if who.echoes else "no"]
        for who in run.contestants
    ]
    return "\n".join(map(_line, [heading, ["---"] * 4, *rows]))


def _line(texts: Iterable[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _remarks(table: Table) -> list[str]:
    return [f"{row.title}: {remark}" for row in table.rows for remark in row.remarks]


def main(argv: Sequence[str] | None = None) -> None:
    """Print the tables of a file."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.report", description="Print the tables of a run."
    )
    parser.add_argument("file", type=Path, help="what python -m bench --json wrote")
    parser.add_argument(
        "--markdown", action="store_true", help="as docs/performance.md shows them"
    )
    options = parser.parse_args(argv)
    run = record.read(options.file)
    if options.markdown:
        print(as_markdown(run))
    else:
        print("\n\n".join(map(as_text, run.tables)))


if __name__ == "__main__":
    main()
