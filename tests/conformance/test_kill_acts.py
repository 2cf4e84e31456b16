"""`kill -9` amid acts: what was told to be done stands, and nothing by halves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.conformance.acts import PASSWORD
from tests.conformance.scene import Scene
from tests.conformance.speakers.words import Refused, Welcomed

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch
    from tests.conformance.speakers.json_lines import Frame, JsonSpeaker

SECRETS = [f"nobody shall read {number}" for number in range(6)]


def done(speaker: JsonSpeaker, count: int) -> int:
    """Wait until so many requests are done; give how many were seen to be."""
    seen = 0
    while seen < count:
        speaker.hear()
        seen += speaker.frame["type"] == "done"
    return seen


def drained(speaker: JsonSpeaker) -> int:
    """Read on to the end of what a dead hub has said; give how many were done."""
    count = 0
    while (line := speaker.wire.receive_line()) is not None:
        count += b'"type":"done"' in line
    return count


@pytest.mark.parametrize("after", [0, 1, 3, 5])
def test_bans_and_deleted_messages(launch: Launch, after: int) -> None:
    """A ban and the message's end are asked for in turn, and the hub dies amid them."""
    hub = launch(console=True)
    scene = Scene(hub, ("json",))
    owner, author = scene.json("owner"), scene.json("author")
    owner.register(PASSWORD)
    hub.type(f":role {owner.name} owner")
    owner.await_role(owner.name, "owner")
    for secret in SECRETS:
        author.say(secret)
    said: list[Frame] = [one for one in author.received if one["type"] == "message"]
    owner.settle()
    for number, frame in enumerate(said):
        owner.order("ban", name=f"198.51.100.{number}")
        owner.order("delete", message=frame["seq"])
    count = done(owner, after)
    hub.cut_off()
    count += drained(owner)
    again = launch(console=True)
    scene = Scene(again, ("json",))
    scene.know(owner.name)
    reader = scene.json_speaker()
    reader.sign_in(owner.name, PASSWORD, "owner")
    reader.order("bans")
    reader.hear()
    bans = [ban["name"] for ban in reader.frame["bans"]]
    reader.ask_history("lobby")
    reader.hear()
    texts = [message["text"] for message in reader.frame["messages"]]
    deleted = texts.count("")
    # In the order in which they were asked for, and at least as many as were told of.
    assert bans == [f"198.51.100.{number}" for number in range(len(bans))]
    assert texts == [""] * deleted + SECRETS[deleted:]
    assert len(bans) - deleted in (0, 1)
    assert len(bans) + deleted >= count >= after
    trail = [action for action in reader.audit() if action in ("banned", "deleted")]
    assert len(trail) == len(bans) + deleted
    # What is gone is gone from the disk as well, once the log is folded back.
    again.stop()
    stored = b"".join(path.read_bytes() for path in again.data.iterdir())
    assert [one.encode() in stored for one in SECRETS] == [
        number >= deleted for number in range(len(SECRETS))
    ]


@pytest.mark.parametrize("after", [0, 1, 2])
def test_names_that_become_ones_own(launch: Launch, after: int) -> None:
    """Whoever was told that a name is theirs has it; nobody has half of one."""
    hub = launch()
    scene = Scene(hub, ("json",))
    people = [scene.json(f"person{number}") for number in range(4)]
    for person in people:
        person.change_account("register", PASSWORD)
    registered = {person.name for person in people[:after] if done(person, 1)}
    hub.cut_off()
    registered |= {person.name for person in people if drained(person)}
    again = launch()
    scene = Scene(again, ("json",))
    for person in people:
        name = scene.know(person.name)
        speaker = scene.json_speaker()
        speaker.claim_name(name, PASSWORD)
        answer = speaker.hear()
        if isinstance(answer, Refused):
            # It never became an account: it was a guest's, whose seat is kept.
            assert name not in registered
            assert answer.code == "password_wrong"
            speaker.resume(name, person.token, person.last_seq)
            speaker.await_resumed(name)
        else:
            assert answer == Welcomed(name)
