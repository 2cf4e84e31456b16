"""The documents are held against what they speak of."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import msgspec
import pytest

from hubbub.app.settings import Settings
from hubbub.model.limits import Limits

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hubbub"
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
]

_FENCE = re.compile(r"^```(\w*).*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# `node/node.py:Node.turn`, or only the path.
_PLACE = re.compile(r"`([\w/]+\.py)(?::([\w.]+))?`")


def blocks(page: Path, language: str) -> list[str]:
    """Give the fenced blocks of one language."""
    text = page.read_text(encoding="utf-8")
    return [body for kind, body in _FENCE.findall(text) if kind == language]


def prose(page: Path) -> str:
    """Give a page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings, as code forges make them."""
    headings = _HEADING.findall(prose(page))
    return {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in headings}


@cache
def names_in(path: Path) -> frozenset[str]:
    """Give what a module defines at the top, and in its classes."""
    names: set[str] = set()

    def add(body: list[ast.stmt], prefix: str) -> None:
        for node in body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names.add(prefix + node.name)
                if isinstance(node, ast.ClassDef):
                    add(node.body, f"{prefix}{node.name}.")
            elif isinstance(node, ast.Assign):
                targets = [one for one in node.targets if isinstance(one, ast.Name)]
                names.update(prefix + one.id for one in targets)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.add(prefix + node.target.id)

    add(ast.parse(path.read_text(encoding="utf-8")).body, "")
    return frozenset(names)


def run(*arguments: str) -> str:
    """Run a Python program of the project that has to succeed; give its output."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_schema_is_what_the_code_says() -> None:
    run("tools/schema.py", "--check")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(prose(page)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name}: {link}"
        assert target.is_relative_to(ROOT), f"{page.name}: {link}"
        if anchor:
            assert anchor in anchors(target), f"{page.name}: {link}"


@pytest.mark.parametrize("name", ["architecture.md", "sockets.md", "limits.md"])
def test_code_places_exist(name: str) -> None:
    places = _PLACE.findall(prose(ROOT / "docs" / name))
    assert places
    for path, symbol in places:
        file = SOURCE / path
        assert file.is_file(), f"{name}: {path}"
        if symbol:
            assert symbol in names_in(file), f"{name}: {path}:{symbol}"


@pytest.mark.parametrize("name", ["promises.md", "security.md"])
def test_every_test_that_shows_a_promise_exists(name: str) -> None:
    page = prose(ROOT / "docs" / name)
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page)
    assert len(named) > 20
    assert page.count("::") == len(named)
    for path, function in named:
        assert function in names_in(ROOT / path), f"{path}::{function}"


def test_every_step_of_a_socket_has_its_heading() -> None:
    trace = blocks(ROOT / "docs" / "sockets.md", "text")[0]
    steps = dict.fromkeys(line.split()[0] for line in trace.splitlines())
    headings = _HEADING.findall(prose(ROOT / "docs" / "sockets.md"))
    assert sorted(steps) == sorted(head for head in headings if head.isupper())


def test_the_table_of_limits_is_whole() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| ([\d.]+) \|", prose(ROOT / "docs" / "limits.md"), re.MULTILINE
    )
    defaults = {
        field.name: str(field.default).removesuffix(".0")
        for field in msgspec.structs.fields(Limits)
    }
    assert [name for name, _ in rows] == sorted(
        {name for name, _ in rows}, key=list(defaults).index
    )
    assert dict(rows) == defaults


def limits_driven() -> set[str]:
    """Give the limits that a test is marked to drive, by `pytest.mark.limit`."""
    driven: set[str] = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                marks = " ".join(map(ast.unparse, node.decorator_list))
                driven.update(re.findall(r"pytest\.mark\.limit\('(\w+)'\)", marks))
    return driven


def test_every_limit_is_driven_to_its_fate_by_a_test() -> None:
    assert limits_driven() == set(Limits.__struct_fields__)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_settings_shown_are_settings(page: Path) -> None:
    for block in blocks(page, "toml"):
        msgspec.convert(tomllib.loads(block), Settings)


def test_the_file_shown_in_the_readme_names_every_setting_and_its_default() -> None:
    (block,) = blocks(ROOT / "README.md", "toml")
    shown = tomllib.loads(block)
    assert msgspec.convert(shown, Settings) == Settings()
    # TOML has no word for "not set": such a setting stands there as a comment.
    unset = set(re.findall(r"^# (\w+) = ", block, re.MULTILINE))
    assert {*shown, *unset} == set(Settings.__struct_fields__)
    assert all(getattr(Settings(), name) is None for name in unset)


def flags(text: str) -> set[str]:
    """Give the flags in a text."""
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))


def test_flags_in_the_readme_are_known_and_none_is_missing() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    helps = {
        command: flags(run("-m", "hubbub.app", *command.split(), "--help")) - {"--help"}
        for command in (
            "serve",
            "join",
            "find",
            "history",
            "compact",
            "admin",
            "token create",
            "token list",
            "token revoke",
        )
    }
    assert flags(text) == set[str]().union(*helps.values())
    for command, door in (("serve", "server.py"), ("join", "client.py")):
        (table,) = re.findall(
            rf"^\| [^|]*`hubbub {command}`, `{door}`.*?\n\n",
            text,
            re.MULTILINE | re.DOTALL,
        )
        assert flags(table) == helps[command]


def test_the_readme_names_no_address_but_this_machine() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\d+\.\d+\.\d+\.\d+", text)) == {"127.0.0.1"}
