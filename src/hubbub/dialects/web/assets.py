"""The files of the page: hashed, compressed and ready to send, once at the start."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePosixPath

from hubbub.dialects.web.requests import HttpRequest
from hubbub.dialects.web.responses import Headers, Response

_HASHED_BYTES = 10

# Smaller files do not get smaller by it.
_LEAST_TO_COMPRESS = 512

_TEXT = ("text/", "application/json", "application/manifest+json", "image/svg+xml")

# What the system's own table may lack or have differently.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}

_REVALIDATED = "no-cache"
_IMMUTABLE = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served.

    Attributes:
        headers: Its type, its tag and how long it may be kept.
        tag: Changes with the content (RFC 9110, section 8.8.3).
        body: The file.
        compressed: The file in gzip, or None where that is no gain.
    """

    headers: Headers
    tag: str
    body: bytes
    compressed: bytes | None

    def response(self, request: HttpRequest) -> Response:
        """Answer a GET or HEAD."""
        wanted = request.header("if-none-match")
        tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        if self.tag in tags or "*" in tags:
            return Response(HTTPStatus.NOT_MODIFIED, self.headers)
        if self.compressed is not None and request.accepts_gzip:
            headers = (*self.headers, ("Content-Encoding", "gzip"))
            return Response(HTTPStatus.OK, headers, self.compressed)
        return Response(HTTPStatus.OK, self.headers, self.body)


def build(files: Mapping[str, bytes]) -> dict[str, Asset]:
    """Lay the files of a folder out under the paths they are served at.

    `index.html` is `/`, `NAME.html` is `/NAME`, and every other file has the path it
    has in the folder. What is under `assets/` is there a second time under
    `/assets/HASH/`, where HASH changes with any of them, to be kept for ever; and where
    a file outside that folder speaks of `/assets/`, that is what it is made to mean.
    So files of that folder have to name each other by relative paths.

    Args:
        files: The content by path, relative to the folder, with `/`.
    """
    version = _version(files)
    assets: dict[str, Asset] = {}
    for path, body in files.items():
        kind = _content_type(path)
        if path.startswith("assets/"):
            assets[f"/{path}"] = revalidated(kind, body)
            kept = f"/assets/{version}/{path.removeprefix('assets/')}"
            assets[kept] = _asset(kind, body, _IMMUTABLE)
            continue
        spoken_of = f"/assets/{version}/".encode()
        if kind.startswith(_TEXT):
            page = revalidated(kind, body.replace(b"/assets/", spoken_of))
        else:
            page = revalidated(kind, body)
        assets[_page_path(path)] = page
    return assets


def revalidated(kind: str, body: bytes) -> Asset:
    """Make a file that is looked at anew each time it is used."""
    return _asset(kind, body, _REVALIDATED)


def _version(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.encode() + b"\0" + hashlib.sha256(files[path]).digest())
    return digest.hexdigest()[:_HASHED_BYTES]


def _page_path(path: str) -> str:
    if path == "index.html":
        return "/"
    return f"/{path.removesuffix('.html')}"


def _content_type(path: str) -> str:
    suffix = PurePosixPath(path).suffix
    guessed = _TYPES.get(suffix) or mimetypes.types_map.get(suffix)
    return guessed or "application/octet-stream"


def _asset(kind: str, body: bytes, caching: str) -> Asset:
    compressed = None
    headers: Headers = (("Content-Type", kind), ("Cache-Control", caching))
    if kind.startswith(_TEXT) and len(body) >= _LEAST_TO_COMPRESS:
        # Without a time in it, the same file is the same bytes after every start.
        compressed = gzip.compress(body, mtime=0)
        headers += (("Vary", "Accept-Encoding"),)
    tag = f'"{hashlib.sha256(body).hexdigest()[: 2 * _HASHED_BYTES]}"'
    return Asset((*headers, ("ETag", tag)), tag, body, compressed)
