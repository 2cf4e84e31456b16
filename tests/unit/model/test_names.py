"""Names: which are allowed, which are the same, and addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.model.address import LOBBY, Address, ToGroup, ToUser, parse_address
from hubbub.model.limits import Limits
from hubbub.model.names import (
    MAX_LENGTH,
    BadNameError,
    name_key,
    parse_name,
    stored_name,
)


@pytest.mark.parametrize(
    ("text", "shown", "key"),
    [
        ("ann", "ann", "ann"),
        ("Ann", "Ann", "ann"),
        ("a.b-c_9", "a.b-c_9", "a.b-c_9"),
        ("juliet@example.com", "juliet@example.com", "juliet@example.com"),
        # RFC 8265, section 3.5, table 1: what is allowed, and what is the same.
        ("fussball", "fussball", "fussball"),
        ("fu\u00dfball", "fu\u00dfball", "fu\u00dfball"),
        ("\u03c0", "\u03c0", "\u03c0"),
        ("\u03a3", "\u03a3", "\u03c3"),
        ("\u03c3", "\u03c3", "\u03c3"),
        ("\u03c2", "\u03c2", "\u03c2"),
        # Full width is mapped (3.3.1), and the rest composed (NFC).
        ("\uff21nn", "Ann", "ann"),
        ("zoe\u0308", "zo\u00eb", "zo\u00eb"),
        ("ZO\u00cb", "ZO\u00cb", "zo\u00eb"),
        ("\u05d0\u05d1", "\u05d0\u05d1", "\u05d0\u05d1"),
        ("x" * 32, "x" * 32, "x" * 32),
        ("\u732b" * 32, "\u732b" * 32, "\u732b" * 32),
    ],
)
def test_allowed_names(text: str, shown: str, key: str) -> None:
    """RFC 8265 UsernameCasePreserved shows it; UsernameCaseMapped makes it the same."""
    name = parse_name(text)
    assert (name.shown, name.key) == (shown, key)
    assert name_key(text) == key


@pytest.mark.parametrize(
    "text",
    [
        "", "x" * 33, "two words", " ann", "ann ", "\t", ":ann", "#ann", "@ann", "{ann",
        "\uff1aann", "\uff03ann", "a\u3000b", "ann\x00", "a\x1b[31m", "a\nb",
        "\u202eann",
        # RFC 8265, section 3.5, table 2: symbols and compatibility characters.
        "henry\u2163", "\u265a", "\U0001f600", "a\u200bb", "\u05d0a", "\ud800",
        # Reserved, and what looks like it.
        "server", "SERVER", "Hubbub", "lobby", "You", "error", "S\u0435rver", "err0r",
        "l\u043ebby", "1obby", "Iobby", "INPUT", "lnput",
        # RFC 5891, 4.2.3.2, and UTS 39, 5.4: marks without a letter, or too many.
        "\u0301", "\u0301nn", "\u20ddann", "a" + "\u0301\u0316" * 3, "a\u0316\u0316",
        "\u00e1\u0301", "a\u0300\u0301\u0302\u0303\u0304",
        # Invisible characters and private ones.
        "a\u200d", "a\ufe0f", "a\u034f", "\u3164", "\u2800", "a\ue000", "a\u0378",
        "a\U000e0061", "\ufeffann",
    ],
)  # fmt: skip
def test_names_that_are_not_allowed(text: str) -> None:
    """Each is refused with a sentence that needs no name in it."""
    with pytest.raises(BadNameError) as caught:
        parse_name(text)
    assert str(caught.value).startswith(("a name ", "that name "))
    assert str(caught.value).isascii()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bill", "BiIl"), ("com", "corn"), ("ann", "\u0430nn"), ("O0", "OO"),
        ("paypal", "p\u0430yp\u0430l"), ("l1", "1l"), ("Al", "AI"),
        ("zo\u00eb", "zo\u0451"),
    ],
)  # fmt: skip
def test_names_that_look_alike(one: str, other: str) -> None:
    """UTS 39, section 4: different names with one skeleton."""
    assert parse_name(one).key != parse_name(other).key
    assert parse_name(one).look == parse_name(other).look


@pytest.mark.parametrize(
    ("one", "other"),
    [("ann", "anna"), ("bob", "rob"), ("\u732b", "\u72ac"), ("a1", "a2")],
)
def test_names_that_do_not_look_alike(one: str, other: str) -> None:
    """Different names stay different."""
    assert parse_name(one).look != parse_name(other).look


name_texts = st.text(st.characters(), max_size=6) | st.text(
    "aAiIlL1|0Oorn m\u0430\u0435\u0131\u0130\u00df\u03a3\u03c2\uff21\u0308", max_size=8
)


@given(name_texts)
def test_a_shown_name_is_itself_again(text: str) -> None:
    """What is shown is a name with the same key and look: replay depends on it."""
    try:
        name = parse_name(text)
    except BadNameError:
        return
    assert parse_name(name.shown) == name
    assert name_key(text) == name_key(name.shown) == name_key(name.key) == name.key
    assert 1 <= len(name.shown) <= MAX_LENGTH
    assert not any(letter.isspace() for letter in name.shown)
    assert name.shown.isprintable()


@given(st.text())
def test_any_key_can_be_looked_up(text: str) -> None:
    """`name_key` gives a key or None for anything anybody writes."""
    key = name_key(text)
    assert key is None or key


@pytest.mark.parametrize(
    ("one", "other"),
    [("\u0915\u094d\u200d\u0937", "\u0915\u094d\u0937"), ("a\u0338b", "a\u0337b")],
    ids=["joiner", "overlay"],
)
def test_names_that_differ_in_what_nobody_sees_look_alike(one: str, other: str) -> None:
    """UTS 39, section 4: a skeleton has no default-ignorable characters."""
    assert parse_name(one).look == parse_name(other).look


@pytest.mark.parametrize("name", ["alice", "Zo\u00eb", "\u0915\u094d\u200d\u0937"])
def test_a_stored_name_is_the_name(name: str) -> None:
    """What the journal has is read as it was chosen."""
    assert stored_name(name) == parse_name(name)


@pytest.mark.parametrize("name", ["input", "a" + "\u0301" * 9, "two words", "\u0378"])
def test_a_stored_name_may_break_a_rule_that_came_later(name: str) -> None:
    """Never raises: a journal is read, whatever the rules are by now."""
    with pytest.raises(BadNameError):
        parse_name(name)
    assert stored_name(name).shown == name


def test_a_name_too_long_to_exist_has_no_key() -> None:
    """None when no such name can exist, before any table is asked."""
    assert name_key("\u00e9" * (MAX_LENGTH + 1)) is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("lobby", LOBBY), ("#tea", ToGroup("tea")), ("@ann", ToUser("ann")),
        ("##", ToGroup("#")), ("#", None), ("@", None), ("", None), ("ann", None),
        ("Lobby", None), (" lobby", None),
    ],
)  # fmt: skip
def test_addresses(text: str, address: Address | None) -> None:
    """`lobby`, `#group` and `@user`, there and back; nothing else."""
    assert parse_address(text) == address
    if address is not None:
        assert str(address) == text


@pytest.mark.parametrize("field", Limits.__struct_fields__)
def test_limits_are_positive(field: str) -> None:
    """No limit is negative; only a rate may be 0, which turns it off."""
    with pytest.raises(ValueError, match=f"{field} must be greater than 0"):
        Limits(**{field: -1})
    if field.endswith("rate"):
        assert getattr(Limits(**{field: 0}), field) == 0
    else:
        with pytest.raises(ValueError, match=field):
            Limits(**{field: 0})
