"""The ways into a hub, as lines to copy."""

from __future__ import annotations

from functools import cached_property

import msgspec

from hubbub.engines.steps import show_address

_PORTS = {"http": 80, "https": 443}


class Ways(msgspec.Struct, frozen=True, dict=True):
    """How to get in.

    Attributes:
        hosts: The addresses of the hub, the likeliest one first.
        port: Its port.
        command: What starts the client, such as `hubbub join`.
        pin: When only TLS is taken: the certificate's public key as curl wants it
            (`sha256//...`). It has to be told, since nobody vouches for it.
        is_closed: Whether nobody speaks who has not come in.
    """

    hosts: tuple[str, ...]
    port: int
    command: str
    pin: str = ""
    is_closed: bool = False

    @cached_property
    def urls(self) -> tuple[str, ...]:
        """The addresses for a browser.

        Without TLS unless the hub insists: a browser takes a certificate that nobody
        vouches for as a danger, and shows a page that few people get past.
        """
        scheme = "https" if self.pin else "http"
        return tuple(web_address(scheme, host, self.port) for host in self.hosts)

    def lines(self) -> list[str]:
        """Tell every way, the command lines indented."""
        host, url = self.hosts[0], self.urls[0]
        return [
            "In a browser:",
            f"  {url}",
            "In a terminal:",
            f"  {self.command} {host} {self.port}",
            f"  {self._bare(host)}",
            "From a script:",
            f"  {self._curl(url)}",
        ]

    def _bare(self, host: str) -> str:
        if self.pin:
            return f"openssl s_client -quiet -connect {show_address((host, self.port))}"
        return f"nc {host} {self.port}"

    def _curl(self, url: str) -> str:
        tls = f"-k --pinnedpubkey '{self.pin}' " if self.pin else ""
        # A shell could take the brackets of an IPv6 address for a pattern.
        lobby, about = (
            f"'{one}'" if "[" in one else one
            for one in (f"{url}lobby", f"{url}about.json")
        )
        return f"curl {tls}{about}" if self.is_closed else f"curl {tls}-d hello {lobby}"


def web_address(scheme: str, host: str, port: int) -> str:
    """Write the address of the page; a port that goes without saying is left out."""
    shown = f"[{host}]" if ":" in host else host
    return (
        f"{scheme}://{shown}/"
        if port == _PORTS[scheme]
        else f"{scheme}://{shown}:{port}/"
    )
