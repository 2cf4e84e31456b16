"""Bytes to words: any split, any bytes, and the table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.unit.dialects.reading import LIMIT, opened, pull, read, split

from hubbub.dialects.plain.console import ConsoleWriter
from hubbub.dialects.plain.reader import ConsoleDialect
from hubbub.model.address import LOBBY, ToGroup, ToUser
from hubbub.model.commands import (
    ChangePassword,
    Command,
    CreateGroup,
    Hello,
    Help,
    JoinGroup,
    LeaveGroup,
    ListGroups,
    ListMembers,
    ListSessions,
    ListUsers,
    LogOutOthers,
    Ping,
    Pong,
    Post,
    Quit,
    ReadHistory,
    Register,
    Shutdown,
    Unregister,
)
from hubbub.model.moderation import Kick, Rename, SetRole
from hubbub.model.refusals import Code, Refusal
from hubbub.model.roles import Role
from hubbub.model.secret import Secret

if TYPE_CHECKING:
    from hubbub.dialects.contract import Dialect


PLAIN = [
    b"ann", b"hello", b"", "zo\u00eb \u2713".encode(), b"  ", b":pm bob psst",
    b":users",
    b":nope", b":)", b"x" * LIMIT, b"x" * (LIMIT + 1), b"y" * 200, b"\xff\xfb\x01hi",
    b"\xc3", b"\xff\xfa\x18\x00\xff\xf0", b"hi\r", b"GET", b"{", b"\x00\x1b[31m",
]  # fmt: skip
JSON = [
    b'{"type":"hello","name":"a"}', b'{"type":"users"}', b'{"type":"x"}', b"{", b"",
    b"[]", b'{"type":"ping","id":"\xc3"}', b'{"type":"bye"}', b"z" * 200, b" ", b"\r",
]  # fmt: skip


def streams(parts: list[bytes], first: bytes) -> st.SearchStrategy[bytes]:
    """Make streams of lines with either end."""
    ends = st.sampled_from([b"\n", b"\r\n"])
    line = st.tuples(st.sampled_from(parts), ends).map(b"".join)
    return st.lists(line, max_size=8).map(lambda lines: first + b"".join(lines))


@given(
    streams(PLAIN, b"ann\n") | streams(JSON, b'{"type":"users"}\n') | st.binary(),
    st.lists(st.integers(0, 2000), max_size=8),
)
def test_any_split_gives_the_same(data: bytes, cuts: list[int]) -> None:
    """However the bytes are cut on their way, the requests are the same."""
    assert read(*split(data, cuts)) == read(data)


@given(streams(PLAIN, b"ann\n") | streams(JSON, b'{"type":"users"}\n'))
def test_byte_by_byte_gives_the_same(data: bytes) -> None:
    """So is the finest cut."""
    assert read(*split(data, list(range(len(data))))) == read(data)


@given(st.lists(st.binary(max_size=60) | st.sampled_from(PLAIN + JSON), max_size=10))
@example([b"{" + b"[" * 30_000 + b"\n"])
@example([b'{"type":"hello","name":"\\ud800"}\n'])
def test_any_bytes_are_an_outcome(pieces: list[bytes]) -> None:
    """Any bytes give commands, refusals or nothing; quiet and end may come anywhere."""
    dialect = opened(100_000)
    for piece in pieces:
        dialect = dialect.receive(piece)
        for request in pull(dialect):
            dialect.writer.refusal(Refusal(Code.USAGE, "no"), None, 0)
            assert request is not None
        dialect = dialect.quiet()
        pull(dialect)


@given(st.lists(st.binary(max_size=30) | st.just(b"\n:kick a\n"), max_size=8))
def test_the_console_takes_any_bytes(pieces: list[bytes]) -> None:
    """The administrator's terminal may send rubbish too."""
    dialect: Dialect = ConsoleDialect(ConsoleWriter(color=False), LIMIT)
    for piece in pieces:
        dialect = dialect.receive(piece)
        pull(dialect)
    pull(dialect.quiet())


@pytest.mark.parametrize(
    ("first", "name"),
    [
        (b"{", "json"), (b'{"type":', "json"), (b"GET / HTTP/1.1", "http"),
        (b"HEAD /", "http"), (b"POST /", "http"), (b"OPTIONS *", "http"),
        (b"CAP LS", "irc"), (b"NICK a", "irc"), (b"USER a", "irc"), (b"PASS a", "irc"),
        (b"\x16\x03\x01", "tls"), (b"ann\n", "plain"), (b"\n", "plain"),
        (b"GETTY\n", "plain"), (b"get / \n", "plain"), (b"\x16\x04", "plain"),
        (b" {", "plain"), (b"\xff\xfb\x01", "plain"), (b"GE", "?"), (b"\x16", "?"),
        (b"NICK", "?"), (b"", "?"), (b"P", "?"), (b"PO\n", "plain"),
    ],
)  # fmt: skip
def test_first_bytes_say_which(first: bytes, name: str) -> None:
    """The table of first bytes (protocol: The protocol), in one piece or many."""
    for pieces in ([first], split(first, list(range(9)))):
        dialect = opened()
        for piece in pieces:
            dialect = dialect.receive(piece)
        assert dialect.name == name


