"""Which names may be held."""

from __future__ import annotations

from hubbub.model.names import BadNameError, Name, parse_name
from hubbub.model.refusals import Code, Refusal


def check_name(
    text: str, keys: dict[str, int], looks: dict[str, int], holder: int | None
) -> Name | Refusal:
    """Check that a user may hold a name; `holder` may hold it already."""
    try:
        name = parse_name(text)
    except BadNameError as error:
        return Refusal(Code.NAME_INVALID, str(error))
    if keys.get(name.key, holder) != holder:
        return Refusal(
            Code.NAME_TAKEN, f"the name {name.shown} is taken; choose another"
        )
    if looks.get(name.look, holder) != holder:
        return Refusal(
            Code.NAME_TAKEN,
            f"the name {name.shown} looks like one that is taken; choose another",
        )
    return name
