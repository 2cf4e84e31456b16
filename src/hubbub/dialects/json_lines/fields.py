"""The fields that frames are made of."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Seq = Annotated[int, Meta(ge=0, description="A sequence number of the journal.")]
Time = Annotated[
    str, Meta(description="RFC 3339 in UTC with milliseconds.", pattern="Z$")
]


Nonce = Annotated[
    str, Meta(min_length=1, max_length=64, description="Made up by the sender.")
]
PingId = Annotated[str, Meta(max_length=64)]
Key = Annotated[
    str,
    Meta(
        min_length=22,
        max_length=64,
        description="Made up by the client and told to nobody else; 128 bits or more.",
    ),
]
Attempt = Annotated[
    int, Meta(ge=0, description="Counts one client's connections; 0 for not counted.")
]


class Frame(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What all frames, and objects in them, have in common."""
