"""Write what is said in the lobby to standard output, one JSON object a line.

Run it beside a hub: ``python examples/logger.py 127.0.0.1 5000 > lobby.jsonl``. Nothing
is missing and nothing stands twice, even when the hub restarts meanwhile.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress

from hubbub.client import Message, connect


def main(host: str, port: int) -> None:
    """Write until the hub sends us away."""
    with connect(host, port, name="logger") as chat:
        for event in chat:
            match event:
                case Message(to="lobby"):
                    line = {
                        "seq": event.seq,
                        "time": event.time.isoformat(),
                        "from": event.sender,
                        "text": event.text,
                    }
                    print(json.dumps(line, ensure_ascii=False), flush=True)
                case _:
                    pass


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(sys.argv[1], int(sys.argv[2]))
