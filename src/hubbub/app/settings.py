"""Settings: defaults, then a TOML file, then flags."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec
import platformdirs

from hubbub.model.durations import SECONDS
from hubbub.model.limits import Limits

Engine = Literal["loop", "threads"]
Color = Literal["auto", "always", "never"]
LogFormat = Literal["text", "json"]
ProxyHeader = Literal["x-forwarded-for", "forwarded"]


class SettingsError(Exception):
    """A setting is wrong. The message is a sentence that says which and where."""


_DURATION = re.compile(r"([0-9]{1,9})([smhdw])", re.ASCII)


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
    return int(found[1]) * SECONDS[found[2]]


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


# "Expected `int`, got `str`", in the words of TOML.
_EXPECTED = re.compile(r"Expected `([^`]+)`, got `(\w+)`")
_BOUND = re.compile(r"Expected `\w+` ([<>]=) (\d+)")
_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text in quotes",
    "bool": "true or false",
    "array": "a list in brackets",
    "object": "a table",
    "null": "nothing",
}


def _explain(message: str, path: Path | None, line: int | None = None) -> str:
    where = "" if path is None else f"{path}" + (f", line {line}: " if line else ": ")
    name = ".".join(_place(message))
    what = _in_words(_PLACE.sub("", message), name)
    if _UNKNOWN.search(message):
        near = get_close_matches(name, _names(), n=1)
        guess = f"; did you mean {near[0]}?" if near else ""
        return f"{where}there is no setting {name}{guess}"
    if not name:
        return f"{where}{what}"
    # A sentence of our own begins with the last word of the name.
    return f"{where}{name} {what.removeprefix(name.rpartition('.')[2]).lstrip()}"


def _in_words(what: str, name: str) -> str:
    kind = _EXPECTED.fullmatch(what)
    if kind is not None:
        kinds = [one for one in kind[1].split(" | ") if one != "null"]
        wanted = " or ".join(_TYPES.get(one, one) for one in kinds)
        return f"must be {wanted}, not {_TYPES.get(kind[2], kind[2])}"
    bound = _BOUND.fullmatch(what)
    if bound is not None:
        return f"must be at {'most' if bound[1] == '<=' else 'least'} {bound[2]}"
    if what.startswith("Invalid enum value "):
        return f"must be {' or '.join(_choices(name))}"
    return what


def _choices(name: str) -> list[str]:
    for field in msgspec.structs.fields(Settings):
        if field.name == name:
            kinds = (field.type, *get_args(field.type))
            return [
                str(value)
                for kind in kinds
                if get_origin(kind) is Literal
                for value in get_args(kind)
            ]
    return []


def _names() -> list[str]:
    limits = [f"limits.{field.name}" for field in msgspec.structs.fields(Limits)]
    return [*(field.name for field in msgspec.structs.fields(Settings)), *limits]


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
