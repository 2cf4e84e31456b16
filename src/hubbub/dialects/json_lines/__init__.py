"""The JSON dialect: one object a line, typed by ``type``; for programs and clients."""
