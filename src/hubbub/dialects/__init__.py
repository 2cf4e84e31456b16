"""Dialects: bytes to commands, events and answers to bytes.

Each is one language a person or program may speak to the hub. A dialect may never hold
I/O, a clock, or a rule of who may do what. Siblings do not import each other.
"""
