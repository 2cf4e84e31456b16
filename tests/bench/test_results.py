"""From outcomes to medians, tables, a picture, and the documents."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import msgspec
import pytest
from bench.contestants import CONTESTANTS
from bench.record import Run, Table, Who
from bench.results import conclude
from bench.trial import Outcome, quantile

from bench import plot, publish, record, report

if TYPE_CHECKING:
    from pathlib import Path

CEILING, LOOP = CONTESTANTS[:2]
SVG = "{http://www.w3.org/2000/svg}"


def busy(rate: float, **more: float) -> Outcome:
    return Outcome({"deliveries_per_s": rate, **more})


@pytest.fixture
def run() -> Run:
    """Two contestants: one measured in two rounds, the other not at all."""
    outcomes = {
        CEILING: [busy(1000.0, p99_ms=2.0), busy(3000.0, p99_ms=4.0)],
        LOOP: [Outcome(problem="no luck"), Outcome(problem="no luck")],
    }
    contestants = [
        Who(c.key, c.title, "1.0", c.stores, c.synced, c.echoes)
        for c in (CEILING, LOOP)
    ]
    rows = conclude(outcomes)
    tables = [
        Table("room", "two & two", at_rest=False, rows=rows),
        Table("idle-10000", "many", at_rest=True, rows=rows),
    ]
    machine: dict[str, str | int | float | None] = {"cpu": "a <fast> one", "cores": 2}
    return Run(machine, "bench", 1.0, 2, True, contestants, ["left out: X"], tables)


def test_medians_are_taken_over_rounds_and_ratios_within_them() -> None:
    outcomes = {
        CEILING: [busy(1000.0), busy(4000.0), busy(2000.0)],
        LOOP: [busy(900.0), busy(1000.0), busy(1000.0)],
    }
    ceiling, loop = conclude(outcomes)
    assert ceiling.median == {
        "deliveries_per_s": 2000.0,
        "deliveries_per_s_of_ceiling": 1.0,
    }
    assert loop.median["deliveries_per_s"] == 1000.0
    assert loop.median["deliveries_per_s_of_ceiling"] == 0.5
    assert [figures["deliveries_per_s"] for figures in loop.rounds] == [900, 1000, 1000]


@pytest.mark.parametrize(
    ("outcome", "remark"),
    [
        (Outcome(problem="broke"), "broke"),
        (Outcome(left_out="left out: made for 5"), "left out: made for 5"),
        (busy(1, generator_core=0.95, server_core=0.5), "the generator was the limit"),
        (
            busy(1, others_on_server_core=0.25, others_on_generator_core=0.5),
            "other processes used 25% of the server's and 50% of the generator's core",
        ),
        (busy(1, lost=1234), "1,234 deliveries missing"),
    ],
)
def test_what_has_to_be_known_is_said(outcome: Outcome, remark: str) -> None:
    (row,) = conclude({CEILING: [outcome]})
    assert row.remarks == [remark]


def test_when_both_cores_are_busy_nothing_has_to_be_known() -> None:
    (row,) = conclude({CEILING: [busy(1, generator_core=0.95, server_core=0.95)]})
    assert row.remarks == []


@pytest.mark.parametrize(("share", "expected"), [(0.5, 2), (0.75, 3), (0.99, 9)])
def test_a_quantile_is_kept_to_by_that_share(share: float, expected: int) -> None:
    assert quantile(Counter({1: 1, 2: 1, 3: 1, 9: 1}), share) == expected


def test_a_run_is_the_same_when_it_is_read_back(run: Run, tmp_path: Path) -> None:
    record.write(run, tmp_path / "run.json")
    assert record.read(tmp_path / "run.json") == run
    (tmp_path / "other.json").write_text('{"machine": 1}')
    with pytest.raises(msgspec.ValidationError):
        record.read(tmp_path / "other.json")


def test_a_table_is_aligned_and_names_what_was_not_measured(run: Run) -> None:
    title, heading, ceiling, loop, remark = report.as_text(run.tables[0]).splitlines()
    assert title == "room: two & two"
    assert len({len(heading), len(ceiling), len(loop)}) == 1
    assert ceiling.split()[:3] == ["ceiling", "2,000", "1.00"]
    assert set(loop.split()[2:]) == {"-"}
    assert remark == "  * hubbub loop: no luck"


def test_markdown_has_as_many_cells_in_every_row(run: Run) -> None:
    page = report.as_markdown(run)
    tables = re.findall(r"(?:^\|.*\|\n?)+", page, re.MULTILINE)
    assert len(tables) == 1 + len(run.tables)
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1
    assert "left out: X." in page
    assert "- hubbub loop: no luck" in page


def test_a_page_says_when_the_machine_was_busy(run: Run) -> None:
    assert report.ROUGH not in report.as_markdown(run)
    rows = conclude({CEILING: [busy(1.0, others_on_server_core=0.25)]})
    table = Table("room", "busy", at_rest=False, rows=rows)
    assert report.ROUGH in report.as_markdown(replace(run, tables=[table]))


def test_a_file_is_printed_as_text_or_as_markdown(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "run.json"
    record.write(run, file)
    report.main([str(file)])
    assert capsys.readouterr().out.startswith("room: two & two\n")
    report.main([str(file), "--markdown"])
    assert capsys.readouterr().out == report.as_markdown(run) + "\n"


def test_a_picture_has_a_bar_for_each_figure_and_names_the_rest(run: Run) -> None:
    picture = ET.fromstring(plot.draw(run))
    texts = [element.text for element in picture.iter(SVG + "text")]
    assert texts.count("ceiling") == 3
    assert texts.count("◆ hubbub loop") == 3
    assert "2,000" in texts
    # The loop was not measured under the one load, and nobody under the other two.
    assert texts.count("not measured") == 1 + 2 * 2
    bars = [r for r in picture.iter(SVG + "rect") if r.get("class") == "ceiling"]
    assert len(bars) == 1 + 1  # the other is the legend's


def test_bars_are_in_proportion_and_the_best_is_first(run: Run) -> None:
    rows = conclude({CEILING: [busy(1000.0)], LOOP: [busy(4000.0)]})
    table = Table("pairs", "two", at_rest=False, rows=rows)
    picture = ET.fromstring(plot.draw(replace(run, tables=[table])))
    ours, ceiling, _legend = (
        rect for rect in picture.iter(SVG + "rect") if rect.get("class") != "page"
    )
    assert (ours.get("class"), ceiling.get("class")) == ("ours", "ceiling")
    assert float(ours.get("width", 0)) == pytest.approx(
        4 * float(ceiling.get("width", 0)), rel=0.01
    )
    assert float(ours.get("y", 0)) < float(ceiling.get("y", 0))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.4, "0.40"),
        (9.996, "10.0"),
        (99.96, "100"),
        (1234.5, "1,234"),
        (34_300, "34.3 k"),
        (999_600, "1.00 M"),
        (5_123_000, "5.12 M"),
    ],
)
def test_a_figure_is_written_in_few_digits(value: float, text: str) -> None:
    assert plot.amount(value) == text


def test_a_page_is_filled_between_its_marks_alone() -> None:
    page = "before\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nafter\n"
    filled = publish.fill(page, r"new \1")
    assert filled == (
        "before\n<!-- bench: begin -->\n\nnew \\1\n\n<!-- bench: end -->\nafter\n"
    )
    assert publish.fill(filled, r"new \1") == filled
    with pytest.raises(ValueError, match="0 places"):
        publish.fill("no marks", "new")


def test_page_and_picture_show_the_run_that_is_kept() -> None:
    run = record.read(publish.PAGE.with_name("bench.json"))
    page = publish.PAGE.read_text("utf-8")
    assert publish.fill(page, report.as_markdown(run)) == page
    assert plot.draw(run) == publish.PICTURE.read_text("utf-8")
