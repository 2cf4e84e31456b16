"""Engines: they own the sockets, and drive the node.

Two ways to serve many sockets: one thread that waits for all of them
(`hubbub.engines.event_loop`), and one thread for each (`hubbub.engines.threads`). An
engine may never hold rules or know a dialect; all it does to a socket is in
`hubbub.engines.steps`.
"""
