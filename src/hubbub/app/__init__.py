"""The program: command line, settings, and the one place that joins concrete parts.

It may never hold rules of the chat.
"""
