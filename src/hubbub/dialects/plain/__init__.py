"""The plain dialect: lines of text for a person at netcat, telnet or the console."""
