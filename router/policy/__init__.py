"""
The routing policy: `config/policy.yaml` -> Policy.

    source      YAML, its traps taken out, and the place of every value
    grammar     what may stand where
    check       the checked policy as plain JSON, or every mistake, a line each
    build       the checked policy -> the Policy that the router walks (model)
    words       what each rule will do, in words

A packaged function finds its policy already checked (`compiled`) and loads `build` and `model` only.
"""

from router.policy.load import DEFAULT_POLICY, load_policy
from router.policy.model import Policy, Rule

__all__ = ["DEFAULT_POLICY", "Policy", "Rule", "load_policy"]
