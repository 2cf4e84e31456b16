"""The web page: files that the hub serves as they are, and a browser runs.

`static` holds everything that goes over the wire; there is no build step. The scripts
in `static/assets/js` are plain JavaScript modules, laid out like the Python around:

- `protocol.js` is the client's side of the JSON dialect, without a socket, a clock or
  the page; `session.js` owns the connection and when to try again.
- `store.js` and what it imports know what is to be seen; they touch no page either.
- `views/` shows it. Text enters the page as text, never as markup.

`types` describes frames and events for the type checker. No Python enters here; the
composition root reads the files.
"""
