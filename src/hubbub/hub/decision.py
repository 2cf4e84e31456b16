"""What can come of a command."""

from __future__ import annotations

import msgspec

from hubbub.model.events import Event
from hubbub.model.refusals import Refusal


class Repeated(msgspec.Struct, frozen=True, gc=False):
    """The message stands already; acknowledge it again with this `seq`."""

    seq: int


Decision = tuple[Event, ...] | Repeated | Refusal
