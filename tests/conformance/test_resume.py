"""Coming back: a session is a cursor over one ordered journal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from tests.conformance.hub_process import HubProcess
from tests.conformance.scene import Scene
from tests.conformance.speakers.words import Refused, Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conformance.conftest import Launch
    from tests.conformance.speakers.json_lines import JsonSpeaker
    from tests.conformance.speakers.speaker import Speaker
    from tests.conformance.speakers.words import Happening


@pytest.fixture(scope="module")
def hub(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """Give a hub at which much can be said in a short time."""
    data = tmp_path_factory.mktemp("resume")
    with HubProcess(engine, data, limits={"rate": 0}) as process:
        yield process


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("json", "plain")


def lose(who: JsonSpeaker, *others: Speaker) -> int:
    """Drop a connection that has read all there was; give the last `seq` it saw."""
    who.expect_nothing()
    who.drop()
    for other in others:
        other.await_left(who.name, "lost")
    return who.last_seq


def come_back(scene: Scene, who: JsonSpeaker, after: int) -> JsonSpeaker:
    """Take a seat back on a new connection."""
    again = scene.json_speaker()
    again.resume(who.name, who.token, after)
    again.await_resumed(who.name)
    return again


def test_what_was_missed_comes_once_and_in_order(scene: Scene) -> None:
    """docs/protocol.md, "Coming back": every visible event after `after`."""
    alice = scene.json("alice")
    bob, carol = scene.plain("bob"), scene.plain("carol")
    tea = scene.group_of(alice, bob)
    after = lose(alice, bob, carol)
    bob.say("to all")
    carol.await_message(bob.name, "lobby", "to all")
    bob.say("to you", f"@{alice.name}")
    bob.say("to us", f"#{tea}")
    bob.say("to carol alone", f"@{carol.name}")
    carol.await_message(bob.name, f"@{carol.name}", "to carol alone")
    carol.quit()
    bob.await_left(carol.name)

    again = come_back(scene, alice, after)
    assert again.welcome["groups"] == [tea]
    assert again.welcome["user"] == alice.welcome["user"]
    again.await_message(bob.name, "lobby", "to all")
    again.await_message(bob.name, f"@{alice.name}", "to you")
    again.await_message(bob.name, f"#{tea}", "to us")
    again.await_left(carol.name, "quit")
    bob.await_joined(alice.name)
    again.say("back", f"#{tea}")
    bob.await_message(alice.name, f"#{tea}", "back")
    scene.expect_nothing_more()


def test_other_peoples_groups_stay_theirs(scene: Scene) -> None:
    """docs/protocol.md, "Coming back": visible events, and no others."""
    alice = scene.json("alice")
    bob, carol = scene.plain("bob"), scene.plain("carol")
    after = lose(alice, bob, carol)
    tea = scene.group_of(bob, carol)
    bob.say("a secret", f"#{tea}")
    carol.await_message(bob.name, f"#{tea}", "a secret")
    again = come_back(scene, alice, after)
    again.await_group("created", tea, bob.name)
    again.expect_nothing()


def test_a_group_left_meanwhile_is_seen_as_far_as_one_was_in_it(scene: Scene) -> None:
    """docs/protocol.md, "Coming back": from any `after`, as it was visible then."""
    alice = scene.json("alice")
    bob = scene.plain("bob")
    alice.expect_nothing()
    start = alice.last_seq
    tea = scene.group_of(bob, alice)
    bob.say("one", f"#{tea}")
    alice.await_message(bob.name, f"#{tea}", "one")
    alice.leave_group(tea)
    bob.await_group("left", tea, alice.name)
    bob.say("two", f"#{tea}")
    lose(alice, bob)
    again = come_back(scene, alice, start)
    again.await_group("created", tea, bob.name)
    again.await_own_group("joined", tea)
    again.await_message(bob.name, f"#{tea}", "one")
    again.await_own_group("left", tea)
    again.expect_nothing()


def test_many_events_are_caught_up_while_more_arrive(scene: Scene) -> None:
    """docs/protocol.md, "Coming back": in order, before anything live."""
    alice, bob = scene.json("alice"), scene.json("bob")
    after = lose(alice, bob)
    total, missed = 800, 400

    def talk() -> None:
        for number in range(missed, total):
            bob.post(str(number))

    for number in range(missed):
        bob.post(str(number))
    with ThreadPoolExecutor(1) as pool:
        talking = pool.submit(talk)
        again = come_back(scene, alice, after)
        numbers: list[int] = []
        while len(numbers) < total:
            numbers.append(int(again.hear().text))  # type: ignore[union-attr]
        talking.result()
    assert numbers == list(range(total))
    again.expect_nothing()


def test_coming_back_twice_from_one_place_shows_the_same(scene: Scene) -> None:
    """docs/protocol.md, "Coming back": what follows depends on `after` alone."""
    alice = scene.json("alice")
    bob = scene.plain("bob")
    after = lose(alice, bob)
    bob.say("hello")
    told: list[list[Happening]] = []
    for _ in range(2):
        again = come_back(scene, alice, after)
        told.append(again.settle())
        again.drop()
        bob.await_joined(alice.name)
        bob.await_left(alice.name)
    assert told[0] == told[1] == [Said(bob.name, "lobby", "hello")]


def test_one_who_still_stands_on_the_seat_is_replaced(scene: Scene) -> None:
    """docs/protocol.md, "Coming back": closed with `bye`, code `replaced`."""
    alice = scene.json("alice")
    bob = scene.plain("bob")
    alice.expect_nothing()
    again = come_back(scene, alice, alice.last_seq)
    alice.await_farewell("replaced")
    alice.await_end()
    assert bob.users().count(alice.name) == 1
    again.say("still me")
    bob.await_message(alice.name, "lobby", "still me")
    scene.expect_nothing_more()


def test_the_token_outlives_several_returns(scene: Scene) -> None:
    """docs/protocol.md, "Coming back": the token of the last welcome."""
    alice = scene.json("alice")
    bob = scene.plain("bob")
    for _ in range(3):
        after = lose(alice, bob)
        alice = come_back(scene, alice, after)
        bob.await_joined(alice.name)
    scene.expect_nothing_more()


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 5000, "日本", "a.b.c"])
def test_a_wrong_token_is_no_seat(scene: Scene, token: str) -> None:
    """docs/protocol.md, "Coming back": `welcome` comes without `resumed`."""
    alice = scene.json("alice")
    eve = scene.json_speaker()
    eve.resume(scene.name("eve"), token, 0)
    happening = eve.hear()
    assert not isinstance(happening, Refused)
    assert "resumed" not in eve.welcome
    assert eve.welcome["user"] != alice.welcome["user"]


def test_a_wrong_token_takes_nobodys_name(scene: Scene) -> None:
    """docs/protocol.md, "Seats": the token is the proof."""
    alice = scene.json("alice")
    bob = scene.plain("bob")
    lose(alice, bob)
    eve = scene.json_speaker()
    eve.resume(
        alice.name, alice.token[:-1] + ("A" if alice.token[-1] != "A" else "B"), 0
    )
    eve.await_refusal("name_taken")


def test_a_wrong_token_shows_nothing_private(scene: Scene) -> None:
    """docs/protocol.md, "Coming back": what follows is what anyone may see."""
    alice = scene.json("alice")
    bob = scene.plain("bob")
    alice.expect_nothing()
    start = alice.last_seq
    tea = scene.group_of(alice, bob)
    alice.say("in the group", f"#{tea}")
    alice.say("to bob", f"@{bob.name}")
    eve = scene.json_speaker()
    eve.resume(scene.name("eve"), "nonsense", start)
    told = [eve.hear(), *eve.settle()]
    assert not [each for each in told if "in the group" in str(each)]
    assert not [each for each in told if "to bob" in str(each)]


def test_a_goodbye_gives_the_seat_up(scene: Scene) -> None:
    """docs/protocol.md, the frame `bye`: the seat is given up."""
    alice = scene.json("alice")
    bob = scene.plain("bob")
    tea = scene.group_of(alice, bob)
    alice.quit()
    bob.await_group("left", tea, alice.name)
    bob.await_act("group_role", bob.name, f"#{tea}")
    bob.await_left(alice.name, "quit")
    again = scene.json_speaker()
    again.resume(alice.name, alice.token, alice.last_seq)
    again.await_welcome(alice.name)
    assert "resumed" not in again.welcome
    assert again.welcome["groups"] == []
    assert again.welcome["user"] != alice.welcome["user"]


@pytest.mark.limit("seat_seconds")
def test_a_seat_is_given_up_when_its_time_is_over(launch: Launch) -> None:
    """docs/protocol.md, "Seats"; limits.py: `seat_seconds`."""
    hub = launch("--memory", limits={"seat_seconds": 0.3})
    scene = Scene(hub, ("plain",))
    alice, bob = scene.json("alice"), scene.plain("bob")
    tea = scene.group_of(alice, bob)
    alice.drop()
    bob.await_left(alice.name)
    # That the seat is gone is shown by the membership.
    bob.await_group("left", tea, alice.name)
    bob.await_act("group_role", bob.name, f"#{tea}")
    again = scene.json_speaker()
    again.resume(alice.name, alice.token, alice.last_seq)
    again.await_welcome(alice.name)
    assert "resumed" not in again.welcome
    bob.await_joined(alice.name)
    bob.expect_nothing()


def test_a_kept_seat_can_be_written_to(scene: Scene) -> None:
    """docs/protocol.md, "Seats": the name is kept, so a letter finds it."""
    alice = scene.json("alice")
    bob = scene.plain("bob")
    after = lose(alice, bob)
    bob.say("read this later", f"@{alice.name}")
    again = come_back(scene, alice, after)
    again.await_message(bob.name, f"@{alice.name}", "read this later")


def test_who_is_away_is_not_listed(scene: Scene) -> None:
    """docs/protocol.md, "Commands": `:users` says who is online."""
    alice = scene.json("alice")
    bob = scene.plain("bob")
    lose(alice, bob)
    assert alice.name not in bob.users()


def test_an_answer_does_not_overtake_what_was_missed(scene: Scene) -> None:
    """docs/protocol.md, "From the hub": answers stand after the events before them."""
    alice = scene.json("alice")
    bob = scene.plain("bob")
    after = lose(alice, bob)
    for number in range(300):
        bob.post(str(number))
    bob.settle()
    again = scene.json_speaker()
    again.resume(alice.name, alice.token, after)
    again.ask_users()
    again.await_resumed(alice.name)
    for number in range(300):
        again.await_message(bob.name, "lobby", str(number))
    again.expect_nothing()
