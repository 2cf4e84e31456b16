"""The lines that tell how to get in."""

from __future__ import annotations

from hubbub.app.ways import Ways
from hubbub.model.invites import InviteWay


def test_a_hub_for_this_machine_tells_how_to_let_in_others() -> None:
    assert Ways(("127.0.0.1",), 5000, "python client.py").lines() == [
        "Join from this machine (with --lan, from the others too).",
        "In a browser:",
        "  http://127.0.0.1:5000/",
        "In a terminal:",
        "  python client.py 127.0.0.1 5000",
        "  nc 127.0.0.1 5000",
        "From a script:",
        "  curl -d hello http://127.0.0.1:5000/lobby",
    ]


def test_a_hub_for_the_network_tells_its_other_addresses_and_its_name() -> None:
    ways = Ways(("10.0.0.2", "fd00::2"), 80, "hubbub join", known_as="ada-80")
    assert ways.urls == ("http://10.0.0.2/", "http://[fd00::2]/")
    lines = ways.lines()
    assert lines[0] == "Join from any machine on this network."
    assert lines[-5:] == [
        "Where that address is not known, at:",
        "  http://[fd00::2]/",
        "`hubbub join` finds it by itself, as ada-80.",
        "For a projector:",
        "  http://10.0.0.2/join",
    ]


def test_where_tls_is_needed_every_way_has_it() -> None:
    ways = Ways(("::1",), 5000, "hubbub join", pin="sha256//abc=")
    assert "  https://[::1]:5000/" in ways.lines()
    assert "  openssl s_client -quiet -connect [::1]:5000" in ways.lines()
    assert ways.lines()[-1] == (
        "  curl -k --pinnedpubkey 'sha256//abc=' -d hello 'https://[::1]:5000/lobby'"
    )


def test_a_closed_hub_has_a_line_that_works_for_whoever_is_outside() -> None:
    ways = Ways(("127.0.0.1",), 5000, "hubbub join", is_closed=True)
    assert ways.lines()[-1] == "  curl http://127.0.0.1:5000/about.json"


def test_a_machine_without_a_network_says_so() -> None:
    ways = Ways(("127.0.0.1",), 5000, "hubbub join", known_as="ada-5000")
    assert ways.lines()[0] == "Join from this machine; it is in no network now."
    assert "ada-5000" not in "".join(ways.lines())


def test_who_is_invited_comes_where_passwords_are_taken() -> None:
    """Over TLS where it is spoken, but on this machine itself."""
    here = Ways(("127.0.0.1",), 5000, "hubbub join", guards_passwords=True)
    assert here.invite_way == InviteWay(
        "http://127.0.0.1:5000/", "hubbub join 127.0.0.1 5000"
    )
    lan = Ways(("10.0.0.2",), 5000, "hubbub join", guards_passwords=True)
    assert lan.invite_way.url == "https://10.0.0.2:5000/"
    open_to_all = Ways(("10.0.0.2",), 5000, "hubbub join")
    assert open_to_all.invite_way.url == "http://10.0.0.2:5000/"
