"""Metrics in the text format of Prometheus, version 0.0.4."""

from __future__ import annotations

from http import HTTPStatus

from hubbub.dialects.web.responses import Response
from hubbub.model.answers import Answer, Family, Metrics

_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(answer: Answer) -> Response | None:
    """Write metrics as a response; None for any other answer."""
    if not isinstance(answer, Metrics):
        return None
    text = "".join(map(_family, answer.families))
    headers = (("Content-Type", _TYPE), ("Cache-Control", "no-store"))
    return Response(HTTPStatus.OK, headers, text.encode())


def _family(family: Family) -> str:
    """Write one family. Names, labels and texts are the hub's: nothing to escape."""
    lines = [
        f"# HELP {family.name} {family.text}\n",
        f"# TYPE {family.name} {family.kind}\n",
    ]
    for sample in family.samples:
        labels = ",".join(f'{name}="{value}"' for name, value in sample.labels)
        braced = f"{{{labels}}}" if labels else ""
        lines.append(f"{family.name}{sample.suffix}{braced} {sample.value}\n")
    return "".join(lines)
