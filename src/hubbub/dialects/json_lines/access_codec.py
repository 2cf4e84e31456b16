"""The frames of access tokens to commands and back, and answers to frames."""

from __future__ import annotations

from collections.abc import Callable

from hubbub.dialects.json_lines.access_frames import (
    Token,
    TokenInfo,
    TokenList,
    TokenRequest,
)
from hubbub.model import access
from hubbub.model.access import ListTokens, NewToken, RevokeToken, TokenMade
from hubbub.model.commands import Command
from hubbub.model.refusals import Code, Refusal

TOKEN_ACTIONS: dict[type, str] = {
    NewToken: "create",
    access.CreateToken: "create",
    ListTokens: "list",
    RevokeToken: "revoke",
}
"""What `token` asks for with each."""

Clock = Callable[[int], str]


def read_token(frame: TokenRequest) -> Command | Refusal:
    """Read what is to be done with tokens."""
    match frame.action:
        case "create":
            return NewToken(frame.post, frame.read, frame.seconds, frame.name or "")
        case "list":
            return ListTokens()
        case "revoke" if frame.id is not None:
            return RevokeToken(frame.id)
        case action:
            return Refusal(Code.BAD_FRAME, f"token {action} lacks an id", "token")


def token_request(command: Command) -> TokenRequest | None:
    """Write a command as the frame that asks for it; None for what is another's."""
    match command:
        case NewToken(post, read, seconds, name):
            return TokenRequest("create", name or None, post, read, seconds)
        case ListTokens():
            return TokenRequest("list")
        case RevokeToken(id):
            return TokenRequest("revoke", id=id)
        case _:
            return None


def token_made(answer: TokenMade, clock: Clock) -> Token:
    """Tell a token."""
    about = answer.about
    return Token(
        answer.token.value,
        about.id,
        about.name,
        about.scope.post,
        about.scope.read,
        clock(about.until) if about.until else None,
        answer.url or None,
    )


def token_list(answer: access.TokenList, clock: Clock) -> TokenList:
    """Write the tokens that are good."""
    return TokenList(
        tuple(
            TokenInfo(
                one.id,
                one.name,
                one.last,
                clock(one.since),
                one.by,
                one.scope.post,
                one.scope.read,
                clock(one.until) if one.until else None,
            )
            for one in answer.tokens
        )
    )
