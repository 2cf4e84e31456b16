"""Access tokens in the client: shown instead of a name, made, listed and revoked."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.unit.client.fake_hub import NOON
from tests.unit.client.play import TIME, Play

from hubbub.app.secrets import SecretError, find_token
from hubbub.client import (
    Done,
    ProtocolError,
    Refused,
    TokenInfo,
    TokenMade,
    TokensListed,
    Unconfirmed,
)
from hubbub.client.protocol import ClientProtocol
from hubbub.client.reconnect import FINAL_BYES
from hubbub.dialects.json_lines.access_frames import TokenRequest
from hubbub.fronts.line.commands import Ask, Wrong, read_line
from hubbub.fronts.line.lines import Wording

TOKEN = "hub_" + "0" * 30
INFO = {"id": 5, "name": "alice", "last": "0000", "since": NOON, "by": "alice"}
NOW = datetime(2026, 1, 2, 14, 30, 5, tzinfo=timezone(timedelta(hours=2)))


def test_a_token_is_shown_in_every_hello() -> None:
    """Without a name, as long as the hub has not told whose it is."""
    protocol = ClientProtocol("", token=TOKEN)
    protocol.connection_made()
    first = protocol.data_to_send()
    assert f'"token":"{TOKEN}"'.encode() in first
    assert b'"name"' not in first
    protocol.connection_lost()
    protocol.connection_made()
    assert f'"token":"{TOKEN}"'.encode() in protocol.data_to_send()
    assert {"token_expired", "token_revoked"} <= FINAL_BYES


def test_tokens_are_made_listed_and_revoked() -> None:
    play = Play().joined()
    asked = [
        play.protocol.ask(TokenRequest("create", post=("lobby",), seconds=60)),
        play.protocol.ask(TokenRequest("list")),
        play.protocol.ask(TokenRequest("revoke", id=5)),
        play.protocol.ask(TokenRequest("revoke", id=6)),
    ]
    assert [frame["type"] for frame in play.sent()] == ["token"] * 4
    made = {"type": "token", "token": TOKEN, "id": 5, "name": "alice", "until": NOON}
    assert play.gets(
        {**made, "post": ["lobby"]},
        {"type": "tokens", "tokens": [INFO]},
        {"type": "done", "re": "token", "action": "revoke"},
        {"type": "error", "code": "token_unknown", "text": "none", "re": "token"},
    ) == [
        TokenMade(asked[0], TOKEN, 5, "alice", ("lobby",), (), TIME),
        TokensListed(asked[1], (TokenInfo(5, "alice", "0000", NOON, "alice"),)),
        Done(asked[2], "revoke"),
        Refused("token_unknown", "none", asked[3]),
    ]
    assert play.protocol.pending == ()


def test_what_is_lost_is_not_asked_twice() -> None:
    """Whether a token was made nobody can tell; a list is asked for again."""
    play = Play().joined()
    made = play.protocol.ask(TokenRequest("create", read=("all",)))
    play.protocol.ask(TokenRequest("list"))
    play.sent()
    assert play.protocol.connection_lost() == [Unconfirmed(made, "token", "create")]


@pytest.mark.parametrize("until", ["soon", "2026-01-02T12:00:00", "0001-01-01T00:00Z"])
def test_times_that_are_none(until: str) -> None:
    """A hub may send anything, asked or not."""
    play = Play().joined()
    made = {"type": "token", "token": TOKEN, "id": 5, "name": "alice", "until": until}
    listed = {"type": "tokens", "tokens": [{**INFO, "until": until}]}
    for frame in (made, listed):
        (event,) = play.gets(frame)
        assert isinstance(event, ProtocolError)


def test_in_lines() -> None:
    """What is told of them at a terminal; nothing of it moves the cursor."""
    words = Wording(lambda: NOW, "alice")
    made = TokenMade(None, TOKEN, 5, "alice", ("lobby",), ("#tea",), TIME)
    lines = [line.text for line in words.event(made)]
    assert "Token 5 of alice to post lobby read #tea, until" in lines[0]
    assert lines[1] == f"  {TOKEN}"
    assert lines[2].endswith(f"Authorization: Bearer {TOKEN}")
    one = TokenInfo(5, "al\x07ice", "0000", NOON, "alice", (), ("all",), NOON)
    listed = [line.text for line in words.event(TokensListed(None, (one,)))]
    assert listed[0].endswith("1 token")
    assert listed[1].startswith("  5 of alice to read all, until")
    both = words.event(TokensListed(None, (one, one)))
    assert both[0].text.endswith("2 tokens")
    (none,) = words.event(TokensListed(None, ()))
    assert none.text.endswith("No tokens; make one with :token new")
    assert words.event(Done(None, "revoke"))


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        (
            ":token new post lobby #tea read @bob for 90d",
            TokenRequest("create", None, ("lobby", "#tea"), ("@bob",), 7_776_000),
        ),
        (":token new read all", TokenRequest("create", None, (), ("all",))),
        (":tokens", TokenRequest("list")),
        (":token revoke 7", TokenRequest("revoke", id=7)),
    ],
)
def test_typed(line: str, request_: TokenRequest) -> None:
    assert read_line(line) == Ask(request_)


def test_typed_wrong() -> None:
    assert isinstance(read_line(":token new"), Wrong)


def test_where_a_token_comes_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file, then the environment; never the command line."""
    monkeypatch.delenv("HUBBUB_TOKEN", raising=False)
    assert find_token(None) is None
    monkeypatch.setenv("HUBBUB_TOKEN", TOKEN)
    assert find_token(None) == TOKEN
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}  \n")
    monkeypatch.setenv("HUBBUB_TOKEN", "other")
    assert find_token(file) == TOKEN
    with pytest.raises(SecretError, match="variable HUBBUB_TOKEN has is no access"):
        find_token(None)
    file.write_text("correct horse\n")
    with pytest.raises(SecretError, match="is no access token"):
        find_token(file)
