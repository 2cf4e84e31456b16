"""Hubbub: chat for any network on which you can open a port."""

from __future__ import annotations

__version__ = "0.1.0"
