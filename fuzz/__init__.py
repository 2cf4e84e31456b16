"""Fuzzing: what must hold for any bytes, and the search for bytes that break it.

`fuzz.targets` says what must hold, as functions of bytes; the tests replay the corpus
through them. `python -m fuzz` has a coverage-guided fuzzer make up new bytes. Nothing
here may know a rule of the hub that is not written in its documents.
"""
