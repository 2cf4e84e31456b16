"""Settings: defaults, then a TOML file, then flags."""

from __future__ import annotations

import re
import tomllib
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import platformdirs

from hubbub.model.limits import Limits

Engine = Literal["loop", "threads"]
Color = Literal["auto", "always", "never"]
LogFormat = Literal["text", "json"]
ProxyHeader = Literal["x-forwarded-for", "forwarded"]


class SettingsError(Exception):
    """A setting is wrong. The message is a sentence that says which and where."""


_DURATION = re.compile(r"([0-9]{1,9})([smhdw])", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def parse_duration(text: str) -> int:
    """Read a duration: a whole number and a unit, such as `30d`.

    Returns:
        Seconds, at least 1.

    Raises:
        ValueError: It is none. The message says what one looks like.
    """
    found = _DURATION.fullmatch(text)
    if found is None or not int(found[1]):
        raise ValueError(
            f"{text!r} is no duration; it is a number and s, m, h, d or w, such as 30d"
        )
    return int(found[1]) * _SECONDS[found[2]]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything about a hub that can be chosen.

    Attributes:
        host: The address to listen on; None for this machine alone, or with `lan` for
            every address that it has.
        port: The port; 0 has the system choose one.
        engine: How sockets are served.
        data: The folder of the journal; None means the platform's.
        lan: Whether to let in the local network: listen to it, speak TLS unless `tls`
            is off, and make the hub known by multicast DNS.
        memory: Whether to keep nothing on disk.
        keep: How long the history is kept, such as `30d`; None means for ever.
        console: Whether the administrator may type in the hub's terminal.
        color: Whether to write colours: in the terminal and to plain connections.
        trace: Whether to print each step of each socket.
        origins: Web pages from elsewhere that may speak to the hub, and the public
            names that it answers to, such as `https://chat.example.org`.
        tls: Whether to speak TLS with a certificate of the hub's own making; None to
            do so with `lan` alone.
        tls_cert: The file of another certificate, with its chain, in PEM form.
        tls_key: The file of its key.
        require_tls: Whether to refuse whoever does not speak TLS.
        proxies: Addresses and networks of proxies that are believed for whom they ask.
        proxy_header: The header in which they tell it of each HTTP request.
        log_format: How joins, messages and leaves are logged.
        log_text: Whether the JSON log has what people say in it.
        password: What every guest needs to come in, or None. In a file that others can
            read it is none; better name one that they can't with `password_file`.
        password_file: A file with the password on its first line.
        members_only: Whether only those come in whose name is their own.
        allow_plaintext_passwords: Whether passwords are taken over connections that
            others can listen to.
        limits: See `hubbub.model.limits`.
    """

    host: str | None = None
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 5000
    engine: Engine = "loop"
    data: str | None = None
    lan: bool = False
    memory: bool = False
    keep: str | None = None
    console: bool = True
    color: Color = "auto"
    trace: bool = False
    origins: tuple[str, ...] = ()
    tls: Literal["off", "auto"] | None = None
    tls_cert: str | None = None
    tls_key: str | None = None
    require_tls: bool = False
    proxies: tuple[str, ...] = ()
    proxy_header: ProxyHeader = "x-forwarded-for"
    log_format: LogFormat = "text"
    log_text: bool = False
    password: str | None = None
    password_file: str | None = None
    members_only: bool = False
    allow_plaintext_passwords: bool = False
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        if self.keep is not None:
            try:
                parse_duration(self.keep)
            except ValueError as error:
                raise ValueError(f"keep must be a duration: {error}") from None
        for proxy in self.proxies:
            try:
                ip_network(proxy, strict=False)
            except ValueError:
                raise ValueError(
                    f"proxies must be addresses or networks, not {proxy!r}"
                ) from None

    @property
    def makes_certificate(self) -> bool:
        """Whether the hub speaks TLS with a certificate that it makes."""
        return self.tls == "auto" or (self.tls is None and self.lan)

    @property
    def keep_seconds(self) -> int | None:
        """How long the history is kept; None means for ever."""
        return None if self.keep is None else parse_duration(self.keep)

    @property
    def data_folder(self) -> Path:
        """The folder of the journal."""
        if self.data is not None:
            return Path(self.data).expanduser()
        return platformdirs.user_data_path("hubbub", appauthor=False)


def load_settings(path: Path | None, flags: dict[str, Any]) -> Settings:
    """Put settings together.

    Args:
        path: A TOML file, or None.
        flags: What the command line says, by the names of `Settings`; `rate` is that
            of the limits.

    Raises:
        SettingsError: The file can't be read, or a setting is wrong.
    """
    values = {} if path is None else _read(path)
    flags = dict(flags)
    rate = flags.pop("rate", None)
    if rate is not None:
        flags["limits"] = {**values.get("limits", {}), "rate": rate}
    try:
        return msgspec.convert({**values, **flags}, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(_explain(str(error), path)) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8 text") from None
    try:
        values = tomllib.loads(text)
        msgspec.convert(values, Settings)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}") from None
    except msgspec.ValidationError as error:
        line = _line_of(text, str(error))
        raise SettingsError(_explain(str(error), path, line)) from None
    return values


# How msgspec names the place: "... - at `$.limits.text`", or, for a field that does not
# exist, "Object contains unknown field `txt` - at `$.limits`".
_PLACE = re.compile(r" - at `\$\.?([\w.]*)`$")
_UNKNOWN = re.compile(r"unknown field `(\w+)`")
_VALUE = re.compile(r"^(\w+) must be ")


def _place(message: str) -> list[str]:
    place = _PLACE.search(message)
    path = place[1].split(".") if place and place[1] else []
    field = _UNKNOWN.search(message) or _VALUE.search(message)
    return [*path, field[1]] if field else path


def _explain(message: str, path: Path | None, line: int | None = None) -> str:
    where = "" if path is None else f"{path}" + (f", line {line}: " if line else ": ")
    name = ".".join(_place(message))
    what = _PLACE.sub("", message)
    if _UNKNOWN.search(message):
        return f"{where}there is no setting {name}"
    return f"{where}{name}: {what}" if name else f"{where}{what}"


def _line_of(text: str, message: str) -> int | None:
    """Find the line of a setting: the key under its table's header, or `a.b = `."""
    *tables, key = _place(message) or [""]
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[\s*([\w.]+)\s*\]", line)
        if header:
            table = header[1].split(".")
        assigned = re.match(r"\s*([\w.]+)\s*=", line)
        if assigned and [*table, *assigned[1].split(".")] == [*tables, key]:
            return number
        if assigned and [*table, assigned[1]] == tables:
            return number
    return None
