"""The certificate: made once, private, and read anew when its files change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import msgspec
import pytest

from hubbub.app.certificate import Certificate, CertificateError, own_certificate
from hubbub.app.settings import Settings
from hubbub.app.wires import find_certificate, wires

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_made_once_and_is_private(tmp_path: Path) -> None:
    first = own_certificate(tmp_path)
    assert own_certificate(tmp_path).fingerprint == first.fingerprint
    assert len(first.fingerprint) == 32 * 3 - 1
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert modes == {"tls-cert.pem": 0o600, "tls-key.pem": 0o600}


def test_a_new_one_is_used_without_a_restart(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    served = own_certificate(tmp_path / "a")
    new = own_certificate(tmp_path / "b")
    before = served.context()
    assert served.context() is before
    for name in ("tls-key.pem", "tls-cert.pem"):
        (tmp_path / "b" / name).replace(tmp_path / "a" / name)
    assert served.context() is not before
    assert served.fingerprint == new.fingerprint


def test_a_wrong_one_leaves_the_old_in_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    served = own_certificate(tmp_path)
    before = served.context()
    (tmp_path / "tls-cert.pem").write_text("half a")
    assert served.context() is before
    assert "was not read anew" in capsys.readouterr().err
    # Said once, and not again for each connection.
    assert served.context() is before
    assert capsys.readouterr().err == ""


def test_a_hub_that_forgets_keeps_its_certificate(tmp_path: Path) -> None:
    """Who comes back to `--memory --tls auto` is not warned of another hub."""
    settings = Settings(tls="auto", memory=True, data=str(tmp_path / "new" / "data"))
    seen = set()
    for _ in range(2):
        with ExitStack() as stack:
            found = find_certificate(settings, stack)
            assert found is not None
            seen.add(found.fingerprint)
    assert len(seen) == 1
    assert (tmp_path / "new" / "data").stat().st_mode & 0o777 == 0o700


def test_where_nothing_can_be_written_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hub that forgets starts all the same; one that does not would not, either."""
    (tmp_path / "file").write_text("in the way")
    settings = Settings(tls="auto", memory=True, data=str(tmp_path / "file" / "data"))
    with ExitStack() as stack:
        assert find_certificate(settings, stack) is not None
    assert "clients that come again will be warned" in capsys.readouterr().err
    settings = msgspec.structs.replace(settings, memory=False)
    with (
        ExitStack() as stack,
        pytest.raises(CertificateError, match="can't be written"),
    ):
        find_certificate(settings, stack)


def test_hubs_that_start_at_once_agree(tmp_path: Path) -> None:
    """Two without a journal may share a folder; each shows the same certificate."""
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: own_certificate(tmp_path), range(8)))
    assert len({one.fingerprint for one in made}) == 1
    assert {file.name for file in tmp_path.iterdir()} == {
        "tls-cert.pem",
        "tls-key.pem",
    }


def test_what_was_interrupted_is_made_whole(tmp_path: Path) -> None:
    """A key without a certificate is used; a certificate without its key is not."""
    first = own_certificate(tmp_path)
    key = (tmp_path / "tls-key.pem").read_bytes()
    (tmp_path / "tls-cert.pem").unlink()
    pin = first.public_key_pin
    again = own_certificate(tmp_path)
    assert (tmp_path / "tls-key.pem").read_bytes() == key
    assert again.public_key_pin() == pin()
    (tmp_path / "tls-key.pem").unlink()
    assert own_certificate(tmp_path).fingerprint != again.fingerprint
    (tmp_path / "tls-cert.pem").unlink()
    (tmp_path / "tls-key.pem").write_text("nonsense")
    with pytest.raises(CertificateError, match="is no key"):
        own_certificate(tmp_path)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (Settings(tls_cert="x.pem"), "give both"),
        (Settings(require_tls=True), "needs a certificate"),
        (Settings(tls_cert="none.pem", tls_key="none.key"), "can't be read"),
    ],
)
def test_what_can_not_be_used_is_said(settings: Settings, sentence: str) -> None:
    with ExitStack() as stack, pytest.raises(CertificateError, match=sentence):
        find_certificate(settings, stack)


def test_files_that_are_no_certificate(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text("nonsense")
    with pytest.raises(CertificateError, match="no certificate with its key"):
        Certificate(tmp_path / "a.pem", tmp_path / "a.pem")


def test_only_named_proxies_are_believed() -> None:
    new_wire = wires(Settings(proxies=("10.0.0.0/8", "::1", "192.0.2.7")), None)
    believed = {
        host: getattr(new_wire(host), "proxied", None)
        for host in ("10.9.8.7", "::1", "::ffff:10.0.0.1", "192.0.2.8", "fe80::1%eth0")
    }
    assert believed == {
        "10.9.8.7": True,
        "::1": True,
        "::ffff:10.0.0.1": True,
        "192.0.2.8": False,
        "fe80::1%eth0": False,
    }


def test_without_any_of_it_nothing_lies_on_the_wire() -> None:
    assert wires(Settings(), None)("127.0.0.1") is None
