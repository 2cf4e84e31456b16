"""Getting in: the lines that a hub prints, `--lan`, and finding hubs on a network."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from tests.e2e.hub import ROOT
from tests.e2e.network import ADDRESS, ADDRESS_6, LIMIT, Network, Started

pytestmark = pytest.mark.timeout(60)

# One look may be too early: a name is asked for before it is announced.
_LOOKS = 5


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """A network of its own."""
    one = Network(tmp_path)
    yield one
    one.close()


def found(network: Network, *names: str) -> list[dict[str, object]]:
    """Look for hubs until these are there; give what is told of them."""
    hubs: list[dict[str, object]] = []
    for _ in range(_LOOKS):
        done = network.hubbub("find", "--json", "--wait", "1.5")
        hubs = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.returncode == (0 if hubs else 1), done
        if len(hubs) == len(names):
            break
    assert [str(hub["name"]).rpartition("-")[2] for hub in hubs] == list(names)
    return hubs


def join(network: Network, *words: str) -> pexpect.spawn[str]:
    """Start a client without an address on a terminal."""
    command = network.command(sys.executable, "-m", "hubbub.app", "join", *words)
    return pexpect.spawn(
        command[0],
        command[1:],
        cwd=str(ROOT),
        env=network.environment,
        encoding="utf-8",
        timeout=LIMIT,
    )


def leave(client: pexpect.spawn[str]) -> None:
    """Be in, and go."""
    client.expect("YOU >>")
    client.sendline(":quit")
    client.expect(pexpect.EOF)
    client.close()
    assert client.exitstatus == 0


# --- the lines -----------------------------------------------------------------------


def check_lines(network: Network, hub: Started) -> None:
    """Do what each printed line says."""
    (page,) = hub.behind("In a browser:")
    client, bare = hub.behind("In a terminal:")
    (script,) = hub.behind("From a script:")
    fetched = network.run("curl", "-sSk", page)
    assert "<title>Hubbub" in fetched.stdout, fetched
    said = network.run("bash", "-c", script.replace("curl", "curl -sS"))
    assert json.loads(said.stdout)["text"] == "hello", said
    posted = network.run(
        "bash", "-c", f"{client} --name ann --tls always", input="by ann\n"
    )
    assert posted.returncode == 0, posted
    talk = network.run(*shlex.split(bare), input="bob\n:history 1\n:quit\n")
    assert "Welcome bob" in talk.stdout, talk
    assert "by ann" in talk.stdout


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
@pytest.mark.parametrize("flags", [["--tls", "auto"], ["--require-tls"]])
def test_every_line_that_is_printed_works(
    network: Network, host: str, flags: list[str]
) -> None:
    tls = [] if "--tls" in flags else ["--tls", "auto"]
    check_lines(network, network.start_hub(host, *flags, *tls))


# --- the network ---------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["loop", "threads"])
def test_a_hub_for_the_network_is_reached_and_found_and_takes_it_back(
    network: Network, engine: str
) -> None:
    hub = network.start_hub("--lan", "--engine", engine)
    check_lines(network, hub)
    assert hub.behind("Where that address is not known, at:") == [
        f"http://[{ADDRESS_6}]:5000/"
    ]
    (told,) = found(network, "5000")
    assert (told["host"], told["port"], told["tls"]) == (ADDRESS, 5000, True)
    assert set(map(str, told["addresses"])) == {ADDRESS, ADDRESS_6}  # type: ignore[call-overload]
    assert [told["fingerprint"]] == hub.behind("TLS fingerprint (SHA-256):")
    about = network.run("curl", "-sS", f"http://[{ADDRESS_6}]:5000/about.json")
    assert json.loads(about.stdout)["urls"] == [
        f"http://{ADDRESS}:5000/",
        f"http://[{ADDRESS_6}]:5000/",
    ]
    # An address of IPv4 is one, whatever the socket is.
    assert f"Client {ADDRESS}:" in hub.wait_for("CONNECTED Name: bob")
    assert hub.terminate() == 0
    assert found(network) == []


def test_one_address_is_announced_on_its_own_network(network: Network) -> None:
    network.start_hub(ADDRESS, "6000", "--lan", "--tls", "off")
    (told,) = found(network, "6000")
    assert (told["addresses"], told["tls"]) == ([ADDRESS], False)
    listed = network.hubbub("find", "--wait", "1.5")
    assert listed.stdout.splitlines()[0].split() == [
        "NAME",
        "ADDRESS",
        "PORT",
        "TLS",
        "VERSION",
    ]
    assert f"{ADDRESS}  6000  no" in listed.stdout


def test_lan_with_an_address_of_this_machine_alone_is_refused(network: Network) -> None:
    done = network.hubbub("serve", "127.0.0.1", "--lan", "--memory")
    assert done.returncode == 1
    assert "only this machine reaches" in done.stderr


# --- choosing ------------------------------------------------------------------------


def test_one_of_several_is_chosen_by_keys(network: Network) -> None:
    network.start_hub("--lan")
    network.start_hub(ADDRESS, "6000", "--lan")
    found(network, "5000", "6000")
    by_arrow = join(network, "--name", "ann")
    by_arrow.expect("Which one")
    by_arrow.expect("6000")
    by_arrow.send("\x1b[B\r")
    by_arrow.expect("Joining [^ ]*-6000")
    leave(by_arrow)
    by_number = join(network, "--name", "ann")
    by_number.expect("Which one")
    by_number.send("1\r")
    by_number.expect("Joining [^ ]*-5000")
    leave(by_number)
    none = join(network)
    none.expect("Which one")
    none.send("\x03")
    none.expect(pexpect.EOF)
    none.close()
    assert none.exitstatus == 0


def test_without_lan_nothing_is_announced_and_the_one_here_is_joined(
    network: Network,
) -> None:
    network.start_hub()
    assert found(network) == []
    client = join(network, "--name", "ann")
    client.expect("Joining this machine")
    leave(client)


def test_where_there_is_none_this_machine_is_tried(network: Network) -> None:
    client = join(network, "--name", "ann", "--reconnect-for", "0")
    client.expect("None was found; trying this machine, 127.0.0.1:5000")
    client.expect(pexpect.EOF)
    client.close()
    assert client.exitstatus == 1


def test_a_program_is_sent_to_nobody_on_the_network(network: Network) -> None:
    hub = network.start_hub(ADDRESS, "5000", "--lan")
    found(network, "5000")
    words = (sys.executable, "-m", "hubbub.app", "join", "--name", "ci")
    done = network.run(*words, "--reconnect-for", "0", input="secret\n")
    assert done.returncode == 1
    assert "refused" in done.stderr
    assert not any("ci" in line for line in hub.lines)
