"""The web page: files that the hub serves as they are, from `static`."""
