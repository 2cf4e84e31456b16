"""Names of users and groups: which are allowed, and which are the same.

A name is prepared by the profile UsernameCasePreserved of RFC 8265 and is shown that
way. Two names are the same when UsernameCaseMapped makes them equal, or when they look
alike: then their skeletons in the sense of Unicode Technical Standard 39, section 4,
are equal.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

import msgspec

from hubbub.model.text import marks

MAX_LENGTH = 32

_FORBIDDEN_FIRST = "#@{"

# What lines and lists are built with: a name that held it could pass for more than a
# name, as `SERVER:` or `(PM)` would.
_FORBIDDEN = frozenset(':<>(),;"/')

# What RFC 8265 leaves as it is, so that the common name needs no tables.
_PLAIN_ASCII = re.compile(r"[A-Za-z0-9._\-]+")

# Names that would let somebody speak as the hub, or as the prompt of its console.
_RESERVED = frozenset({"server", "hubbub", "lobby", "you", "error", "input"})

# Unicode Technical Standard 39, section 5.4: no mark twice, and no more than this many
# on a letter. What they would look like depends on the terminal.
_MAX_MARKS = 4

# The joiners, the only invisible characters that RFC 8265 leaves in a name.
_JOINERS = str.maketrans("", "", "\u200c\u200d")

# Prototypes within ASCII; those beyond it come from the confusables library.
_ASCII_PROTOTYPES = str.maketrans({"0": "O", "1": "l", "I": "l", "|": "l", "m": "rn"})


class Name(msgspec.Struct, frozen=True):
    """A valid name in its three forms.

    Attributes:
        shown: What people see.
        key: Equal for names that differ only in case or width.
        look: Equal for names that look alike.
    """

    shown: str
    key: str
    look: str


class BadNameError(ValueError):
    """The name is not allowed. The message is a sentence that says why."""


@lru_cache(maxsize=4096)
def parse_name(text: str) -> Name:
    """Check and prepare a name.

    Args:
        text: The name as somebody wrote it.

    Returns:
        The name in its three forms.

    Raises:
        BadNameError: With a sentence for the person who chose it.
    """
    if not text:
        raise BadNameError("a name can't be empty; choose 1 to 32 characters")
    if len(text) > MAX_LENGTH:
        raise BadNameError(f"a name has at most {MAX_LENGTH} characters")
    if text[0] in _FORBIDDEN_FIRST:
        raise BadNameError("a name can't start with # @ or {")
    shown, key = (
        (text, text.lower()) if _PLAIN_ASCII.fullmatch(text) else _prepare(text)
    )
    if len(shown) > MAX_LENGTH:
        raise BadNameError(f"a name has at most {MAX_LENGTH} characters")
    if not shown.isascii():
        _check_marks(shown)
    look = _skeleton(shown)
    if key in _RESERVED or look in _RESERVED_LOOKS:
        raise BadNameError("that name is reserved; choose another")
    return Name(shown, key, look)


@lru_cache(maxsize=4096)
def stored_name(shown: str) -> Name:
    """Give the forms of a name that was allowed when it was chosen.

    The rules may have become stricter since, and so may Unicode's tables; the journal
    is read all the same.
    """
    try:
        key = shown.lower() if _PLAIN_ASCII.fullmatch(shown) else _prepare(shown)[1]
    except BadNameError:
        key = shown.casefold()
    return Name(shown, key, _skeleton(shown))


def name_key(text: str) -> str | None:
    """Give the key to look a name up by, or None when no such name can exist."""
    # Before anything whose cost grows with the length: anybody may ask for any name.
    if len(text) > MAX_LENGTH:
        return None
    if _PLAIN_ASCII.fullmatch(text):
        return text.lower()
    try:
        return _prepare(text)[1]
    except BadNameError:
        return None


def _prepare(text: str) -> tuple[str, str]:
    # The tables cost memory; a hub where everybody has an ASCII name never loads them.
    from precis_i18n import get_profile

    try:
        shown = get_profile("UsernameCasePreserved").enforce(text)
        key = get_profile("UsernameCaseMapped").enforce(text)
    except UnicodeEncodeError:
        raise BadNameError(
            "a name has letters, digits and marks, and no spaces"
        ) from None
    if shown[0] in _FORBIDDEN_FIRST:
        raise BadNameError("a name can't start with # @ or {")
    if not _FORBIDDEN.isdisjoint(shown):
        raise BadNameError("a name can't contain any of : < > ( ) , ; \" /")
    return shown, key


def _check_marks(shown: str) -> None:
    decomposed = unicodedata.normalize("NFD", shown)
    # RFC 5891, 4.2.3.2: it would be drawn upon what stands before the name.
    if unicodedata.category(shown[0]).startswith("M"):
        raise BadNameError("a name can't start with a mark; start with a letter")
    twice = any(
        one == other and unicodedata.category(one) == "Mn"
        for one, other in pairwise(decomposed)
    )
    if twice or marks(decomposed) > _MAX_MARKS:
        raise BadNameError("a name has too many marks on a letter; take some away")


def _skeleton(shown: str) -> str:
    # "Remove any characters [...] that have the property Default_Ignorable_Code_Point":
    # UTS 39, section 4.
    decomposed = unicodedata.normalize("NFD", shown.translate(_JOINERS))
    if not decomposed.isascii():
        decomposed = "".join(_prototype(letter) for letter in decomposed)
        decomposed = unicodedata.normalize("NFD", decomposed)
    return decomposed.translate(_ASCII_PROTOTYPES).casefold()


@lru_cache(maxsize=4096)
def _prototype(letter: str) -> str:
    if letter.isascii():
        return letter
    from confusable_homoglyphs.confusables import confusables_data

    candidates = [entry["c"] for entry in confusables_data.get(letter, ())]
    # A look-alike in ASCII is the form people take it for; without one, any choice
    # will do that is the same for the whole class.
    ascii_forms = [form for form in candidates if form.isascii()]
    return str(min(ascii_forms or [*candidates, letter]))


# Capitals look like other letters than small ones do: `INPUT` and `lNPUT`.
_RESERVED_LOOKS = frozenset(
    _skeleton(form)
    for name in _RESERVED
    for form in (name, name.capitalize(), name.upper())
)