def test_a_name_that_begins_like_a_signature() -> None:
    """`GE` and quiet is a name: `GET ` can't come of it any more."""
    dialect = opened().receive(b"GE")
    assert dialect.waits
    assert pull(dialect.quiet()) == [Hello("GE")]


@pytest.mark.parametrize("first", [b"NICK a\r\n", b"\x16\x03"])
def test_what_is_not_spoken_quits_once(first: bytes) -> None:
    """One line in its own language, and a close."""
    dialect = opened().receive(first)
    assert pull(dialect) == [Quit()]
    assert pull(dialect.receive(b"more\n")) == []


@pytest.mark.parametrize("pieces", [1, 3, 200])
@pytest.mark.parametrize("head", [b"ann\n", b'{"type":"users"}\n'])
def test_long_line_is_refused_once_and_skipped(head: bytes, pieces: int) -> None:
    """One refusal, nothing of the line, and the next line is read again."""
    data = head + b"x" * 200 + b"\n" + b'{"type":"ping"}\n'
    got = read(*split(data, list(range(0, len(data), len(data) // pieces))))
    assert isinstance(got[1], Refusal)
    assert got[1].code is Code.LINE_TOO_LONG
    assert got[2:] == [Post(LOBBY, '{"type":"ping"}') if head == b"ann\n" else Ping()]


def test_longest_line_fits() -> None:
    """A line of exactly the limit is read."""
    assert read(b"ann\n" + b"x" * LIMIT + b"\n")[1:] == [Post(LOBBY, "x" * LIMIT)]


def test_crlf_and_empty_lines() -> None:
    """CRLF ends a line like LF; empty lines are ignored, before the name and after."""
    assert read(b"\r\n\n  \nann\r\n\r\nhi\r\n \n") == [Hello("ann"), Post(LOBBY, "hi")]


@pytest.mark.parametrize(
    "noise", [b"\xff\xfb\x01", b"\xff\xfa\x18\x00x\xff\xf0", b"\xff\xf1"]
)
def test_telnet_negotiation_is_taken_out(noise: bytes) -> None:
    """RFC 854 commands before, within and after a line are no part of it."""
    assert read(noise + b"ann\n" + b"h" + noise + b"i" + noise + b"\r\n") == [
        Hello("ann"),
        Post(LOBBY, "hi"),
    ]


def test_not_utf8_is_refused_and_the_next_is_read() -> None:
    """A line that is not UTF-8 is refused; the session goes on."""
    refusal, post = read(b"ann\n\xe4\nhi\n")[1:]
    assert isinstance(refusal, Refusal)
    assert refusal.code is Code.NOT_UTF8
    assert post == Post(LOBBY, "hi")


def test_unframed_client() -> None:
    """Name and messages end with quiet; a chunk with newlines is a message a line."""
    dialect = opened().receive(b"ann")
    assert (dialect.waits, pull(dialect)) == (True, [])
    dialect = dialect.quiet()
    assert pull(dialect) == [Hello("ann")]
    dialect = dialect.receive(b"one\ntwo")
    dialect = dialect.quiet()
    assert pull(dialect) == [Post(LOBBY, "one"), Post(LOBBY, "two")]
    assert not dialect.waits


def test_framed_client_never_waits() -> None:
    """Once the name ended with a newline, quiet ends nothing but the input."""
    dialect = opened().receive(b"ann\nhalf")
    assert not dialect.waits
    assert pull(dialect) == [Hello("ann")]


def test_unframed_client_recovers_from_a_long_chunk() -> None:
    """A chunk over the limit is skipped to its end, which is quiet, and no further."""
    dialect = opened().receive(b"ann").quiet()
    pull(dialect)
    dialect = dialect.receive(b"x" * 200)
    assert len(pull(dialect)) == 1
    if dialect.waits:
        dialect = dialect.quiet()
    dialect = dialect.receive(b"short")
    if dialect.waits:
        dialect = dialect.quiet()
    assert pull(dialect) == [Post(LOBBY, "short")]


def test_refused_name_is_asked_for_again() -> None:
    """After `unjoined` the next line is a name."""
    dialect = opened().receive(b"ann\nhi\n")
    assert dialect.next() == Hello("ann")
    dialect.unjoined()
    assert dialect.next() == Hello("hi")


PARSES: list[tuple[str, Command]] = [
    (":pm bob hi there", Post(ToUser("bob"), "hi there")),
    (":pm @bob  hi", Post(ToUser("bob"), "hi")),
    (":PM bob hi", Post(ToUser("bob"), "hi")),
    (":group create tea", CreateGroup("tea")),
    (":group join #tea", JoinGroup("#tea")),
    (":group leave tea", LeaveGroup("tea")),
    (":group send tea a b", Post(ToGroup("tea"), "a b")),
    (":group members tea", ListMembers("tea")),
    (":group list", ListGroups()),
    (":users", ListUsers()),
    (":history", ReadHistory(LOBBY)),
    (":history 5", ReadHistory(LOBBY, limit=5)),
    (":history #tea 5", ReadHistory(ToGroup("tea"), limit=5)),
    (":history @bob", ReadHistory(ToUser("bob"))),
    (":history lobby 3", ReadHistory(LOBBY, limit=3)),
    (":help", Help()),
    (":help all", Help("all")),
    (":help :Group ban", Help("group ban")),
    (":quit", Quit()),
    ("/etc/passwd", Post(LOBBY, "/etc/passwd")),
    (" /quit", Post(LOBBY, " /quit")),
    (":)", Post(LOBBY, ":)")),
    (":D", Post(LOBBY, ":D")),
    (":D haha", Post(LOBBY, ":D haha")),
    (": users", Post(LOBBY, ": users")),
    (" :users", Post(LOBBY, " :users")),
]


@pytest.mark.parametrize(("line", "command"), PARSES)
def test_every_command_is_parsed(line: str, command: Command) -> None:
    """The forms of the table in the protocol, and what is text instead."""
    assert read(b"ann\n" + line.encode() + b"\n")[1:] == [command]


@pytest.mark.parametrize(
    "line",
    [":pm", ":pm bob", ":pm bob  ", ":group", ":group create", ":group create a b",
     ":group join", ":group leave", ":group send", ":group send tea", ":group members",
     ":group list x", ":users x", ":history x", ":history 0", ":history 1 2",
     ":history #", ":history -1", ":quit now"],
)  # fmt: skip
def test_missing_or_needless_words_show_the_form(line: str) -> None:
    """A usage refusal shows how it is written, beginning with its word."""
    (refusal,) = read(b"ann\n" + line.encode() + b"\n")[1:]
    assert isinstance(refusal, Refusal)
    assert refusal.code is Code.USAGE
    word = line.split()[0]
    assert refusal.text.startswith(f"write it as {word}")


@pytest.mark.parametrize(
    ("line", "near"),
    [(":usres", ":users"), (":hlep", ":help"), (":histroy", ":history"),
     (":group jion tea", ":group join"), (":exit", ":quit"), (":msg bob hi", ":pm"),
     (":help usres", ":users"), (":zzz\x1b[2J", None)],
)  # fmt: skip
def test_unknown_command_names_the_nearest(line: str, near: str | None) -> None:
    """The error names the nearest command, if one is near, and echoes no control."""
    (refusal,) = read(b"ann\n" + line.encode() + b"\n")[1:]
    assert isinstance(refusal, Refusal)
    assert refusal.code is Code.COMMAND_UNKNOWN
    guess = f"did you mean {near}? " if near else ""
    assert refusal.text.endswith(f"; {guess}:help lists them")
    assert "\x1b" not in refusal.text


@pytest.mark.parametrize(
    ("line", "command"),
    [(":kick bob", Kick("bob")), (":kick @bob too loud", Kick("bob", "too loud")),
     (":rename a b", Rename("a", "b")), (":list", ListSessions()),
     (":shutdown", Shutdown()), (":groups", ListGroups()), ("hi", Post(LOBBY, "hi")),
     (":history 3", ReadHistory(LOBBY, limit=3)), (":help", Help()),
     (":users", ListUsers()), (":help ban", Help("ban"))],
)  # fmt: skip
def test_console_commands(line: str, command: Command) -> None:
    """The administrator's table."""
    console = ConsoleDialect(ConsoleWriter(color=False), LIMIT)
    assert pull(console.receive(line.encode() + b"\n")) == [command]


@pytest.mark.parametrize(
    ("line", "request_"),
    [('{"type":"hello","name":"a","resume":{"token":"t","after":3}}',
      Hello("a", "t", 3)),
     ('{"type":"hello","name":"a","extra":1,"password":"p"}',
      Hello("a", password=Secret("p"))),
     ('{"type":"account","action":"register","password":"p"}', Register(Secret("p"))),
     ('{"type":"account","action":"passwd","password":"p","new":"q"}',
      ChangePassword(Secret("p"), Secret("q"))),
     ('{"type":"account","action":"unregister","password":"p"}',
      Unregister(Secret("p"))),
     ('{"type":"account","action":"logout-others"}', LogOutOthers()),
     ('{"type":"account","action":"register"}', (Code.BAD_FRAME, "account")),
     ('{"type":"account","action":"passwd","password":"p"}',
      (Code.BAD_FRAME, "account")),
     ('{"type":"admin","action":"list"}', ListSessions()),
     ('{"type":"admin","action":"kick","name":"a","reason":"b"}', Kick("a", "b")),
     ('{"type":"admin","action":"rename","name":"a","to":"b"}', Rename("a", "b")),
     ('{"type":"admin","action":"role","name":"a","role":"owner"}',
      SetRole("a", Role.OWNER)),
     ('{"type":"admin","action":"rename","name":"a"}', (Code.BAD_FRAME, "admin")),
     ('{"type":"send","to":"#t","text":"x","nonce":"n"}',
      Post(ToGroup("t"), "x", "n")),
     ('{"type":"group","action":"list"}', ListGroups()),
     ('{"type":"group","action":"join","name":"t"}', JoinGroup("t")),
     ('{"type":"history","of":"@b","before":9,"limit":2}',
      ReadHistory(ToUser("b"), 9, 2)),
     ('{"type":"pong"}', Pong()), ('{"type":"bye"}', Quit()),
     ('{"type":"send","to":"x","text":"x","nonce":"n"}', (Code.ADDRESS_INVALID, "n")),
     ('{"type":"send","to":"#","text":"x"}', (Code.ADDRESS_INVALID, "send")),
     ('{"type":"history","of":""}', (Code.ADDRESS_INVALID, "history")),
     ('{"type":"group","action":"join"}', (Code.BAD_FRAME, "group")),
     ('{"type":"nope","nonce":"n"}', (Code.TYPE_UNKNOWN, "nope")),
     ('{"type":"' + "x" * 65 + '"}', (Code.TYPE_UNKNOWN, None)),
     ('{"name":"a"}', (Code.BAD_FRAME, None)),
     ('{"type":5,"nonce":"n"}', (Code.BAD_FRAME, None)),
     ('{"type":"send","to":1,"text":"x"}', (Code.BAD_FRAME, "send")),
     ('{"type":"send","to":1,"text":"x","nonce":"n"}', (Code.BAD_FRAME, "n")),
     ('{"type":"send","to":"lobby","nonce":"n"}', (Code.BAD_FRAME, "n")),
     ('{"type":"send","to":"lobby","text":"x","nonce":1}', (Code.BAD_FRAME, "send")),
     ('{"type":"send","to":"lobby","text":"x","nonce":""}', (Code.BAD_FRAME, "send")),
     ('{"type":"send","to":"lobby","text":"x","nonce":"' + "n" * 65 + '"}',
      (Code.BAD_FRAME, "send")),
     ('{"type":"history","of":"lobby","limit":0,"nonce":"n"}',
      (Code.BAD_FRAME, "history")),
     ('{"type":"hello","name":5}', (Code.BAD_FRAME, "hello")),
     ('{"type":"send","to":1,"nonce":"n"', (Code.BAD_FRAME, None)),
     ("{}", (Code.BAD_FRAME, None)), ("{]", (Code.BAD_FRAME, None))],
)  # fmt: skip
def test_frames_are_parsed(
    line: str, request_: Command | tuple[Code, str | None]
) -> None:
    """The table of client frames; unknown fields ignored, unknown types refused."""
    (got,) = read(line.encode() + b"\n", limit=1000)
    if isinstance(got, Refusal):
        assert (got.code, got.re) == request_
    else:
        assert got == request_


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"' + b"x" * 900 + b'"}',
        b'{"type":"\\u001b[2J\\n\\u202e[12:00:00] bob >> hi"}',
        b"ann\n:" + b"x" * 900,
        b"ann\n:history\xe2\x80\xa8[12:00:00] bob",
    ],
)
def test_a_refusal_repeats_little_and_nothing_unclean(line: bytes) -> None:
    """What was sent comes back short, on one line, and obeyed by no terminal."""
    refusal = read(line + b"\n", limit=1000)[-1]
    assert isinstance(refusal, Refusal)
    assert len(refusal.text) < 200
    assert refusal.text.isprintable()
