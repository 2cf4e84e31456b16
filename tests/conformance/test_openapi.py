"""The HTTP API does what it says of itself."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

if TYPE_CHECKING:
    from tests.conformance.hub_process import HubProcess


@pytest.mark.timeout(120)
def test_the_server_keeps_to_its_description(hub: HubProcess) -> None:
    """docs/http.md, "The description": whatever is asked, the answer is one of those
    that it names, in the form that it names."""
    base = f"http://{hub.host}:{hub.port}"
    with urllib.request.urlopen(f"{base}/openapi.json", timeout=10) as answer:
        description = json.load(answer)
    tried = 0
    for result in schemathesis.openapi.from_dict(description).get_all_operations():
        operation = result.ok()
        follows = operation.method.upper() == "GET" and "limit" in str(
            description["paths"][operation.path]
        )
        try_it(operation, base, reads=follows)
        tried += 1
    assert tried == sum(map(len, description["paths"].values()))


def try_it(operation: Any, base: str, *, reads: bool) -> None:
    """Try one operation with what its description allows."""

    @settings(
        max_examples=20,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def keeps(case: Any) -> None:
        if reads:
            # Without it, the lobby is followed, and that has no end.
            case.query["limit"] = 1
        case.call_and_validate(base_url=base, timeout=5)

    keeps()
