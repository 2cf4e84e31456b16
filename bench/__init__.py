"""The benchmark: real servers under one load, measured side by side.

``python -m bench`` starts each contestant as a process of its own, gives it one core
and the load generator another where it can, and prints deliveries per second, latency,
CPU and memory beside those of a server that only copies bytes. It needs Linux: the
figures come from ``epoll`` and ``/proc``.

In reading order: ``contestants`` (who is measured, and the words each understands),
``loads`` (who talks to whom), ``server`` (a contestant's process), ``crowd`` (all
connections of the load generator) with ``ears`` (what single ones of them do),
``trial`` (one contestant under one load), ``report`` (medians, table, JSON),
``machine`` (what the figures depend on), ``options`` and ``__main__``.

Never in here: an import of ``hubbub``. A contestant is what it says on its port.
"""
