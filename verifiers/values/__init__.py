"""Plain values in a text, JSON and Python literals: read without evaluation, and compared."""
