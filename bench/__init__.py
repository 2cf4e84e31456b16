"""The benchmark: real servers under one load, measured side by side.

``python -m bench`` starts each contestant as a process of its own, gives it one core
and the load generator another where it can, and prints deliveries per second, latency,
CPU and memory beside those of a server that only copies bytes. It needs Linux: the
figures come from ``epoll`` and ``/proc``. docs/performance.md says how to read them.

In reading order: ``contestant`` (what one is), ``ours`` and ``peers`` (who is measured,
and the words each understands), ``contestants`` (all of them), ``loads`` (who talks to
whom), ``server`` (a contestant's process), ``crowd`` (all connections of the load
generator) with ``ears`` (what single ones of them do), ``trial`` (one contestant under
one load), ``results`` (medians and ratios), ``record`` (a run as a file), ``report``
(its tables), ``machine`` (what the figures depend on), ``options`` and
``__main__``; then ``plot`` and ``publish`` (the documents), ``install`` (gets the
peers), and ``growth``, which stands alone.

Never in here, but in ``growth``: an import of ``hubbub``. A contestant is what it says
on its port.
"""
