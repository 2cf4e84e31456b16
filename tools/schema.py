"""Write docs/protocol.schema.json from the frames of the JSON dialect.

``python tools/schema.py`` writes it; with ``--check`` it is only compared, and the exit
code is 1 when the file is not what the code says.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from hubbub.dialects.json_lines import frames

TARGET = Path(__file__).resolve().parents[1] / "docs" / "protocol.schema.json"


def schema() -> dict[str, Any]:
    """Describe what either side may send, as JSON Schema 2020-12."""
    (client, server), frame_schemas = msgspec.json.schema_components(
        [frames.ClientFrame, frames.ServerFrame], ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Hubbub's JSON dialect",
        "description": (
            f"Version {frames.PROTOCOL_VERSION}. One JSON object a line: a ClientFrame "
            "from a client, a ServerFrame from the hub. Unknown fields are ignored. "
            "Made by tools/schema.py from src/hubbub/dialects/json_lines/frames.py."
        ),
        "anyOf": [{"$ref": "#/$defs/ClientFrame"}, {"$ref": "#/$defs/ServerFrame"}],
        "$defs": {
            "ClientFrame": {"title": "What a client sends", **client},
            "ServerFrame": {"title": "What the hub sends", **server},
            **dict(sorted(frame_schemas.items())),
        },
    }


def main(arguments: list[str]) -> int:
    """Write the file, or check it; give the exit code."""
    text = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    if arguments == ["--check"]:
        if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
            return 0
        sys.stderr.write(
            f"docs/{TARGET.name} is not what the code says; run {__file__}\n"
        )
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
