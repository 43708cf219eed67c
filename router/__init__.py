"""The reward router: verifiers first, a judge for what they cannot settle, one reward for every row."""
