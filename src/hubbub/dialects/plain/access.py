"""Access tokens in the plain dialect: the commands, and what is answered."""

from __future__ import annotations

from collections.abc import Callable

from hubbub.dialects.plain.forms import Form, Table, no_words
from hubbub.dialects.plain.words import table
from hubbub.model.access import (
    CreateToken,
    ListTokens,
    NewToken,
    RevokeToken,
    TokenList,
    TokenMade,
    TokenSummary,
)
from hubbub.model.commands import Command
from hubbub.model.durations import parse_duration

Moment = Callable[[int], str]
"""Words a time with its day, given in Unix milliseconds."""

_LONGEST_NUMBER = 15


def _token(rest: str) -> Command | None:
    word, _, more = rest.partition(" ")
    match word.lower():
        case "new":
            return _new(more.split())
        case "revoke" if more.isascii() and more.isdigit():
            return RevokeToken(int(more)) if len(more) <= _LONGEST_NUMBER else None
        case _:
            return None


def _new(words: list[str]) -> Command | None:
    """Read `[name] [post WHERE...] [read WHERE...] [for 90d]`, in any order."""
    given: dict[str, list[str]] = {"": [], "post": [], "read": [], "for": []}
    part = given[""]
    for word in words:
        if word.lower() in given:
            part = given[word.lower()]
        else:
            part.append(word)
    name, length = given[""], given["for"]
    seconds = parse_duration(length[0]) if len(length) == 1 else None
    if len(name) > 1 or not (given["post"] or given["read"]):
        return None
    if "for" in map(str.lower, words) and seconds is None:
        return None
    whose = name[0].removeprefix("@") if name else ""
    return NewToken(tuple(given["post"]), tuple(given["read"]), seconds, whose)


TOKEN_COMMANDS: Table = {
    "token": Form(
        "new [post <where>...] [read <where>...] [for 90d] | revoke <id>",
        "let a program in for you, at lobby, #group, @user or all",
        _token,
        CreateToken,
    ),
    "tokens": Form(
        "", "list the tokens for programs", no_words(ListTokens), ListTokens
    ),
}


def token_lines(answer: TokenMade, ts: str, moment: Moment) -> str:
    """Tell a token, this once, and how it is shown."""
    token = answer.token.value
    return (
        f"{ts} Token {_about(answer.about, moment)}. It is shown this once:\n"
        f"  {token}\n"
        f"{ts} Over HTTP: Authorization: Bearer {token}\n"
    )


def list_lines(answer: TokenList, ts: str, moment: Moment) -> str:
    """Write the tokens that are good, a line each."""
    if not answer.tokens:
        return f"{ts} No tokens; make one with :token new\n"
    rows: list[str] = []
    for one in answer.tokens:
        made = f"made {moment(one.since)} by {one.by}"
        rows.append(f"{_about(one, moment)}, ends in {one.last}, {made}")
    return table(ts, "token", rows)


def _about(one: TokenSummary, moment: Moment) -> str:
    end = f"until {moment(one.until)}" if one.until else "until it is revoked"
    return f"{one.id} of {one.name} to {one.scope}, {end}"
