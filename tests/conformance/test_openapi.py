"""The HTTP API does what it says of itself."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

# Which names are allowed is more than a pattern can say: one may be refused. And a
# token may be shown, and need not be.
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from tests.conformance.tokens import make_token

if TYPE_CHECKING:
    from tests.conformance.hub_process import HubProcess


@pytest.mark.timeout(120)
@pytest.mark.parametrize("by", ["nobody", "token"])
def test_the_server_keeps_to_its_description(hub: HubProcess, by: str) -> None:
    """docs/http.md, "The description": whatever is asked, the answer is one of those
    that it names, in the form that it names."""
    base = f"http://{hub.host}:{hub.port}"
    with urllib.request.urlopen(f"{base}/openapi.json", timeout=10) as answer:
        description = json.load(answer)
    headers: dict[str, str] = {}
    if by == "token":
        name = f"program-{next(hub.tags)}"
        headers = make_token(hub, name, post=("all",), read=("all",)).header
    tried = 0
    for result in schemathesis.openapi.from_dict(description).get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        try_it(operation, base, headers)
        tried += 1
    assert tried == sum(map(len, description["paths"].values()))


def try_it(operation: Any, base: str, headers: dict[str, str]) -> None:
    """Try one operation with what its description allows, and these headers."""

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
        if case.method == "GET":
            # What is followed has no end: without a name it is refused, and with a
            # limit the lobby is read.
            case.query.pop("name", None)
            case.headers.pop("Hubbub-Name", None)
            reads = case.path == "/lobby" or headers
            case.query |= {"limit": 1} if reads else {}
        case.call_and_validate(
            base_url=base,
            timeout=5,
            headers=headers,
            excluded_checks=[positive_data_acceptance, ignored_auth],
        )

    keeps()
