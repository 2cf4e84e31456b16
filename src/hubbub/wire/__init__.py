"""The wire: what may lie between a socket and a dialect, without I/O.

TLS and the PROXY protocol turn bytes into other bytes and know nothing of chat. Engines
and the client put them between their sockets and what is said there. It may never hold
a socket, a clock or a word of any dialect.
"""
