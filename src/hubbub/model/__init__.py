"""The words of the house: names, addresses, commands, events, refusals, limits.

Everything above speaks in these values. They are plain immutable structs; this
package may never hold rules of who may do what, bytes of a dialect, I/O or a clock.
"""
