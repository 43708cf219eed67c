"""
Run what a model wrote, and let it reach nothing: see docs/sandbox.md.

    parent (verifiers)                 helper                      child, one a run
    client, child, turn, helper  --->  zygote: forks, kills  --->  walls, syscalls; then inside
                 \\__________________ plain values (values) ______________________/
"""

from verifiers.sandbox.client import Sandbox, parsing, sandbox
from verifiers.sandbox.helper import processors
from verifiers.sandbox.session import Session
from verifiers.sandbox.types import (
    Limits,
    Outcome,
    Printed,
    Raised,
    Returned,
    SandboxClosed,
    SandboxLost,
    Struck,
)

__all__ = [
    "Limits",
    "Outcome",
    "Printed",
    "Raised",
    "Returned",
    "Sandbox",
    "SandboxClosed",
    "SandboxLost",
    "Session",
    "Struck",
    "parsing",
    "processors",
    "sandbox",
]
