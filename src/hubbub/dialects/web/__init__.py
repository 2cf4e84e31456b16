"""HTTP and WebSocket: the page, the JSON frames for it, and rooms as addresses.

Sans-I/O like every dialect: requests come as bytes and become commands; what the hub
answers becomes responses. This package may never hold files, sockets or clocks, nor
know another dialect: the writers that it wraps are handed to it.
"""
