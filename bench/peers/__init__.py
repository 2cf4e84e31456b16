"""Servers of others, measured beside Hubbub: how each is set up and spoken to.

Each is set up as its makers would for this load: no limit of speed, no flood
protection, no log of messages, queues large enough that nothing is dropped, Nagle's
algorithm off, and nothing to confirm a message to the one who wrote it where that can
be switched off.
What a talker writes itself is not sent back to it where a server can leave that out.
The text of a message is the same for all; what frames it is each protocol's own.

Everyone is in the room under every load, and can be written to by name.
"""
