"""The rules, by subject. Each is a function of its arguments, and changes nothing."""
