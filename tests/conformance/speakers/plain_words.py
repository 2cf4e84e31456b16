"""Fields of frames as the words of lines."""

from __future__ import annotations

ORDER = ("id", "seconds", "message", "name", "to", "role", "text", "reason")
GROUP_ORDER = ("user", "to", "text", "password", "private", "reason")


def token_words(fields: dict[str, object]) -> list[str]:
    """Give the words that make an access token."""
    words = [str(fields.get("name", ""))]
    for half in ("post", "read"):
        places = fields.get(half, ())
        assert isinstance(places, tuple)
        words += [half, *places] if places else []
    if "seconds" in fields:
        words.append(f"for {fields['seconds']}s")
    return words


def words_of(fields: dict[str, object], order: tuple[str, ...]) -> list[str]:
    """Give the words that keep order, in the order that the command has them."""
    words: list[str] = []
    for field in order:
        value = fields.get(field)
        if field == "seconds" and value is not None:
            length = f"{value}s" if value else "off"
            words.append(length if "name" not in fields else "")
        elif value is not None:
            words.append("private" if value is True else str(value))
        if field == "name" and "name" in fields and "seconds" in fields:
            words.append(f"for {fields['seconds']}s")
    return [word for word in words if word]
