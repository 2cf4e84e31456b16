"""The node: the turn, sessions, outboxes and deadlines.

It joins the hub, a journal and the dialects, and is driven by an engine. It may never
hold a socket or read a clock: bytes and `Now` come in, outboxes and a plan go out.
"""

from __future__ import annotations

from hubbub.node.node import Node
from hubbub.node.plan import Plan
from hubbub.node.session import Session

__all__ = ["Node", "Plan", "Session"]
