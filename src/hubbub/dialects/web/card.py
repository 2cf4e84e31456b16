"""What the hub tells of itself to whoever has not come in: the card for a projector."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

import segno

from hubbub.dialects.web.assets import Asset, revalidated
from hubbub.dialects.web.http import Ask, Outcome
from hubbub.dialects.web.origins import Origins
from hubbub.dialects.web.requests import HttpRequest
from hubbub.dialects.web.responses import Response, json_response, problem
from hubbub.model.answers import Answer, Present
from hubbub.model.invites import InviteWay, invite_link, parse_code
from hubbub.model.network import is_loopback
from hubbub.model.public import WhoIsHere

# The white edge that readers look for, in modules (ISO/IEC 18004, section 9.1).
_BORDER = 4

# A longer address makes a code that no camera reads from the back of a room, and that
# takes its time to draw: the name in it is whatever a client says.
_LONGEST = 128

_SVG = "image/svg+xml"
_NO_ADDRESS = "there is no address that a QR code could show"


@dataclass(frozen=True, slots=True)
class About:
    """What the hub knows of itself.

    Attributes:
        name: What it is.
        version: Of Hubbub.
        urls: Where others find the page, the likeliest first; none where only this
            machine can.
        fingerprint: Gives that of its certificate, which may change; "" without TLS.
        is_closed: Whether who is in is nobody's business who is not.
        invite_url: Where those come who are invited, to whom asks on this machine.
    """

    name: str
    version: str
    urls: tuple[str, ...] = ()
    fingerprint: Callable[[], str] = str
    is_closed: bool = False
    invite_url: str = ""


class Card:
    """Answers `/about.json` and `/join.svg`."""

    def __init__(self, about: About, origins: Origins) -> None:
        """Know the hub, and its public names."""
        self._about = about
        self._origins = origins

    def about(self, request: HttpRequest) -> Outcome:
        """Say where the hub is, and who is in."""
        about = self._about
        told: dict[str, object] = {
            "name": about.name,
            "version": about.version,
            "urls": self._urls(request),
        }
        fingerprint = about.fingerprint()
        if fingerprint:
            told["fingerprint"] = fingerprint
        if about.is_closed:
            return json_response(told)

        def response(answer: Answer) -> Response | None:
            if not isinstance(answer, Present):
                return None
            here = {"users": answer.names, "observers": answer.observers}
            return json_response({**told, **here})

        return Ask(WhoIsHere(), response)

    def picture(self, request: HttpRequest) -> Outcome:
        """Draw the first address as a QR code, or the link of an invitation."""
        code = request.query.get("invite")
        if code is not None:
            return self._invitation(request, code)
        urls = self._urls(request)
        if not urls or len(urls[0]) > _LONGEST:
            return problem(
                HTTPStatus.NOT_FOUND,
                "not_found",
                _NO_ADDRESS,
            )
        return _picture(urls[0]).response(request)

    def _invitation(self, request: HttpRequest, code: str) -> Outcome:
        # Nothing else is drawn: whoever reads the picture goes where it says.
        if parse_code(code) != code:
            return problem(
                HTTPStatus.BAD_REQUEST,
                "bad_request",
                "that is no code of an invitation; it has five groups of five",
            )
        link = invite_link(InviteWay(self._invite_url(request)), code)
        if not link or len(link) > _LONGEST:
            return problem(HTTPStatus.NOT_FOUND, "not_found", _NO_ADDRESS)
        kept_nowhere = (("Content-Type", _SVG), ("Cache-Control", "no-store"))
        return Response(HTTPStatus.OK, kept_nowhere, _draw(link))

    def _invite_url(self, request: HttpRequest) -> str:
        """Give the address by which whoever asks has come: so others may come, too.

        On the hub's own machine that is no address for others.
        """
        host = request.header("host").lower()
        public = self._origins.public(host)
        if public:
            return f"{public}/"
        name = urlsplit(f"//{host}").hostname or ""
        if self._about.invite_url and (is_loopback(name) or name in ("", "localhost")):
            return self._about.invite_url
        return f"{request.scheme}://{host}/" if host else ""

    def _urls(self, request: HttpRequest) -> tuple[str, ...]:
        """List the addresses of the page; the first is for everyone.

        A public name goes before all. Where none is known at all, it is the address
        by which whoever asks has come.
        """
        host = request.header("host").lower()
        public = self._origins.public(host)
        if public:
            return (f"{public}/", *self._about.urls)
        if self._about.urls or not host:
            return self._about.urls
        return (f"{request.scheme}://{host}/",)


@lru_cache(maxsize=16)
def _picture(url: str) -> Asset:
    return revalidated(_SVG, _draw(url))


def _draw(url: str) -> bytes:
    drawn = io.BytesIO()
    segno.make(url, micro=False, error="m").save(
        drawn,
        kind="svg",
        border=_BORDER,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,
        title=url,
    )
    return drawn.getvalue()
