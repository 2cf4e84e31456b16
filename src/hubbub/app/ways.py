"""The ways into a hub, as lines to copy."""

from __future__ import annotations

from functools import cached_property
from ipaddress import ip_address

import msgspec

from hubbub.engines.steps import show_address
from hubbub.model.invites import InviteWay

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
        known_as: What the network knows the hub as; "" when it is not announced.
        guards_passwords: Whether it speaks TLS, and takes passwords from others over
            that alone.
    """

    hosts: tuple[str, ...]
    port: int
    command: str
    pin: str = ""
    is_closed: bool = False
    known_as: str = ""
    guards_passwords: bool = False

    @cached_property
    def urls(self) -> tuple[str, ...]:
        """The addresses for a browser.

        Without TLS unless the hub insists: a browser takes a certificate that nobody
        vouches for as a danger, and shows a page that few people get past.
        """
        scheme = "https" if self.pin else "http"
        return tuple(_web_address(scheme, host, self.port) for host in self.hosts)

    @cached_property
    def invite_way(self) -> InviteWay:
        """Where those come who are invited, and so have to choose a password."""
        guarded = bool(self.pin) or (self.guards_passwords and not self.is_local)
        scheme, host = "https" if guarded else "http", self.hosts[0]
        url = _web_address(scheme, host, self.port)
        return InviteWay(url, f"{self.command} {host} {self.port}")

    @cached_property
    def is_local(self) -> bool:
        """Whether only this machine gets in."""
        return ip_address(self.hosts[0].partition("%")[0]).is_loopback

    def lines(self) -> list[str]:
        """Tell every way, what is to be copied indented."""
        return [
            *self._heading(),
            "In a browser:",
            f"  {self.urls[0]}",
            "In a terminal:",
            f"  {self.command} {self.hosts[0]} {self.port}",
            f"  {self._bare()}",
            "From a script:",
            f"  {self._curl()}",
            *self._on_the_network(),
        ]

    def _heading(self) -> list[str]:
        if not self.is_local:
            return ["Join from any machine on this network."]
        if self.known_as:
            return ["Join from this machine; it is in no network now."]
        return ["Join from this machine (with --lan, from the others too)."]

    def _bare(self) -> str:
        host = self.hosts[0]
        if self.pin:
            return f"openssl s_client -quiet -connect {show_address((host, self.port))}"
        return f"nc {host} {self.port}"

    def _curl(self) -> str:
        # Without somebody to vouch for the certificate, -k and the pin go together.
        tls = f"-k --pinnedpubkey '{self.pin}' " if self.pin else ""
        what, path = ("", "about.json") if self.is_closed else ("-d hello ", "lobby")
        url = f"{self.urls[0]}{path}"
        # A shell could take the brackets of an IPv6 address for a pattern.
        return f"curl {tls}{what}" + (f"'{url}'" if "[" in url else url)

    def _on_the_network(self) -> list[str]:
        lines: list[str] = []
        if len(self.urls) > 1:
            lines += ["Where that address is not known, at:"]
            lines += [f"  {url}" for url in self.urls[1:]]
        if self.known_as and not self.is_local:
            lines += [
                f"`hubbub join` finds it by itself, as {self.known_as}.",
                "For a projector:",
                f"  {self.urls[0]}join",
            ]
        return lines


def _web_address(scheme: str, host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    if port == _PORTS[scheme]:
        return f"{scheme}://{shown}/"
    return f"{scheme}://{shown}:{port}/"
