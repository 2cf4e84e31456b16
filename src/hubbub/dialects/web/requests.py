"""A request of HTTP, once it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qs, unquote

import h11


@dataclass(frozen=True)
class HttpRequest:
    """One request.

    Attributes:
        method: As sent: methods are case-sensitive (RFC 9110, section 9.1).
        target: The path and the query, percent-encoded.
        headers: Names in lower case; of those sent more than once, all in one, with
            commas (RFC 9110, section 5.3).
        body: Whole.
        has_body: Whether one was announced, be it empty.
        scheme: `https` when it came through TLS, else `http`.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""
    has_body: bool = False
    scheme: str = "http"

    @classmethod
    def of(cls, event: h11.Request, body: bytes, scheme: str) -> HttpRequest:
        """Put one together."""
        headers: dict[str, str] = {}
        for name, value in event.headers:
            key, text = name.decode("ascii"), value.decode("latin-1")
            headers[key] = f"{headers[key]}, {text}" if key in headers else text
        return cls(
            event.method.decode("ascii"),
            event.target.decode("ascii"),
            headers,
            body,
            "content-length" in headers or "transfer-encoding" in headers,
            scheme,
        )

    def header(self, name: str) -> str:
        """Give a header's value; "" when it was not sent."""
        return self.headers.get(name, "")

    @cached_property
    def path(self) -> str:
        """The path without the query, still percent-encoded."""
        target = self.target
        if target.startswith(("http://", "https://")):
            # RFC 9112, section 3.2.2: a server must take the absolute form as well.
            target = "/" + target.split("/", 3)[3] if target.count("/") > 2 else "/"
        return target.partition("?")[0]

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The path's words, percent-decoded."""
        return tuple(unquote(one) for one in self.path.split("/")[1:])

    @cached_property
    def query(self) -> dict[str, str]:
        """The parameters; of those given more than once, the last."""
        fields = parse_qs(self.target.partition("?")[2], keep_blank_values=True)
        return {name: values[-1] for name, values in fields.items()}

    @property
    def bearer(self) -> str | None:
        """The token that is shown (RFC 6750, section 2.1); None when none is.

        Other schemes are for others: a proxy in front may have asked for a password of
        its own, and passes that on.
        """
        scheme, _, token = self.header("authorization").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None

    @property
    def accepts_gzip(self) -> bool:
        """Whether the answer may be compressed."""
        codings = self.header("accept-encoding").lower().split(",")
        words = [coding.replace(" ", "").partition(";") for coding in codings]
        return any(
            name in {"gzip", "*"} and rest not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
            for name, _, rest in words
        )
