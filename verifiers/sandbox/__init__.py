"""Run what a model wrote behind walls: see docs/sandbox.md."""
