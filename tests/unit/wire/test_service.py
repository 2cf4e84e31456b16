"""What a hub says of itself on a network, and what is made of what others say."""

from __future__ import annotations

from hubbub.wire.service import SERVICE_TYPE, ServiceText, instance_name, shown_name

PRINT = ":".join(["AB"] * 32)


def test_what_is_written_is_read() -> None:
    for text in (ServiceText("1.2.3", PRINT, True), ServiceText("1.2.3")):
        assert ServiceText.read(text.write()) == text


def test_a_browser_is_told_where_to_begin() -> None:
    assert ServiceText("1").write() == {"path": "/", "version": "1"}


def test_what_makes_no_sense_is_left_out() -> None:
    said = {"version": "\x1b[2J1" * 30, "fingerprint": "AB:CD", "tls": "maybe"}
    text = ServiceText.read({**said, "more": None})
    assert text == ServiceText(("1" * 30)[:32])
    assert ServiceText.read({"version": None}) == ServiceText()


def test_a_name_is_one_label_with_room_for_a_number() -> None:
    assert instance_name("ada.example.org", 5000) == "ada-5000"
    assert instance_name("", 5000) == "hubbub-5000"
    long = instance_name("\N{SNOWMAN}" * 60, 65535)
    assert len(f"{long}-99".encode()) <= 63
    assert long.endswith("\N{SNOWMAN}-65535")


def test_a_name_does_nothing_to_a_terminal() -> None:
    assert shown_name(f"a\x1b[31mb\n\u202ec.{SERVICE_TYPE}") == "ab c"
    assert len(shown_name("x" * 500)) == 63
