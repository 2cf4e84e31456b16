"""The corpus of the fuzzer, played again; and some bytes that nobody thought of."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz.targets import TARGETS
from hypothesis import given, settings
from hypothesis import strategies as st

CORPUS = Path(__file__).resolve().parents[2] / "fuzz" / "corpus"

FILES = sorted(path for path in CORPUS.glob("*/*") if path.is_file())


@pytest.mark.parametrize(
    "path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_what_was_found_once_holds_for_good(path: Path) -> None:
    """Each file of the corpus: all that its target says of any bytes."""
    TARGETS[path.parent.name](path.read_bytes())


def test_every_target_has_a_corpus_and_every_corpus_a_target() -> None:
    """Nothing is kept that is never played, and no target begins with nothing."""
    assert {path.parent.name for path in FILES} == set(TARGETS)


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_at_all(name: str, data: bytes) -> None:
    """The same for bytes from a second hand, which knows nothing of coverage."""
    TARGETS[name](data)
