"""
The routing policy: `config/policy.yaml` -> Policy.

    source      YAML, its traps taken out -> document: values, where each stands, what is wrong
    grammar     what may stand where: sections made of the classes that they configure; schema, for editors
    sheets      the files that a policy names: rubrics and prices
    check       the checked policy as plain JSON, or every mistake, a line each: in the grammar (mistakes),
                in a rule (rules, conditions) and across rules (look, reach, models)
    build       the checked policy -> the Policy that the router walks (model)
    words       what each rule will do, in words

A packaged function finds its policy already checked (`compiled`) and loads `build` and `model` only.
"""

from router.policy.load import DEFAULT_POLICY, load_policy
from router.policy.model import Policy, Rule

__all__ = ["DEFAULT_POLICY", "Policy", "Rule", "load_policy"]
