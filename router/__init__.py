"""The reward router: verifiers first, a judge for what they cannot settle, one reward for every row."""

VERSION = "0.1.0"
"""As in pyproject.toml, which no function carries."""
