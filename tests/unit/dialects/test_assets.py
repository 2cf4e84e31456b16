"""The page's files as they are served: docs/http.md, "The page"."""

from __future__ import annotations

import gzip
import re
from http import HTTPStatus

import pytest

from hubbub.app.web import read_page
from hubbub.dialects.web.assets import Asset, build, revalidated
from hubbub.dialects.web.requests import HttpRequest

INDEX = b'<link href="/assets/css/a.css"><script src="/assets/js/m.js"></script>' * 20
FILES = {
    "index.html": INDEX,
    "join.html": b"<p>short</p>",
    "app.webmanifest": b'{"icons": ["/assets/icons/i.png"]}',
    "robots.bin": b"/assets/ stays",
    "assets/css/a.css": b"body { color: red }" * 100,
    "assets/js/m.js": b'import "./n.js";',
    "assets/icons/i.png": b"\x89PNG" + b"/assets/" * 100,
}


def get(**headers: str) -> HttpRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpRequest("GET", "/", named)


def header(asset: Asset, name: str) -> str:
    return dict(asset.headers).get(name, "")


def version(files: dict[str, bytes]) -> str:
    (found,) = {path.split("/")[2] for path in build(files) if path.count("/") == 4}
    return found


@pytest.fixture
def assets() -> dict[str, Asset]:
    return build(FILES)


def test_where_each_file_is(assets: dict[str, Asset]) -> None:
    """`index.html` is `/`; what is named with a hash is there twice."""
    kept = f"/assets/{version(FILES)}"
    assert set(assets) == {
        "/",
        "/join",
        "/app.webmanifest",
        "/robots.bin",
        *(f"{folder}/css/a.css" for folder in ("/assets", kept)),
        *(f"{folder}/js/m.js" for folder in ("/assets", kept)),
        *(f"{folder}/icons/i.png" for folder in ("/assets", kept)),
    }
    assert re.fullmatch(r"[0-9a-f]{10}", version(FILES))


def test_pages_name_files_by_their_hash(assets: dict[str, Asset]) -> None:
    """In text outside the folder; a picture is no text."""
    kept = f"/assets/{version(FILES)}/".encode()
    assert assets["/"].body == INDEX.replace(b"/assets/", kept)
    assert assets["/app.webmanifest"].body.count(kept) == 1
    for path in ("assets/icons/i.png", "assets/css/a.css", "assets/js/m.js"):
        assert assets[f"/{path}"].body == FILES[path]
    assert assets["/robots.bin"].body == FILES["robots.bin"]


@pytest.mark.parametrize("changed", sorted(FILES))
def test_the_hash_changes_with_any_file(changed: str) -> None:
    """What is kept for ever is never what it was."""
    assert version(FILES | {changed: FILES[changed] + b" "}) != version(FILES)
    renamed = {f"{path}x" if path == changed else path: FILES[path] for path in FILES}
    if changed.startswith("assets/"):
        assert version(renamed) != version(FILES)
    assert version(dict(reversed(FILES.items()))) == version(FILES)


def test_how_long_each_is_kept(assets: dict[str, Asset]) -> None:
    """For ever by its hash; else it is asked for anew (RFC 8246, RFC 9111)."""
    for path, asset in assets.items():
        hashed = path.startswith(f"/assets/{version(FILES)}/")
        caching = "public, max-age=31536000, immutable" if hashed else "no-cache"
        assert header(asset, "Cache-Control") == caching, path


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/app.webmanifest", "application/manifest+json"),
        ("/assets/css/a.css", "text/css; charset=utf-8"),
        ("/assets/js/m.js", "text/javascript; charset=utf-8"),
        ("/assets/icons/i.png", "image/png"),
    ],
)
def test_the_type_of_each(assets: dict[str, Asset], path: str, kind: str) -> None:
    """Whatever the system's own table says."""
    assert header(assets[path], "Content-Type") == kind


def test_a_type_that_nobody_knows() -> None:
    assert header(build({"x.unheard-of": b""})["/x.unheard-of"], "Content-Type") == (
        "application/octet-stream"
    )


@pytest.mark.parametrize(
    "accepted", ["gzip", "br, gzip;q=0.5", "GZIP", "*", "gzip, deflate"]
)
def test_text_is_compressed_for_who_takes_it(
    assets: dict[str, Asset], accepted: str
) -> None:
    """Smaller, and the same bytes after every start."""
    asset = assets["/assets/css/a.css"]
    answer = asset.response(get(accept_encoding=accepted))
    assert ("Content-Encoding", "gzip") in answer.headers
    assert ("Vary", "Accept-Encoding") in answer.headers
    assert gzip.decompress(answer.body) == FILES["assets/css/a.css"]
    assert len(answer.body) < len(FILES["assets/css/a.css"])
    # MTIME (RFC 1952, section 2.3.1): none, or its bytes would change with the start.
    assert answer.body[4:8] == bytes(4)


@pytest.mark.parametrize("refused", ["", "identity", "gzip;q=0", "br"])
def test_who_does_not_take_it_gets_the_file(
    assets: dict[str, Asset], refused: str
) -> None:
    asset = assets["/assets/css/a.css"]
    answer = asset.response(get(accept_encoding=refused) if refused else get())
    assert answer.body == FILES["assets/css/a.css"]
    assert "Content-Encoding" not in dict(answer.headers)
    assert ("Vary", "Accept-Encoding") in answer.headers


def test_what_is_short_or_a_picture_is_sent_as_it_is(assets: dict[str, Asset]) -> None:
    """There is nothing to be gained."""
    for path in ("/join", "/assets/icons/i.png"):
        answer = assets[path].response(get(accept_encoding="gzip"))
        assert answer.body == FILES[path[1:] if "." in path else "join.html"]
        assert {"Content-Encoding", "Vary"}.isdisjoint(dict(answer.headers))


def test_a_tag_says_whether_it_is_the_same() -> None:
    """RFC 9110, section 13.1.2: `If-None-Match`, weak or strong, one of several."""
    asset = revalidated("text/plain", b"hello")
    assert asset.tag == revalidated("text/css", b"hello").tag
    assert asset.tag != revalidated("text/plain", b"hello!").tag
    assert re.fullmatch(r'"[0-9a-f]{20}"', asset.tag)
    for known in (asset.tag, f"W/{asset.tag}", f'"x", {asset.tag}', "*"):
        answer = asset.response(get(if_none_match=known))
        assert (answer.status, answer.body) == (HTTPStatus.NOT_MODIFIED, b"")
        assert ("ETag", asset.tag) in answer.headers
        assert ("Cache-Control", "no-cache") in answer.headers
    for other in ('"x"', "", asset.tag.strip('"'), asset.tag[:-2] + '"'):
        answer = asset.response(get(if_none_match=other) if other else get())
        assert (answer.status, answer.body) == (HTTPStatus.OK, b"hello")


def test_a_new_release_is_fetched_anew() -> None:
    """A page that names other files is another page, though its own words are not."""
    later = build(FILES | {"assets/js/m.js": b"changed"})
    assert later["/"].tag != build(FILES)["/"].tag
    assert later["/assets/css/a.css"].tag == build(FILES)["/assets/css/a.css"].tag


def test_scripts_and_styles_name_each_other_by_relative_paths() -> None:
    """Of the page as it is: `build` changes no name inside the folder."""
    for path, body in read_page().items():
        if path.startswith("assets/") and path.endswith((".js", ".css")):
            assert b"/assets/" not in body, path
