"""Faults on purpose: experiments that show what docs/promises.md promises.

``python -m chaos`` kills hubs, cuts connections at random, lets readers sleep, and
watches the order in which a hub stores and sends. Each experiment prints a row for each
engine, is bounded in time and count, and stops by itself. Short versions of the same
functions run in the tests, with moments that are counted instead of drawn.

In reading order: ``cast`` (who is there, and what they have seen), ``kill`` (`kill -9`
under load), ``disk`` (what is stored before it is sent, and what a power cut would
leave), ``proxy`` and ``reconnect`` (a client behind a bad network), ``slow`` (a reader
that stops reading), ``report`` and ``__main__``.

Never in here: an import of the server. A hub is a process with a port; what is under
test beside it is the client library, `hubbub.client`.
"""
